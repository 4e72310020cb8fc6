"""Texts that options name: as they are, in a file, or on standard input."""

import sys
from pathlib import Path

from stratumiops.graph.errors import BadInput, NotFound
from stratumiops.graph.models import MAX_CONTENT

_MAX_BYTES = MAX_CONTENT * 4


def given_text(content: str | None, file: Path | None) -> str | None:
    """The text that --content or --content-file gives; `-` is standard input. None when neither is there.

    Raises:
        BadInput: both are given, or it is no UTF-8, or too long.
        NotFound: there is no such file.
    """
    if content is not None and file is not None:
        raise BadInput("--content and --content-file say the same thing.", hint="Give one of them.", field="content")
    if file is None:
        return content
    name = "standard input" if str(file) == "-" else str(file)
    try:
        data = sys.stdin.buffer.read(_MAX_BYTES + 1) if str(file) == "-" else _read(file)
    except FileNotFoundError:
        raise NotFound(f"There is no file {name}.", field="content-file") from None
    except OSError as error:
        raise BadInput(f"{name} cannot be read: {error.strerror}.", field="content-file") from None
    if len(data) > _MAX_BYTES:
        raise BadInput(f"{name} is longer than {_MAX_BYTES:,} bytes.", field="content-file")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"{name} is not UTF-8 (byte {error.start + 1})."
        raise BadInput(message, hint="Convert it, such as with iconv.", field="content-file") from None


def _read(file: Path) -> bytes:
    with file.open("rb") as source:
        return source.read(_MAX_BYTES + 1)
