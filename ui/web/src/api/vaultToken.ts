import { useSyncExternalStore } from "react";

/** Somebody who has signed in to the vault in this tab. */
export interface VaultSession {
  readonly token: string;
  /** The namespace that the token is of; empty: the root. */
  readonly namespace: string;
  /** It was made by logging in here, so that signing out revokes it. */
  readonly own: boolean;
  /** It stays when the page is loaded anew, until the tab is closed. */
  readonly kept: boolean;
  readonly displayName: string;
  readonly policies: readonly string[];
  /** Null: it does not expire. */
  readonly expiresAt: string | null;
}

/** Who is signed in; when nobody is, whether somebody was until the token was refused or ran out. */
export interface VaultSignedIn {
  readonly session: VaultSession | undefined;
  readonly ended: boolean;
}

const KEY = "stratumiops.vault";
const listeners = new Set<() => void>();
let state: VaultSignedIn = { session: remembered(), ended: false };

function remembered(): VaultSession | undefined {
  try {
    return (JSON.parse(sessionStorage.getItem(KEY) ?? "null") as VaultSession | null) ?? undefined;
  } catch {
    return undefined;
  }
}

function become(next: VaultSignedIn): void {
  state = next;
  if (next.session?.kept) sessionStorage.setItem(KEY, JSON.stringify(next.session));
  else sessionStorage.removeItem(KEY);
  for (const listener of listeners) listener();
}

/** Who is signed in now. */
export const vaultSession = (): VaultSession | undefined => state.session;

/** What the platform needs to ask the vault in somebody's name: empty when nobody is signed in. */
export function vaultHeaders(session = state.session): Record<string, string> {
  if (!session) return {};
  const { token, namespace } = session;
  return { ...(token ? { "x-vault-token": token } : {}), ...(namespace ? { "x-vault-namespace": namespace } : {}) };
}

/** The same for a WebSocket, which has no headers of its own. */
export const vaultParameters = (): Record<string, string> =>
  state.session ? { vaultToken: state.session.token, vaultNamespace: state.session.namespace } : {};

/** Somebody signed in, or is known better. */
export const beginVaultSession = (session: VaultSession): void => become({ session, ended: false });

/** The one who was signed in signed out, or the vault does not take the token any more. */
export function endVaultSession(why: "signed out" | "refused"): void {
  if (state.session || why === "signed out") become({ session: undefined, ended: why === "refused" });
}

/** Who is signed in, and again whenever that changes. */
export function useVaultSession(): VaultSignedIn {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    () => state,
  );
}
