import DOMPurify from "dompurify";
import { Marked, type Token, type TokenizerAndRendererExtension } from "marked";

/** Where a wiki link leads: an address of the app by title or alias in lower case. */
export type Links = ReadonlyMap<string, string>;

const TAGS = "h3 h4 h5 h6 p br hr ul ol li blockquote pre code em strong del a table thead tbody tr th td sub sup kbd";
const ALLOWED = [...TAGS.split(" "), "span", "mark", "details", "summary", "dl", "dt", "dd"];
const FOLLOWED = /^(?:https?:|mailto:|\/(?!\/)|#)/i;
const WIKI = /^(!?)\[\[([^\][|#\n]+)(#[^\][|\n]*)?(?:\|([^\][\n]+))?\]\]/;

const escaped = (text: string) =>
  text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign] ?? sign);

/** `[[Title]]`, `[[Title#part|words]]` and `![[Title]]`. */
const wiki = (links: Links): TokenizerAndRendererExtension => ({
  name: "wiki",
  level: "inline",
  start: (source) => source.search(/!?\[\[/),
  tokenizer: (source) => {
    const found = WIKI.exec(source);
    return found ? { type: "wiki", raw: found[0], target: found[2]?.trim(), words: found[4] } : undefined;
  },
  renderer: (token) => {
    const target = String(token["target"]);
    const words = escaped(String(token["words"] ?? target));
    const address = links.get(target.toLowerCase());
    return address ? `<a href="${escaped(address)}">${words}</a>` : `<span data-unresolved="">${words}</span>`;
  },
});

/** Pictures of files are not at hand, and those of other origins would tell who reads: a picture is a link. */
function picture({ href, text }: { href: string; text: string }): string {
  const words = escaped(text || href);
  return FOLLOWED.test(href) ? `<a href="${escaped(href)}">${words}</a>` : `<span data-unresolved="">${words}</span>`;
}

/** Headings begin under those of the page. */
function lowered(token: Token): void {
  if (token.type === "heading") token["depth"] = Math.min(6, Number(token["depth"]) + 2);
}

/** Markdown of anybody as HTML that runs nothing, loads nothing, and looks like nothing but text. */
export function htmlOf(markdown: string, links: Links = new Map()): string {
  const marked = new Marked({
    gfm: true,
    extensions: [wiki(links)],
    walkTokens: lowered,
    renderer: { image: picture, checkbox: ({ checked }) => (checked ? "☑ " : "☐ ") },
  });
  return DOMPurify.sanitize(marked.parse(markdown, { async: false }), {
    ALLOWED_TAGS: ALLOWED,
    ALLOWED_ATTR: ["href", "title", "dir", "align", "start", "data-unresolved"],
    ALLOWED_URI_REGEXP: FOLLOWED,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
  });
}
