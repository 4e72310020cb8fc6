import type { VaultAuditWhere } from "../../api/gql/graphql";

/** What the page has to know of a line of the audit. */
export interface Line {
  readonly at: string;
  readonly kind: string;
  readonly allowed: boolean;
}

export const RANGES = ["hour", "day", "week", "all", "own"] as const;
export type Range = (typeof RANGES)[number];
export const SIDES = ["response", "request", "both"] as const;
export type Side = (typeof SIDES)[number];
export const OPERATIONS = ["read", "list", "create", "update", "patch", "delete"] as const;

const HOUR_S = 3_600;
const DAY_S = 86_400;
const LENGTH_S = { hour: HOUR_S, day: DAY_S, week: 7 * DAY_S } as const;

export type Address = Readonly<Record<string, string>>;

/** The range that an address names; one that says since or until when is its own. */
export function rangeOf(address: Address): Range {
  const named = RANGES.find((one) => one === address["range"]);
  return named ?? (address["since"] || address["until"] ? "own" : "day");
}

/** Which lines of a request show: that of its answer, that of itself, or both. */
export const sideOf = (text: string | undefined): Side => SIDES.find((one) => one === text) ?? "response";

/** An instant that an address names; nothing for what names none. */
function instantOf(text: string | undefined): string | undefined {
  const time = text ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

/** What the API is asked for. */
export function whereOf(address: Address, now: number): VaultAuditWhere {
  const range = rangeOf(address);
  const path = (address["path"] ?? "").trim().replace(/^\/+/, "");
  const operation = OPERATIONS.find((one) => one === address["op"]);
  const own = range === "own";
  const since = own ? instantOf(address["since"]) : range === "all" ? undefined : back(now, LENGTH_S[range]);
  const until = own ? instantOf(address["until"]) : undefined;
  return {
    ...(path ? { path } : {}),
    ...(operation ? { operation } : {}),
    ...(address["refused"] ? { allowed: false } : {}),
    ...(since ? { since } : {}),
    ...(until ? { until } : {}),
  };
}

const back = (now: number, seconds: number): string => new Date(now - seconds * 1000).toISOString();

/** The lines of a side, in the order in which they came. */
export const ofSide = <T extends Line>(lines: readonly T[], side: Side): readonly T[] =>
  side === "both" ? lines : lines.filter(({ kind }) => kind === side);

/** What is asked again and again by whoever shows how the vault stands. */
const CHECKS: ReadonlySet<string> = new Set([
  "sys/health",
  "sys/seal-status",
  "sys/leader",
  "sys/internal/ui/mounts",
  "auth/token/lookup-self",
]);

/** Lines of requests that only ask how the vault and a token stand; one that was refused is none of them. */
export const isCheck = ({ path, allowed }: { readonly path: string; readonly allowed: boolean }): boolean =>
  allowed && CHECKS.has(path);

const STEPS_S = [60, 300, 900, HOUR_S, 6 * HOUR_S, DAY_S, 7 * DAY_S, 28 * DAY_S];
const MOST_BARS = 40;
const FEWEST_BARS = 8;

export interface Counted {
  readonly times: readonly string[];
  readonly requests: readonly number[];
  readonly refusals: readonly number[];
}

/** How many requests there were over time and how many were refused; each counts once, by its answer. */
export function counted(lines: readonly Line[]): Counted {
  const answers = ofSide(lines, "response");
  const shown = answers.length ? answers : ofSide(lines, "request");
  const times = shown.map(({ at }) => Date.parse(at) / 1000);
  if (!times.length) return { times: [], requests: [], refusals: [] };
  const [first, last] = times.reduce(([a, b], time) => [Math.min(a, time), Math.max(b, time)], [times[0] ?? 0, 0]);
  const step = STEPS_S.find((each) => (last - first) / each < MOST_BARS) ?? 28 * DAY_S;
  const end = Math.floor(last / step);
  const begin = Math.min(Math.floor(first / step), end - FEWEST_BARS + 1);
  const requests = new Array<number>(end - begin + 1).fill(0);
  const refusals = [...requests];
  for (const [index, { allowed }] of shown.entries()) {
    const place = Math.floor((times[index] ?? 0) / step) - begin;
    requests[place] = (requests[place] ?? 0) + 1;
    if (!allowed) refusals[place] = (refusals[place] ?? 0) + 1;
  }
  return { times: requests.map((_, place) => iso((begin + place) * step)), requests, refusals };
}

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();

export interface Mount {
  readonly path: string;
  readonly type: string;
  readonly version: number | null;
}

const PARTS_OF_KV2 = /^(?:data|metadata|delete|undelete|destroy|subkeys)\//;

/** The secret that a path is about, where a mount of type kv has it; a folder ends with a slash. */
export function secretOf(path: string, mounts: readonly Mount[]): { mount: string; path: string } | undefined {
  const found = mounts
    .filter(({ path: mount, type }) => type === "kv" && path.startsWith(mount))
    .sort((a, b) => b.path.length - a.path.length)[0];
  if (!found) return undefined;
  const below = path.slice(found.path.length);
  if (found.version !== 2) return below ? { mount: found.path, path: below } : undefined;
  const part = PARTS_OF_KV2.exec(below)?.[0];
  const rest = part && below.slice(part.length);
  return rest ? { mount: found.path, path: rest } : undefined;
}
