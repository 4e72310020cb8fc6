"""Whether the files of a device are as they were written."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from stratumiops.vault.audit.chain import Chain, Head, Sealed, link, previous, read

_NO_BEGINNING: Final = "lines are missing before it, or it was changed: a log begins with a line of type chain"


@dataclass(slots=True)
class Report:
    """What was found.

    Args:
        lines: how many are good, up to the first bad one.
        foreign: how many lines stand before the device's own first one, from before it was enabled.
        begins_at: the number of the first line; above 1 the earlier ones are in files that were not given.
        file: where the first bad line is; "" when there is none.
        line: its number in the file, from 1; 0: something behind the last line.
        why: what is wrong with it.
        head: the last good line.
    """

    lines: int = 0
    foreign: int = 0
    begins_at: int = 0
    file: str = ""
    line: int = 0
    why: str = ""
    head: Head = field(default_factory=Head)

    @property
    def intact(self) -> bool:
        """Whether nothing is wrong."""
        return not self.why

    def as_data(self) -> dict[str, Any]:
        """For an answer."""
        bad = None if self.intact else {"file": self.file, "line": self.line, "why": self.why}
        return {
            "intact": self.intact,
            "lines": self.lines,
            "foreign": self.foreign,
            "begins_at": self.begins_at,
            "first_bad": bad,
            "head": {"seq": self.head.seq, "chain": self.head.chain.hex()},
        }


def verify(paths: Sequence[Path], key: bytes, head: Head | None = None) -> Report:
    """Read files, oldest first, and follow the chain.

    Args:
        key: of the device's chain.
        head: a line that is known to have been written; the files must reach it.

    Raises:
        OSError: a file cannot be read.
    """
    report = Report()
    known = head or Head()
    for path in paths:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                why = _follow(report, key, known, line)
                if why:
                    report.file, report.line, report.why = str(path), number, why
                    return report
    if report.foreign and not report.lines:
        report.file, report.line, report.why = str(paths[0]), 1, _NO_BEGINNING
    else:
        report.why = cut_off(report.head, known)
        report.file = str(paths[-1]) if paths and report.why else ""
    return report


def cut_off(last: Head, known: Head) -> str:
    """Why a chain that ends with `last` is too short when `known` was written; ""."""
    missing = known.seq - last.seq
    if missing <= 0:
        return ""
    return f"the last {missing} lines are missing" if missing > 1 else "the last line is missing"


def follow(report: Report, key: bytes, known: Head, sealed: Sealed, named: bytes | None) -> str:
    """Go on with a line; why it is bad, or "".

    Args:
        known: see `verify`.
        named: the chain that a marker names.
    """
    before = report.head.chain
    if not hmac.compare_digest(link(key, before, sealed.body), sealed.head.chain):
        return _diagnosis(report, sealed, key, named)
    if sealed.head.seq == known.seq and not hmac.compare_digest(sealed.head.chain, known.chain):
        return "it is another line than was written with this number"
    report.lines += 1
    report.head = sealed.head
    return ""


def _follow(report: Report, key: bytes, known: Head, line: bytes) -> str:
    """Why a line is bad; ""."""
    sealed = read(line[:-1]) if line.endswith(b"\n") else None
    named = previous(line)
    if not report.lines:
        if sealed is None or not _begins(report, sealed, key, named):
            report.foreign += 1
            return ""
        report.begins_at = sealed.head.seq
        report.head = Head(sealed.head.seq - 1, named or b"")
    if sealed is None:
        return "it is not a line of this log, or incomplete"
    return follow(report, key, known, sealed, named)


def _begins(report: Report, sealed: Sealed, key: bytes, named: bytes | None) -> bool:
    """Whether a line is where the chain begins: a marker, behind foreign lines only the device's very first."""
    if named is None or (report.foreign and sealed.head.seq != 1):
        return False
    return hmac.compare_digest(link(key, named, sealed.body), sealed.head.chain)


def _diagnosis(report: Report, sealed: Sealed, key: bytes, named: bytes | None) -> str:
    expected = report.head.seq + 1
    if named is not None and hmac.compare_digest(link(key, named, sealed.body), sealed.head.chain):
        return f"lines are missing before it: it goes on from another line than that of number {expected - 1}"
    if sealed.head.seq == expected:
        return "it was changed"
    if sealed.head.seq > expected:
        return f"lines are missing before it: its number is {sealed.head.seq}, expected was {expected}"
    return f"it is repeated or out of order: its number is {sealed.head.seq}, expected was {expected}"


def resume(path: Path, key: bytes, head: Head, block: int = 1 << 20) -> tuple[Head, bool]:
    """The last good line of a file that was left without its head being kept.

    Args:
        head: the last line that is known.
        block: how much is read at once, from the end.

    Returns:
        The head, and whether the file ends with it: if not, lines are torn, changed or missing.
    """
    if head.seq == 0:
        return head, False
    tail = _tail_after(path, head, block)
    if tail is None:
        return head, False
    chain = Chain(key, head)
    lines = tail.split(b"\n")
    for line in lines[:-1]:
        sealed = read(line)
        if sealed is None or not hmac.compare_digest(link(key, chain.head.chain, sealed.body), sealed.head.chain):
            return chain.head, False
        chain.head = sealed.head
    return chain.head, not lines[-1]


def _tail_after(path: Path, head: Head, block: int) -> bytes | None:
    """What comes after the line of a head; None: the file does not have it."""
    mark = b'"chain":"%b"}\n' % head.chain.hex().encode()
    tail = b""
    with path.open("rb") as file:
        at = file.seek(0, 2)
        while at > 0:
            begin = max(0, at - block)
            file.seek(begin)
            tail = file.read(at - begin) + tail
            found = tail.rfind(mark)
            if found >= 0:
                return tail[found + len(mark) :]
            at = begin
    return None
