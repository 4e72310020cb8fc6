/** How many nodes came in a period that begins on a day. */
export interface Grown {
  readonly period: string;
  readonly nodes: number;
}

/** Fewer months than that are counted by day. */
const FEW_MONTHS = 4;

/** Whether what grew by month is too short a time to be shown so. */
export const isShort = (months: readonly Grown[]) => new Set(months.map(({ period }) => period)).size < FEW_MONTHS;

/** How many nodes there were when each period began, and now. */
export function totals(grown: readonly Grown[], now: number): { readonly times: string[]; readonly values: number[] } {
  const sums = new Map<string, number>();
  for (const { period, nodes } of grown) sums.set(period, (sums.get(period) ?? 0) + nodes);
  const times: string[] = [];
  const values: number[] = [];
  let total = 0;
  for (const [period, nodes] of [...sums].sort(([a], [b]) => (a < b ? -1 : 1))) {
    times.push(`${period}T00:00:00.000Z`);
    values.push(total);
    total += nodes;
  }
  return { times: [...times, new Date(now).toISOString()], values: [...values, total] };
}
