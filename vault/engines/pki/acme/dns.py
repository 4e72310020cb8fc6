"""Questions to a DNS resolver (RFC 1035): texts and addresses of a name, over UDP and, when they are long, TCP."""

import asyncio
import ipaddress
import secrets
import struct
from pathlib import Path
from typing import Any, Final, Protocol

TXT: Final = 16
_A: Final = 1
_AAAA: Final = 28
_TIMEOUT_S: Final = 5.0


class Unresolved(Exception):
    """A name cannot be resolved; the text says why."""


class Resolver(Protocol):
    """Looks names up."""

    async def texts(self, name: str) -> list[str]:
        """The TXT records of a name.

        Raises:
            Unresolved: there is no answer.
        """

    async def addresses(self, name: str) -> list[str]:
        """The IP addresses of a name.

        Raises:
            Unresolved: there is no answer.
        """


class DnsResolver:
    """One recursive resolver by address and port."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._address = address

    async def texts(self, name: str) -> list[str]:
        """See `Resolver.texts`."""
        return [text_of(data) for data in await self._records(name, TXT)]

    async def addresses(self, name: str) -> list[str]:
        """See `Resolver.addresses`."""
        found = await self._records(name, _A) + await self._records(name, _AAAA)
        return [str(ipaddress.ip_address(data)) for data in found if len(data) in {4, 16}]

    async def _records(self, name: str, kind: int) -> list[bytes]:
        question = question_of(name, kind)
        try:
            async with asyncio.timeout(_TIMEOUT_S):
                answer = await self._over_udp(question)
                if answer[2] & 0x02:
                    answer = await self._over_tcp(question)
            return answers_of(question, answer, kind)
        except (OSError, TimeoutError, ValueError, struct.error, IndexError, asyncio.IncompleteReadError):
            raise Unresolved(f"the resolver gave no answer for {name}") from None

    async def _over_udp(self, question: bytes) -> bytes:
        loop = asyncio.get_running_loop()
        arrived: asyncio.Future[bytes] = loop.create_future()
        transport, _ = await loop.create_datagram_endpoint(lambda: _Once(question, arrived), remote_addr=self._address)
        try:
            transport.sendto(question)
            return await arrived
        finally:
            transport.close()

    async def _over_tcp(self, question: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(*self._address)
        try:
            writer.write(struct.pack("!H", len(question)) + question)
            await writer.drain()
            (length,) = struct.unpack("!H", await reader.readexactly(2))
            return await reader.readexactly(length)
        finally:
            writer.close()


class _Once(asyncio.DatagramProtocol):
    """Takes the first datagram that answers a question; others, which anybody may send, are passed over."""

    def __init__(self, question: bytes, arrived: asyncio.Future[bytes]) -> None:
        self._question = question
        self._arrived = arrived

    def datagram_received(self, data: bytes, addr: Any) -> None:
        _ = addr
        if not self._arrived.done() and len(data) >= 12 and data[:2] == self._question[:2] and data[2] & 0x80:
            self._arrived.set_result(data)

    def error_received(self, exc: Exception) -> None:
        if not self._arrived.done():
            self._arrived.set_exception(exc)


def system_resolver() -> tuple[str, int]:
    """The first resolver of this machine."""
    try:
        lines = Path("/etc/resolv.conf").read_text("utf-8", "replace").splitlines()
    except OSError:
        lines = []
    words = [line.split() for line in lines if line.startswith("nameserver")]
    return next((one[1] for one in words if len(one) > 1), "127.0.0.1"), 53


def question_of(name: str, kind: int) -> bytes:
    """A question in bytes, with an id of its own.

    Raises:
        ValueError: it is no name.
    """
    labels = [one.encode("ascii") for one in name.rstrip(".").split(".")]
    if not all(0 < len(one) < 64 for one in labels):
        raise ValueError(name)
    encoded = b"".join(bytes((len(one),)) + one for one in labels) + b"\0"
    return secrets.token_bytes(2) + struct.pack("!HHHHH", 0x0100, 1, 0, 0, 0) + encoded + struct.pack("!HH", kind, 1)


def answers_of(question: bytes, answer: bytes, kind: int) -> list[bytes]:
    """The records of one kind in an answer.

    Raises:
        ValueError, struct.error, IndexError: it is none, or none to this question.
    """
    flags, questions, count = struct.unpack("!HHH", answer[2:8])
    if answer[:2] != question[:2] or questions != 1 or flags & 0x0F not in {0, 3}:
        raise ValueError("not the answer")
    end = len(question)
    if answer[12:end].lower() != question[12:].lower():
        raise ValueError("another question")
    found, at = [], end
    for _ in range(count):
        at = _after_name(answer, at)
        what, _class, _ttl, length = struct.unpack("!HHIH", answer[at : at + 10])
        data = answer[at + 10 : at + 10 + length]
        if len(data) != length:
            raise ValueError("cut off")
        if what == kind:
            found.append(data)
        at += 10 + length
    return found


def _after_name(answer: bytes, at: int) -> int:
    while answer[at]:
        if answer[at] & 0xC0:
            return at + 2
        at += 1 + answer[at]
    return at + 1


def text_of(data: bytes) -> str:
    """The text of a TXT record.

    Raises:
        ValueError, IndexError: it is cut off, or no text.
    """
    parts, at = [], 0
    while at < len(data):
        parts.append(data[at + 1 : at + 1 + data[at]])
        at += 1 + data[at]
    return b"".join(parts).decode("utf-8", "replace")
