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
  };
  readonly edges: {
    readonly source: readonly number[];
    readonly target: readonly number[];
    readonly type: readonly number[];
  };
  readonly truncated: boolean;
}

/** The key of a node. */
export const keyOf = ({ graph, id }: { graph: string; id: string }) => `${graph}/${id}`;

/** Graph and id of a key; names of graphs have no slash. */
export function placeOfKey(key: string): { graph: string; id: string } {
  const slash = key.indexOf("/");
  return { graph: key.slice(0, slash), id: key.slice(slash + 1) };
}

/** The objects behind the columns. */
export function decode({ dict, nodes, edges, truncated }: Columns): Slice {
  const degrees = new Uint32Array(nodes.id.length);
  for (const place of [...edges.source, ...edges.target]) degrees[place] = (degrees[place] ?? 0) + 1;
  const decoded = nodes.id.map((id, place): SliceNode => {
    const graph = nodes.graph[place] ?? "";
    const status = nodes.status[place] ?? null;
    const [x, y] = [nodes.x?.[place], nodes.y?.[place]];
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
      ...(typeof x === "number" && typeof y === "number" ? { position: { x, y } } : {}),
    };
  });
  return {
    nodes: decoded,
    edges: edges.source.map((source, place) => ({
      source,
      target: edges.target[place] ?? 0,
      type: dict.edgeType[edges.type[place] ?? 0] ?? "RELATES_TO",
    })),
    places: new Map(decoded.map((node, place) => [node.key, place])),
    truncated,
  };
}

/** The slice without some of its nodes, and without their relations. */
export function without(slice: Slice, hidden: ReadonlySet<string>): Slice {
  if (!slice.nodes.some((node) => hidden.has(node.key))) return slice;
  const nodes = slice.nodes.filter((node) => !hidden.has(node.key));
  const places = new Map(nodes.map((node, place) => [node.key, place]));
  const moved = slice.nodes.map((node) => places.get(node.key));
  const edges: SliceEdge[] = [];
  for (const edge of slice.edges) {
    const [source, target] = [moved[edge.source], moved[edge.target]];
    if (source !== undefined && target !== undefined) edges.push({ ...edge, source, target });
  }
  return { ...slice, nodes, edges, places };
}

/** A node at the other end of a relation. */
export interface Next {
  readonly key: string;
  readonly type: RelationType;
  readonly inwards: boolean;
}

/** Every node's neighbours by key, each relation once. */
export function neighboursOf(slice: Slice): ReadonlyMap<string, readonly Next[]> {
  const found = new Map<string, Next[]>(slice.nodes.map((node) => [node.key, []]));
  for (const { source, target, type } of slice.edges) {
    const [from, to] = [slice.nodes[source]?.key, slice.nodes[target]?.key];
    if (from === undefined || to === undefined) continue;
    found.get(from)?.push({ key: to, type, inwards: false });
    if (from !== to) found.get(to)?.push({ key: from, type, inwards: true });
  }
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
