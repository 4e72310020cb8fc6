"""The structure of markdown that matters here: code, headings, links, tags. Linear in the length of the text.

Everything works on a *masked* text: of the same length and the same lines, with code and comments blanked
out, so that positions and line numbers of the masked text are those of the file.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from stratumiops.ingest.models import Link, LinkKind

NOTE_SUFFIXES = (".md", ".markdown", ".mdown", ".mkd")
"""Endings of files that are read as notes, in lower case."""

_FENCE = re.compile(r"^([ \t]*(?:(?:>|[-*+]|\d{1,9}[.)])[ \t]*)*)(`{3,}(?=[^`\n]*$)|~{3,})([^\n]*)$", re.MULTILINE)
_BACKTICKS = re.compile(r"`+|\n[ \t]*\n")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_ATX = re.compile(r"^ {0,3}(#{1,6})(?=[ \t]|$)([^\n]*)$", re.MULTILINE)
_ATX_CLOSING = re.compile(r"(?:^|[ \t]+)#+[ \t]*$")
_SETEXT = re.compile(r"(?:\A|(?<=\n\n))[ ]{0,3}([^\s#>|*+=~`-][^\n]*)\n[ ]{0,3}(=+|-{2,})[ \t]*$", re.MULTILINE)
_WIKILINK = re.compile(r"\[\[([^\[\]\n]+)\]\]")  # no optional "!" in front: a literal start is searched faster
_DESTINATION = re.compile(
    r"\]\([ \t]*(?:<([^<>\n]*)>|((?:[^\s()<>]|\([^\s()<>]*\))+))"
    r"(?:[ \t\n]+(?:\"[^\"\n]*\"|'[^'\n]*'|\([^()\n]*\)))?[ \t]*\)"
)
_DEFINITION = re.compile(r"^ {0,3}\[(?!\^)[^\[\]\n]+\]:[ \t]*(?:<([^<>\n]*)>|(\S+))", re.MULTILINE)
_TAG = re.compile(
    r"#(?<![^\s(,;:>*_]#)([\w\U0001F000-\U0001FAFF\u2600-\u27BF]"
    r"[\w/\-\U0001F000-\U0001FAFF\u2600-\u27BF\u200d\ufe0f]*)"
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:|//")
_SHOWN = re.compile(
    r"!?\[((?:[^\[\]\n]|\[[^\[\]\n]*\])*)\]\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)|\[\[(?:[^\[\]|\n]*\\?\|)?([^\[\]|\n]+)\]\]"
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its level 1 to 6, its text as written, where it begins and where its line ends."""

    level: int
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Found:
    """A link as it stands in the text: `start` and `end` enclose all of it, brackets included."""

    kind: LinkKind
    target: str
    heading: str | None
    start: int
    end: int


class Lines:
    """Line numbers by position, from `first`."""

    def __init__(self, text: str, first: int) -> None:
        self._first = first
        self._ends = [match.start() for match in re.finditer("\n", text)]

    def at(self, position: int) -> int:
        """The line that the character at this position is on."""
        return self._first + bisect_right(self._ends, position - 1)


def mask(text: str, *, comments: bool = True) -> str:
    """The text with fenced code, code spans and (unless told not to) HTML comments blanked out.

    Fences nest by length, may open inside a bullet or a quote and may never close. An indented line is no
    code: in lists it seldom is.
    """
    if "```" in text or "~~~" in text:
        text = blank(text, _fences(text))
    if comments and "<!--" in text:
        text = blank(text, ((found.start(), found.end()) for found in _COMMENT.finditer(text)))
    if "`" in text:
        text = mask_spans(text)
    return text


def mask_spans(text: str, breaks: re.Pattern[str] = _BACKTICKS) -> str:
    """The text with code spans blanked out; `breaks` finds runs of backticks, and what no span crosses."""
    return blank(text, _spans(text, breaks))


def blank(text: str, ranges: Iterable[tuple[int, int]]) -> str:
    """The text with these ranges, given in order, replaced by spaces; line ends stay."""
    parts = []
    done = 0
    for start, end in ranges:
        parts.append(text[done:start])
        lines = text[start:end].split("\n")
        parts.append("\n".join([" " * len(line) for line in lines]))
        done = end
    return "".join([*parts, text[done:]]) if parts else text


def _fences(text: str) -> Iterator[tuple[int, int]]:
    start, marker, quoted = -1, "", False
    last = 0
    for found in _FENCE.finditer(text):
        prefix, run, info = found.groups()
        if start >= 0 and quoted:
            left = _quote_end(text, last, found.start())
            if left is not None:
                yield start, left
                start = -1
        if start < 0:
            start, marker, quoted = found.start(2), run, ">" in prefix
        elif run[0] == marker[0] and len(run) >= len(marker) and not info.strip():
            yield start, found.end()
            start = -1
        last = found.end()
    if start >= 0:
        left = _quote_end(text, last, len(text)) if quoted else None
        yield start, len(text) if left is None else left


def _quote_end(text: str, begin: int, end: int) -> int | None:
    """Where, after the line that `begin` is on and before `end`, a line without a quote mark begins."""
    position = text.find("\n", begin, end)
    while position >= 0 and position + 1 < end:
        if not text[position + 1 : position + 80].lstrip(" \t").startswith(">"):
            return position + 1
        position = text.find("\n", position + 1, end)
    return None


def _spans(text: str, breaks: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Code spans: a run of backticks up to the next run of the same length in the same paragraph."""
    paragraph: list[tuple[int, int]] = []
    for found in breaks.finditer(text):
        if found[0][0] == "`":
            escaped = text[found.start() - 1 : found.start()] == "\\"
            if found.start() + escaped < found.end():
                paragraph.append((found.start() + escaped, found.end()))
        elif paragraph:
            yield from _pairs(paragraph)
            paragraph = []
    yield from _pairs(paragraph)


def _pairs(runs: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    following: list[int] = [-1] * len(runs)
    seen: dict[int, int] = {}
    for index in range(len(runs) - 1, -1, -1):
        length = runs[index][1] - runs[index][0]
        following[index] = seen.get(length, -1)
        seen[length] = index
    index = 0
    while index < len(runs):
        closing = following[index]
        if closing < 0:
            index += 1
        else:
            yield runs[index][0], runs[closing][1]
            index = closing + 1


def headings(text: str, masked: str) -> list[Heading]:
    """Headings in order, of both styles; the text is taken from the unmasked text, less comments."""
    found = [
        Heading(len(m[1]), _heading_text(text, m.start(2), m.end(2)), m.start(), m.end()) for m in _ATX.finditer(masked)
    ]
    if "\n==" in masked or "\n--" in masked:
        under = [
            Heading(1 if m[2][0] == "=" else 2, _heading_text(text, m.start(1), m.end(1)), m.start(), m.end())
            for m in _SETEXT.finditer(masked)
        ]
        if under:
            found = sorted([*found, *under], key=lambda heading: heading.start)
    return found


def _heading_text(text: str, start: int, end: int) -> str:
    written = text[start:end]
    if "<!--" in written:
        written = _COMMENT.sub("", written)
    return _ATX_CLOSING.sub("", written).strip()


def shown(text: str) -> str:
    """A line as a reader sees it: links replaced by their text, emphasis and code marks gone."""
    if "[" in text:
        text = _SHOWN.sub(lambda found: found[1] if found[1] is not None else found[2], text)
    return re.sub(r"\*\*|__|`|~~|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)", "", text).strip()


def find_links(text: str, masked: str) -> list[Found]:
    """Wikilinks, embeds and markdown links to relative paths, in order; addresses with a scheme are none."""
    found: list[Found] = []
    if "[[" in masked:
        found.extend(_wikilinks(text, masked))
    if "](" in masked:
        found.extend(_markdown_links(text, masked))
    if "]:" in masked:
        for match in _DEFINITION.finditer(masked):
            found.extend(_relative(text, match, 1, match.start()))
    found.sort(key=lambda link: link.start)
    return found


def _wikilinks(text: str, masked: str) -> Iterator[Found]:
    for match in _WIKILINK.finditer(masked):
        inner = text[match.start(1) : match.end(1)]
        target, _, _ = inner.partition("|")
        target = target.removesuffix("\\")
        name, _, heading = target.partition("#")
        embed = masked.startswith("!", match.start() - 1) if match.start() else False
        kind = LinkKind.EMBED if embed else LinkKind.WIKILINK
        yield Found(kind, name.strip(), heading.strip() or None, match.start() - embed, match.end())


def _markdown_links(text: str, masked: str) -> Iterator[Found]:
    for match in _DESTINATION.finditer(masked):
        start = _opening(masked, match.start())
        if start is not None:
            yield from _relative(text, match, 1, start)


def _opening(masked: str, closing: int) -> int | None:
    """Where the `[` of the `]` at `closing` is, or the `!` before it; None if there is none near."""
    depth = 0
    for position in range(closing - 1, max(-1, closing - 1_000), -1):
        char = masked[position]
        if char == "]":
            depth += 1
        elif char == "[":
            if depth == 0:
                return position - 1 if position and masked[position - 1] == "!" else position
            depth -= 1
    return None


def _relative(text: str, match: re.Match[str], group: int, start: int) -> Iterator[Found]:
    group = group if match[group] is not None else group + 1
    written = text[match.start(group) : match.end(group)].strip()
    if not written or _SCHEME.match(written):
        return
    path, _, heading = written.partition("#")
    kind = LinkKind.EMBED if text[start] == "!" else LinkKind.MARKDOWN
    target = unquote(path.partition("?")[0])
    yield Found(kind, target, unquote(heading) or None, start, match.end())


def note_link(found: Found, line: int) -> Link | None:
    """The link as a reference to a note, or None when something else is meant: an image, the file itself."""
    name = found.target.rsplit("/", 1)[-1].lower()
    if not found.target or name in {".", ".."}:
        return None
    note = name.endswith(NOTE_SUFFIXES)
    dot = name.rfind(".")
    other_file = not note and dot > 0 and 1 <= len(name) - dot - 1 <= 5 and name[dot + 1 :].isalnum()
    wiki = found.kind is LinkKind.WIKILINK or (found.kind is LinkKind.EMBED and not other_file)
    if other_file and found.kind is not LinkKind.WIKILINK:
        return None
    return Link(found.kind, found.target, line, required=note or (wiki and not other_file), heading=found.heading)


def find_tags(masked: str) -> list[str]:
    """Inline `#tags` in order, each once, without `#`; at least one character is no digit."""
    return list(dict.fromkeys(tag for tag, _ in tag_places(masked)))


def tag_places(masked: str) -> list[tuple[str, int]]:
    """Every inline `#tag`, without `#`, and where it stands."""
    if _TAG.search(masked) is None:
        return []
    rest = _WIKILINK.sub(_spaces, masked) if "[[" in masked else masked
    rest = _DESTINATION.sub(_spaces, rest) if "](" in rest else rest
    found = ((match[1].rstrip("/-"), match.start()) for match in _TAG.finditer(rest))
    return [(tag, at) for tag, at in found if tag and not tag.replace("/", "").replace("-", "").isdigit()]


def _spaces(found: re.Match[str]) -> str:
    return " " * (found.end() - found.start())
