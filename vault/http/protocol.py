"""uvicorn's HTTP protocol, with the method LIST that the parser of HTTP does not know.

A request line `LIST /p HTTP/1.1` is read as `GET /p?list=true`, which means the same. Only the line that begins a
request is looked at, so no body can be taken for one.
"""

from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_LIST: Final = b"LIST "
_LONGEST_LINE: Final = 65_536


class VaultProtocol(HttpToolsProtocol):
    """HTTP/1.1 with LIST."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._between = True
        self._begun = b""

    def data_received(self, data: bytes) -> None:
        """Bytes came in."""
        if self._between:
            data = self._begun + data
            self._begun = b""
            if _LIST.startswith(data[: len(_LIST)]) or data.startswith(_LIST):
                line, end, rest = data.partition(b"\r\n")
                if not end and len(line) < _LONGEST_LINE:
                    self._begun = data
                    return
                data = _as_get(line) + end + rest
        super().data_received(data)

    def on_message_begin(self) -> None:
        """A request begins."""
        self._between = False
        super().on_message_begin()

    def on_message_complete(self) -> None:
        """A request is complete."""
        self._between = True
        super().on_message_complete()


def _as_get(line: bytes) -> bytes:
    if not line.startswith(_LIST):
        return line
    target, _, version = line[len(_LIST) :].rpartition(b" ")
    mark = b"&" if b"?" in target else b"?"
    return b"GET " + target + mark + b"list=true " + version
