import type { GuidelinesForQuery } from "../api/gql/graphql";

export type Applicable = GuidelinesForQuery["guidelinesFor"][number];

/** Guidelines of one priority. */
export interface Band {
  readonly priority: number;
  readonly items: readonly Applicable[];
}

/** Guidelines by priority, highest first; within one the order of the answer stays. */
export function bands(items: readonly Applicable[]): readonly Band[] {
  const all = new Map<number, Applicable[]>();
  for (const item of items) {
    const known = all.get(item.priority);
    if (known) known.push(item);
    else all.set(item.priority, [item]);
  }
  return [...all].sort(([a], [b]) => b - a).map(([priority, found]) => ({ priority, items: found }));
}

/** Whether a topic was made of the title and says no more than it. */
export const saysTitle = (topic: string, title: string): boolean => letters(topic) === letters(title);

const letters = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
