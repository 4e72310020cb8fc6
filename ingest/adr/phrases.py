"""Phrases that join decisions: "superseded by [12. X](0012-x.md)", "amends ADR-4", "supersedes 0045".

Only the status part and the list under `## Links` are read so; a plain "this supersedes …" in prose is prose.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stratumiops.graph.models import RelationType
from stratumiops.ingest.markdown import Found

_SUPERSEDES, _EXTENDS = RelationType.SUPERSEDES, RelationType.EXTENDS
_GAP = r"(?:[^\n;,\[\]]{0,40}?\bby\b)"
_VERBS: tuple[tuple[str, RelationType, bool], ...] = (
    (rf"(?:super[sc]eded|replaced|obsoleted){_GAP}", _SUPERSEDES, True),
    (r"super[sc]eded(?=[ \t:(*_]*(?:\[|adr))", _SUPERSEDES, True),
    (r"(?:super[sc]edes|superseding|replaces|obsoletes)", _SUPERSEDES, False),
    (rf"(?:amended|refined|extended){_GAP}", _EXTENDS, True),
    (r"(?:amends|refines|extends)", _EXTENDS, False),
    (rf"(?:clarified|explained){_GAP}", RelationType.EXPLAINS, True),
    (r"(?:clarifies|explains)", RelationType.EXPLAINS, False),
    (r"depends on", RelationType.DEPENDS_ON, False),
    (rf"implemented{_GAP}", RelationType.IMPLEMENTS, True),
    (r"implements", RelationType.IMPLEMENTS, False),
    (r"(?:relates to|related to|see also|supplemented by|supplements)", RelationType.RELATES_TO, False),
)
_VERB = re.compile(
    r"(?<!\w)(?:" + "|".join(f"(?P<v{n}>{text})" for n, (text, _, _) in enumerate(_VERBS)) + ")",
    re.IGNORECASE,
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4}")
_REFERENCE = re.compile(
    r"(?P<slug>(?<![\w-])(?:adr[-_ ]?)?\d{3,}[-_][A-Za-z][\w-]*)"
    r"|(?P<adr>(?<!\w)adrs?[-_ #]*\d{1,6}(?![\w-]))"
    r"|(?P<number>(?<![\w.-])#?\d{1,5}(?![\w-]))",
    re.IGNORECASE,
)
_ON = re.compile(r"(?:,|\band|\bor|&|:)\s*$")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One stated relation; `reverse`: the target is its source; `start`: where the target stands."""

    relation: RelationType
    reverse: bool
    target: str
    start: int
    link: Found | None = None


def read(text: str, links: Sequence[Found], begin: int, end: int) -> list[Phrase]:
    """The phrases between two positions of a text, whose links are given in order.

    Targets are the links after a verb, up to the next verb, the end of the sentence or of the line; without a
    link, ADR numbers or file names written there.
    """
    inside = [link for link in links if begin <= link.start < end]
    flat = _flatten(text, inside, begin, end)
    verbs = list(_VERB.finditer(flat))
    phrases: list[Phrase] = []
    for verb, following in zip(verbs, [*verbs[1:], None], strict=False):
        stop = following.start() if following else len(flat)
        stop = _reach(flat, verb.end(), stop, begin, inside)
        _, relation, reverse = _VERBS[int(verb.lastgroup[1:])]  # type: ignore[index]
        for target, start, link in _targets(flat, verb.end(), stop, begin, inside):
            phrases.append(Phrase(relation, reverse, target, start, link))
    return phrases


def verb_of(label: str) -> tuple[RelationType, bool] | None:
    """The relation that a link's own text names, as MADR 2 writes it: `[Refines](0003-x.md)`."""
    found = _VERB.match(label.strip() + " by" if label.strip().lower().endswith("ed") else label.strip())
    if found is None or found.end() < len(label.strip()):
        return None
    _, relation, reverse = _VERBS[int(found.lastgroup[1:])]  # type: ignore[index]
    return relation, reverse


def _flatten(text: str, links: Sequence[Found], begin: int, end: int) -> str:
    """The part of the text with each link replaced by `[` and filler: words in it are no verbs or ends."""
    parts = []
    done = begin
    for link in links:
        if link.start < done:
            continue
        parts.append(text[done : link.start])
        parts.append("[" + "\x01" * (min(link.end, end) - link.start - 1))
        done = min(link.end, end)
    return "".join([*parts, text[done:end]])


def _reach(flat: str, begin: int, stop: int, offset: int, links: Sequence[Found]) -> int:
    """How far after a verb its targets may stand: its sentence, and the next lines while none has come."""
    position = begin
    while True:
        line_end = flat.find("\n", position, stop)
        line_end = stop if line_end < 0 else line_end
        sentence = re.compile(r"\.(?=\s)").search(flat, position, line_end)
        if sentence is not None:
            return sentence.start()
        said = any(_targets(flat, begin, line_end, offset, links)) and not _ON.search(flat, begin, line_end)
        if said or line_end >= stop or not flat[line_end + 1 : stop].split("\n", 1)[0].strip():
            return line_end
        position = line_end + 1


def _targets(
    flat: str, begin: int, end: int, offset: int, links: Sequence[Found]
) -> Iterator[tuple[str, int, Found | None]]:
    linked = [link for link in links if begin <= link.start - offset < end and link.target]
    if linked:
        yield from ((link.target, link.start, link) for link in linked)
        return
    part = _DATE.sub(lambda found: " " * len(found[0]), flat[begin:end])
    found = list(_REFERENCE.finditer(part))
    named = [one for one in found if one.lastgroup != "number"]
    for one in named or found:
        yield one[0], offset + begin + one.start(), None
