import { useState } from "react";

/** The most that the API gives at once. */
export const MOST = 1_000;

/** Where a list stands: how many are asked for, and after which. */
export interface Paging {
  readonly first: number;
  readonly after: string | null;
  /** Asks for more, or for what comes after a cursor once no more fit; nothing where neither is possible. */
  readonly more: (shown: number, end?: string | null) => (() => void) | undefined;
  /** Back to the beginning, when it is not there. */
  readonly start: (() => void) | undefined;
}

/** What to ask for next, or nothing. */
export function nextOf(
  first: number,
  end: string | null | undefined,
  most = MOST,
): { first: number; after?: string } | undefined {
  if (first < most) return { first: Math.min(most, first * 2) };
  return end ? { first, after: end } : undefined;
}

/**
 * Grows a list as somebody asks for more of it, up to `most` at once, then pages on. It begins anew when it is about
 * something else.
 */
export function usePaging(begin: number, about: string, most = MOST): Paging {
  const [{ of, first, after }, set] = useState({ of: about, first: begin, after: null as string | null });
  const here = of === about ? { first, after } : { first: begin, after: null };
  return {
    ...here,
    more: (shown, end) => {
      const next = shown < here.first ? undefined : nextOf(here.first, end, most);
      return next && (() => set({ of: about, after: here.after, ...next }));
    },
    start: here.after === null ? undefined : () => set({ of: about, first: here.first, after: null }),
  };
}
