/** Markdown as people read it, on one line: links by their names, without signs. */
export function readable(markdown: string): string {
  return markdown
    .replace(/^[ \t]*(?:`{3,}|~{3,}).*$/gm, "")
    .replace(/!?\[\[(?:[^\]|]*\|)?([^\]|]*)\]\]/g, "$1")
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/(\*\*|__|~~|`+)(.+?)\1/g, "$2")
    .replace(/^[ \t]*(?:#{1,6}|>|[-*+])[ \t]+/gm, "")
    .replace(/\s+/g, " ")
    .trim();
}

/** The beginning of a text, cut between words; a heading that says the title again is left out. */
export function excerpt(markdown: string, title: string, length: number): string {
  const heading = /^\s*#{1,6}[ \t]+(.*)$/m.exec(markdown);
  const body = heading?.index === 0 && heading[1]?.trim() === title ? markdown.slice(heading[0].length) : markdown;
  const text = readable(body.slice(0, 4 * length));
  if (text.length <= length) return text;
  const end = text.lastIndexOf(" ", length);
  return `${text.slice(0, end > 0 ? end : length)}…`;
}
