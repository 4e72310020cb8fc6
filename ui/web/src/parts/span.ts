import { useCallback } from "react";
import { useLanguage } from "../i18n";

export type Unit = "day" | "hour" | "minute" | "second";

const UNITS: readonly (readonly [Unit, number])[] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

/** A length of time in its two largest units that follow each other: 90,061 s are 1 day and 1 hour. */
export function spanOf(seconds: number): readonly (readonly [Unit, number])[] {
  const whole = Math.max(0, Math.round(seconds));
  const first = UNITS.findIndex(([, size]) => whole >= size);
  if (first < 0) return [["second", 0]];
  let left = whole;
  return UNITS.slice(first, first + 2)
    .map(([unit, size]) => {
      const count = Math.floor(left / size);
      left -= count * size;
      return [unit, count] as const;
    })
    .filter(([, count]) => count > 0);
}

/** Writes a length of time as the reader does. */
export function useSpans(): (seconds: number) => string {
  const { language } = useLanguage();
  return useCallback(
    (seconds) => {
      const written = spanOf(seconds).map(([unit, count]) =>
        new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short" }).format(count),
      );
      return written.join(" ");
    },
    [language],
  );
}
