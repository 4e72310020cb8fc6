"""A device: its options, its keys, and its chain."""

import asyncio
import secrets
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from stratumiops.vault.audit.chain import Chain, Head
from stratumiops.vault.audit.entries import Exchange, Format
from stratumiops.vault.audit.hashing import Hasher
from stratumiops.vault.audit.verify import Report
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields
from stratumiops.vault.request import Response

_SECRET: Final = frozenset({"password"})


@dataclass(frozen=True, slots=True)
class DeviceConfig:
    """A device as it is kept. Its path ends with `/`; salt and chain key are hex and shown nowhere."""

    path: str
    kind: str
    uuid: str
    description: str = ""
    local: bool = False
    options: dict[str, str] = field(default_factory=dict, repr=False)
    salt: str = field(default_factory=lambda: secrets.token_hex(32), repr=False)
    chain_key: str = field(default_factory=lambda: secrets.token_hex(32), repr=False)

    def shown(self) -> dict[str, Any]:
        """As a list of devices has it: no password is in it."""
        return {
            "type": self.kind,
            "description": self.description,
            "options": {name: value for name, value in self.options.items() if name not in _SECRET},
            "path": self.path,
            "local": self.local,
        }


class Device(ABC):
    """Lines in the order of a chain."""

    def __init__(self, config: DeviceConfig, *, metadata_only: bool = False) -> None:
        options = Fields(config.options)
        if options.text("format", "json") != "json":
            raise BadRequest(f'unknown format type "{options.text("format")[:64]}"')
        self.config = config
        self.failing = False
        self._key = bytes.fromhex(config.chain_key)
        self._chain = Chain(self._key)
        self._lock = asyncio.Lock()
        self._format = Format(
            hasher=Hasher(bytes.fromhex(config.salt), raw=options.boolean("log_raw")),
            hmac_accessor=options.boolean("hmac_accessor", True),
            elide_lists=options.boolean("elide_list_responses"),
            metadata_only=metadata_only,
        )

    @property
    def head(self) -> Head:
        """The last line that is written."""
        return self._chain.head

    @property
    def target(self) -> str:
        """The file that it writes, as it was named; "": it writes none."""
        return ""

    @abstractmethod
    async def start(self, head: Head) -> None:
        """Open it and go on with the chain.

        Args:
            head: the last line that is known; there may be a later one that was answered for.

        Raises:
            OSError: it cannot be opened or written.
        """

    @abstractmethod
    async def reopen(self) -> None:
        """Open its file again, after that was moved away; the old one stays when that fails.

        Raises:
            OSError: see `start`.
        """

    @abstractmethod
    async def stop(self) -> None:
        """Close it."""

    async def end(self) -> None:
        """Close it for good."""
        await self.stop()

    @abstractmethod
    async def verify(self, files: Sequence[Path]) -> Report:
        """Whether what it wrote is as it was written.

        Args:
            files: those that were rotated away, oldest first.

        Raises:
            BadRequest: it cannot be read again.
            OSError: reading failed.
        """

    async def request(self, exchange: Exchange, error: str) -> None:
        """Write the line of a request.

        Raises:
            OSError: it is not written.
        """
        parts = self._format.parts(exchange)
        exchange.parts[self.config.uuid] = parts
        await self._put(self._format.request_line(parts, error))

    async def response(self, exchange: Exchange, response: Response | None, error: str) -> None:
        """Write the line of an answer.

        Raises:
            OSError: it is not written.
        """
        parts = exchange.parts.get(self.config.uuid) or self._format.parts(exchange)
        await self._put(self._format.response_line(exchange, parts, response, error))

    def hash(self, text: str) -> str:
        """A string as its log has it."""
        return self._format.hasher.always(text.encode("utf-8", "surrogatepass"))

    @abstractmethod
    async def _put(self, body: bytes) -> None:
        """Write an entry; when this returns it is on record."""
