import { useBlocker } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { addressOf } from "../../parts/address";
import { type Shown, shownDraft, type Written } from "./model";

export interface Draft extends Shown {
  readonly write: (text: string) => void;
  /** It was saved as this text. */
  readonly keep: (text: string) => void;
  /** Back to what is saved. */
  readonly drop: () => void;
}

/** What somebody writes over a saved text; it follows what is saved until somebody writes. */
export function useDraft(saved: string): Draft {
  const [written, setWritten] = useState<Written>();
  useEffect(() => {
    if (written?.text === saved) setWritten(undefined);
  }, [written, saved]);
  const shown = shownDraft(saved, written);
  return {
    ...shown,
    write: (text) => setWritten({ text, known: shown.known }),
    keep: (text) => setWritten((now) => now && { ...now, known: [...now.known, text] }),
    drop: () => setWritten(undefined),
  };
}

/** What addresses tell apart: the page, and the policy that is open. */
const openOf = (pathname: string, search: unknown): string => {
  const { name = "", kind = "" } = addressOf((search ?? {}) as Record<string, unknown>);
  return JSON.stringify([pathname, name, kind]);
};

/** Asks before a changed text is left: inside the app by what it gives back, else by the browser. */
export const useGuard = (isChanged: boolean) =>
  useBlocker({
    shouldBlockFn: ({ current, next }) =>
      isChanged && openOf(current.pathname, current.search) !== openOf(next.pathname, next.search),
    enableBeforeUnload: isChanged,
    withResolver: true,
  });
