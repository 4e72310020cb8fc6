"""Three-way merges: by line, in outlines by block, bytes kept, conflicts between marks."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stratumiops.ingest import frontmatter
from stratumiops.ingest.conflict_text import Keep, in_conflict, settled
from stratumiops.ingest.diff import hunks
from stratumiops.ingest.lines import read
from stratumiops.ingest.merge import merge
from stratumiops.ingest.text import decode

FILE, GRAPH = "<<<<<<< file", ">>>>>>> graph"
_LINES = st.lists(
    st.sampled_from(["a", "b", "c", "", "- x", "  y", "---", "k: v", "é", "# H"]), max_size=8, unique=True
)
_RAW = st.lists(st.sampled_from([b"a", b"b", b"\xff", b"\n", b"\r\n", b"\r", b"---\n", b"k: v\n", b"- "]), max_size=14)
_BYTES = _RAW.map(b"".join) | st.binary(max_size=30)


def text(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


@settings(max_examples=400, deadline=None)
@given(_BYTES, _BYTES)
def test_what_one_side_did_is_what_comes_out(base: bytes, new: bytes) -> None:
    assert merge(base, new, base).data == new
    assert merge(base, base, new).data == new
    assert merge(base, new, new).data == new


@settings(max_examples=600, deadline=None)
@given(_LINES, st.data())
def test_no_line_that_one_side_alone_touched_is_lost(base: list[str], data: st.DataObject) -> None:
    sides = []
    for mark in ("F", "G"):
        side = list(base)
        for number in range(data.draw(st.integers(0, 4))):
            place = data.draw(st.integers(0, len(side)))
            what = data.draw(st.sampled_from(["add", "change", "delete"]))
            if what == "add" or place == len(side):
                side.insert(place, f"{mark}{number}")
            elif what == "change":
                side[place] = f"{mark}{number}"
            else:
                del side[place]
        sides.append(side)
    found = merge(text(*base), text(*sides[0]), text(*sides[1]))
    lines = found.data.decode().split("\n")
    for side in sides:
        for line in side:
            if line[:1] in "FG" and line:
                assert any(line in shown for shown in lines), (base, sides, lines)
    kept = [line for line in set(base) if line in sides[0] and line in sides[1]]
    assert set(kept) <= {shown.removeprefix("# ") for shown in lines} | set(lines)
    assert in_conflict(found.data) == (found.conflicts > 0)


@settings(max_examples=300, deadline=None)
@given(_BYTES)
def test_lines_are_those_of_the_decoded_text(data: bytes) -> None:
    assert read(data).text == decode(data).text
    assert read(data).data == data


@settings(max_examples=300, deadline=None)
@given(st.lists(st.integers(0, 5), max_size=20), st.lists(st.integers(0, 5), max_size=20))
def test_hunks_make_the_new_of_the_old(old: list[int], new: list[int]) -> None:
    made, place = [], 0
    for hunk in hunks(old, new):
        made += old[place : hunk.start] + new[hunk.new_start : hunk.new_stop]
        place = hunk.stop
    assert made + old[place:] == new


def test_a_long_text_of_equal_lines_takes_no_time() -> None:
    chance = random.Random(1)
    old = [chance.choice("ab ") for _ in range(60_000)]
    new = [chance.choice("ab ") for _ in range(60_000)]
    assert hunks(old, new)


@pytest.mark.parametrize(
    ("base", "file", "graph", "merged"),
    [
        (["a", "b", "c"], ["A", "b", "c"], ["a", "b", "C"], ["A", "b", "C"]),
        (["a", "b"], ["A", "b"], ["a", "B"], ["A", "B"]),
        (["a", "b"], ["A", "B"], ["a", "B"], ["A", "B"]),
        (["a"], ["x", "a"], ["a", "y"], ["x", "a", "y"]),
        (["a", "b", "c"], ["a", "c"], ["A", "b", "c"], ["A", "c"]),
        (["a"], ["a", "x"], ["a", "x", "y"], ["a", "x", "y"]),
        (["a", "b"], ["a", "b"], ["a"], ["a"]),
    ],
)
def test_changes_in_different_places_go_together(
    base: list[str], file: list[str], graph: list[str], merged: list[str]
) -> None:
    for one, other in ((file, graph), (graph, file)):
        found = merge(text(*base), text(*one), text(*other))
        assert (found.data, found.conflicts) == (text(*merged), 0)


def test_a_true_conflict_keeps_both_sides_less_what_they_share() -> None:
    found = merge(text("h", "a", "t"), text("h", "x", "F", "t"), text("h", "x", "G", "t"))
    assert found.data == text("h", "x", FILE, "F", "=======", "G", GRAPH, "t")
    assert found.conflicts == 1
    assert settled(found.data, Keep.FILE) == text("h", "x", "F", "t")
    assert settled(found.data, Keep.GRAPH) == text("h", "x", "G", "t")
    assert settled(found.data, Keep.BOTH) == text("h", "x", "F", "G", "t")


def test_neighbouring_conflicts_are_one() -> None:
    found = merge(text("a", "b", "c", "d"), text("F1", "F2", "c", "F4"), text("G1", "G2", "c", "G4"))
    both = text(FILE, "F1", "F2", "=======", "G1", "G2", GRAPH)
    assert found.data == both + text("c", FILE, "F4", "=======", "G4", GRAPH)
    assert found.conflicts == 2


def test_a_line_edited_here_and_deleted_there_is_a_conflict() -> None:
    found = merge(text("a", "b", "c"), text("a", "c"), text("a", "B", "c"))
    assert found.data == text("a", FILE, "=======", "B", GRAPH, "c")


def test_conflicts_in_front_matter_are_comments_and_the_file_counts() -> None:
    base = text("---", "title: a", "x: 1", "---", "b")
    found = merge(base, base.replace(b"title: a", b"title: F"), base.replace(b"title: a", b"title: G"))
    assert found.conflicts == 1
    assert found.data == text(
        "---", f"# {FILE}", "title: F", "# =======", "# title: G", f"# {GRAPH}", "x: 1", "---", "b"
    )
    block = frontmatter.split(found.data.decode()).block
    assert block is not None
    assert frontmatter.parse(block).data == {"title": "F", "x": 1}
    assert settled(found.data, Keep.GRAPH) == base.replace(b"title: a", b"title: G")
    assert settled(found.data, Keep.FILE) == base.replace(b"title: a", b"title: F")


def test_the_same_key_added_twice_does_not_hide_one() -> None:
    base = text("---", "a: 1", "b: 2", "---")
    found = merge(base, text("---", "k: F", "a: 1", "b: 2", "---"), text("---", "a: 1", "b: 2", "k: G", "---"))
    assert found.conflicts == 1
    block = frontmatter.split(found.data.decode()).block
    assert block is not None
    front = frontmatter.parse(block)
    assert (front.data["k"], front.problems) == ("F", ())
    assert b"# k: G\n" in found.data
    assert settled(found.data, Keep.GRAPH) == text("---", "a: 1", "b: 2", "k: G", "---")


def test_front_matter_that_both_sides_made() -> None:
    found = merge(text("b"), text("---", "t: F", "---", "b"), text("---", "t: G", "---", "B"))
    assert found.data == text("---", f"# {FILE}", "t: F", "# =======", "# t: G", f"# {GRAPH}", "---", "B")


def test_a_conflict_in_a_block_scalar_leaves_valid_yaml() -> None:
    base = text("---", "d: |", "  one", "  two", "---")
    found = merge(base, base.replace(b"two", b"F"), base.replace(b"two", b"G"))
    block = frontmatter.split(found.data.decode()).block
    assert block is not None
    assert frontmatter.parse(block).data == {"d": "one\nF\n"}


def test_line_ends_and_bytes_of_untouched_lines_survive() -> None:
    base = b"\xef\xbb\xbfa\r\nb \nc\rbad \xff\nend"
    found = merge(base, base.replace(b"end", b"END"), base.replace(b"b ", b"B"))
    assert found.data == b"\xef\xbb\xbfa\r\nB\nc\rbad \xff\nEND"


def test_a_file_given_other_line_ends_is_no_conflict() -> None:
    base = b"a\r\nb\r\nc\r\n"
    found = merge(base, base.replace(b"\r\n", b"\n"), b"a\r\nB\r\nc\r\n")
    assert found.data == b"a\nB\nc\n"
    assert merge(base, "a\nb\nc\n".encode("utf-16"), b"a\r\nB\r\nc\r\n").data == "a\nB\nc\n".encode("utf-16")


def test_the_end_of_the_file_is_merged_like_a_line() -> None:
    assert merge(b"a\nb", b"a\nb\n", b"A\nb").data == b"A\nb\n"
    assert merge(b"a\nb", b"a\nb\nc", b"a\nB").data == b"a\nB\nc"
    assert merge(b"a\nb\n", b"a\nb", b"A\nb\n").data == b"A\nb"


def test_in_an_outline_the_block_is_the_unit() -> None:
    base = text("- one", "  more", "- two", "\t- sub")
    clean = merge(base, base.replace(b"one", b"ONE"), base.replace(b"sub", b"SUB"))
    assert clean.data == text("- ONE", "  more", "- two", "\t- SUB")
    found = merge(base, base.replace(b"one", b"ONE"), base.replace(b"more", b"MORE"))
    assert found.data == text(FILE, "- ONE", "  more", "=======", "- one", "  MORE", GRAPH, "- two", "\t- sub")
    assert found.conflicts == 1


def test_marks_that_stand_in_text_decide_only_as_pairs() -> None:
    assert not in_conflict(text("title", "=======", "a <<<<<<< file b"))
    assert settled(text(FILE, "no end"), Keep.GRAPH) == text(FILE, "no end")
    nested = text(FILE, "a", FILE, "b", "=======", "c", GRAPH, "=======", "d", GRAPH)
    assert settled(nested, Keep.FILE) == text("a", "b")
    assert settled(nested, Keep.GRAPH) == text("d")
