export interface Column<K extends string> {
  readonly key: K;
  readonly name: string;
}

export interface Card<K extends string> {
  readonly id: string;
  readonly column: K;
  /** What a screen reader calls it. */
  readonly label: string;
}

/** The cards of each column, in their order. */
export function columnsOf<K extends string, C extends Card<K>>(
  columns: readonly Column<K>[],
  cards: readonly C[],
): ReadonlyMap<K, readonly C[]> {
  const all = new Map<K, C[]>(columns.map(({ key }) => [key, []]));
  for (const card of cards) all.get(card.column)?.push(card);
  return all;
}

/** The column to the left or right of another, if there is one. */
export function beside<K extends string>(columns: readonly Column<K>[], from: K, by: -1 | 1): K | undefined {
  const at = columns.findIndex(({ key }) => key === from);
  return at < 0 ? undefined : columns[at + by]?.key;
}
