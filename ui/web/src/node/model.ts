import type { NodeType, RelationType } from "../api/gql/graphql";

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

/** What an editor changes of a node. */
export interface Draft {
  readonly title: string;
  readonly status: string;
  readonly date: string;
  readonly tags: string;
  readonly content: string;
}

export const FIELDS = ["title", "status", "date", "tags", "content"] as const;
export type Field = (typeof FIELDS)[number];

interface Editable {
  readonly title: string;
  readonly status: string | null;
  readonly date: string | null;
  readonly tags: readonly string[];
  readonly content: string;
}

/** The node as an editor shows it. */
export function draftOf(node: Editable): Draft {
  const { title, status, date, tags, content } = node;
  return { title, status: status ?? "", date: date ?? "", tags: tags.join(", "), content };
}

/** Tags as somebody writes them: by commas or blanks, with `#` or without, each once. */
export function tagsOf(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).map((tag) => tag.replace(/^#+/, "")))].filter(Boolean);
}

/** The fields of `after` that differ from `before`, as the API takes them: what was emptied is null. */
export function changesOf(before: Draft, after: Draft): Record<string, unknown> {
  const changed: Record<string, unknown> = {};
  if (after.title.trim() !== before.title) changed["title"] = after.title.trim();
  if (after.content !== before.content) changed["content"] = after.content;
  for (const field of ["status", "date"] as const) {
    if (after[field].trim() !== before[field]) changed[field] = after[field].trim() || null;
  }
  if (tagsOf(after.tags).join() !== tagsOf(before.tags).join()) changed["tags"] = tagsOf(after.tags);
  return changed;
}

/** Theirs and yours as one draft, and the fields in which they exclude each other. */
export function mergeDrafts(base: Draft, theirs: Draft, yours: Draft): { draft: Draft; conflicts: Field[] } {
  const draft = { ...theirs };
  const conflicts: Field[] = [];
  for (const field of FIELDS) {
    if (yours[field] === base[field] || yours[field] === theirs[field]) continue;
    if (field === "content") {
      const merged = merge(base.content, theirs.content, yours.content);
      draft.content = merged.text;
      if (merged.conflicts) conflicts.push(field);
    } else if (field === "tags") {
      draft.tags = mergeTags(base.tags, theirs.tags, yours.tags);
    } else {
      draft[field] = yours[field];
      if (theirs[field] !== base[field]) conflicts.push(field);
    }
  }
  return { draft, conflicts };
}

/** Tags that either side added, without those that either took away. */
function mergeTags(base: string, theirs: string, yours: string): string {
  const [o, a, b] = [tagsOf(base), tagsOf(theirs), tagsOf(yours)];
  const kept = o.filter((tag) => a.includes(tag) && b.includes(tag));
  return [...new Set([...kept, ...[...a, ...b].filter((tag) => !o.includes(tag))])].join(", ");
}

/** The address of a node's page. */
export const addressOf = ({ graph, id }: { graph: string; id: string }) =>
  `/node/${encodeURIComponent(graph)}/${encodeURIComponent(id)}`;

/** The text without a first heading that only repeats the title. */
export function withoutTitle(content: string, title: string): string {
  const found = /^\s*# +(.+?) *#*\s*(?:\n|$)/.exec(content);
  return found?.[1]?.trim() === title.trim() ? content.slice(found[0].length) : content;
}
