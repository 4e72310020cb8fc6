import type { RelationType } from "../api/gql/graphql";
import type { Positions } from "./layout";
import type { Position, Slice, SliceNode } from "./slice";

/** Up to so many nodes all are drawn; of more, communities are until one comes near. */
export const ALL = 2_000;

const MOST_NODES = 2_500;
/** How far apart nodes must be, in pixels of the view, for their community to open. */
const SPACING = 20;
/** How far beyond the view nodes are drawn, in parts of it, so that a short way shows nothing new. */
const MARGIN = 0.3;
const LEAST_REACH = 60;
const CELLS = 8;
/** Fewer nodes are no community that is worth a circle. */
const FEW = 6;
const STRONGEST = 3;
const MOST_LINES = 600;
const MOST_OUTWARDS = 150;

export interface Box {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

/** A community as it is drawn from afar. */
export interface Circle {
  readonly key: string;
  /** The title of its middle; none: its nodes have nothing in common but their place. */
  readonly title: string;
  /** The type that most of its nodes have. */
  readonly type: SliceNode["type"];
  readonly x: number;
  readonly y: number;
  /** How far its nodes go from its middle. */
  readonly reach: number;
  /** Its nodes as places of the slice, those with most relations first. */
  readonly members: readonly number[];
}

/** Relations between two circles, by their places, the strongest first. */
interface Between {
  readonly source: number;
  readonly target: number;
  readonly count: number;
}

/** A slice of many nodes, cut into communities. */
export interface Atlas {
  readonly slice: Slice;
  readonly circles: readonly Circle[];
  /** The circle of each node. */
  readonly circleOf: Int32Array;
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly between: readonly Between[];
}

/** What is drawn: nodes by their places in the slice, and the circles that are not open. */
export interface Level {
  readonly nodes: readonly number[];
  readonly circles: readonly number[];
}

/** A line that is drawn, between keys of nodes and circles. */
export interface Line {
  readonly source: string;
  readonly target: string;
  /** How many relations it stands for. */
  readonly count: number;
  /** Of which type; none: it stands for several. */
  readonly type?: RelationType;
}

/** Cuts a slice into communities; where the server knows none, by place. Nothing: it is small enough to draw whole. */
export function atlasOf(slice: Slice, positions: Positions): Atlas | undefined {
  const { nodes, edges } = slice;
  if (nodes.length <= ALL) return undefined;
  const [x, y] = [new Float32Array(nodes.length), new Float32Array(nodes.length)];
  nodes.forEach(({ key }, place) => {
    const at = positions.get(key);
    [x[place], y[place]] = [at?.x ?? 0, at?.y ?? 0];
  });
  const groups = [...groupsOf(slice, x, y)].sort(
    ([a, one], [b, other]) => other.length - one.length || (a < b ? -1 : 1),
  );
  const circles = groups.map(([key, members]) => circleOf(slice, key, members, x, y));
  const of = new Int32Array(nodes.length);
  circles.forEach(({ members }, place) => {
    for (const member of members) of[member] = place;
  });
  const counts = new Map<number, number>();
  for (const { source, target } of edges) {
    const [a, b] = [of[source] ?? 0, of[target] ?? 0];
    if (a === b) continue;
    const pair = Math.min(a, b) * circles.length + Math.max(a, b);
    counts.set(pair, (counts.get(pair) ?? 0) + 1);
  }
  const between = [...counts].map(([pair, count]) => {
    return { source: Math.floor(pair / circles.length), target: pair % circles.length, count };
  });
  return { slice, circles, circleOf: of, x, y, between: strongest(between.sort((a, b) => b.count - a.count)) };
}

/** Nodes by community; those that have none, or one of a few, by the part of the picture that they are in. */
function groupsOf({ nodes }: Slice, x: Float32Array, y: Float32Array): Map<string, number[]> {
  const sizes = new Map<number | undefined, number>();
  for (const { community } of nodes) sizes.set(community, (sizes.get(community) ?? 0) + 1);
  const groups = new Map<string, number[]>();
  const frame = boxOf(x, y);
  const side = Math.max(1, frame.x[1] - frame.x[0], frame.y[1] - frame.y[0]) / CELLS;
  const cell = (at: number | undefined, low: number) => Math.floor(((at ?? 0) - low) / side);
  nodes.forEach(({ community }, place) => {
    const own = community !== undefined && (sizes.get(community) ?? 0) >= FEW;
    const key = own ? `#${community}` : `.${cell(x[place], frame.x[0])}.${cell(y[place], frame.y[0])}`;
    const group = groups.get(key);
    if (group) group.push(place);
    else groups.set(key, [place]);
  });
  return groups;
}

function circleOf(
  { nodes, communities }: Slice,
  key: string,
  members: number[],
  x: Float32Array,
  y: Float32Array,
): Circle {
  const count = members.length;
  const middle = (of: Float32Array) => members.reduce((sum, member) => sum + (of[member] ?? 0), 0) / count;
  const [mx, my] = [middle(x), middle(y)];
  const square = members.reduce((sum, m) => sum + ((x[m] ?? 0) - mx) ** 2 + ((y[m] ?? 0) - my) ** 2, 0) / count;
  members.sort((a, b) => (nodes[b]?.degree ?? 0) - (nodes[a]?.degree ?? 0) || a - b);
  const known = key.startsWith("#") ? communities.get(Number(key.slice(1))) : undefined;
  const first = nodes[members[0] ?? 0];
  const named = key.startsWith("#") || communities.size === 0;
  return {
    key,
    title: known || (named ? (first?.title ?? "") : ""),
    type: mostUsed(members.map((member) => nodes[member]?.type ?? "NOTE")),
    x: mx,
    y: my,
    reach: Math.max(LEAST_REACH, 1.4 * Math.sqrt(square)),
    members,
  };
}

function mostUsed<T>(all: readonly T[]): T {
  const counts = new Map<T, number>();
  for (const one of all) counts.set(one, (counts.get(one) ?? 0) + 1);
  return [...counts].reduce((a, b) => (b[1] > a[1] ? b : a))[0];
}

/** Of the lines that begin or end at a circle the strongest few; all others are noise from afar. */
function strongest(lines: readonly Between[]): Between[] {
  const drawn = new Map<number, number>();
  const kept = lines.filter(({ source, target }) => {
    const few = [source, target].some((end) => (drawn.get(end) ?? 0) < STRONGEST);
    if (few) for (const end of [source, target]) drawn.set(end, (drawn.get(end) ?? 0) + 1);
    return few;
  });
  return kept.slice(0, MOST_LINES);
}

/** The smallest box around places. */
export function boxOf(x: ArrayLike<number>, y: ArrayLike<number>): Box {
  const range = (of: ArrayLike<number>): [number, number] => {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let i = 0; i < of.length; i += 1) {
      const at = of[i] ?? 0;
      if (at < low) low = at;
      if (at > high) high = at;
    }
    return of.length ? [low, high] : [0, 0];
  };
  return { x: range(x), y: range(y) };
}

/**
 * What is drawn of an atlas where a box of it shows, `scale` pixels for each unit: communities near and wide enough open,
 * from the middle on, until there are enough nodes. `pinned` nodes are always drawn.
 */
export function levelOf(atlas: Atlas, view: Box, scale: number, pinned: ReadonlySet<number>): Level {
  const around = widened(view);
  const middle = { x: (view.x[0] + view.x[1]) / 2, y: (view.y[0] + view.y[1]) / 2 };
  const far = (place: number) => {
    const circle = atlas.circles[place];
    return circle ? Math.max(0, Math.hypot(circle.x - middle.x, circle.y - middle.y) - circle.reach) : 0;
  };
  const open = [...atlas.circles.keys()]
    .filter((place) => isOpen(atlas.circles[place], around, scale))
    .sort((a, b) => far(a) - far(b) || a - b);
  const shown = new Set(pinned);
  const opened = new Set<number>();
  for (const place of open) {
    const room = MOST_NODES - shown.size;
    const inside = (atlas.circles[place]?.members ?? []).filter((member) => within(around, atlas, member));
    if (inside.length > room && opened.size) break;
    for (const member of inside.slice(0, room)) shown.add(member);
    opened.add(place);
  }
  return {
    nodes: [...shown].sort((a, b) => a - b),
    circles: [...atlas.circles.keys()].filter((place) => !opened.has(place)),
  };
}

function widened({ x, y }: Box): Box {
  const [dx, dy] = [MARGIN * (x[1] - x[0]), MARGIN * (y[1] - y[0])];
  return { x: [x[0] - dx, x[1] + dx], y: [y[0] - dy, y[1] + dy] };
}

const within = (box: Box, atlas: Atlas, node: number) => inside(box, { x: atlas.x[node] ?? 0, y: atlas.y[node] ?? 0 });

function isOpen(circle: Circle | undefined, { x, y }: Box, scale: number): boolean {
  if (!circle) return false;
  const spacing = circle.reach * scale * Math.sqrt(Math.PI / circle.members.length);
  const near =
    circle.x + circle.reach > x[0] &&
    circle.x - circle.reach < x[1] &&
    circle.y + circle.reach > y[0] &&
    circle.y - circle.reach < y[1];
  return near && spacing >= SPACING;
}

/** How many pixels a unit must have for a circle to open. */
export const openingScale = ({ reach, members }: Circle) =>
  (1.1 * SPACING) / (reach * Math.sqrt(Math.PI / members.length));

/** The lines of a level: relations between nodes that are drawn, and one line for all others between two ends. */
export function linesOf({ slice, circles, circleOf: of, between }: Atlas, level: Level): Line[] {
  const nodes = new Set(level.nodes);
  const closed = new Set(level.circles);
  const lines: Line[] = between.flatMap(({ source, target, count }) => {
    const [from, to] = [circles[source], circles[target]];
    return from && to && closed.has(source) && closed.has(target) ? [{ source: from.key, target: to.key, count }] : [];
  });
  const joined = new Map<string, { source: string; target: string; count: number }>();
  for (const { source, target, type } of slice.edges) {
    const [from, to] = [nodes.has(source), nodes.has(target)];
    if (!from && !to) continue;
    const [a, b] = [slice.nodes[source], slice.nodes[target]];
    if (!a || !b) continue;
    if (from && to) {
      lines.push({ source: a.key, target: b.key, count: 1, type });
      continue;
    }
    const circle = of[from ? target : source] ?? 0;
    const end = circles[circle];
    if (!end || !closed.has(circle)) continue;
    const line = from ? { source: a.key, target: end.key } : { source: end.key, target: b.key };
    const name = `${line.source} ${line.target}`;
    joined.set(name, { ...line, count: (joined.get(name)?.count ?? 0) + 1 });
  }
  return [...lines, ...[...joined.values()].sort((a, b) => b.count - a.count).slice(0, MOST_OUTWARDS)];
}

/** The lines of a slice that is drawn whole. */
export function linesOfAll({ nodes, edges }: Slice): Line[] {
  return edges.flatMap(({ source, target, type }) => {
    const [from, to] = [nodes[source]?.key, nodes[target]?.key];
    return from === undefined || to === undefined ? [] : [{ source: from, target: to, type, count: 1 }];
  });
}

/** Whether two levels draw the same. */
export function sameLevel(a: Level | undefined, b: Level | undefined): boolean {
  const equal = (one: readonly number[] = [], other: readonly number[] = []) =>
    one.length === other.length && one.every((place, i) => place === other[i]);
  return equal(a?.nodes, b?.nodes) && equal(a?.circles, b?.circles);
}

/** Whether a place is within a box. */
export const inside = ({ x, y }: Box, at: Position | undefined): boolean =>
  at !== undefined && at.x >= x[0] && at.x <= x[1] && at.y >= y[0] && at.y <= y[1];
