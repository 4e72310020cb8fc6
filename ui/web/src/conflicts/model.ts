/** A line of one side or both. */
export interface Row {
  /** Counts the rows from 0. */
  readonly at: number;
  readonly left: string | null;
  readonly right: string | null;
}

/** More comparisons than this are not made: then what is between equal beginnings and ends is all different. */
const MOST = 4_000_000;

/** Two texts line by line, beside each other: equal lines in one row, others in rows of their own. */
export function sideBySide(left: string, right: string): readonly Row[] {
  const [a, b] = [linesOf(left), linesOf(right)];
  let start = 0;
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const rows: [string | null, string | null][] = a.slice(0, start).map((line) => [line, line]);
  rows.push(...between(a.slice(start, a.length - end), b.slice(start, b.length - end)));
  if (end > 0) rows.push(...a.slice(-end).map((line): [string, string] => [line, line]));
  return rows.map(([one, other], at) => ({ at, left: one, right: other }));
}

const linesOf = (text: string): readonly string[] => (text ? text.replace(/\r?\n$/, "").split(/\r?\n/) : []);

/** Longest common subsequence of lines; what is between is paired as far as both sides have lines. */
function between(a: readonly string[], b: readonly string[]): [string | null, string | null][] {
  const rows: [string | null, string | null][] = [];
  const pair = (left: readonly string[], right: readonly string[]) => {
    for (let at = 0; at < Math.max(left.length, right.length); at++) rows.push([left[at] ?? null, right[at] ?? null]);
  };
  let [i, j] = [0, 0];
  for (const [x, y] of a.length * b.length > MOST ? [] : common(a, b)) {
    pair(a.slice(i, x), b.slice(j, y));
    rows.push([a[x] ?? null, b[y] ?? null]);
    [i, j] = [x + 1, y + 1];
  }
  pair(a.slice(i), b.slice(j));
  return rows;
}

function common(a: readonly string[], b: readonly string[]): readonly [number, number][] {
  const width = b.length + 1;
  const length = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number) => length[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      length[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return pairs;
}

/** A file's text below its front matter: what its node's content is. */
export const bodyOf = (file: string): string => file.replace(/^\uFEFF?---\r?\n[\s\S]*?\r?\n---[ \t]*\r?\n/, "").trim();
