/** A change of a text in a field: what is put in place of a part of it, and what is selected then. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const STEP = 2;

/** Where the line begins that a place is on. */
const lineStart = (text: string, at: number): number => text.lastIndexOf("\n", at - 1) + 1;

/** What Tab does: blanks up to the next step; for selected lines, or backwards, one step for each of the lines. */
export function indented(text: string, start: number, end: number, back: boolean): Edit {
  if (!back && !text.slice(start, end).includes("\n")) {
    const blanks = " ".repeat(STEP - ((start - lineStart(text, start)) % STEP));
    return { from: start, to: end, text: blanks, start: start + blanks.length, end: start + blanks.length };
  }
  const from = lineStart(text, start);
  const last = end > start && text[end - 1] === "\n" ? end - 1 : end;
  const next = text.indexOf("\n", last);
  const to = next < 0 ? text.length : next;
  const lines = text.slice(from, to).split("\n");
  const moved = lines.map((line) => (back ? line.replace(/^(?: {1,2}|\t)/, "") : line && " ".repeat(STEP) + line));
  const first = (moved[0]?.length ?? 0) - (lines[0]?.length ?? 0);
  const all = moved.join("\n");
  const at = Math.max(from, start + first);
  return { from, to, text: all, start: at, end: Math.max(at, end + all.length - (to - from)) };
}

/** What Enter does: a new line that begins where the one before does, a step further after a bracket that opens. */
export function newLine(text: string, start: number, end: number): Edit {
  const before = text.slice(lineStart(text, start), start);
  const blanks = /^[ \t]*/.exec(before)?.[0] ?? "";
  const more = /[{[(]\s*$/.test(before) ? " ".repeat(STEP) : "";
  const put = `\n${blanks}${more}`;
  return { from: start, to: end, text: put, start: start + put.length, end: start + put.length };
}

/** The numbers of the lines of a text. */
export const lineNumbers = (text: string): readonly number[] =>
  Array.from({ length: text.split("\n").length }, (_, index) => index + 1);
