import { useCallback, useEffect, useRef, useState } from "react";
import type { Failure } from "../../api/errors";
import { type Content, readSecret, type SecretPlace } from "../../api/values";
import { useVaultSession } from "../../api/vaultToken";
import { useVault } from "../state";

/** How long values stay on the page. */
export const SHOWN_S = 30;

export interface Revealed {
  readonly version: number;
  readonly content: Content;
  /** When they are taken away. */
  readonly until: number;
}

export interface Revealing {
  readonly revealed: Revealed | undefined;
  readonly failure: Failure | undefined;
  /** Values were on the page and are not any more. */
  readonly hidden: boolean;
  readonly reveal: (version: number | undefined) => Promise<void>;
  readonly hide: () => void;
  /** Counts anew from here. */
  readonly longer: () => void;
}

/**
 * The values of one version, on purpose and for a short time: they are dropped when the time is over, when the tab
 * cannot be seen, when nobody is signed in any more or the vault is sealed, and with the page.
 */
export function useReveal(place: SecretPlace): Revealing {
  const [revealed, setRevealed] = useState<Revealed>();
  const [failure, setFailure] = useState<Failure>();
  const [hidden, setHidden] = useState(false);
  const { session } = useVaultSession();
  const open = useVault().status.state === "UNSEALED" && session !== undefined;
  const { mount, path, kv } = place;
  const hide = useCallback(() => {
    setRevealed(undefined);
    setHidden(true);
  }, []);
  const reveal = useCallback(
    async (version: number | undefined) => {
      setFailure(undefined);
      const read = await readSecret({ mount, path, kv }, version);
      if ("failure" in read) return setFailure(read.failure);
      const { content, version: shown } = read.found;
      if (!content || document.visibilityState === "hidden") return;
      setHidden(false);
      setRevealed({ version: shown, content, until: Date.now() + SHOWN_S * 1000 });
    },
    [mount, path, kv],
  );
  const longer = useCallback(() => setRevealed((now) => now && { ...now, until: Date.now() + SHOWN_S * 1000 }), []);
  const until = revealed?.until;
  useEffect(() => {
    if (until === undefined) return;
    if (!open) return hide();
    const seen = () => document.visibilityState === "hidden" && hide();
    const timer = setTimeout(hide, until - Date.now());
    document.addEventListener("visibilitychange", seen);
    window.addEventListener("pagehide", hide);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", seen);
      window.removeEventListener("pagehide", hide);
    };
  }, [until, hide, open]);
  return { revealed, failure, hidden, reveal, hide, longer };
}

/** How many seconds are left until then, counted down. */
export function useSeconds(until: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, []);
  return Math.max(0, Math.ceil((until - now) / 1000));
}

/** Calls back when the tab cannot be seen any more. */
export function useHiddenTab(act: () => void): void {
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    const listen = () => document.visibilityState === "hidden" && latest.current();
    document.addEventListener("visibilitychange", listen);
    return () => document.removeEventListener("visibilitychange", listen);
  }, []);
}
