import type { NodeType, RelationType } from "../api/gql/graphql";

/** Where a node stands in the picture. */
export interface Position {
  readonly x: number;
  readonly y: number;
}

export interface SliceNode {
  /** Graph and id: `graph/id`. */
  readonly key: string;
  readonly id: string;
  readonly graph: string;
  readonly title: string;
  readonly type: NodeType;
  readonly status: string | null;
  readonly tags: readonly string[];
  readonly updated: string;
  /** How many relations of the slice it has. */
  readonly degree: number;
  /** Where the server puts it; without it, the layout of the browser does. */
  readonly position?: Position;
  /** The community that the server counts it to. */
  readonly community?: number;
}

/** A relation between the nodes at two places of the slice. */
export interface SliceEdge {
  readonly source: number;
  readonly target: number;
  readonly type: RelationType;
}

/** The part of a graph that shows. */
export interface Slice {
  readonly nodes: readonly SliceNode[];
  readonly edges: readonly SliceEdge[];
  /** The place of a node in `nodes`, by key. */
  readonly places: ReadonlyMap<string, number>;
  /** There is more than was asked for. */
  readonly truncated: boolean;
  /** Titles of communities, by their number. */
  readonly communities: ReadonlyMap<number, string>;
  /** Version of the server's places; null: there are none yet, undefined: nobody asked for them. */
  readonly version: string | null | undefined;
  /** The server makes places, or better ones. */
  readonly pending: boolean;
}

/** A slice as the API gives it: columns with dictionaries. */
export interface Columns {
  readonly dict: {
    readonly type: readonly NodeType[];
    readonly status: readonly string[];
    readonly tag: readonly string[];
    readonly edgeType: readonly RelationType[];
  };
  readonly nodes: {
    readonly id: readonly string[];
    readonly graph: readonly string[];
    readonly title: readonly string[];
    readonly type: readonly number[];
    readonly status: readonly (number | null)[];
    readonly tags: readonly (readonly number[])[];
    readonly updated: readonly string[];
    readonly x?: readonly (number | null)[] | null;
    readonly y?: readonly (number | null)[] | null;
    readonly community?: readonly (number | null)[] | null;
  };
  readonly edges: {
    readonly source: ArrayLike<number>;
    readonly target: ArrayLike<number>;
    readonly type: ArrayLike<number>;
  };
  readonly communities?: { readonly id: readonly number[]; readonly title: readonly string[] };
  readonly layoutVersion?: string | null;
  readonly layoutPending?: boolean;
  readonly truncated: boolean;
}

/** The key of a node. */
export const keyOf = ({ graph, id }: { graph: string; id: string }) => `${graph}/${id}`;

/** Graph and id of a key; names of graphs have no slash. */
export function placeOfKey(key: string): { graph: string; id: string } {
  const slash = key.indexOf("/");
  return { graph: key.slice(0, slash), id: key.slice(slash + 1) };
}

/** The objects behind the columns. The picture's second axis goes up, the server's down. */
export function decode(columns: Columns): Slice {
  const { dict, nodes, edges, truncated } = columns;
  const degrees = degreesOf(nodes.id.length, edges);
  const decoded = nodes.id.map((id, place): SliceNode => {
    const graph = nodes.graph[place] ?? "";
    const status = nodes.status[place] ?? null;
    const [x, y, community] = [nodes.x?.[place], nodes.y?.[place], nodes.community?.[place]];
    return {
      key: keyOf({ graph, id }),
      id,
      graph,
      title: nodes.title[place] ?? id,
      type: dict.type[nodes.type[place] ?? 0] ?? "NOTE",
      status: status === null ? null : (dict.status[status] ?? null),
      tags: (nodes.tags[place] ?? []).map((tag) => dict.tag[tag] ?? ""),
      updated: nodes.updated[place] ?? "",
      degree: degrees[place] ?? 0,
      ...(typeof x === "number" && typeof y === "number" ? { position: { x, y: -y } } : {}),
      ...(typeof community === "number" ? { community } : {}),
    };
  });
  const titles = columns.communities;
  return {
    nodes: decoded,
    edges: Array.from(edges.source, (source, place) => ({
      source,
      target: edges.target[place] ?? 0,
      type: dict.edgeType[edges.type[place] ?? 0] ?? "RELATES_TO",
    })),
    places: new Map(decoded.map((node, place) => [node.key, place])),
    truncated,
    communities: new Map(titles?.id.map((id, place) => [id, titles.title[place] ?? ""])),
    version: columns.layoutVersion,
    pending: columns.layoutPending ?? false,
  };
}

function degreesOf(count: number, { source, target }: Columns["edges"]): Uint32Array {
  const degrees = new Uint32Array(count);
  for (const ends of [source, target]) {
    for (let i = 0; i < ends.length; i += 1) {
      const place = ends[i] ?? 0;
      degrees[place] = (degrees[place] ?? 0) + 1;
    }
  }
  return degrees;
}

/** The slice without some of its nodes, and without their relations. */
export function without(slice: Slice, hidden: ReadonlySet<string>): Slice {
  if (!slice.nodes.some((node) => hidden.has(node.key))) return slice;
  return only(slice, (node) => !hidden.has(node.key));
}

/** The part of a slice that has these nodes, and these of the relations among them. */
export function only(
  slice: Slice,
  keep: (node: SliceNode) => boolean,
  joins: (edge: SliceEdge) => boolean = () => true,
): Slice {
  const nodes = slice.nodes.filter(keep);
  const places = new Map(nodes.map((node, place) => [node.key, place]));
  const moved = slice.nodes.map((node) => places.get(node.key));
  const edges: SliceEdge[] = [];
  for (const edge of slice.edges) {
    const [source, target] = [moved[edge.source], moved[edge.target]];
    if (source !== undefined && target !== undefined && joins(edge)) edges.push({ ...edge, source, target });
  }
  return { ...slice, nodes, edges, places };
}

/** The slice with the places and communities that its nodes have in another one. */
export function withPlacesOf(slice: Slice, other: Slice): Slice {
  const nodes = slice.nodes.map((node) => {
    const place = other.places.get(node.key);
    const { position, community } = (place === undefined ? undefined : other.nodes[place]) ?? {};
    return { ...node, ...(position ? { position } : {}), ...(community === undefined ? {} : { community }) };
  });
  const { communities, version, pending } = other;
  return { ...slice, nodes, communities, version, pending, truncated: other.truncated };
}

/** A node at the other end of a relation. */
export interface Next {
  readonly key: string;
  readonly type: RelationType;
  readonly inwards: boolean;
}

const neighbours = new WeakMap<Slice, ReadonlyMap<string, readonly Next[]>>();

/** Every node's neighbours by key, each relation once; worked out when somebody first asks. */
export function neighboursOf(slice: Slice): ReadonlyMap<string, readonly Next[]> {
  const known = neighbours.get(slice);
  if (known) return known;
  const found = new Map<string, Next[]>(slice.nodes.map((node) => [node.key, []]));
  for (const { source, target, type } of slice.edges) {
    const [from, to] = [slice.nodes[source]?.key, slice.nodes[target]?.key];
    if (from === undefined || to === undefined) continue;
    found.get(from)?.push({ key: to, type, inwards: false });
    if (from !== to) found.get(to)?.push({ key: from, type, inwards: true });
  }
  neighbours.set(slice, found);
  return found;
}

/** Nodes that hang on this one alone: what goes when its neighbours are hidden. */
export function leavesOf(key: string, neighbours: ReadonlyMap<string, readonly Next[]>): string[] {
  const around = new Set((neighbours.get(key) ?? []).map((next) => next.key));
  around.delete(key);
  return [...around].filter((other) => (neighbours.get(other) ?? []).every((next) => [key, other].includes(next.key)));
}

/** The nodes whose title, id or tags have every word that was typed. */
export function matching(slice: Slice, text: string): ReadonlySet<string> {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return new Set();
  const found = slice.nodes.filter((node) => {
    const all = `${node.title}\n${node.id}\n${node.tags.join("\n")}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
  return new Set(found.map((node) => node.key));
}
