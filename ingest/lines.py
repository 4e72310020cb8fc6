"""A file as lines that know their own bytes: what renders and merges work on, so that untouched lines survive.

A line's text is decoded as `text.decode` does it, so lines and positions agree with what a parser sees. Its bytes,
and those of the line end behind it, are the file's own: invalid UTF-8, CR, CRLF and LF in one file, blanks at ends.
"""

import codecs
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from stratumiops.ingest.text import decode

_MARKS = (
    (codecs.BOM_UTF8, "utf-8", 1),
    (codecs.BOM_UTF32_LE, "utf-32-le", 4),
    (codecs.BOM_UTF32_BE, "utf-32-be", 4),
    (codecs.BOM_UTF16_LE, "utf-16-le", 2),
    (codecs.BOM_UTF16_BE, "utf-16-be", 2),
)
_ENDS = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Line:
    """A line: its bytes, the bytes of its line end (empty at the last line of a file), and its text."""

    raw: bytes
    end: bytes
    text: str


@dataclass(frozen=True)
class Lines:
    """A whole file. There is always a last line without an end; it is empty when the file ends with a line end.

    `mark` are the bytes of its byte order mark, `codec` is how new lines are encoded.
    """

    mark: bytes
    codec: str
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        """What `text.decode` gives for the file."""
        return "\n".join([line.text for line in self.lines])

    @property
    def data(self) -> bytes:
        """The file's bytes; a line in the middle that has no end gets the one that is usual here."""
        *head, last = self.lines
        usual = b"" if all(line.end for line in head) else self.usual
        return b"".join([self.mark, *(line.raw + (line.end or usual) for line in head), last.raw])

    @cached_property
    def usual(self) -> bytes:
        """The line end that most lines have; LF when there is none."""
        found = Counter(line.end for line in self.lines if line.end)
        return found.most_common(1)[0][0] if found else "\n".encode(self.codec)

    def made(self, text: str, end: bytes = b"") -> Line:
        """A new line of this file; `end` is that of its neighbours, else the usual one."""
        raw = text.encode(self.codec, "replace")
        return Line(raw, end or self.usual, decode_line(raw, self.codec))

    def with_lines(self, lines: Iterable[Line]) -> "Lines":
        """The same file with other lines."""
        return replace(self, lines=tuple(lines) or (Line(b"", b"", ""),))

    def spliced(self, start: int, stop: int, texts: Sequence[str]) -> "Lines":
        """The file with the lines from `start` up to `stop` replaced by these texts; see `patched`."""
        return self.patched([(start, stop, texts)])

    def patched(self, patches: Iterable[tuple[int, int, Sequence[str]]]) -> "Lines":
        """The file with some parts, in order, replaced by other texts.

        A text that is there already keeps its bytes; a line takes the end of the line in its place, or of the one
        before. The last line of the file has no end, whatever it was before.
        """
        lines: list[Line] = []
        done = 0
        for start, stop, texts in patches:
            lines += self.lines[done:start]
            lines += self._fresh(start, stop, texts)
            done = stop
        return self.with_lines([*lines, *self.lines[done:]])

    def _fresh(self, start: int, stop: int, texts: Sequence[str]) -> Iterator[Line]:
        """Lines of these texts for a part of the file."""
        old = self.lines[start:stop]
        around = self.lines[start - 1].end if start else (self.lines[stop].end if stop < len(self.lines) else b"")
        for place, text in enumerate(texts):
            at = old[place] if place < len(old) else None
            around = (at.end if at is not None else b"") or around
            yield at if at is not None and at.text == text else self.made(text, around)


def decode_line(raw: bytes, codec: str) -> str:
    """The text of one line's bytes."""
    return raw.decode(codec, "replace").replace("\x00", "\ufffd")


def read(data: bytes) -> Lines:
    """A file's lines. Their texts, joined by LF, are what `text.decode` gives."""
    for mark, codec, width in _MARKS:
        if data.startswith(mark):
            return Lines(mark, codec, _cut(data[len(mark) :], codec, width))
    return Lines(b"", "utf-8", _cut(data, "utf-8", 1))


def _cut(data: bytes, codec: str, width: int) -> tuple[Line, ...]:
    found = []
    done = 0
    for start, stop in _ends(data, codec, width):
        raw = data[done:start]
        found.append(Line(raw, data[start:stop], decode_line(raw, codec)))
        done = stop
    raw = data[done:]
    lines = (*found, Line(raw, b"", decode_line(raw, codec)))
    whole = decode(data if codec == "utf-8" else _mark_of(codec) + data).text
    if codec != "utf-8" and "\n".join(line.text for line in lines) != whole:
        # Broken units that a line end interrupts: text is all that is known of such a file.
        texts = whole.split("\n")
        end = "\n".encode(codec)
        lines = (*(Line(text.encode(codec), end, text) for text in texts[:-1]), _last(texts[-1], codec))
    return lines


def _last(text: str, codec: str) -> Line:
    return Line(text.encode(codec), b"", text)


def _mark_of(codec: str) -> bytes:
    return next(mark for mark, name, _ in _MARKS if name == codec)


def _ends(data: bytes, codec: str, width: int) -> list[tuple[int, int]]:
    """Where line ends begin and stop."""
    if width == 1:
        return [found.span() for found in _ENDS.finditer(data)]
    cr, lf = "\r".encode(codec), "\n".encode(codec)
    spans = []
    position = 0
    while position + width <= len(data):
        unit = data[position : position + width]
        if unit == cr and data[position + width : position + 2 * width] == lf:
            spans.append((position, position + 2 * width))
            position += width
        elif unit in (cr, lf):
            spans.append((position, position + width))
        position += width
    return spans
