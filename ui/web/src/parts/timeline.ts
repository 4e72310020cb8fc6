export interface Dated {
  readonly id: string;
  /** A day or an instant in ISO 8601. */
  readonly at: string | null | undefined;
}

export interface Period<T> {
  /** The month, as 2026-11; null: without a date. */
  readonly month: string | null;
  readonly items: readonly T[];
}

/** What happened, by month, latest first; what has no date comes last. */
export function periods<T extends Dated>(items: readonly T[]): readonly Period<T>[] {
  const months = new Map<string | null, T[]>();
  for (const item of [...items].sort((a, b) => (b.at ?? "").localeCompare(a.at ?? ""))) {
    const month = item.at?.slice(0, 7) ?? null;
    const known = months.get(month);
    if (known) known.push(item);
    else months.set(month, [item]);
  }
  return [...months].map(([month, found]) => ({ month, items: found }));
}
