/** A rectangle of the view that is taken. */
export type Plate = readonly [left: number, top: number, right: number, bottom: number];

/** A node or circle in the view. */
export interface Spot {
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

const CELL = 8;
/** More cells than a row of the view has. */
const ROW = 10_000;
const HEIGHT = 18;
/** Where on a line its name is tried, in parts of the way. */
const ON_LINE = [0.5, 0.62, 0.38, 0.74, 0.26];

/** Points of a node, in its size. */
const AROUND = [
  [0, 0],
  [-0.8, 0],
  [0.8, 0],
  [0, -0.8],
  [0, 0.8],
] as const;

const cellOf = (x: number, y: number) => Math.floor(y / CELL) * ROW + Math.floor(x / CELL);

const overlap = ([l, t, r, b]: Plate, [left, top, right, bottom]: Plate) =>
  left < r && right > l && top < b && bottom > t;

/** Where titles stand in one frame: none over another, over a node, under what lies on the picture, or out of the view. */
export class Plates {
  #taken: Plate[] = [];
  #circles: Plate[] = [];
  #nodes: ReadonlySet<number> = new Set();
  #view: Plate = [0, 0, 0, 0];

  /** Begin a frame of a view, of which parts are taken, with nodes at these places. */
  begin(view: Plate, taken: readonly Plate[], nodes: Iterable<Spot>): void {
    this.#view = view;
    this.#taken = [...taken];
    this.#circles = [];
    const cells = new Set<number>();
    for (const { x, y, size } of nodes) {
      for (const [dx, dy] of AROUND) cells.add(cellOf(x + dx * size, y + dy * size));
    }
    this.#nodes = cells;
  }

  /**
   * A plate for a title of this width beside a node; undefined: there is no room. `over`: other nodes may lie under it;
   * `always`: other titles, too, once there is no better place.
   */
  beside(at: Spot, width: number, over: boolean, always: boolean): Plate | undefined {
    const gap = at.size * 1.15 + 2;
    const top = at.y - HEIGHT / 2;
    const right: Plate = [at.x + gap, top, at.x + gap + width + 6, top + HEIGHT];
    const left: Plate = [at.x - gap - width - 6, top, at.x - gap, top + HEIGHT];
    const half = width / 2 + 3;
    const below: Plate = [at.x - half, at.y + gap, at.x + half, at.y + gap + HEIGHT];
    const above: Plate = [at.x - half, at.y - gap - HEIGHT, at.x + half, at.y - gap];
    const free = [right, left, below, above].filter((plate) => this.#free(plate));
    const found = free.find((plate) => !this.#covers(plate)) ?? (over ? free[0] : undefined);
    return this.#take(found ?? (always ? right : undefined));
  }

  /** A plate around a place, or undefined. */
  around(at: Spot, width: number, height: number): Plate | undefined {
    const plate: Plate = [at.x - width / 2 - 2, at.y - height / 2, at.x + width / 2 + 2, at.y + height / 2];
    return this.#take(this.#free(plate, false) ? plate : undefined);
  }

  /** A plate on a line, `at` a part of the way from 0 to 1: the first of some that is free, or undefined. */
  along(at: (part: number) => { x: number; y: number }, width: number, height: number): Plate | undefined {
    for (const part of ON_LINE) {
      const { x, y } = at(part);
      const plate: Plate = [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
      if (this.#free(plate) && !this.#covers(plate)) return this.#take(plate);
    }
    return undefined;
  }

  /** Nothing else stands in a circle. */
  reserve({ x, y, size }: Spot): void {
    const half = 0.7 * size;
    this.#circles.push([x - half, y - half, x + half, y + half]);
  }

  #take(plate: Plate | undefined): Plate | undefined {
    if (plate) this.#taken.push(plate);
    return plate;
  }

  #free(plate: Plate, whole = true): boolean {
    const [left, top, right, bottom] = this.#view;
    const inside = plate[0] >= left && plate[1] >= top && plate[2] <= right && plate[3] <= bottom;
    const others = whole ? [...this.#taken, ...this.#circles] : this.#taken;
    return (inside || !whole) && !others.some((other) => overlap(plate, other));
  }

  #covers([left, top, right, bottom]: Plate): boolean {
    for (let x = left + CELL / 2; x < right + CELL / 2; x += CELL) {
      for (let y = top + 1; y <= bottom; y += (bottom - top) / 2.2) if (this.#nodes.has(cellOf(x, y))) return true;
    }
    return false;
  }
}

/** A title in up to two lines of so many signs, between words where it can be; what is left is left out. */
export function wrapped(title: string, most: number): string[] {
  const signs = [
    ...title
      .slice(0, 8 * most)
      .replace(/\s+/g, " ")
      .trim(),
  ];
  if (signs.length <= most) return [signs.join("")];
  const space = signs.slice(0, most + 1).lastIndexOf(" ");
  const cut = space > most / 3 ? space : most;
  const rest = signs.slice(cut).join("").trim();
  const short =
    [...rest].length > most
      ? `${[...rest]
          .slice(0, most - 1)
          .join("")
          .trimEnd()}…`
      : rest;
  return [signs.slice(0, cut).join("").trimEnd(), short];
}
