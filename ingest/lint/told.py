"""Findings in words: what the rules found, as one sentence each. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from stratumiops.ingest.adr import header, names
from stratumiops.ingest.lint.models import Finding, LintCode
from stratumiops.ingest.lint.queries import FRONT_MATTER_PROBLEMS

Held = Mapping[str, Any] | None
"""Stored properties of a node."""

_REASONS = {
    "missing": "nothing answers to it",
    "ambiguous": "several answer to it",
    "outside": "it leaves the imported folder",
}

_SENTENCES = {
    LintCode.SUPERSEDE_CYCLE: "Decisions supersede each other in a circle: {way}.",
    LintCode.MUTUAL_SUPERSEDE: "It and {other} are both accepted, and each supersedes the other.",
    LintCode.SUPERSEDED_BY_REJECTED: "It is superseded by {other}, which was rejected.",
    LintCode.SUPERSEDED_BUT_ACCEPTED: "It is accepted, though {other} supersedes it.",
    LintCode.SUPERSEDED_WITHOUT_SUCCESSOR: "It is superseded, and nothing supersedes it.",
    LintCode.JOURNAL_WITHOUT_DATE: "It is an entry of the journal and has no date.",
    LintCode.DUPLICATE_TITLE: "It has the title of {where}.",
    LintCode.NEAR_DUPLICATE: "About {percent} % of its text is that of {other} ({where}).",
    LintCode.ORPHAN: "Nothing is joined to it.",
}


def told(code: LintCode, graph: str, place: str, node: Held, other: Held, details: Any) -> list[Finding]:
    """The findings of one row, in order of their lines."""
    shared: dict[str, Any] = {"code": code, "graph": graph, "place": place}
    shared |= {"node": node["id"] if node else None, "other": other["id"] if other else None}
    match code:
        case LintCode.BROKEN_LINK | LintCode.BROKEN_SUPERSEDE:
            path, unresolved, links = details
            broken = _links(code, orjson.loads(unresolved), orjson.loads(links))
            return [Finding(**shared, path=path, line=line, message=text) for line, text in broken]
        case LintCode.INVALID_FRONT_MATTER | LintCode.FILE_PROBLEM:
            path, problems = details
            lines = _problems(code, orjson.loads(problems))
            return [Finding(**shared, path=path, line=line, message=text) for line, text in lines]
    if node is None:
        return []
    shared["path"] = node.get("path")
    if code is LintCode.CONFLICT_MARKER:
        marked, first = details
        message = "A conflict of a merge was left in the text."
        return [Finding(**shared, line=line + (first or 1) - 1, message=message) for line in marked]
    return [Finding(**shared, message=_message(code, other, details), fix=correction(code, node))]


def correction(code: LintCode, node: Mapping[str, Any]) -> tuple[tuple[str, str], ...] | None:
    """The changes of the node that set right what the finding says, when that is safe."""
    if code is LintCode.SUPERSEDED_BUT_ACCEPTED:
        return (("status", "superseded"), ("status_raw", "superseded"))
    if code is LintCode.JOURNAL_WITHOUT_DATE:
        named = names.name_date(node.get("path") or f"{node['title']}.md")
        date = header.date_of(*named) if named else None
        return (("date", date),) if date else None
    return None


def _message(code: LintCode, other: Held, details: Any) -> str:
    way = " → ".join(f"“{title}”" for title in [details[-1], *details]) if code is LintCode.SUPERSEDE_CYCLE else ""
    return _SENTENCES[code].format(
        other=f"“{other['title']}”" if other else "",
        where=(other.get("path") or other["id"]) if other else "",
        way=way,
        percent=round(details * 100) if code is LintCode.NEAR_DUPLICATE else 0,
    )


def _links(
    code: LintCode, unresolved: Sequence[Sequence[Any]], links: Sequence[Sequence[Any]]
) -> Iterator[tuple[int, str]]:
    """Line and sentence of each link that leads nowhere, and is or is not one that states a succession."""
    states = {(kind, target, line) for kind, target, line, relation, *_ in links if relation == "supersedes"}
    for line, kind, target, reason in sorted(unresolved, key=lambda one: one[0]):
        supersedes = (kind, target, line) in states
        if supersedes is (code is LintCode.BROKEN_SUPERSEDE):
            what = "A decision that supersedes or is superseded is named" if supersedes else "A link names"
            yield line, f"{what} {'as ' if supersedes else ''}“{target}”: {_REASONS.get(reason, reason)}."


def _problems(code: LintCode, problems: Sequence[Sequence[Any]]) -> Iterator[tuple[int | None, str]]:
    for kind, line, message in sorted(problems, key=lambda one: one[1] or 0):
        if (kind in FRONT_MATTER_PROBLEMS) is (code is LintCode.INVALID_FRONT_MATTER):
            yield line, f"{message[:1].upper()}{message[1:].rstrip('.')}."
