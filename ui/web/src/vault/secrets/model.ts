import type { Content } from "../../api/values";

/** A line of the editor: a key and its value, as text, or as JSON where it is no text. */
export interface Line {
  readonly id: number;
  readonly key: string;
  readonly text: string;
  readonly json: boolean;
}

/** How a value is written: a text as it is, anything else as JSON. */
export const textOf = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** The lines of what a secret holds. */
export const linesOf = (content: Content): readonly Line[] =>
  Object.entries(content).map(([key, value], id) => ({
    id,
    key,
    text: textOf(value),
    json: typeof value !== "string",
  }));

/** Why what was written cannot be saved; `id`: the line that it is about. */
export interface Problem {
  readonly why: "noKey" | "twice" | "json" | "object" | "nothing";
  readonly id?: number;
}

const isBlank = ({ key, text }: Line): boolean => key.trim() === "" && text === "";

/** What the lines say; blank ones do not count. */
export function contentOf(lines: readonly Line[]): Content | Problem[] {
  const problems: Problem[] = [];
  const content: Record<string, unknown> = {};
  for (const line of lines.filter((one) => !isBlank(one))) {
    const { id, json } = line;
    const key = line.key.trim();
    const value = json ? parsed(line.text) : line.text;
    if (!key) problems.push({ why: "noKey", id });
    else if (Object.hasOwn(content, key)) problems.push({ why: "twice", id });
    else if (value === undefined) problems.push({ why: "json", id });
    else Object.defineProperty(content, key, { value, enumerable: true, configurable: true });
  }
  if (problems.length === 0 && Object.keys(content).length === 0) problems.push({ why: "nothing" });
  return problems.length ? problems : content;
}

/** What a text of JSON says, when it is an object with something in it. */
export function contentOfText(text: string): Content | Problem[] {
  const value = parsed(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [{ why: "object" }];
  return Object.keys(value).length ? (value as Content) : [{ why: "nothing" }];
}

export const isContent = (found: Content | Problem[]): found is Content => !Array.isArray(found);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Whether a path can be that of a secret: names with slashes between them. */
export const isPath = (path: string): boolean =>
  path.split("/").every((part) => part !== "" && part !== "." && part !== "..") &&
  ![...path].some((sign) => sign < " " || sign === "\u007f");

export interface VersionFacts {
  readonly version: number;
  readonly deletedAt: string | null;
  readonly destroyed: boolean;
}

/** How a version stands: one whose time to be deleted is still to come can be read. */
export function standing({ deletedAt, destroyed }: VersionFacts, now: number): "there" | "deleted" | "destroyed" {
  if (destroyed) return "destroyed";
  return deletedAt !== null && Date.parse(deletedAt) <= now ? "deleted" : "there";
}

/** The mount that a reference such as `vault:team/kv/app#key` is about, of those there are, and the path below it. */
export function placeOf(reference: string, mounts: readonly string[]): { mount: string; path: string } | undefined {
  const [whole = ""] = reference.replace(/^vault:/, "").split("#", 1);
  const found = mounts.filter((mount) => whole.startsWith(`${mount}/`)).sort((a, b) => b.length - a.length)[0];
  return found === undefined ? undefined : { mount: found, path: whole.slice(found.length + 1) };
}

/** Whether a text is a reference to a secret. */
export const isReference = (text: string): boolean => /^vault:[^#]+\/[^#]*[^#/](?:#.+)?$/.test(text);

/** Where a part of a text begins and ends, whatever the case. */
export function rangesOf(text: string, part: string): readonly (readonly [number, number])[] {
  const at = part ? text.toLowerCase().indexOf(part.toLowerCase()) : -1;
  return at < 0 ? [] : [[at, at + part.length]];
}
