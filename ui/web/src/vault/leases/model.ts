/** What a page has to know of a lease. */
export interface Lived {
  readonly issuedAt: string;
  readonly lastRenewedAt: string | null;
  readonly expiresAt: string | null;
}

export interface Left {
  /** What is left of its time since it was made or renewed, 0 to 1. */
  readonly share: number;
  readonly seconds: number;
  readonly tone: "" | "warn" | "danger";
}

const SOON = 0.25;
const AT_ONCE = 0.1;

/** How much of its time a lease has left; nothing for one that does not end. */
export function leftOf({ issuedAt, lastRenewedAt, expiresAt }: Lived, now: number): Left | undefined {
  if (!expiresAt) return undefined;
  const end = Date.parse(expiresAt);
  const begin = Math.max(Date.parse(issuedAt), lastRenewedAt ? Date.parse(lastRenewedAt) : 0);
  const left = Math.max(0, end - now);
  const share = end > begin ? Math.min(1, left / (end - begin)) : 0;
  return { share, seconds: left / 1000, tone: share < AT_ONCE ? "danger" : share < SOON ? "warn" : "" };
}

/** Whether a lease can be renewed here: those of tokens are renewed by their tokens alone. */
export const canRenew = ({ id, renewable }: { readonly id: string; readonly renewable: boolean }): boolean =>
  renewable && !id.startsWith("auth/");

export interface Folder {
  readonly prefix: string;
  readonly count: number;
}

/**
 * What leases below a prefix have in common further down, most first. A folder in which there is only one other is left
 * out for that one.
 */
export function foldersOf(ids: readonly string[], prefix: string): readonly Folder[] {
  const found = new Map<string, string[]>();
  for (const id of ids) {
    const end = id.startsWith(prefix) ? id.indexOf("/", prefix.length) : -1;
    if (end < 0) continue;
    const folder = id.slice(0, end + 1);
    const known = found.get(folder);
    if (known) known.push(id);
    else found.set(folder, [id]);
  }
  return [...found]
    .map(([folder, below]) => ({ prefix: deepest(folder, below), count: below.length }))
    .sort((a, b) => b.count - a.count || a.prefix.localeCompare(b.prefix));
}

/** The longest folder that all of them stand in. */
function deepest(folder: string, ids: readonly string[]): string {
  const end = ids[0]?.indexOf("/", folder.length) ?? -1;
  const next = end < 0 ? undefined : ids[0]?.slice(0, end + 1);
  return next && ids.every((id) => id.startsWith(next)) ? deepest(next, ids) : folder;
}

/** The folders above a prefix and itself, outermost first, each with its own name. */
export function crumbsOf(prefix: string): readonly { readonly prefix: string; readonly name: string }[] {
  const parts = prefix.split("/").filter(Boolean);
  return parts.map((name, index) => ({ name: `${name}/`, prefix: `${parts.slice(0, index + 1).join("/")}/` }));
}

/** A prefix as an address or a person writes it, as the vault has it: without a slash in front, with one behind. */
export function prefixOf(text: string): string {
  const plain = text.trim().replace(/^\/+|\/+$/g, "");
  return plain ? `${plain}/` : "";
}

/** How many leases stand below a prefix: all where all are known, that of a mount where it is counted, else at least. */
export function countBelow(
  prefix: string,
  ids: readonly string[],
  isAll: boolean,
  counts: readonly { readonly path: string; readonly count: number }[],
): { readonly count: number; readonly more: boolean } {
  const below = ids.filter((id) => id.startsWith(prefix)).length;
  if (isAll) return { count: below, more: false };
  const counted = counts.find(({ path }) => path === prefix);
  return counted ? { count: counted.count, more: false } : { count: below, more: true };
}
