export interface Series {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

/** How many there are in each month, from the first to the last, with the months between. */
export function perMonth(days: readonly string[]): { readonly months: readonly string[]; readonly counts: number[] } {
  const counts = new Map<string, number>();
  for (const day of days) counts.set(day.slice(0, 7), (counts.get(day.slice(0, 7)) ?? 0) + 1);
  const known = [...counts.keys()].sort();
  const [first, last] = [known[0], known.at(-1)];
  const months: string[] = [];
  for (let month = first; month && last && month <= last; month = next(month)) months.push(month);
  return { months, counts: months.map((month) => counts.get(month) ?? 0) };
}

/** The month after another. */
export function next(month: string): string {
  const [year = 0, number = 0] = month.split("-").map(Number);
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, "0")}`;
}
