/** Which rows of a long list are drawn, and the space that stands for the others. */
export interface Window {
  readonly first: number;
  /** One past the last. */
  readonly end: number;
  readonly before: number;
  readonly after: number;
}

const MORE = 8;

/** The rows that show at a place of the scroll and some above and below them. */
export function windowOf(scrolled: number, height: number, row: number, count: number): Window {
  const first = Math.max(0, Math.min(count, Math.floor(scrolled / row)) - MORE);
  const end = Math.min(count, Math.ceil((scrolled + height) / row) + MORE);
  return { first, end: Math.max(first, end), before: first * row, after: Math.max(0, count - end) * row };
}

export type Direction = "ascending" | "descending";
export type Sortable = string | number | null | undefined;

/** Rows in the order of a value; those without one come last, whichever way. */
export function sorted<T>(rows: readonly T[], value: (row: T) => Sortable, direction: Direction): readonly T[] {
  const sign = direction === "ascending" ? 1 : -1;
  const order = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  return [...rows].sort((one, other) => {
    const [a, b] = [value(one) ?? null, value(other) ?? null];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return sign * (typeof a === "number" && typeof b === "number" ? a - b : order.compare(String(a), String(b)));
  });
}

/** The row that a key leads to, or none. */
export function rowOf(key: string, at: number, count: number, page: number): number | undefined {
  const to: Record<string, number> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + page,
    PageUp: at - page,
    Home: 0,
    End: count - 1,
  };
  const next = to[key];
  return next === undefined ? undefined : Math.max(0, Math.min(count - 1, next));
}
