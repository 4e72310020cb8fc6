import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";

export type Address = Readonly<Record<string, string>>;
export type Change = Readonly<Record<string, string | undefined>>;

/** What the address says, as text; what is no text is left out. */
export function addressOf(search: Readonly<Record<string, unknown>>): Address {
  const plain = Object.entries(search).filter(([, value]) => ["string", "number", "boolean"].includes(typeof value));
  return Object.fromEntries(plain.map(([key, value]) => [key, String(value)]));
}

/** The address with a change; what is empty is not said. */
export function changed(before: Readonly<Record<string, unknown>>, change: Change): Record<string, unknown> {
  const all = Object.entries({ ...before, ...change });
  return Object.fromEntries(all.filter(([, value]) => value !== undefined && value !== ""));
}

/** What a page shows is in its address: read it, and change it without a new entry in the history of the browser. */
export function useAddress(): [Address, (change: Change) => void] {
  const search = useSearch({ strict: false }) as Record<string, unknown>;
  const navigate = useNavigate();
  const address = useMemo(() => addressOf(search), [search]);
  const set = useCallback(
    (change: Change) => {
      void navigate({ to: ".", replace: true, search: (before: object) => changed({ ...before }, change) } as never);
    },
    [navigate],
  );
  return [address, set];
}
