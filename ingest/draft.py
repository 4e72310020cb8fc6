"""A file on its way to another version: its lines, and what they say."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from stratumiops.ingest import frontmatter, markdown
from stratumiops.ingest.diff import hunks
from stratumiops.ingest.frontmatter import FrontMatter
from stratumiops.ingest.frontmatter_edit import set_value
from stratumiops.ingest.lines import Lines
from stratumiops.ingest.markdown import Heading
from stratumiops.ingest.models import ParsedDocument
from stratumiops.ingest.reading import Reading


@dataclass(frozen=True)
class Draft:
    """Lines of a file. Each `with_…` gives another draft, in which only the lines that differ are new."""

    path: str
    lines: Lines
    reading: Reading

    @cached_property
    def parsed(self) -> ParsedDocument:
        """What the file would say."""
        return self.reading.parse(self.path, self.lines.data)

    @cached_property
    def _split(self) -> frontmatter.Split:
        return frontmatter.split(self.lines.text)

    @property
    def block(self) -> str | None:
        """The text between the marks of the front matter; None: there is none."""
        return self._split.block

    @property
    def body(self) -> str:
        """The text behind the front matter."""
        return self._split.body

    @cached_property
    def front(self) -> FrontMatter:
        """What the front matter says."""
        return frontmatter.parse(self.block) if self.block is not None else FrontMatter()

    @cached_property
    def masked(self) -> str:
        """The body without code and comments."""
        return markdown.mask(self.body)

    @cached_property
    def headings(self) -> Sequence[Heading]:
        """The body's headings."""
        return markdown.headings(self.body, self.masked)

    @cached_property
    def front_lines(self) -> int:
        """How many lines the front matter has, its marks included."""
        if self.block is None:
            return 0
        text = self.lines.text
        before = text[: len(text) - len(self.body)]
        return before.count("\n") + (not before.endswith("\n"))

    def heading(self) -> str | None:
        """The first heading of level 1 that has a text."""
        return next((one.text for one in self.headings if one.level == 1 and one.text), None)

    def line_at(self, position: int) -> int:
        """The line of the file, from 0, that a position of the body is on."""
        return self.front_lines + self.body.count("\n", 0, position)

    def with_line(self, number: int, text: str | None) -> "Draft":
        """Another text in a line, or the line taken out."""
        return self._with(self.lines.spliced(number, number + 1, [] if text is None else [text]))

    def with_lines_before(self, number: int, texts: Sequence[str]) -> "Draft":
        """More lines, before a line."""
        return self._with(self.lines.spliced(number, number, texts))

    def with_body(self, text: str) -> "Draft":
        """Another body, by a difference of lines."""
        texts = text.split("\n")
        if self.block is not None and self.front_lines == len(self.lines.lines):
            # the closing mark is the file's last line: a body begins on the line behind it
            return self._with(self.lines.spliced(self.front_lines, self.front_lines, texts)) if text else self
        return self._between(self.front_lines, len(self.lines.lines), texts)

    def with_block(self, block: str) -> "Draft":
        """Another front matter; it is made when there is none."""
        texts = block.split("\n") if block else []
        if self.block is None:
            return self.with_lines_before(0, ["---", *texts, "---"])
        return self._between(1, self.front_lines - 1, texts)

    def with_front(self, key: str, value: object) -> "Draft":
        """A key of the front matter, as text."""
        block = set_value(self.block or "", key, value, as_text=True)
        return self if block is None else self.with_block(block)

    def _between(self, start: int, stop: int, texts: Sequence[str]) -> "Draft":
        old = [line.text for line in self.lines.lines[start:stop]]
        patches = [
            (start + hunk.start, start + hunk.stop, texts[hunk.new_start : hunk.new_stop]) for hunk in hunks(old, texts)
        ]
        return self._with(self.lines.patched(patches))

    def _with(self, lines: Lines) -> "Draft":
        return Draft(self.path, lines, self.reading)
