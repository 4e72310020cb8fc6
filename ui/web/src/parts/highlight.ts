/** Starts and ends in UTF-16 code units. */
export type Ranges = readonly (readonly number[])[];

export interface Piece {
  readonly at: number;
  readonly text: string;
  readonly marked: boolean;
}

/** A text cut at the borders of ranges; what two ranges have in common is marked once. */
export function pieces(text: string, ranges: Ranges): readonly Piece[] {
  const found: Piece[] = [];
  let at = 0;
  const add = (end: number, marked: boolean) => {
    if (end > at) found.push({ at, text: text.slice(at, end), marked });
    at = Math.max(at, end);
  };
  for (const [start = 0, end = 0] of [...ranges].sort(([a = 0], [b = 0]) => a - b)) {
    add(Math.min(start, text.length), false);
    add(Math.min(end, text.length), true);
  }
  add(text.length, false);
  return found;
}

/** Signs of markdown that say nothing where a text stands alone. */
const SIGNS = new RegExp(
  [
    "\\*\\*|~~|`+|\\[\\[|\\]\\]",
    "(?<!\\w)\\*(?=\\w)|(?<=\\w)\\*(?!\\w)",
    "(?:^|(?<=\\s))(?:#{1,6}|>|[-*+])(?=\\s|$)",
    "\\[(?=[^\\[\\]]*\\]\\()|\\]\\([^)\\s]*\\)",
  ].join("|"),
  "g",
);

/** Pieces without signs of markdown; those that were nothing else are left out. */
export const plain = (all: readonly Piece[]): readonly Piece[] =>
  all.map((piece) => ({ ...piece, text: piece.text.replace(SIGNS, "") })).filter(({ text }) => text !== "");
