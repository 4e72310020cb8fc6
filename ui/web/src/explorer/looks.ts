import type Sigma from "sigma";
import type { NodeDisplayData } from "sigma/types";
import { labelOf, mixed } from "./export";
import { landmarksOf } from "./landmarks";
import { sizeOf } from "./layout";
import type { Circle } from "./levels";
import type { Scene } from "./scene";
import { CIRCLE, SHAPES, type Shaped } from "./shapes";
import type { SliceNode } from "./slice";

const OVER = new Set(["superseded", "deprecated", "rejected"]);
/** With so many lines each is as faint as it may be. */
const FULL_EDGES = 4_000;
const NARROW = 600;
/** The part of the view that circles cover when everything shows. */
const COVERED = 0.16;
/** Around a node with so many neighbours each of them has its title. */
const FEW_NEAR = 24;
/** Around one with so many each relation is named where there is room. */
const FEW_NAMED = 60;

export interface NodeLook extends Shaped {
  x: number;
  y: number;
  size: number;
  label: string;
  color: string;
  type: string;
  circle?: Circle;
}

export interface LineLook {
  readonly relation: string | undefined;
  readonly count: number;
}

/** Sizes, colours and titles of nodes, circles and lines. */
export class Looks {
  readonly #sigma: Sigma;
  readonly #scene: Scene;
  readonly #words: (relation: string) => string;
  #landmarks: ReadonlySet<string> = new Set();
  /** How far lines step back where there are many. */
  #crowd = 0;
  /** What sizes are multiplied by, so that they are the same however near an atlas is. */
  #thin = 1;
  #scale = 1;

  constructor(sigma: Sigma, scene: Scene, words: (relation: string) => string) {
    this.#sigma = sigma;
    this.#scene = scene;
    this.#words = words;
  }

  /** Takes the measure of what is drawn now. */
  measure(lines: number): void {
    const { nodes, placed } = this.#scene;
    const { width, height } = this.#sigma.getDimensions();
    const room = Math.sqrt((width * height) / Math.max(1, nodes.length));
    this.#thin = placed?.atlas ? 1 / this.#sigma.scaleSize(1) : 1;
    this.#scale = Math.min(1, Math.max(0.45, room / 90)) * this.#thin;
    this.#crowd = 0.5 * Math.min(1, lines / FULL_EDGES);
    this.#landmarks = landmarksOf(nodes, placed?.positions ?? new Map());
  }

  /** How large a node is: smaller where there are many in a small place. */
  sizeOf({ degree }: SliceNode): number {
    return this.#scale * sizeOf(degree);
  }

  /** The more nodes, the larger; not larger than the place that they take where everything shows. */
  radiusOf({ members, reach }: Circle): number {
    const { width, height } = this.#sigma.getDimensions();
    const each = Math.sqrt((COVERED * width * height) / (Math.PI * Math.max(1, this.#scene.slice.nodes.length)));
    const whole = this.#sigma.getGraphToViewportRatio() * this.#sigma.getCamera().ratio;
    return Math.max(6, Math.min(each * Math.sqrt(members.length), reach * whole));
  }

  /** Titles are shorter where there is little room. */
  labelOf({ title }: SliceNode): string {
    return labelOf(title, this.#sigma.getDimensions().width < NARROW ? 24 : undefined);
  }

  ofNode(node: SliceNode): NodeLook {
    const { x, y } = this.#scene.at(node.key) ?? { x: 0, y: 0 };
    return {
      x,
      y,
      size: this.sizeOf(node),
      label: this.labelOf(node),
      color: this.#scene.colours.types[node.type],
      type: "shape",
      shape: SHAPES[node.type],
      hollow: OVER.has(node.status ?? ""),
    };
  }

  ofCircle(circle: Circle): NodeLook {
    const { types, background } = this.#scene.colours;
    const { x, y } = this.#scene.gliding?.get(circle.key) ?? circle;
    return {
      x,
      y,
      size: this.radiusOf(circle),
      label: circle.title || "○",
      color: mixed(types[circle.type], background, 0.25),
      type: "shape",
      shape: CIRCLE,
      hollow: false,
      circle,
    };
  }

  /** How a node or circle looks at this moment. */
  node(key: string, data: NodeLook): Partial<NodeDisplayData> & Shaped {
    const { marks, near, colours } = this.#scene;
    const faint = this.#scene.faint(key);
    if (data.circle) {
      const color = faint ? mixed(data.color, colours.background, 0.6) : data.color;
      return { ...data, color, highlighted: false, forceLabel: true, zIndex: 0 };
    }
    const { selected, hits, path } = marks;
    const found = hits !== undefined && hits.size < FEW_NEAR && hits.has(key);
    const named = key === selected || path.includes(key) || (near.size < FEW_NEAR && near.has(key));
    return {
      ...data,
      ...(faint ? { color: mixed(data.color, colours.background, 0.75), label: "" } : {}),
      highlighted: key === selected,
      forceLabel: named || found || this.#landmarks.has(key),
      zIndex: faint ? 1 : 2,
    };
  }

  /** How a line looks at this moment. */
  line(source: string, target: string, { relation, count }: LineLook) {
    const { middle, near, colours } = this.#scene;
    const { edge: plain, text, background } = colours;
    const onPath = this.#scene.onPath(source, target);
    const touching = onPath || (middle !== undefined && (source === middle || target === middle));
    if (!relation) {
      const strength = Math.min(1, Math.log2(1 + count) / 7);
      const color = touching ? mixed(text, background, 0.35) : mixed(plain, background, 0.75 - 0.45 * strength);
      const size = this.#thin * (touching ? 2 : 0.6 + 2 * strength);
      return { color, size, label: "", type: "line", zIndex: 0 };
    }
    const faint = !touching && (this.#scene.faint(source) || this.#scene.faint(target));
    return {
      color: touching ? mixed(text, background, 0.35) : mixed(plain, background, faint ? 0.6 : this.#crowd),
      size: this.#thin * (touching ? 2 : 1.2),
      label: touching ? this.#words(relation) : "",
      forceLabel: touching && (onPath || near.size < FEW_NAMED),
      zIndex: touching ? 1 : 0,
    };
  }
}
