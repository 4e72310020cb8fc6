import type { Colours } from "./export";
import type { Positions } from "./layout";
import type { Circle, Level } from "./levels";
import type { Placed } from "./placing";
import { type Next, neighboursOf, type Position, type Slice, type SliceNode } from "./slice";

/** What stands out in the picture. */
export interface Marks {
  readonly selected: string | undefined;
  /** What was found: everything else steps back. Nothing: no search. */
  readonly hits: ReadonlySet<string> | undefined;
  /** The nodes of a path, in order. */
  readonly path: readonly string[];
}

const MOST_PINNED = 150;
const NO_MARKS: Marks = { selected: undefined, hits: undefined, path: [] };
const NOTHING: Slice = {
  nodes: [],
  edges: [],
  places: new Map(),
  truncated: false,
  communities: new Map(),
  version: undefined,
  pending: false,
};

/** What is drawn, where it stands, and what of it stands out: every part of the picture reads it. */
export class Scene {
  colours: Colours;
  placed: Placed | undefined;
  level: Level | undefined;
  /** The nodes and circles that are drawn; of circles the largest first. */
  nodes: readonly SliceNode[] = [];
  circles: readonly Circle[] = [];
  /** Where what is on its way is now. */
  gliding: Positions | undefined;
  /** The circle that the keyboard is at. */
  circle: string | undefined;
  #marks = NO_MARKS;
  #hovered: string | undefined;
  #near: ReadonlySet<string> = new Set();
  #steps: ReadonlySet<string> = new Set();

  constructor(colours: Colours) {
    this.colours = colours;
  }

  get slice(): Slice {
    return this.placed?.slice ?? NOTHING;
  }

  get marks(): Marks {
    return this.#marks;
  }

  get hovered(): string | undefined {
    return this.#hovered;
  }

  /** The node in the middle of attention. */
  get middle(): string | undefined {
    return this.#hovered ?? this.#marks.selected;
  }

  /** It, and the nodes that a relation joins to it. */
  get near(): ReadonlySet<string> {
    return this.#near;
  }

  /** Where a node is drawn. */
  at(key: string): Position | undefined {
    return this.gliding?.get(key) ?? this.placed?.positions.get(key);
  }

  /** Where nodes and circles are at this moment, for as long as the caller wants to know. */
  places(): (key: string) => Position | undefined {
    const { gliding, placed } = this;
    const circles = new Map(placed?.atlas?.circles.map((circle) => [circle.key, circle]));
    return (key) => gliding?.get(key) ?? placed?.positions.get(key) ?? circles.get(key);
  }

  nodeOf(key: string | undefined): SliceNode | undefined {
    const place = key === undefined ? undefined : this.slice.places.get(key);
    return place === undefined ? undefined : this.slice.nodes[place];
  }

  /** Takes over which nodes and circles are drawn. */
  draw(level: Level | undefined): void {
    const { nodes } = this.slice;
    this.level = level;
    this.nodes = level ? level.nodes.flatMap((place) => nodes[place] ?? []) : nodes;
    this.circles = (level?.circles ?? []).flatMap((place) => this.placed?.atlas?.circles[place] ?? []);
    this.#hovered = undefined;
    this.#around();
  }

  mark(marks: Marks): void {
    this.#marks = marks;
    this.#around();
  }

  hover(key: string | undefined): void {
    this.#hovered = key;
    this.#around();
  }

  /** Nodes that show however far away they are: what somebody looks for. */
  pinned(): ReadonlySet<number> {
    const { selected, hits, path } = this.#marks;
    const found = hits && hits.size <= MOST_PINNED ? [...hits] : [];
    const near = (selected && this.#neighbours.get(selected)?.slice(0, MOST_PINNED)) || [];
    const keys = [...(selected ? [selected] : []), ...near.map((next) => next.key), ...found, ...path];
    return new Set(keys.flatMap((key) => this.slice.places.get(key) ?? []));
  }

  /** Whether a node steps back: it is no hit, not on the path, not near what is selected. */
  faint(key: string): boolean {
    const { hits, path } = this.#marks;
    if (path.length) return !path.includes(key);
    if (hits) return !hits.has(key) && !this.#near.has(key);
    return this.#near.size > 0 && !this.#near.has(key);
  }

  /** Whether a path goes from one of these nodes to the other. */
  onPath(source: string, target: string): boolean {
    return this.#steps.has(`${source} ${target}`);
  }

  get #neighbours(): ReadonlyMap<string, readonly Next[]> {
    return neighboursOf(this.slice);
  }

  #around(): void {
    const { middle } = this;
    const around = middle === undefined ? undefined : this.#neighbours.get(middle);
    this.#near = new Set(middle !== undefined && around ? [middle, ...around.map((next) => next.key)] : []);
    this.#steps = new Set(this.#marks.path.flatMap((key, place, all) => pair(key, all[place + 1])));
  }
}

const pair = (key: string, next: string | undefined) =>
  next === undefined ? [] : [`${key} ${next}`, `${next} ${key}`];
