import type { Failure } from "./errors";
import { askVault } from "./vault";

/** Where a secret is, and how its mount keeps it. */
export interface SecretPlace {
  /** Without slashes around it. */
  readonly mount: string;
  readonly path: string;
  /** Of the kv engine. */
  readonly kv: 1 | 2;
}

export type Content = Readonly<Record<string, unknown>>;

/** A version with its values; null: it is deleted or destroyed. Version 0: there is none. */
export interface Version {
  readonly version: number;
  readonly content: Content | null;
}

export type Read = { readonly found: Version } | { readonly failure: Failure };
export type Written = { readonly version: number } | { readonly failure: Failure; readonly conflict: boolean };

interface Envelope {
  readonly data: { readonly data: Content | null; readonly metadata: { readonly version: number } };
}

const addressOf = ({ mount, path, kv }: SecretPlace): string =>
  kv === 2 ? `${mount}/data/${path}` : `${mount}/${path}`;

/** The values of a secret, from the vault to this page alone; the newest version when none is named. */
export async function readSecret(place: SecretPlace, version?: number): Promise<Read> {
  const options = version === undefined || place.kv === 1 ? {} : { version };
  const reply = await askVault<Envelope | { data: Content }>("GET", addressOf(place), options);
  if (reply.ok)
    return place.kv === 2
      ? versionOf(reply.data as Envelope)
      : { found: { version: 1, content: (reply.data as { data: Content }).data } };
  if (reply.status !== 404) return { failure: reply.failure };
  const gone = reply.body as Partial<Envelope> | undefined;
  return gone?.data?.metadata ? versionOf(gone as Envelope) : { found: { version: 0, content: null } };
}

const versionOf = ({ data: { data, metadata } }: Envelope): Read => ({
  found: { version: metadata.version, content: data },
});

const CAS = "check-and-set parameter did not match";

/** Write a new version in the place of one; kv 1 replaces what is there. */
export async function writeSecret(place: SecretPlace, content: Content, cas: number): Promise<Written> {
  const body = place.kv === 2 ? { data: content, options: { cas } } : content;
  const reply = await askVault<{ data: { version: number } } | undefined>("PUT", addressOf(place), { body });
  if (reply.ok) return { version: reply.data?.data.version ?? 1 };
  return { failure: reply.failure, conflict: reply.failure.message.includes(CAS) };
}
