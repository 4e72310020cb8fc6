import { useCallback } from "react";
import type { CombinedError } from "urql";
import { failureOf } from "../api/errors";
import { refresh } from "../api/refresh";
import { useToast } from "../shell/toasts";

export type Told = (error: CombinedError | undefined, text: string, undo?: () => void) => boolean;

/** Tells by a toast what a change did, or why it was not done, and asks anew for what is on the screen. */
export function useTold(): Told {
  const toast = useToast();
  return useCallback(
    (error, text, undo) => {
      if (error) toast({ text: failureOf(error).message, tone: "error" });
      else toast({ text, tone: "ok", ...(undo ? { undo } : {}) });
      refresh();
      return !error;
    },
    [toast],
  );
}
