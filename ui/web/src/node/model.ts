import type { NodeType, RelationType } from "../api/gql/graphql";
import { listOf, numberOf, textOf, type Value, type Values } from "../parts/form";

export const TYPES: readonly NodeType[] = ["NOTE", "DECISION", "GUIDELINE", "PATTERN", "JOURNAL", "EXECUTION"];
export const RELATIONS: readonly RelationType[] = [
  "RELATES_TO",
  "DEPENDS_ON",
  "IMPLEMENTS",
  "EXTENDS",
  "SUPERSEDES",
  "EXPLAINS",
];

/** One line of a comparison. */
export interface DiffLine {
  readonly kind: "same" | "added" | "removed";
  readonly text: string;
}

const MAX_CELLS = 4_000_000;

/** Pairs of places at which two lists have the same lines, in order: a longest common subsequence. */
function common(a: readonly string[], b: readonly string[]): (readonly [number, number])[] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  const pairs: (readonly [number, number])[] = Array.from({ length: start }, (_, i) => [i, i] as const);
  pairs.push(...middle(a.slice(start, a.length - end), b.slice(start, b.length - end), start));
  for (let i = end; i > 0; i -= 1) pairs.push([a.length - i, b.length - i]);
  return pairs;
}

/** The same for what differs at both ends; nothing where the table would be too large. */
function middle(a: readonly string[], b: readonly string[], offset: number): (readonly [number, number])[] {
  const width = b.length + 1;
  if (a.length === 0 || b.length === 0 || a.length * b.length > MAX_CELLS) return [];
  const lengths = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number) => lengths[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) pairs.push([offset + i++, offset + j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return pairs;
}

/** What changed from one text to another, line by line. */
export function diff(before: string, after: string): DiffLine[] {
  const [a, b] = [before.split("\n"), after.split("\n")];
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  for (const [toI, toJ] of [...common(a, b), [a.length, b.length] as const]) {
    for (; i < toI; i += 1) lines.push({ kind: "removed", text: a[i] ?? "" });
    for (; j < toJ; j += 1) lines.push({ kind: "added", text: b[j] ?? "" });
    if (toI < a.length || toJ < b.length) lines.push({ kind: "same", text: a[i] ?? "" });
    [i, j] = [toI + 1, toJ + 1];
  }
  return lines;
}

export interface Merged {
  readonly text: string;
  /** How many places both sides changed in different ways; they stand between marks in the text. */
  readonly conflicts: number;
}

/** Two changes of one text as one: what only one side changed is taken, what both changed is marked (as diff3 does). */
export function merge(base: string, theirs: string, yours: string): Merged {
  const [o, a, b] = [base.split("\n"), theirs.split("\n"), yours.split("\n")];
  const inA = new Map(common(o, a));
  const inB = new Map(common(o, b));
  const out: string[] = [];
  let conflicts = 0;
  let [i, j, k] = [0, 0, 0];
  for (let next = 0; next <= o.length; next += 1) {
    const toA = next === o.length ? a.length : inA.get(next);
    const toB = next === o.length ? b.length : inB.get(next);
    if (toA === undefined || toB === undefined) continue;
    const part = { base: o.slice(i, next), theirs: a.slice(j, toA), yours: b.slice(k, toB) };
    const taken = agreed(part);
    if (!taken) conflicts += 1;
    out.push(...(taken ?? ["<<<<<<< theirs", ...part.theirs, "=======", ...part.yours, ">>>>>>> yours"]));
    if (next < o.length) out.push(o[next] ?? "");
    [i, j, k] = [next + 1, toA + 1, toB + 1];
  }
  return { text: out.join("\n"), conflicts };
}

type Part = Readonly<Record<"base" | "theirs" | "yours", readonly string[]>>;

function agreed({ base, theirs, yours }: Part): readonly string[] | undefined {
  const [o, a, b] = [base.join("\n"), theirs.join("\n"), yours.join("\n")];
  if (a === b || (b === o && yours.length === base.length)) return theirs;
  if (a === o && theirs.length === base.length) return yours;
  return undefined;
}

/** What an editor changes of a node: what people write, by field. */
export type Draft = Values;

type Kind = "text" | "number" | "list" | "json";

/** The fields of every node that people write, and of nodes of some types alone; each as the API calls it. */
const FIRST = { title: "text", status: "text", date: "text" } as const;
const SPECIAL = {
  NOTE: {},
  DECISION: { statusRaw: "text", deciders: "list" },
  GUIDELINE: { priority: "number", topic: "text", overrides: "list" },
  PATTERN: {},
  JOURNAL: {},
  EXECUTION: {
    project: "text",
    taskType: "text",
    agentId: "text",
    durationMs: "number",
    tokensUsed: "number",
    costCents: "number",
  },
} as const satisfies Record<NodeType, Record<string, Kind>>;
const MAIN = { tags: "list", content: "text" } as const;
const REST = { aliases: "list", metadata: "json" } as const;

type Keys<T> = T extends unknown ? keyof T : never;
export type Field = keyof typeof FIRST | Keys<(typeof SPECIAL)[NodeType]> | keyof typeof MAIN | keyof typeof REST;

/** The fields of a node of a type, in the order in which they stand. */
export const fieldsOf = (type: NodeType): readonly Field[] => Object.keys(kindsOf(type)) as Field[];

function kindsOf(type: NodeType): Readonly<Partial<Record<Field, Kind>>> {
  const special: [string, Kind][] = Object.entries(SPECIAL[type]);
  const of = (list: boolean) => Object.fromEntries(special.filter(([, kind]) => (kind === "list") === list));
  return { ...FIRST, ...of(false), ...MAIN, ...of(true), ...REST };
}

/** The node as an editor shows it. */
export function draftOf(node: { readonly type: NodeType } & Readonly<Record<string, unknown>>): Draft {
  const shown = Object.entries(kindsOf(node.type)).map(([field, kind]) => [field, shownAs(kind, node[field])] as const);
  return Object.fromEntries(shown);
}

function shownAs(kind: Kind, value: unknown): Value {
  if (kind === "list") return Array.isArray(value) ? value.map(String) : [];
  if (kind === "json") return isEmptyObject(value) ? "" : JSON.stringify(value, null, 2);
  return value === null || value === undefined ? "" : String(value);
}

const isEmptyObject = (value: unknown): boolean => !value || Object.keys(value).length === 0;

/** The fields of `after` that differ from `before`, as the API takes them: what was emptied is null. */
export function changesOf(type: NodeType, before: Draft, after: Draft): Record<string, unknown> {
  const changed = Object.entries(kindsOf(type)).filter(([field, kind]) => !same(kind, before[field], after[field]));
  return Object.fromEntries(changed.map(([field, kind]) => [field, sent(field, kind, after)]));
}

/** A whole draft as the API takes it for a new node. */
export function newOf(type: NodeType, draft: Draft): Record<string, unknown> {
  return { title: "", ...changesOf(type, draftOf({ type }), draft) };
}

const plain = (value: Value | undefined): string =>
  typeof value === "object" ? value.join("\n") : String(value ?? "");

function same(kind: Kind, one: Value | undefined, other: Value | undefined): boolean {
  const [a, b] = [plain(one), plain(other)];
  if (a === b) return true;
  return kind === "number" && numberOf(a) !== undefined && numberOf(a) === numberOf(b);
}

function sent(field: string, kind: Kind, draft: Draft): unknown {
  const text = textOf(draft, field);
  if (kind === "list") return listOf(draft, field);
  if (kind === "number") return numberOf(text) ?? null;
  if (kind === "json") return text.trim() ? JSON.parse(text) : {};
  if (field === "content") return text;
  return text.trim() || (field === "title" ? "" : null);
}

/** Theirs and yours as one draft, and the fields in which they exclude each other. */
export function mergeDrafts(
  type: NodeType,
  base: Draft,
  theirs: Draft,
  yours: Draft,
): { draft: Draft; conflicts: Field[] } {
  const draft: Record<string, Value> = { ...theirs };
  const conflicts: Field[] = [];
  for (const [name, kind] of Object.entries(kindsOf(type))) {
    const field = name as Field;
    if (same(kind, yours[field], base[field]) || same(kind, yours[field], theirs[field])) continue;
    if (field === "content") {
      const merged = merge(textOf(base, field), textOf(theirs, field), textOf(yours, field));
      draft[field] = merged.text;
      if (merged.conflicts) conflicts.push(field);
    } else if (kind === "list") {
      draft[field] = mergeLists(listOf(base, field), listOf(theirs, field), listOf(yours, field));
    } else {
      draft[field] = yours[field] ?? "";
      if (!same(kind, theirs[field], base[field])) conflicts.push(field);
    }
  }
  return { draft, conflicts };
}

/** Entries that either side added, without those that either took away. */
function mergeLists(base: readonly string[], theirs: readonly string[], yours: readonly string[]): readonly string[] {
  const kept = base.filter((one) => theirs.includes(one) && yours.includes(one));
  return [...new Set([...kept, ...[...theirs, ...yours].filter((one) => !base.includes(one))])];
}

/** What a field says, on one line. */
export const lineOf = (value: Value | undefined): string =>
  (typeof value === "object" ? value.join(", ") : String(value ?? "")).slice(0, 300) || "—";

/** The address of a node's page. */
export const addressOf = ({ graph, id }: { graph: string; id: string }) =>
  `/node/${encodeURIComponent(graph)}/${encodeURIComponent(id)}`;

/** The text without a first heading that only repeats the title. */
export function withoutTitle(content: string, title: string): string {
  const found = /^\s*# +(.+?) *#*\s*(?:\n|$)/.exec(content);
  return found?.[1]?.trim() === title.trim() ? content.slice(found[0].length) : content;
}
