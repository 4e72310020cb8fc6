/** Entries by their day. */
export function byDay<T extends { readonly date: string | null }>(
  entries: readonly T[],
): ReadonlyMap<string, readonly T[]> {
  const days = new Map<string, T[]>();
  for (const entry of entries) {
    if (entry.date) days.set(entry.date, [...(days.get(entry.date) ?? []), entry]);
  }
  return days;
}
