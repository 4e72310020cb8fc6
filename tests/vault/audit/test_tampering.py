"""A log that was edited is noticed, wherever and however."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stratumiops.vault.audit.chain import Chain, Head
from stratumiops.vault.audit.verify import Report, resume, verify

KEY = b"k" * 32


def written(count: int, chain: Chain | None = None) -> tuple[list[bytes], Head]:
    """A marker and so many lines."""
    chain = chain or Chain(KEY)
    bodies = [chain.marker("started", "t"), *(b'{"type":"request","n":%d}' % number for number in range(count))]
    found = []
    for body in bodies:
        line, chain.head = chain.seal(body)
        found.append(line)
    return found, chain.head


def checked(lines: list[bytes], head: Head | None = None, key: bytes = KEY) -> Report:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "log"
        file.write_bytes(b"".join(lines))
        return verify([file], key, head)


def edited(line: bytes) -> bytes:
    return line.replace(b'"n":', b'"m":')


EDITS: dict[str, tuple[Callable[[list[bytes]], list[bytes]], int, str]] = {
    "changed": (lambda own: [*own[:3], edited(own[3]), *own[4:]], 4, "it was changed"),
    "removed": (lambda own: own[:3] + own[4:], 4, "lines are missing before it: its number is 5, expected was 4"),
    "swapped": (lambda own: [*own[:3], own[4], own[3], *own[5:]], 4, "lines are missing before it"),
    "repeated": (lambda own: [*own[:4], own[3], *own[4:]], 5, "it is repeated or out of order"),
    "inserted": (lambda own: [*own[:3], b'{"type":"request"}\n', *own[3:]], 4, "not a line of this log"),
    "beginning removed": (lambda own: own[1:], 1, "lines are missing before it"),
    "beginning changed": (
        lambda own: [own[0].replace(b"started", b"Started"), *own[1:]],
        1,
        "lines are missing before it",
    ),
    "end removed": (lambda own: own[:-2], 0, "the last 2 lines are missing"),
    "last line cut": (lambda own: [*own[:-1], own[-1][:-9]], 9, "not a line of this log, or incomplete"),
    "emptied": (lambda _: [], 0, "the last 9 lines are missing"),
}


@pytest.mark.parametrize("name", list(EDITS))
def test_the_first_bad_line_is_named(name: str) -> None:
    edit, line, why = EDITS[name]
    lines, head = written(8)
    assert checked(lines, head).intact
    report = checked(edit(lines), head)
    assert (report.intact, report.line) == (False, line)
    assert why in report.why


def test_a_log_of_another_key_is_not_this_one() -> None:
    lines, head = written(2)
    assert not checked(lines, head, b"x" * 32).intact


def test_another_log_with_the_same_key_is_not_this_one() -> None:
    lines, _ = written(3)
    _, head = written(2, Chain(KEY, Head(1, b"o" * 32)))
    report = checked(lines, head)
    assert report.why == "it is another line than was written with this number"


def test_a_forged_marker_cannot_hide_a_hole() -> None:
    lines, head = written(6)
    forger = Chain(b"x" * 32, Head(4, lines[3][-67:-3]))
    marker, _ = forger.seal(forger.marker("continued", "t"))
    assert not checked([*lines[:2], marker, *lines[4:]], head).intact


def test_a_later_beginning_does_not_stand_for_the_first() -> None:
    lines, _ = written(3)
    chain = Chain(KEY, Head(9, b"o" * 32))
    later, chain.head = chain.seal(chain.marker("continued", "t"))
    assert checked([later], chain.head).begins_at == 10
    report = checked([edited(lines[1]), later], chain.head)
    assert (report.intact, report.line) == (False, 1)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_edit_is_noticed(data: st.DataObject) -> None:
    lines, head = written(6)
    original = b"".join(lines)
    changed = bytearray(original)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, max(0, len(changed) - 1)))
        kind = data.draw(st.sampled_from(["flip", "cut", "drop line", "insert"]))
        if kind == "flip" and changed:
            changed[at] ^= data.draw(st.integers(1, 255))
        elif kind == "cut":
            del changed[at : at + data.draw(st.integers(1, 200))]
        elif kind == "drop line":
            kept = bytes(changed).splitlines(keepends=True)
            dropped = data.draw(st.integers(0, len(kept)))
            changed = bytearray(b"".join(kept[:dropped] + kept[dropped + 1 :]))
        else:
            changed[at:at] = data.draw(st.binary(min_size=1, max_size=5))
    report = checked([bytes(changed)], head)
    # Only whole lines before the device's first one may be anything.
    assert report.intact is (changed == original or changed.endswith(b"\n" + original))


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 12), st.integers(0, 12), st.integers(16, 400), st.binary(max_size=20))
def test_a_chain_is_taken_up_again_where_it_ended(count: int, known: int, block: int, torn: bytes) -> None:
    chain = Chain(KEY)
    heads = []
    with TemporaryDirectory() as folder:
        file = Path(folder) / "log"
        with file.open("wb") as log:
            for body in (chain.marker("started", "t"), *[b'{"a":1}'] * count):
                line, chain.head = chain.seal(body)
                heads.append(chain.head)
                log.write(line)
            log.write(torn.replace(b"\n", b""))
        found, is_whole = resume(file, KEY, heads[min(known, count)], block)
    assert found == heads[-1]
    assert is_whole is (torn.replace(b"\n", b"") == b"")
