export interface Series {
  readonly name: string;
  readonly values: readonly (number | null)[];
  /** What its colour says; without it, a colour of its own. */
  readonly tone?: "danger";
}

const MONTH_S = 30 * 86_400;

/** The least seconds from one time to the next; those of a month where there is only one. */
export function stepOf(times: readonly string[]): number {
  const seconds = times.map((time) => Date.parse(time) / 1000);
  const steps = seconds.slice(1).map((second, index) => second - (seconds[index] ?? second));
  return steps.length ? Math.min(...steps) : MONTH_S;
}

/** The largest of some numbers, for a scale that begins at 0; at least 1. */
export const largest = (values: readonly number[]): number => values.reduce((most, one) => Math.max(most, one), 1);

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
