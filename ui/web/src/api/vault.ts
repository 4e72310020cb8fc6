import type { Failure } from "./errors";
import { authorization } from "./token";
import { beginVaultSession, endVaultSession, type VaultSession, vaultHeaders, vaultSession } from "./vaultToken";

/** What the vault said to a request of its own API. */
export type Reply<T> =
  | { readonly ok: true; readonly status: number; readonly data: T }
  | { readonly ok: false; readonly status: number; readonly failure: Failure; readonly body: unknown };

type Method = "GET" | "PUT" | "POST" | "PATCH";

const CODES: Readonly<Record<number, string>> = {
  400: "BAD_INPUT",
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  413: "TOO_LARGE",
  429: "RATE_LIMITED",
  502: "UNAVAILABLE",
  503: "SEALED",
  504: "UNAVAILABLE",
};

/** A path of the vault as an address has it: every part is encoded, so that none means another path. */
export const encoded = (path: string): string => path.split("/").map(encodeURIComponent).join("/");

interface Options {
  readonly body?: object;
  readonly version?: number;
  /** Whose token it is; without it, that of who is signed in. */
  readonly session?: VaultSession;
}

/** Asks the vault, through the platform: for what the platform itself must not read, such as values, shares, logins. */
export async function askVault<T>(
  method: Method,
  path: string,
  { body, version, session }: Options = {},
): Promise<Reply<T>> {
  try {
    const answer = await fetch(`/vault/v1/${encoded(path)}${version === undefined ? "" : `?version=${version}`}`, {
      method,
      cache: "no-store",
      headers: {
        ...authorization(),
        ...vaultHeaders(session),
        ...(body ? { "content-type": method === "PATCH" ? "application/merge-patch+json" : "application/json" } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    const found = read(text);
    if (answer.ok) return { ok: true, status: answer.status, data: found as T };
    return { ok: false, status: answer.status, failure: failed(answer.status, found), body: found };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { ok: false, status: 0, failure: { code: "OFFLINE", message: error.message }, body: undefined };
  }
}

function read(text: string): unknown {
  try {
    return text ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

/** In the vault's words or in the platform's, whichever answered. */
function failed(status: number, body: unknown): Failure {
  const errors = (body as { errors?: unknown } | undefined)?.errors;
  const [first] = Array.isArray(errors) ? (errors as unknown[]) : [];
  const code = CODES[status] ?? "ERROR";
  if (typeof first === "string") return { code, message: (errors as string[]).join("; ") };
  const said = first as { message?: string; extensions?: { code?: string; hint?: string } } | undefined;
  const hint = said?.extensions?.hint;
  return {
    code: said?.extensions?.code ?? code,
    message: said?.message ?? `HTTP ${status}`,
    ...(hint ? { hint } : {}),
  };
}

interface Lookup {
  readonly data: {
    readonly display_name: string;
    readonly policies: readonly string[];
    readonly expire_time: string | null;
  };
}

/** How a refusal begins when the vault knows the token, and a policy keeps it from looking at itself. */
const BY_POLICY = "1 error occurred";

/** Whose token it is, as the vault says. */
async function lookUp(session: VaultSession): Promise<Reply<VaultSession>> {
  const reply = await askVault<Lookup>("GET", "auth/token/lookup-self", { session });
  if (!reply.ok && reply.failure.message.startsWith(BY_POLICY)) return { ok: true, status: 200, data: session };
  if (!reply.ok) return reply;
  const { display_name, policies, expire_time } = reply.data.data;
  return { ...reply, data: { ...session, displayName: display_name, policies, expiresAt: expire_time } };
}

export interface SignIn {
  readonly kept: boolean;
  readonly namespace: string;
}

/** Sign in with a token that somebody has. */
export async function signInWithToken(token: string, { kept, namespace }: SignIn): Promise<Reply<VaultSession>> {
  const reply = await lookUp({ token, kept, namespace, own: false, displayName: "", policies: [], expiresAt: null });
  if (reply.ok) beginVaultSession(reply.data);
  return reply;
}

/** Log in at a mount: `auth/userpass/login/anna` with a password, `auth/approle/login` with the ids of a role. */
export async function logIn(path: string, fields: object, { kept, namespace }: SignIn): Promise<Reply<VaultSession>> {
  const nobody = { token: "", kept, namespace, own: true, displayName: "", policies: [], expiresAt: null };
  const reply = await askVault<{ auth: { client_token: string } }>("PUT", path, { body: fields, session: nobody });
  if (!reply.ok) return reply;
  const known = await lookUp({ ...nobody, token: reply.data.auth.client_token });
  if (known.ok) beginVaultSession(known.data);
  return known;
}

/** Sign out; a token that was made by logging in here is revoked. Says why that was not possible. */
export async function signOut(): Promise<Failure | undefined> {
  const session = vaultSession();
  endVaultSession("signed out");
  if (!session?.own) return undefined;
  const reply = await askVault("PUT", "auth/token/revoke-self", { session });
  return reply.ok ? undefined : reply.failure;
}

/** Ask whether the token is still good, and until when; it ends the session of one that is not. */
export async function checkSession(): Promise<void> {
  const session = vaultSession();
  if (!session) return;
  const reply = await lookUp(session);
  if (vaultSession()?.token !== session.token) return;
  if (reply.ok) beginVaultSession(reply.data);
  else if (reply.status === 403) endVaultSession("refused");
}

/** What the vault says of its seal. */
export interface SealStatus {
  readonly sealed: boolean;
  readonly progress: number;
}

/** Give a share of the key. */
export const giveShare = (key: string): Promise<Reply<SealStatus>> => askVault("PUT", "sys/unseal", { body: { key } });

/** Forget the shares that were given. */
export const forgetShares = (): Promise<Reply<SealStatus>> => askVault("PUT", "sys/unseal", { body: { reset: true } });

/** Seal the vault. */
export const seal = (): Promise<Reply<undefined>> => askVault("PUT", "sys/seal");
