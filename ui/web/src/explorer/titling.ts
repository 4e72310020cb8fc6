import type Sigma from "sigma";
import { type Plate, Plates, type Spot } from "./labels";
import type { Circle } from "./levels";
import type { Looks } from "./looks";
import type { Scene } from "./scene";
import type { Position } from "./slice";
import { drawName, drawRelation, drawTitle, type Name, nameOf, ring, type Titled, widthOf } from "./titles";

const FIRST_NAMES = 6;

/** Writes the titles of one frame after the other, so that none stands over another. */
export class Titling {
  readonly #sigma: Sigma;
  readonly #scene: Scene;
  readonly #looks: Looks;
  readonly #plates = new Plates();
  #names: ReadonlyMap<string, Name> = new Map();
  #strong: ReadonlyMap<string, Plate> = new Map();
  #fresh = true;

  constructor(sigma: Sigma, scene: Scene, looks: Looks) {
    this.#sigma = sigma;
    this.#scene = scene;
    this.#looks = looks;
    sigma.on("beforeRender", () => {
      this.#fresh = true;
    });
  }

  /** The title of a node or circle; `strong`: it stands out. */
  title(context: CanvasRenderingContext2D, data: Titled, strong: boolean): void {
    this.#begin(context);
    const { circle, key = "" } = data;
    if (circle) {
      if (strong || circle.key === this.#scene.circle) ring(context, data, data.size, this.#scene.colours.text);
      const name = this.#names.get(circle.key);
      if (name) drawName(context, name, this.#scene.colours);
    } else if (strong || !this.#strong.has(key)) {
      drawTitle(context, data, this.#plates, this.#scene.colours, strong ? this.#strong.get(key) : undefined);
    }
  }

  /** The name of a relation between two places of the view. */
  relation(context: CanvasRenderingContext2D, label: string, from: Position, to: Position): void {
    this.#begin(context);
    drawRelation(context, label, from, to, this.#plates, this.#scene.colours);
  }

  /** Finds out what of the view is taken, before the first title of a frame. */
  #begin(context: CanvasRenderingContext2D): void {
    if (!this.#fresh) return;
    this.#fresh = false;
    const { width, height } = this.#sigma.getDimensions();
    const box = this.#sigma.getContainer().getBoundingClientRect();
    const over = this.#sigma.getContainer().parentElement?.querySelectorAll<HTMLElement>("[data-over]") ?? [];
    const taken = [...over].map((one): Plate => {
      const { left, top, right, bottom } = one.getBoundingClientRect();
      return [left - box.left - 4, top - box.top - 4, right - box.left + 4, bottom - box.top + 4];
    });
    const { marks, hovered, circles } = this.#scene;
    this.#plates.begin([0, 0, width, height], taken, this.#spots(width, height));
    this.#strong = new Map([marks.selected, hovered].flatMap((key) => this.#plateOf(context, key)));
    this.#names = new Map(circles.flatMap((circle, i) => this.#named(context, circle, i < FIRST_NAMES)));
  }

  /** The nodes in the view; the camera never turns, so that two points tell where all others are. */
  *#spots(width: number, height: number): Iterable<Spot> {
    const [origin, one] = [this.#sigma.graphToViewport({ x: 0, y: 0 }), this.#sigma.graphToViewport({ x: 1, y: 1 })];
    const scale = this.#sigma.scaleSize(1);
    for (const node of this.#scene.nodes) {
      const at = this.#scene.at(node.key);
      if (!at) continue;
      const x = origin.x + at.x * (one.x - origin.x);
      const y = origin.y + at.y * (one.y - origin.y);
      if (x > 0 && y > 0 && x < width && y < height) yield { x, y, size: scale * this.#looks.sizeOf(node) };
    }
  }

  /** Where the title of a node that stands out is, before all others take their places. */
  #plateOf(context: CanvasRenderingContext2D, key: string | undefined): (readonly [string, Plate])[] {
    const node = this.#scene.nodeOf(key);
    const at = node && this.#scene.at(node.key);
    if (!node || !at) return [];
    const size = this.#sigma.scaleSize(this.#looks.sizeOf(node));
    const width = widthOf(context, this.#looks.labelOf(node), true);
    const plate = this.#plates.beside({ ...this.#sigma.graphToViewport(at), size }, width, true, true);
    return plate ? [[node.key, plate]] : [];
  }

  #named(context: CanvasRenderingContext2D, circle: Circle, first: boolean): (readonly [string, Name])[] {
    const place = this.#scene.gliding?.get(circle.key) ?? circle;
    const size = this.#sigma.scaleSize(this.#looks.radiusOf(circle));
    const at = { ...this.#sigma.graphToViewport(place), size };
    this.#plates.reserve(at);
    const name = nameOf(context, circle, at, this.#plates, first);
    return name ? [[circle.key, name]] : [];
  }
}
