"""Which guidelines apply where graphs meet: of several on one topic the one with the highest priority. Pure.

*Priority.* What a guideline says itself (`priority`). Without it: the priority of its graph, 50 more in the graph
that is asked and 50 less where it is inherited; as graphs have 100 unless told otherwise, 150 against 50.

*Topic.* Two guidelines are on one topic when they have the same id, or the same `topic`; the title is the topic of
a guideline that names none. Upper and lower case, blanks and punctuation do not count. A guideline may also name
others that it takes the place of (`overrides`), by id, title, topic or file name.

*Who wins.* The higher priority. Of equals one that names the other in `overrides`; else the nearer graph, in the
order in which graphs are inherited; else the one changed last. What is superseded by a guideline in sight, or has a
status that says that it is over, does not apply, and overrides nothing.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

OWN, INHERITED = 50, -50
"""What is added to the priority of a graph for guidelines that name none."""
OVER = frozenset({"superseded", "deprecated", "rejected", "retired", "archived"})
"""Statuses of guidelines that no longer apply."""

Key = tuple[str, str]
"""Graph and id of a guideline."""

_APART = re.compile(r"[\W_]+")
_NAMED = re.compile(r"\[\[([^\]|#]+)[^\]]*\]\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A guideline as far as the rule looks at it. `superseded_by` are those that supersede it."""

    graph: str
    id: str
    title: str
    updated_at: str
    priority: int | None = None
    topic: str | None = None
    overrides: tuple[str, ...] = ()
    status: str | None = None
    superseded_by: tuple[Key, ...] = ()

    @property
    def key(self) -> Key:
        """Graph and id."""
        return self.graph, self.id


@dataclass(slots=True)
class Weighed:
    """What became of a guideline.

    `priority` is the effective one, `topic` what it was compared by; `overridden_by` is the guideline that took
    its place, `overrides` are those whose place it took.
    """

    candidate: Candidate
    priority: int
    inherited: bool
    topic: str
    applies: bool = True
    overridden_by: Key | None = None
    overrides: list[Key] = field(default_factory=list)


def slug(text: str) -> str:
    """Text as topics are compared: letters and digits of any script in lower case, the rest as single dashes."""
    return _APART.sub("-", unicodedata.normalize("NFKC", text).casefold()).strip("-")


def weigh(graphs: Sequence[str], weights: Mapping[str, int], candidates: Sequence[Candidate]) -> list[Weighed]:
    """The guidelines in order of precedence, each with what became of it.

    Args:
        graphs: the graph that is asked, then those it inherits from, nearest first.
        weights: the priority of each of these graphs.
    """
    place = {graph: position for position, graph in enumerate(graphs)}
    found = [_weighed(one, place[one.graph], weights[one.graph]) for one in candidates]
    named = _named_by_equals(found)
    found.sort(key=lambda one: one.candidate.updated_at, reverse=True)
    found.sort(key=lambda one: (-one.priority, one.candidate.key in named, place[one.candidate.graph]))
    _decide(found)
    return found


def _weighed(one: Candidate, place: int, weight: int) -> Weighed:
    priority = one.priority if one.priority is not None else weight + (INHERITED if place else OWN)
    return Weighed(one, priority, place > 0, slug(one.topic or "") or slug(one.title) or one.id)


def _named_by_equals(found: Sequence[Weighed]) -> set[Key]:
    """Guidelines that one of the same priority names, without being named by them in turn."""
    by_claim: dict[tuple[int, str], list[Weighed]] = {}
    for one in found:
        for claim in _own_claims(one):
            by_claim.setdefault((one.priority, claim), []).append(one)
    pairs = {
        (one.candidate.key, other.candidate.key)
        for one in found
        for claim in _named_claims(one.candidate)
        for other in by_claim.get((one.priority, claim), ())
        if other is not one
    }
    return {other for one, other in pairs if (other, one) not in pairs}


def _decide(ranked: Sequence[Weighed]) -> None:
    """One pass in order of precedence: who comes first claims its topic, and whatever it names."""
    known = {one.candidate.key: one for one in ranked}
    claimed: dict[str, Weighed] = {}
    for one in ranked:
        successor = next((known[key] for key in one.candidate.superseded_by if key in known), None)
        winner = successor or next((claimed[claim] for claim in _own_claims(one) if claim in claimed), None)
        if winner is not None:
            one.overridden_by = winner.candidate.key
            winner.overrides.append(one.candidate.key)
        one.applies = winner is None and (one.candidate.status or "").lower() not in OVER
        if one.applies:
            for claim in (*_own_claims(one), *_named_claims(one.candidate)):
                claimed.setdefault(claim, one)


def _own_claims(one: Weighed) -> tuple[str, str]:
    return f"id {one.candidate.id}", f"topic {one.topic}"


def _named_claims(one: Candidate) -> Iterator[str]:
    for written in one.overrides:
        linked = _NAMED.fullmatch(written.strip())
        name = linked[1].strip() if linked else written.strip()
        yield f"id {name}"
        yield f"topic {slug(name.rpartition('/')[2].removesuffix('.md'))}"
