"""Bytes to text, whatever the bytes are."""

import codecs
from dataclasses import dataclass

from stratumiops.ingest.models import Problem

_BOMS = (
    (codecs.BOM_UTF8, "utf-8", "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "utf-32"),  # before UTF-16: it begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32-be", "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16"),
)


@dataclass(frozen=True, slots=True)
class SourceText:
    """A file's text with LF line ends and no byte order mark, and how it was encoded."""

    text: str
    encoding: str
    problems: tuple[Problem, ...] = ()


def decode(data: bytes) -> SourceText:
    """The text of a file; never raises.

    UTF-8 is expected; a byte order mark says otherwise. Bytes that are not valid in the encoding become
    U+FFFD and one warning names the first line they are on: the note is still worth finding, and the file
    itself is never touched. CRLF and lone CR become LF, NUL becomes U+FFFD, with a warning.
    """
    for mark, codec, name in _BOMS:
        if data.startswith(mark):
            return _decode(data[len(mark) :], codec, name)
    return _decode(data, "utf-8", "utf-8")


def _decode(data: bytes, codec: str, name: str) -> SourceText:
    problems = []
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as error:
        line = _lines(data[: error.start].decode(codec, "replace")).count("\n") + 1
        text = data.decode(codec, "replace")
        message = f"not valid {name}: byte {error.start} and perhaps more; shown as U+FFFD"
        problems.append(Problem("INVALID_ENCODING", message, line))
    text = _lines(text)
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        problems.append(Problem("NUL", "holds NUL characters, shown as U+FFFD: is this really text?", line))
        text = text.replace("\x00", "\ufffd")
    return SourceText(text, name, tuple(problems))


def _lines(text: str) -> str:
    """LF line ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
