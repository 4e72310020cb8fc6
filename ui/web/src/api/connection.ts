import { useSyncExternalStore } from "react";

/** How the live connection stands: `lost` once it broke, until it is back. */
export type Connection = "connecting" | "live" | "lost";

let state: Connection = "connecting";
const listeners = new Set<() => void>();

/** Tell everybody how it stands now. */
export function setConnection(next: Connection): void {
  if (next === state) return;
  state = next;
  for (const listener of listeners) listener();
}

/** How it stands, and again whenever that changes. */
export function useConnection(): Connection {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
}
