import { neighboursOf, type Position, type Slice } from "./slice";

/** What the worker gets: places of the nodes as pairs, which of them stay, and the ends of relations as pairs. */
export interface Job {
  readonly places: Float32Array<ArrayBuffer>;
  readonly sizes: Float32Array<ArrayBuffer>;
  readonly fixed: Uint8Array<ArrayBuffer>;
  readonly ends: Uint32Array<ArrayBuffer>;
  readonly rounds: number;
}

/** A job, and which nodes of the slice it is about. */
export interface Part {
  readonly job: Job;
  readonly keys: readonly string[];
}

export type Positions = ReadonlyMap<string, Position>;

/** The server's relations are about 100 long, those of these forces some 17. */
export const UNIT = 6;

const SPREAD = 12;
const NEAR = 6;
/** Of a large slice only what is near to nodes without a place takes part. */
const LARGE = 2_000;

/** A number from 0 to 1 that a text always gives (FNV-1a, mixed). */
export function fraction(text: string): number {
  let hash = 2_166_136_261;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 16_777_619);
  hash = Math.imul(hash ^ (hash >>> 15), 2_246_822_507);
  hash = Math.imul(hash ^ (hash >>> 13), 3_266_489_909);
  return ((hash ^ (hash >>> 16)) >>> 0) / 4_294_967_296;
}

/** How large a node is drawn: the more relations, the larger. */
export const sizeOf = (degree: number) => Math.min(16, 5 + 1.7 * Math.sqrt(degree));

/**
 * What there is to lay out, or nothing when every place is known. Known nodes stay where they are; new ones begin beside
 * their known neighbours, or anywhere, but the same nodes always begin at the same places.
 */
export function partOf(slice: Slice, known: Positions): Part | undefined {
  if (slice.nodes.every((node) => known.has(node.key))) return undefined;
  const taking = takingPart(slice, known);
  const nodes = taking.map((place) => slice.nodes[place]).filter((node) => node !== undefined);
  const places = new Float32Array(2 * nodes.length);
  const fixed = new Uint8Array(nodes.length);
  const radius = SPREAD * Math.sqrt(nodes.length);
  const beside = anchors(slice, known);
  nodes.forEach((node, place) => {
    const at = known.get(node.key);
    const [angle, far] = [2 * Math.PI * fraction(node.key), Math.sqrt(fraction(`${node.key}#`))];
    const anchor = beside.get(node.key);
    const reach = anchor ? NEAR * (1 + far) : radius * far;
    places[2 * place] = at ? at.x / UNIT : (anchor?.x ?? 0) / UNIT + reach * Math.cos(angle);
    places[2 * place + 1] = at ? at.y / UNIT : (anchor?.y ?? 0) / UNIT + reach * Math.sin(angle);
    fixed[place] = at ? 1 : 0;
  });
  const order = new Map(taking.map((place, index) => [place, index]));
  const ends: number[] = [];
  for (const { source, target } of slice.edges) {
    const [from, to] = [order.get(source), order.get(target)];
    if (from !== undefined && to !== undefined && from !== to) ends.push(from, to);
  }
  const sizes = Float32Array.from(nodes, (node) => sizeOf(node.degree));
  const rounds = known.size ? 80 : nodes.length > 5_000 ? 60 : nodes.length > 1_000 ? 200 : 500;
  return { job: { places, sizes, fixed, ends: Uint32Array.from(ends), rounds }, keys: nodes.map((node) => node.key) };
}

/** The places in the slice of the nodes that take part: all, or what is new in a large one with what is around it. */
function takingPart(slice: Slice, known: Positions): number[] {
  if (known.size === 0 || slice.nodes.length <= LARGE) return [...slice.nodes.keys()];
  const neighbours = neighboursOf(slice);
  const keys = new Set<string>();
  for (const { key } of slice.nodes) if (!known.has(key)) keys.add(key);
  for (let step = 0; step < 2; step += 1) {
    for (const key of [...keys]) {
      for (const next of neighbours.get(key) ?? []) if (keys.size < LARGE) keys.add(next.key);
    }
  }
  return [...keys].flatMap((key) => slice.places.get(key) ?? []);
}

/** Where the known neighbours of unknown nodes are, in the middle. */
function anchors({ nodes, edges }: Slice, known: Positions): Positions {
  const sums = new Map<string, { x: number; y: number; count: number }>();
  const add = (key: string, at: Position | undefined) => {
    if (!at || known.has(key)) return;
    const sum = sums.get(key) ?? { x: 0, y: 0, count: 0 };
    sums.set(key, { x: sum.x + at.x, y: sum.y + at.y, count: sum.count + 1 });
  };
  for (const { source, target } of edges) {
    const [from, to] = [nodes[source], nodes[target]];
    if (!from || !to) continue;
    add(from.key, known.get(to.key));
    add(to.key, known.get(from.key));
  }
  return new Map([...sums].map(([key, { x, y, count }]) => [key, { x: x / count, y: y / count }]));
}

/** Lays out in a worker of its own; gives where its nodes are, and how to stop it. */
export function layOut({ job, keys }: Part, done: (places: Positions) => void): () => void {
  const worker = new Worker(new URL("./layout.worker.ts", import.meta.url), { type: "module" });
  worker.onmessage = ({ data }: MessageEvent<Float32Array>) => {
    worker.terminate();
    done(new Map(keys.map((key, i) => [key, { x: UNIT * (data[2 * i] ?? 0), y: UNIT * (data[2 * i + 1] ?? 0) }])));
  };
  worker.postMessage(job);
  return () => worker.terminate();
}
