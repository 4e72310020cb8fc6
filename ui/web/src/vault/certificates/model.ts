import { dayOf } from "../../parts/calendar";

/** What the page has to know of a certificate. */
export interface Certified {
  readonly serial: string;
  readonly commonName: string;
  readonly dnsNames: readonly string[];
  readonly issuer: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly revokedAt: string | null;
}

export type State = "revoked" | "expired" | "soon" | "later" | "valid";
export type Filter = "all" | "expired" | "soon" | "later" | "valid" | "revoked";
export const FILTERS: readonly Filter[] = ["all", "soon", "later", "valid", "expired", "revoked"];
export const VIEWS = ["calendar", "list"] as const;
export type View = (typeof VIEWS)[number];

const DAY_MS = 86_400_000;
const SOON_DAYS = 30;
const LATER_DAYS = 90;

/** How a certificate stands: revoked or expired, with less than 30 or 90 days left, or with more. */
export function stateOf({ revokedAt, notAfter }: Certified, now: number): State {
  if (revokedAt) return "revoked";
  const days = (Date.parse(notAfter) - now) / DAY_MS;
  if (days <= 0) return "expired";
  return days < SOON_DAYS ? "soon" : days < LATER_DAYS ? "later" : "valid";
}

/** Whether a certificate is among those that a filter lets through: those with less than 30 days have less than 90, too. */
export function passes(certificate: Certified, filter: Filter, now: number): boolean {
  const state = stateOf(certificate, now);
  if (filter === "all") return true;
  if (filter === "later") return state === "soon" || state === "later";
  if (filter === "valid") return state !== "revoked" && state !== "expired";
  return state === filter;
}

/** The filter that an address names. */
export const filterOf = (text: string | undefined): Filter => FILTERS.find((one) => one === text) ?? "all";

export const viewOf = (text: string | undefined): View => VIEWS.find((one) => one === text) ?? "calendar";

/** What a certificate is called: its name, else the first of its host names, else its serial number. */
export const nameOf = ({ commonName, dnsNames, serial }: Certified): string => commonName || dnsNames[0] || serial;

/** Certificates by the day on which they end, in UTC, each day's in the order in which they end. */
export function byDay<T extends Certified>(certificates: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const days = new Map<string, T[]>();
  for (const one of [...certificates].sort((a, b) => Date.parse(a.notAfter) - Date.parse(b.notAfter))) {
    const day = dayOf(Date.parse(one.notAfter));
    const known = days.get(day);
    if (known) known.push(one);
    else days.set(day, [one]);
  }
  return days;
}

/** The day on which the next certificate ends that still counts, or the last one did; nothing where there is none. */
export function nextDay(certificates: readonly Certified[], now: number): string | undefined {
  const ends = certificates.filter(({ revokedAt }) => !revokedAt).map(({ notAfter }) => Date.parse(notAfter));
  const coming = ends.filter((end) => end > now);
  if (coming.length) return dayOf(Math.min(...coming));
  return ends.length ? dayOf(Math.max(...ends)) : undefined;
}

/** Where a moment stands between the begin and the end of a certificate, 0 to 1. */
export function placeOf({ notBefore, notAfter }: Certified, at: number): number {
  const [begin, end] = [Date.parse(notBefore), Date.parse(notAfter)];
  return end > begin ? Math.min(1, Math.max(0, (at - begin) / (end - begin))) : 1;
}

/** The common name in a distinguished name such as `CN=Shop CA,O=Shop`; the whole where it has none. */
export function commonNameOf(name: string): string {
  const found = /(?:^|,)CN=((?:\\.|[^,\\])*)/i.exec(name);
  return found ? (found[1] ?? "").replace(/\\(.)/g, "$1") : name;
}

/** Who signed a certificate, and who signed that one, as far as they are among the known ones; the root comes last. */
export function chainOf<T extends Certified>(certificate: T, all: readonly T[]): readonly T[] {
  const chain: T[] = [];
  let last: Certified = certificate;
  for (;;) {
    const name = commonNameOf(last.issuer);
    const { commonName, notAfter } = last;
    if (name === commonName) return chain;
    const signers = all.filter((one) => one.commonName === name && !chain.includes(one) && one !== certificate);
    const signer = signers.find((one) => one.notAfter >= notAfter) ?? signers[0];
    if (!signer) return chain;
    chain.push(signer);
    last = signer;
  }
}
