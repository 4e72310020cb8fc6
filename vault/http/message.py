"""A request as it came over the wire, whole."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

import httptools

from stratumiops.vault.errors import BadRequest

_ABSENT: Final = b""


class Headers(Mapping[str, str]):
    """Headers by name in lower case; of one that came twice the first. Text is made of those that are asked for."""

    __slots__ = ("_raw",)

    def __init__(self, raw: dict[bytes, bytes]) -> None:
        self._raw = raw

    def __getitem__(self, name: str) -> str:
        """The value of a header."""
        try:
            return self._raw[name.encode("latin-1")].decode("latin-1")
        except (KeyError, UnicodeEncodeError):
            raise KeyError(name) from None

    def get(self, name: str, default: str = "") -> str:  # type: ignore[override]
        """The value of a header, `default` without one."""
        found = self._raw.get(name.encode("latin-1", "replace"))
        return default if found is None else found.decode("latin-1")

    def __iter__(self) -> Iterator[str]:
        """Their names."""
        return (name.decode("latin-1") for name in self._raw)

    def __len__(self) -> int:
        return len(self._raw)

    def __repr__(self) -> str:
        return f"Headers({len(self._raw)})"


@dataclass(slots=True)
class Message:
    """A request.

    Args:
        url: as it was sent.
        peer: address and port of the client.
        certificate: of the client, DER; None: it has shown none.
    """

    method: str
    url: bytes
    headers: Mapping[str, str]
    body: bytes = field(default=b"", repr=False)
    peer: tuple[str, int] = ("", 0)
    certificate: bytes | None = None

    def target(self) -> tuple[str, str]:
        """The path, decoded, and the query as it is.

        Raises:
            BadRequest: it is no URL, or has a fragment: the query of a LIST could be taken for one.
        """
        url = self.url
        query: bytes | None
        if b"#" in url:
            raise BadRequest("the target of a request has no fragment")
        if url[:1] == b"/":
            raw, _, query = url.partition(b"?")
        else:
            try:
                parsed = httptools.parse_url(url)
            except httptools.HttpParserInvalidURLError:
                raise BadRequest("the target of the request is no URL") from None
            raw, query = parsed.path or _ABSENT, parsed.query
        path = raw.decode("latin-1")
        return unquote(path) if "%" in path else path, (query or _ABSENT).decode("latin-1")
