/** Characters of a text that are made into a page at once. */
export const PART = 50_000;

const FENCE = /^ {0,3}(?:`{3,}|~{3,})/gm;

/** A long markdown in parts that can each be shown alone: cut between paragraphs, not within a fence where possible. */
export function partsOf(text: string, size = PART): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  while (text.length - start > size) {
    const end = endOf(text, start, size);
    parts.push(text.slice(start, end));
    start = end;
  }
  return [...parts, text.slice(start)];
}

/** Where a part ends: at most twice its size from where it begins. */
function endOf(text: string, start: number, size: number): number {
  for (let at = start + size; at < start + 2 * size; ) {
    const blank = text.indexOf("\n\n", at);
    if (blank < 0 || blank > start + 2 * size) break;
    if (!insideFence(text.slice(start, blank))) return blank + 2;
    at = blank + 2;
  }
  const line = text.lastIndexOf("\n", start + size);
  if (line > start) return line + 1;
  return start + size - (isHighSurrogate(text.charCodeAt(start + size - 1)) ? 1 : 0);
}

const insideFence = (text: string): boolean => (text.match(FENCE)?.length ?? 0) % 2 === 1;

const isHighSurrogate = (code: number): boolean => code >= 0xd800 && code < 0xdc00;
