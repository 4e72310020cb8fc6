"""A node's text in chunks: sections of markdown, cut by sentences and lines where they are too long.

The node parsers are llama-index's. What headings and code are is decided as in the rest of the importer, so
that a `#` in a fenced block opens no section. Positions are kept: a chunk is a span of the text, with its lines.
"""

import hashlib
import re
import uuid
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final

from stratumiops.ingest import markdown

if TYPE_CHECKING:
    from llama_index.core.node_parser import SentenceSplitter

_NAMESPACE: Final = uuid.UUID("2b1d4c0a-9f43-5d6e-8a57-3c0f7e61b9d4")
MAX_CHARACTERS: Final = 1_000_000
"""How much of a node's text is cut into chunks; what lies behind is found by its words only."""
SMALL: Final = 3
"""Neighbouring sections are joined while they fill less than this part (one third) of a chunk."""
_LONGEST_RUN: Final = 1_000
_LETTERS_PER_TOKEN: Final = 12
_SENTENCE: Final = re.compile(r"\n+|(?<=[.!?])[\"')\]]*[ \t]+|(?<=[。！？])")
_BLOCK: Final = re.compile(r"^[ \t]*(`{3,}|~{3,})[^\n]*\n.*?(?:^[ \t]*\1[`~]*[ \t]*$\n?|\Z)", re.MULTILINE | re.DOTALL)

Tokens = Callable[[str], Sequence[int]]
Size = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class ChunkOptions:
    """Largest size of a chunk and how much of the one before it repeats, in tokens of the model."""

    tokens: int = 512
    overlap: int = 50


@dataclass(frozen=True, slots=True)
class Chunk:
    """A part of a node's text. Lines count from 1 in the node's content; both ends belong to it.

    `heading` is the path of headings above it, outermost first. `hash` is the SHA-256 of what the model reads:
    the title, the headings and the text; the same hash means the same vector.
    """

    text: str
    heading: tuple[str, ...]
    start_line: int
    end_line: int
    hash: str
    occurrence: int = 0

    def embedded(self, title: str) -> str:
        """What the model reads."""
        return embedded_text(title, self.heading, self.text)


def embedded_text(title: str, heading: Sequence[str], text: str) -> str:
    """A chunk with what it is about before it: alone, a section such as "Consequences" says little."""
    path = [part for part in heading if part and part != title]
    return "\n".join([title, *([" › ".join(path)] if path else []), text]).strip()


def chunk_id(generation: str, graph: str, node_id: str, chunk: Chunk) -> str:
    """The chunk's id: the same for the same text in the same node, wherever in it the text stands."""
    name = f"{generation}\n{graph}\n{node_id}\n{chunk.hash}\n{chunk.occurrence}"
    return str(uuid.uuid5(_NAMESPACE, name))


def chunks(title: str, content: str, tokens: Tokens, options: ChunkOptions = ChunkOptions()) -> list[Chunk]:
    """The chunks of a node, in order, at least one: a node without text has its title.

    Args:
        tokens: the model's tokenizer, without special tokens.
    """
    text = content[:MAX_CHARACTERS]
    lines, outline = markdown.Lines(text, 1), _Outline(text)
    found: list[Chunk] = []
    seen: dict[str, int] = {}
    for start, end in _spans(title, text, outline, _sizer(tokens), options):
        part, heading = text[start:end], outline.path(start, end)
        digest = _hash(embedded_text(title, heading, part))
        occurrence = seen.get(digest, 0)
        seen[digest] = occurrence + 1
        found.append(Chunk(part, heading, lines.at(start), lines.at(max(start, end - 1)), digest, occurrence))
    return found or [Chunk("", (), 1, 1, _hash(title))]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _sizer(tokens: Tokens) -> Size:
    """How long a text is, in tokens. An endless run of letters is one unknown token, and still long."""

    def size(text: str) -> int:
        return max(len(tokens(text)), len(text) // _LETTERS_PER_TOKEN)

    return size


class _Outline:
    """The headings of a text, and the path of headings above each place."""

    def __init__(self, text: str) -> None:
        found = markdown.headings(text, markdown.mask(text))
        self.starts = [heading.start for heading in found]
        self._paths: list[tuple[str, ...]] = []
        stack: list[tuple[int, str]] = []
        for heading in found:
            while stack and stack[-1][0] >= heading.level:
                stack.pop()
            stack.append((heading.level, markdown.shown(heading.text)))
            self._paths.append(tuple(name for _, name in stack))

    def path(self, start: int, end: int) -> tuple[str, ...]:
        """The headings that a span stands under; of a span over several sections: what they share."""
        first, behind = bisect_left(self.starts, start), bisect_left(self.starts, end)
        if first == behind:
            return self._paths[first - 1] if first else ()
        common = self._paths[first]
        for other in self._paths[first + 1 : behind]:
            same = (left == right for left, right in zip(common, other, strict=False))
            common = common[: sum(1 for _ in takewhile(bool, same))]
        return common


def _spans(title: str, text: str, outline: _Outline, size: Size, options: ChunkOptions) -> Iterator[tuple[int, int]]:
    """Where chunks begin and end, blanks around them left out."""
    for start, end, length in _joined(text, outline, size, options):
        head = embedded_text(title, outline.path(start, end), "")
        room = max(options.tokens - size(head), options.tokens // 2)
        if length <= room:
            yield start, end
            continue
        section, position = text[start:end], 0
        for part in _splitter(size, room, min(options.overlap, room // 2)).split_text(section):
            at = section.find(part, position)
            position = at + 1
            yield start + at, start + at + len(part)


def _joined(text: str, outline: _Outline, size: Size, options: ChunkOptions) -> Iterator[tuple[int, int, int]]:
    """Sections with their sizes, small neighbours joined: a heading with one line under it is no unit."""
    begin, finish, filled = -1, -1, 0
    for start, end in _sections(text, outline.starts):
        length = size(text[start:end])
        if begin >= 0 and filled + length > options.tokens // SMALL:
            yield begin, finish, filled
            begin, filled = -1, 0
        begin = start if begin < 0 else begin
        finish, filled = end, filled + length
    if begin >= 0:
        yield begin, finish, filled


def _sections(text: str, cuts: Sequence[int]) -> list[tuple[int, int]]:
    """Spans from heading to heading, blanks around them left out."""
    from llama_index.core.schema import Document

    nodes = _section_parser()(cuts).get_nodes_from_documents([Document(text=text)])
    return [(node.start_char_idx, node.end_char_idx) for node in nodes]


@lru_cache(maxsize=1)
def _section_parser() -> Any:
    """llama-index's markdown parser, told where the headings are; made late, for it takes seconds to load."""
    from llama_index.core.node_parser import MarkdownNodeParser
    from llama_index.core.schema import BaseNode, MetadataMode, TextNode

    class Sections(MarkdownNodeParser):
        """Splits at given places."""

        cuts: list[int]

        def get_nodes_from_node(self, node: BaseNode) -> list[TextNode]:
            text = node.get_content(metadata_mode=MetadataMode.NONE)
            ends = [*(cut for cut in self.cuts if cut > 0), len(text)]
            found, start = [], 0
            for end in ends:
                inner = text[start:end].strip()
                if inner:
                    at = start + text[start:end].index(inner)
                    found.append(TextNode(text=inner, start_char_idx=at, end_char_idx=at + len(inner)))
                start = end
            return found

    return lambda cuts: Sections(cuts=list(cuts), include_metadata=False, include_prev_next_rel=False)


def _splitter(size: Size, room: int, overlap: int) -> "SentenceSplitter":
    from llama_index.core.node_parser import SentenceSplitter

    return SentenceSplitter(
        chunk_size=room,
        chunk_overlap=overlap,
        tokenizer=lambda text: range(size(text)),
        paragraph_separator="\n\n\n\n",
        chunking_tokenizer_fn=pieces,
        include_metadata=False,
        include_prev_next_rel=False,
    )


def pieces(text: str) -> list[str]:
    """A text as sentences, lines and whole blocks of code; a block that is all of the text as its lines.

    Joined they are the text again. No piece is an endless run of letters.
    """
    found: list[str] = []
    position = 0
    for block in _BLOCK.finditer(text):
        found += _cut(text[position : block.start()], _SENTENCE)
        found.append(block[0])
        position = block.end()
    found += _cut(text[position:], _SENTENCE)
    found = [piece for piece in found if piece]
    if len(found) == 1:
        found = text.splitlines(keepends=True)
    return [run for piece in found for run in _runs(piece)] if len(found) <= 1 else found


def _cut(text: str, ends: re.Pattern[str]) -> list[str]:
    """The text cut behind each match."""
    found, position = [], 0
    for match in ends.finditer(text):
        found.append(text[position : match.end()])
        position = match.end()
    return [*found, text[position:]]


def _runs(piece: str) -> list[str]:
    if len(piece) <= _LONGEST_RUN:
        return [piece]
    return [piece[begin : begin + _LONGEST_RUN] for begin in range(0, len(piece), _LONGEST_RUN)]
