"""Whatever the bytes are: no exception, the same result twice, nothing that cannot be stored."""

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from stratumiops.graph.models import MAX_TITLE
from stratumiops.ingest.document import parse_document
from stratumiops.ingest.frontmatter import parse
from stratumiops.ingest.logseq.layout import parse_config
from stratumiops.ingest.markdown import find_links, headings, mask
from stratumiops.ingest.models import COUNTED, Block, DocumentFormat, ParsedDocument
from stratumiops.ingest.records import block_rows, dump_links, load_links, new_node
from stratumiops.ingest.text import decode

_PIECES = st.sampled_from(
    [
        "---\n", "...\n", "title: ", "status: ", "tags: [", "]", "supersedes: ", "date: 2024-02-30\n", "id: x\n",
        "# ", "## Status\n\n", "## Links\n", "- ", "* Status: ", "> ", "```", "~~~", "`", "[[", "]]", "](", ")", "[",
        "|", "\\", "#tag", "<!--", "-->", "Superseded by ", "amends ", "ADR-1", "[a](b.md)", "\n", "\r\n", "\r", "\t",
        "  ", "\x00", "\u2028", "\ufeff", "é", "e\u0301", "🎉", "&a ", "*a", "!!set ", "{", "}", ": ", "'", '"', "%41",
        "\t- ", "TODO ", "[#A] ", "key:: ", "id:: ", "alias:: a, b\n", "((65a0b1c2-1111-4222-8333-000000000001))",
        "{{embed ", "}}", "#[[", "#+BEGIN_SRC\n", "#+END_SRC\n", "SCHEDULED: <2024-02-01 Thu>\n",
        ":LOGBOOK:\n", ":END:\n",
        "- [ ] ", "- [x] ", " ^id\n", "^id\n", "%%", "$$", "$a$", "📅 2024-01-01",
    ]
)  # fmt: skip
_TEXTS = st.lists(_PIECES | st.text(max_size=5), max_size=40).map("".join)
_BYTES = st.binary(max_size=200) | _TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass"))
_PATHS = st.sampled_from(
    [
        "a.md", "0001-x.md", "adr/use.md", "0002-x/index.md", "journal/2024-01-02.md", "template.md",
        "pages/a___b%3F.md", "journals/2024_01_02.md",
    ]
)  # fmt: skip


@settings(max_examples=600, deadline=None)
@given(_BYTES, _PATHS, st.sampled_from(DocumentFormat))
def test_any_bytes_make_the_same_storable_node_twice(data: bytes, path: str, wanted: DocumentFormat) -> None:
    found = parse_document(path, data, wanted)
    assert parse_document(path, data, wanted) == found
    assert 1 <= len(found.title) <= MAX_TITLE
    stored = new_node("g", found.node_id or "id", found, "2024-01-01T00:00:00.000000Z", "me")
    orjson.dumps(stored)  # refuses lone surrogates, infinities and integers beyond 64 bits
    assert load_links(dump_links(found.links)) == list(found.links)
    lines = decode(data).text.count("\n") + 1
    assert all(1 <= link.line <= lines for link in found.links)
    assert all(problem.line is None or 1 <= problem.line <= lines for problem in found.problems)
    assert set(found.counts) == set(COUNTED)
    _check_blocks(found, decode(data).text)
    orjson.dumps(block_rows("g", "id", found, "2024-01-01T00:00:00.000000Z"))


def _check_blocks(found: ParsedDocument, text: str) -> None:
    """Order, parents and lines fit together, and the lines give the text again."""
    lines = text.split("\n")
    pieces: list[str] = []
    for place, block in enumerate(found.blocks):
        assert len(pieces) < block.start_line <= block.end_line <= len(lines)
        pieces += lines[len(pieces) : block.start_line - 1]
        pieces += lines[block.start_line - 1 : block.end_line]
        above = None if block.parent is None else found.blocks[block.parent]
        assert above is None or block.parent < place
        assert block.depth == (0 if above is None else above.depth + 1)
    assert "\n".join([*pieces, *lines[len(pieces) :]]) == text
    assert all(link.block is None or _holds(found.blocks[link.block], link.line) for link in found.links)
    rows = block_rows("g", "id", found, "")
    assert len({row["id"] for row in rows["blocks"]}) == len(found.blocks)


def _holds(block: Block, line: int) -> bool:
    return block.start_line <= line <= block.end_line


_WORDS = st.text("abc d", min_size=1, max_size=6).map(lambda text: text.strip() or "x")
_OUTLINES = st.lists(st.tuples(st.integers(0, 3), _WORDS, st.lists(_WORDS | st.just(""), max_size=3)), min_size=1)


@settings(max_examples=200, deadline=None)
@given(_OUTLINES)
def test_an_outline_is_read_as_it_was_written(items: list[tuple[int, str, list[str]]]) -> None:
    written, lines, depth = [], [], -1
    for wanted, head, more in items:
        depth = min(wanted, depth + 1)
        indent = "\t" * depth
        written.append((depth, "\n".join([head, *more]).rstrip("\n")))
        lines += [f"{indent}- {head}", *(f"{indent}  {line}" if line else "" for line in more)]
    text = "\n".join(lines)
    found = parse_document("pages/x.md", text.encode(), DocumentFormat.LOGSEQ)
    assert [(block.depth, block.text) for block in found.blocks] == written
    covered = [n for block in found.blocks for n in range(block.start_line, block.end_line + 1)]
    assert covered == list(range(1, len(lines) + 1))


@settings(max_examples=300, deadline=None)
@given(_BYTES)
def test_any_configuration_is_read(data: bytes) -> None:
    layout, problems = parse_config(data)
    assert problems or layout.key
    layout.page_name("pages/" + data.decode("latin-1").replace("/", "") + ".md")


@settings(max_examples=400, deadline=None)
@given(_TEXTS)
def test_positions_are_inside_the_text(text: str) -> None:
    text = decode(text.encode("utf-8", "surrogatepass")).text
    masked = mask(text)
    assert len(masked) == len(text)
    assert masked.count("\n") == text.count("\n")
    assert all(0 <= one.start < one.end <= len(text) for one in find_links(text, masked))
    assert all(0 <= one.start <= one.end <= len(text) for one in headings(text, masked))


@settings(max_examples=400, deadline=None)
@given(_TEXTS)
def test_front_matter_never_raises(block: str) -> None:
    found = parse(block)
    assert found.valid or found.problems
    orjson.dumps(found.data)
