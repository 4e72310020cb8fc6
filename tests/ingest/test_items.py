"""Blocks of markdown that is no Logseq page, and what Obsidian does not read as text."""

import pytest

from stratumiops.ingest.document import parse_document
from stratumiops.ingest.models import Block, DocumentFormat


def _blocks(text: str, wanted: DocumentFormat = DocumentFormat.OBSIDIAN) -> tuple[Block, ...]:
    return parse_document("a.md", text.encode(), wanted).blocks


@pytest.mark.parametrize("bullet", ["-", "*", "+", "1.", "2)", "> -", "> > *"])
def test_tasks_after_any_bullet(bullet: str) -> None:
    [block] = _blocks(f"{bullet} [x] done")
    assert (block.marker, block.state, block.text) == ("[x]", "done", "done")


@pytest.mark.parametrize(
    "text", ["[ ] no bullet", "- [ab] two", "- [](x)", "```\n- [ ] code\n```", "- [x](link.md)", ""]
)
def test_what_is_no_task(text: str) -> None:
    assert _blocks(text) == ()


def test_tasks_nest_and_go_on() -> None:
    found = _blocks("- [ ] a\n  more\n    - [x] b #t\n- [/] c\n\ntext\n\n- [-] d\n")
    assert [(b.text, b.depth, b.parent, b.start_line, b.end_line, b.tags) for b in found] == [
        ("a\nmore", 0, None, 1, 2, ()),
        ("b #t", 1, 0, 3, 3, ("t",)),
        ("c", 0, None, 4, 4, ()),
        ("d", 0, None, 8, 8, ()),
    ]


@pytest.mark.parametrize(
    ("text", "lines", "said"),
    [
        ("A paragraph\nof two lines. ^id", (1, 2), "A paragraph\nof two lines."),
        ("x\n\n- item ^id\n- other", (3, 3), "item"),
        ("> quote\n> more\n\n^id", (1, 4), "> quote\n> more"),
        ("| a |\n|---|\n| 1 |\n^id", (1, 4), "| a |\n|---|\n| 1 |"),
        ("^id", (1, 1), ""),
    ],
)
def test_ids_at_the_end_of_what_they_name(text: str, lines: tuple[int, int], said: str) -> None:
    [block] = _blocks(text)
    assert (block.own_id, (block.start_line, block.end_line), block.text) == ("id", lines, said)
    assert block.state is None


def test_the_id_of_a_task() -> None:
    assert [(b.own_id, b.text) for b in _blocks("- [ ] a ^one\n- [ ] b\n\n^two\n")] == [("one", "a"), ("two", "b")]


@pytest.mark.parametrize("text", ["2^10 is ^not", "a ^no_underscore", "```\n^code\n```", "x^id"])
def test_what_is_no_id(text: str) -> None:
    assert [b.own_id for b in _blocks(text)] == (["not"] if "is ^" in text else [])


def test_lines_are_those_of_the_file() -> None:
    [block] = _blocks("---\ntitle: x\n---\n\n- [ ] a\n")
    assert (block.start_line, block.end_line) == (5, 5)


def test_comments_and_mathematics_hold_no_links_in_a_vault() -> None:
    text = "%% [[a]] #b %%\n$[[1,2]]$ and $$\n[[x]]\n$$ costs $5 [[c]] or $6, \\$[[d]]$ %%[[never closed]]"

    def links(wanted: DocumentFormat) -> list[str]:
        return [link.target for link in parse_document("a.md", text.encode(), wanted).links]

    assert links(DocumentFormat.OBSIDIAN) == ["c", "d"]
    assert len(links(DocumentFormat.AUTO)) == 6
