import { useEffect, useState } from "react";

const seen = (): boolean => document.visibilityState === "visible";

/** The time, and again every so often while the page can be seen. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const tick = () => seen() && setNow(Date.now());
    const timer = setInterval(tick, everyMs);
    document.addEventListener("visibilitychange", tick);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", tick);
    };
  }, [everyMs]);
  return now;
}

/** Does something every so often while the page can be seen. */
export function useEvery(everyMs: number, act: () => void): void {
  useEffect(() => {
    const timer = setInterval(() => seen() && act(), everyMs);
    return () => clearInterval(timer);
  }, [everyMs, act]);
}
