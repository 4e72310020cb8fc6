"""Nodes read back: where a chain goes on, and whether it is as it was written."""

import hmac
import time
from datetime import UTC, datetime
from typing import NamedTuple

from stratumiops.vault.audit.chain import GENESIS, Head, link
from stratumiops.vault.audit.graph.nodes import Node, previous, sealed
from stratumiops.vault.audit.graph.store import GraphStore
from stratumiops.vault.audit.verify import Report, cut_off, follow

PLACE = "graph"
"""What a report names instead of a file."""


class Last(NamedTuple):
    """Where a chain ends: the last good line, when it was written, and whether the graph ends with it."""

    head: Head
    at: str
    is_whole: bool


def begins_early(keep_s: int) -> str:
    """Before this instant lines may be gone; "": never."""
    if not keep_s:
        return ""
    at = datetime.fromtimestamp(max(0.0, time.time() - keep_s), UTC)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond:06d}Z"


async def taken_up(store: GraphStore, key: bytes, known: Head, kept: Head) -> Last:
    """Follow a chain from the last line that is known to the last that the graph has.

    Args:
        kept: what the graph says of its last line.

    Raises:
        OSError: Neo4j cannot be asked.
    """
    last = Last(known, "", is_whole=False)
    if known.seq == 0:
        return last
    async for node in store.nodes(known.seq):
        found = sealed(node)
        before = last.head.chain if last.at else previous(node)
        if found is None or before is None:
            return last
        if not hmac.compare_digest(link(key, before, found.body), found.head.chain):
            return last
        if not last.at and found.head != known:
            return last
        last = Last(found.head, str(node["at"]), is_whole=found.head == kept)
    return last


async def verify(store: GraphStore, key: bytes, known: Head, may_begin_after: str) -> Report:
    """Read all nodes of a device, and follow the chain.

    Args:
        known: a line that is known to have been written.
        may_begin_after: lines before this instant may have been deleted for their age.

    Raises:
        OSError: Neo4j cannot be asked.
    """
    report = Report()
    async for node in store.nodes():
        why = _read(report, key, known, node, may_begin_after)
        if why:
            report.file, report.line, report.why = PLACE, _number(node), why
            return report
    report.why = cut_off(report.head, known)
    report.file = PLACE if report.why else ""
    return report


def _read(report: Report, key: bytes, known: Head, node: Node, may_begin_after: str) -> str:
    found, before = sealed(node), previous(node)
    if found is None or before is None:
        return "it is not a node of this log"
    if not report.lines:
        report.begins_at = found.head.seq
        report.head = Head(found.head.seq - 1, before if found.head.seq > 1 else GENESIS)
    why = follow(report, key, known, found, before if node.get("kind") == "chain" else None)
    if why or report.lines > 1 or found.head.seq == 1 or "" < node["previous_at"] < may_begin_after:
        return why
    return "lines are missing before it, which are too young to have been deleted for their age"


def _number(node: Node) -> int:
    seq = node.get("seq")
    return seq if isinstance(seq, int) else 0
