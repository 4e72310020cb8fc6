/** A rectangle of the view that is taken. */
export type Plate = readonly [left: number, top: number, right: number, bottom: number];

const CELL = 12;
/** More cells than a row of the view has. */
const ROW = 10_000;
const HEIGHT = 18;

const cellOf = (x: number, y: number) => Math.floor(y / CELL) * ROW + Math.floor(x / CELL);

const overlap = ([l, t, r, b]: Plate, [left, top, right, bottom]: Plate) =>
  left < r && right > l && top < b && bottom > t;

/** Where titles stand in one frame: none over another, over a node, under what lies on the picture, or out of the view. */
export class Plates {
  #taken: Plate[] = [];
  #nodes: ReadonlySet<number> = new Set();
  #view: Plate = [0, 0, 0, 0];

  /** Begin a frame of a view, of which parts are taken, with nodes at these places. */
  begin(view: Plate, taken: readonly Plate[], nodes: Iterable<{ readonly x: number; readonly y: number }>): void {
    this.#view = view;
    this.#taken = [...taken];
    const cells = new Set<number>();
    for (const { x, y } of nodes) cells.add(cellOf(x, y));
    this.#nodes = cells;
  }

  /**
   * A plate for a title of this width beside a node; undefined: there is no room. `forced`: other nodes do not matter,
   * and neither do titles once there is no better place.
   */
  beside(at: { x: number; y: number; size: number }, width: number, forced: boolean): Plate | undefined {
    const gap = at.size * 1.15 + 2;
    const top = at.y - HEIGHT / 2;
    const right: Plate = [at.x + gap, top, at.x + gap + width + 6, top + HEIGHT];
    const left: Plate = [at.x - gap - width - 6, top, at.x - gap, top + HEIGHT];
    const half = width / 2 + 3;
    const below: Plate = [at.x - half, at.y + gap, at.x + half, at.y + gap + HEIGHT];
    const above: Plate = [at.x - half, at.y - gap - HEIGHT, at.x + half, at.y - gap];
    const tried = forced ? [right, left, below, above] : [right, left];
    const found = tried.find((plate) => this.#free(plate) && (forced || !this.#covers(plate)));
    return this.#take(found ?? (forced ? right : undefined));
  }

  /** A plate in the middle of a circle, or undefined. */
  within(at: { x: number; y: number }, width: number, height: number): Plate | undefined {
    const plate: Plate = [at.x - width / 2 - 4, at.y - height / 2, at.x + width / 2 + 4, at.y + height / 2];
    return this.#take(this.#free(plate, false) ? plate : undefined);
  }

  #take(plate: Plate | undefined): Plate | undefined {
    if (plate) this.#taken.push(plate);
    return plate;
  }

  #free(plate: Plate, whole = true): boolean {
    const [left, top, right, bottom] = this.#view;
    const inside = plate[0] >= left && plate[1] >= top && plate[2] <= right && plate[3] <= bottom;
    return (inside || !whole) && !this.#taken.some((other) => overlap(plate, other));
  }

  #covers([left, top, right, bottom]: Plate): boolean {
    for (let x = left + CELL / 2; x < right + CELL; x += CELL) {
      for (let y = top - 1; y <= bottom; y += (bottom - top) / 2) if (this.#nodes.has(cellOf(x, y))) return true;
    }
    return false;
  }
}
