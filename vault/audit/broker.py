"""The devices that are enabled, and every request and answer in them."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import structlog

from stratumiops.vault.audit.chain import Head
from stratumiops.vault.audit.device import Device, DeviceConfig
from stratumiops.vault.audit.entries import Exchange
from stratumiops.vault.audit.headers import RequestHeaders
from stratumiops.vault.audit.kinds import KINDS, make
from stratumiops.vault.audit.verify import Report
from stratumiops.vault.backend import Mount
from stratumiops.vault.errors import BadRequest, Internal, StorageFailed
from stratumiops.vault.policies.verdict import Verdict
from stratumiops.vault.request import Request, Response
from stratumiops.vault.view import View, encoded

HEAD_EVERY_S: Final = 2.0
"""How often the heads of the chains are kept, when they have moved. A kill loses none: they are found in the files."""
_NO_FILES: Final = frozenset({"", "stdout", "discard"})
_log = structlog.get_logger(__name__)


class AuditBroker:
    """Writes each request, and each answer before it leaves, to every device. One that takes the line is enough; when
    devices are enabled and none takes it, the request fails.

    Args:
        view: for configurations and heads.
        answered: see `kinds.make`.
    """

    def __init__(self, view: View, *, head_every_s: float = HEAD_EVERY_S, answered: Path | None = None) -> None:
        self.headers = RequestHeaders(view)
        self._view = view
        self._answered = answered
        self._head_every_s = head_every_s
        self._devices: dict[str, Device] = {}
        self._kept: dict[str, Head] = {}
        self._keeper: asyncio.Task[None] | None = None
        self._changes = asyncio.Lock()
        self.failing = False
        """No enabled device took the last line."""

    async def start(self) -> None:
        """Open the devices. Called after each unseal. One that cannot be opened is tried again with each line."""
        await self.stop()
        await self.headers.start()
        for key in await self._view.names("devices/"):
            kept = await self._view.read(f"devices/{key}")
            if kept is None:
                continue
            device = make(DeviceConfig(**kept), self._answered)
            self._devices[device.config.path] = device
            self._kept[device.config.uuid] = head = await self._kept_head(device.config.uuid)
            try:
                await device.start(head)
            except OSError as error:
                self._failed(device, error)
        self.failing = bool(self._devices) and all(device.failing for device in self._devices.values())
        self._keeper = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """Keep the heads and close the devices. Called before each seal."""
        if self._keeper is not None:
            self._keeper.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeper
            self._keeper = None
        await self._keep_heads_or_warn()
        for device in self._devices.values():
            await device.stop()
        self._devices.clear()
        self._kept.clear()

    async def reopen(self) -> None:
        """Open all files again: what SIGHUP asks for after a rotation."""
        for device in self._devices.values():
            try:
                await device.reopen()
            except OSError as error:
                self._failed(device, error)

    def devices(self) -> list[DeviceConfig]:
        """Those that are enabled, by path."""
        return [self._devices[path].config for path in sorted(self._devices)]

    async def enable(
        self,
        path: str,
        kind: str,
        *,
        description: str = "",
        options: Mapping[str, str] | None = None,
        local: bool = False,
    ) -> None:
        """Enable a device; it takes a first line before that counts.

        Raises:
            BadRequest: it cannot be: the path is taken, an option is wrong, or it cannot be written.
        """
        path = path.strip("/") + "/"
        config = DeviceConfig(path, kind, str(uuid.uuid4()), description, local, dict(options or {}))
        async with self._changes:
            self._check_free(path)
            if kind not in KINDS:
                raise BadRequest(f'unknown backend type: "{kind[:64]}"')
            device = make(config, self._answered)
            self._check_file(device)
            await _started(device)
            await self._view.apply({
                _key(path): encoded(asdict(config)),
                f"heads/{config.uuid}": _encoded_head(device.head),
            })  # fmt: skip
            self._devices[path] = device
            self._kept[config.uuid] = device.head

    async def disable(self, path: str) -> None:
        """Disable a device; one that is not there is disabled already. What it has written stays."""
        path = path.strip("/") + "/"
        async with self._changes:
            device = self._devices.get(path)
            if device is None:
                return
            await self._view.delete(_key(path), f"heads/{device.config.uuid}")
            del self._devices[path]
            self._kept.pop(device.config.uuid, None)
            self.failing = self.failing and bool(self._devices)
            await device.end()

    async def request(
        self, request: Request, *, mount: Mount | None = None, verdict: Verdict | None = None, error: str = ""
    ) -> Exchange:
        """Put a request on record, before anything is done; also one that is refused, with its error.

        Raises:
            Internal: no enabled device took the line.
        """
        exchange = Exchange(request, mount, verdict, headers=self.headers.of(request.headers))
        if self._devices:
            await self._write(lambda device: device.request(exchange, error))
        return exchange

    async def response(self, exchange: Exchange, response: Response | None, *, error: str = "") -> None:
        """Put an answer on record, before it leaves.

        Raises:
            Internal: see `request`.
        """
        if self._devices:
            await self._write(lambda device: device.response(exchange, response, error))

    def hash(self, path: str, text: str) -> str:
        """A string as a device's log has it."""
        return self._device(path).hash(text)

    async def verify(self, path: str, files: Sequence[str] = ()) -> Report:
        """Whether a device's file, after those that were rotated away (`files`, oldest first), is as it was written;
        so are its nodes, of one that writes nodes.

        Raises:
            BadRequest: there is no such device, or what it writes cannot be read.
        """
        device = self._device(path)
        try:
            return await device.verify([Path(file) for file in files])
        except OSError as error:
            raise BadRequest(f"a file cannot be read: {error.strerror or error}") from None

    def status(self) -> dict[str, Any]:
        """For health: the devices, and which of them fail."""
        return {path: {"failing": device.failing, "lines": device.head.seq} for path, device in self._devices.items()}

    async def _write(self, put: Callable[[Device], Awaitable[None]]) -> None:
        taken = False
        for device in tuple(self._devices.values()):
            try:
                await put(device)
            except OSError as error:
                self._failed(device, error)
            else:
                device.failing = False
                taken = True
        self.failing = not taken
        if not taken:
            raise Internal("no audit device could take the record of the request")

    def _failed(self, device: Device, error: OSError) -> None:
        if not device.failing:
            _log.error("audit device cannot be written", device=device.config.path, error=error.strerror or str(error))
        device.failing = True

    def _device(self, path: str) -> Device:
        path = path.strip("/") + "/"
        device = self._devices.get(path)
        if device is None:
            raise BadRequest(f'unknown audit backend "{path}"')
        return device

    def _check_free(self, path: str) -> None:
        if path == "/" or not path.isprintable() or len(path) > 256:
            raise BadRequest("the path of a device is missing, too long, or holds control characters")
        if any(path.startswith(known) or known.startswith(path) for known in self._devices):
            raise BadRequest("path already in use")

    def _check_file(self, device: Device) -> None:
        """Two chains in one file could not be told apart."""
        if device.target in _NO_FILES:
            return
        wanted = Path(device.target).resolve()
        for known in self._devices.values():
            if known.target not in _NO_FILES and Path(known.target).resolve() == wanted:
                raise BadRequest(f"the file is written by the device {known.config.path}")

    async def _kept_head(self, name: str) -> Head:
        kept = await self._view.read(f"heads/{name}")
        return Head() if kept is None else Head(kept["seq"], bytes.fromhex(kept["chain"]))

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(self._head_every_s)
            await self._keep_heads_or_warn()

    async def _keep_heads_or_warn(self) -> None:
        try:
            await self._keep_heads()
        except StorageFailed as error:
            _log.warning("heads of the audit could not be kept", error=str(error))

    async def _keep_heads(self) -> None:
        async with self._changes:
            moved = {
                device.config.uuid: device.head
                for device in self._devices.values()
                if device.head != self._kept.get(device.config.uuid)
            }
            if moved:
                await self._view.apply({f"heads/{name}": _encoded_head(head) for name, head in moved.items()})
                self._kept.update(moved)


async def _started(device: Device) -> None:
    try:
        await device.start(Head())
    except OSError as error:
        await device.end()
        why = error.strerror or str(error) or type(error).__name__
        if device.target:
            raise BadRequest(f'sanity check failed; unable to open "{device.target}" for writing: {why}') from None
        raise BadRequest(f"audit backend failed test message: {why}") from None


def _key(path: str) -> str:
    return "devices/" + quote(path.rstrip("/"), safe="")


def _encoded_head(head: Head) -> bytes:
    return encoded({"seq": head.seq, "chain": head.chain.hex()})
