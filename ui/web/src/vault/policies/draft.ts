import { useBlocker } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { addressOf } from "../../parts/address";

export interface Draft {
  readonly text: string;
  readonly isChanged: boolean;
  /** Somebody else saved another text since this one was begun. */
  readonly isBehind: boolean;
  readonly write: (text: string) => void;
  /** Back to what is saved. */
  readonly drop: () => void;
}

/** What somebody writes over a saved text; it follows what is saved until somebody writes. */
export function useDraft(saved: string): Draft {
  const [written, setWritten] = useState<{ readonly text: string; readonly base: string }>();
  useEffect(() => {
    if (written?.text === saved) setWritten(undefined);
  }, [written, saved]);
  const isChanged = written !== undefined && written.text !== saved;
  return {
    text: isChanged ? written.text : saved,
    isChanged,
    isBehind: isChanged && written.base !== saved,
    write: (text) => setWritten({ text, base: isChanged ? written.base : saved }),
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
