import type { NodeType, NodeWhere, RelationType } from "../api/gql/graphql";
import { RELATIONS, TYPES } from "../node/model";
import { keyOf, type Slice } from "./slice";

export const VIEWS = ["picture", "table", "tree"] as const;
export type ViewName = (typeof VIEWS)[number];
export const MAX_DEPTH = 4;

/** What the address says of the explorer. */
export interface View {
  readonly q: string;
  readonly types: readonly NodeType[];
  readonly relations: readonly RelationType[];
  readonly tags: readonly string[];
  readonly statuses: readonly string[];
  /** Days between which nodes changed. */
  readonly since: string;
  readonly until: string;
  /** The node whose surroundings show; without it, the whole graph. */
  readonly focus: string;
  readonly depth: number;
  /** The node that is selected. */
  readonly node: string;
  /** The node to which a path leads from it. */
  readonly to: string;
  /** What alone shows: relations of a type between nodes of two types. */
  readonly pattern: Pattern | undefined;
  readonly view: ViewName | undefined;
}

/** Nodes of a type, relations of a type, nodes of a type; what is undefined is any. */
export interface Pattern {
  readonly from: NodeType | undefined;
  readonly relation: RelationType | undefined;
  readonly to: NodeType | undefined;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** A pattern as an address has it: `DECISION.SUPERSEDES.any`. */
export const patternName = ({ from, relation, to }: Pattern) =>
  [from, relation, to].map((one) => one ?? "any").join(".");

function patternOf(name: string): Pattern | undefined {
  const [from, relation, to, ...more] = name.split(".");
  const known = <T extends string>(all: readonly T[], one: string | undefined) => all.find((each) => each === one);
  if (to === undefined || more.length) return undefined;
  return { from: known(TYPES, from), relation: known(RELATIONS, relation), to: known(TYPES, to) };
}

const text = (value: unknown) => (typeof value === "string" || typeof value === "number" ? String(value) : "");
const list = (value: unknown) => text(value).split(",").filter(Boolean);
const day = (value: unknown) => (DAY.test(text(value)) ? text(value) : "");

/** Reads an address; what makes no sense is left out. */
export function viewOf(search: Readonly<Record<string, unknown>>): View {
  const depth = Math.round(Number(search["depth"]));
  return {
    q: text(search["q"]),
    types: TYPES.filter((type) => list(search["type"]).includes(type)),
    relations: RELATIONS.filter((relation) => list(search["relation"]).includes(relation)),
    tags: list(search["tag"]),
    statuses: list(search["status"]),
    since: day(search["since"]),
    until: day(search["until"]),
    focus: text(search["focus"]),
    depth: depth >= 1 ? Math.min(MAX_DEPTH, depth) : 1,
    node: text(search["node"]),
    to: text(search["to"]),
    pattern: patternOf(text(search["pattern"])),
    view: VIEWS.find((view) => view === search["view"]),
  };
}

/** What a change of the view writes into the address; what is as usual is not said. */
export function searchOf(change: Partial<View>): Record<string, string | number | undefined> {
  const search: Record<string, string | number | undefined> = {};
  for (const name of ["q", "since", "until", "focus", "node", "to", "view"] as const) {
    if (name in change) search[name] = change[name] || undefined;
  }
  const lists = { type: "types", relation: "relations", tag: "tags", status: "statuses" } as const;
  for (const [name, field] of Object.entries(lists)) {
    if (field in change) search[name] = change[field]?.join(",") || undefined;
  }
  if ("pattern" in change) search["pattern"] = change.pattern && patternName(change.pattern);
  if ("depth" in change) search["depth"] = change.depth === 1 ? undefined : change.depth;
  return search;
}

/** Whether the view leaves anything out. */
export const filtered = (view: View) =>
  view.pattern !== undefined || [view.types, view.tags, view.statuses, view.since, view.until].some((f) => f.length);

/** The conditions of a view; `among` are the only nodes that may show, `more` those that show whatever the filters say. */
export function whereOf(view: View, among: readonly string[] | undefined, more: readonly string[]): NodeWhere | null {
  const conditions: NodeWhere[] = [];
  if (among) conditions.push({ id: { in: [...among] } });
  if (view.types.length) conditions.push({ type: { in: [...view.types] } });
  if (view.tags.length) conditions.push({ tags: { hasAny: [...view.tags] } });
  if (view.statuses.length) conditions.push({ status: { in: [...view.statuses] } });
  if (view.since) conditions.push({ updatedAt: { gte: `${view.since}T00:00:00Z` } });
  if (view.until) conditions.push({ updatedAt: { lt: dayAfter(view.until) } });
  if (conditions.length === 0) return null;
  const all: NodeWhere = conditions.length === 1 ? (conditions[0] as NodeWhere) : { and: conditions };
  return more.length ? { or: [all, { id: { in: [...more] } }] } : all;
}

function dayAfter(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString();
}

/** How a node is named in an address: by its id in the graph that shows, by its key in all graphs. */
export const nameOf = (node: { readonly id: string; readonly graph: string }, graph: string | undefined) =>
  node.graph === graph ? node.id : keyOf(node);

/** The key that a name in an address stands for. */
export function keyOfName(name: string, graph: string | undefined, slice?: Slice): string | undefined {
  if (!name) return undefined;
  const own = graph === undefined ? undefined : keyOf({ graph, id: name });
  if (own !== undefined && (slice?.places.has(own) || !name.includes("/"))) return own;
  return name.includes("/") ? name : slice?.nodes.find((node) => node.id === name)?.key;
}

/** Instants at which something changed, evenly chosen, oldest first. */
export function stopsOf(instants: readonly string[], most: number): string[] {
  const all = [...new Set(instants.map((one) => one.slice(0, 19)))].sort();
  const count = Math.min(most, all.length);
  const chosen = Array.from(
    { length: count },
    (_, i) => all[Math.round((i * (all.length - 1)) / Math.max(1, count - 1))],
  );
  return chosen.flatMap((one) => (one ? [new Date(Date.parse(`${one}Z`) + 1_000).toISOString()] : []));
}
