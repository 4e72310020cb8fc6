"""Chunks: spans of the text that fit the model, with their headings, lines and lasting names."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stratumiops.ingest.chunks import MAX_CHARACTERS, Chunk, ChunkOptions, chunk_id, chunks, pieces
from stratumiops.ingest.document import parse_document
from stratumiops.ingest.embedding.packaged import packaged_tokenizer

TOKENS = packaged_tokenizer()
LONG = " ".join(f"Sentence number {number} says a little about storage." for number in range(400))


def cut(content: str, title: str = "Title", **options: int) -> list[Chunk]:
    return chunks(title, content, TOKENS, ChunkOptions(**options))


def check(content: str, found: list[Chunk], limit: int = 512) -> None:
    """What holds for every chunk."""
    lines = content.split("\n")
    for one in found:
        assert one.text in content
        assert len(TOKENS(one.text)) <= limit
        assert 1 <= one.start_line <= one.end_line <= len(lines)
        assert one.text in "\n".join(lines[one.start_line - 1 : one.end_line])


def test_sections_have_their_headings_and_lines() -> None:
    text = "intro\n\n# One\n\n" + LONG[:3_000] + "\n\n## Deep\n\n" + LONG[:3_000] + "\n\n# Two\n\nlast"
    found = cut(text)
    check(text, found)
    assert [one.heading for one in found][:1] == [()]
    assert ("One",) in [one.heading for one in found]
    assert ("One", "Deep") in [one.heading for one in found]
    assert found[-1].text.startswith("# Two")
    assert found[-1].heading == ("Two",)


def test_small_neighbours_are_joined_under_what_they_share() -> None:
    [one] = cut("# Decision\n\n## Context\n\nwhy\n\n## Outcome\n\nso")
    assert one.heading == ("Decision",)


def test_a_long_section_is_cut_with_overlap() -> None:
    found = cut(LONG, tokens=128, overlap=40)
    check(LONG, found, 128)
    assert len(found) > 10
    for left, right in pairwise(found):
        assert LONG.index(right.text[:60]) < LONG.index(left.text[:60]) + len(left.text)


def test_a_heading_in_code_opens_no_section_and_short_code_stays_whole() -> None:
    code = "```sh\n# not a heading\nrun it\n```"
    text = f"# Real\n\n{LONG[:2_000]}\n\n{code}\n\n{LONG[:2_000]}"
    found = cut(text)
    check(text, found)
    assert {heading for one in found for heading in one.heading} == {"Real"}
    assert any(code in one.text for one in found)


def test_a_node_without_text_has_its_title() -> None:
    [one] = cut("", title="Only a title")
    assert (one.text, one.start_line, one.end_line) == ("", 1, 1)
    assert one.embedded("Only a title") == "Only a title"


def test_names_last_when_text_moves_and_differ_when_it_repeats() -> None:
    before, after = cut(f"# A\n\n{LONG[:1_500]}"), cut(f"# B\n\n{LONG[2_000:4_000]}\n\n# A\n\n{LONG[:1_500]}")
    assert before[0].hash == after[-1].hash
    assert chunk_id("g", "graph", "n", before[0]) == chunk_id("g", "graph", "n", after[-1])
    twice = cut("same\n\n" * 2_000, tokens=64, overlap=0)
    names = [chunk_id("g", "graph", "n", one) for one in twice]
    assert len(set(names)) == len(names)
    assert chunk_id("other", "graph", "n", before[0]) != chunk_id("g", "graph", "n", before[0])


@pytest.mark.parametrize(
    "text",
    ["x" * 3_000_000, "漢字" * 50_000, "# h\n\ntext\n" * 20_000, "a b " * 300_000, "```\n" + "code\n" * 30_000],
    ids=["letters", "ideographs", "headings", "words", "open fence"],
)
def test_hard_texts_are_cut_in_bounded_time(text: str) -> None:
    found = cut(text)
    assert found
    assert all(len(one.text) <= 12_000 for one in found)
    assert sum(len(one.text) for one in found) <= MAX_CHARACTERS * 1.5


@given(st.text(alphabet=st.sampled_from("ab .\n`#~!?—漢"), max_size=400))
def test_pieces_are_the_text_again(text: str) -> None:
    assert "".join(pieces(text)) == text


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("ab cd.\n`#-~é漢"), max_size=2_000))
def test_whatever_the_text_chunks_are_parts_of_it(text: str) -> None:
    found = cut(text, tokens=64, overlap=8)
    check(text, [one for one in found if one.text], 64)


def test_real_notes(knowledge: Path) -> None:
    for path in sorted(knowledge.glob("adr-*/**/*.md"))[:80]:
        document = parse_document(path.name, path.read_bytes())
        check(document.content, [one for one in cut(document.content, document.title) if one.text])
