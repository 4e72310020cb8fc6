"""Whatever the bytes are: no exception, the same result twice, nothing that cannot be stored."""

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from stratumiops.graph.models import MAX_TITLE
from stratumiops.ingest.document import parse_document
from stratumiops.ingest.frontmatter import parse
from stratumiops.ingest.markdown import find_links, headings, mask
from stratumiops.ingest.models import DocumentFormat
from stratumiops.ingest.records import dump_links, load_links, new_node
from stratumiops.ingest.text import decode

_PIECES = st.sampled_from(
    [
        "---\n", "...\n", "title: ", "status: ", "tags: [", "]", "supersedes: ", "date: 2024-02-30\n", "id: x\n",
        "# ", "## Status\n\n", "## Links\n", "- ", "* Status: ", "> ", "```", "~~~", "`", "[[", "]]", "](", ")", "[",
        "|", "\\", "#tag", "<!--", "-->", "Superseded by ", "amends ", "ADR-1", "[a](b.md)", "\n", "\r\n", "\r", "\t",
        "  ", "\x00", "\u2028", "\ufeff", "é", "e\u0301", "🎉", "&a ", "*a", "!!set ", "{", "}", ": ", "'", '"', "%41",
    ]
)  # fmt: skip
_TEXTS = st.lists(_PIECES | st.text(max_size=5), max_size=40).map("".join)
_BYTES = st.binary(max_size=200) | _TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass"))
_PATHS = st.sampled_from(["a.md", "0001-x.md", "adr/use.md", "0002-x/index.md", "journal/2024-01-02.md", "template.md"])


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
