import { useSyncExternalStore } from "react";

const KEY = "stratumiops.token";
const listeners = new Set<() => void>();
let wanted = false;

/** The header that says who asks: empty on a server for this machine alone, which wants no token. */
export function authorization(): Record<string, string> {
  const token = sessionStorage.getItem(KEY);
  return token ? { authorization: `Bearer ${token}` } : {};
}

/** Keep a token for as long as this tab is open, and load the page anew with it. */
export function signIn(token: string): void {
  sessionStorage.setItem(KEY, token.trim());
  window.location.reload();
}

/** The server wants a token, or another one. */
export function askForToken(): void {
  wanted = true;
  for (const listener of listeners) listener();
}

/** Whether the server wants a token. */
export function useTokenWanted(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    () => wanted,
  );
}
