"""Devices: enabling, failing, rotating, and coming back."""

import asyncio
import os
import resource
import signal
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from stratumiops.vault.audit.broker import AuditBroker
from stratumiops.vault.audit.device import DeviceConfig
from stratumiops.vault.errors import BadRequest, Internal, StorageFailed
from stratumiops.vault.request import Operation
from stratumiops.vault.storage.memory import MemoryStorage
from stratumiops.vault.view import View

from .records import entries, exchange, lines, request, running, system, view


async def test_routes(tmp_path: Path) -> None:
    file = str(tmp_path / "a.log")
    async with running(view()) as broker:
        sys = system(broker)
        assert await sys.read("audit") == {}
        enabled = {"type": "file", "description": "d", "options": {"file_path": file, "log_raw": True, "mode": None}}
        assert await sys.ask(Operation.UPDATE, "audit/file", enabled) is None
        answer = await sys.ask(Operation.READ, "audit", {})
        assert answer
        assert answer.flat
        assert answer.data == {
            "file/": {
                "type": "file", "description": "d", "path": "file/", "local": False,
                "options": {"file_path": file, "log_raw": "true"},
            }
        }  # fmt: skip
        hashed = await sys.write("audit-hash/file", input="x")
        assert hashed == {"hash": broker.hash("file", "x")}
        assert (await sys.write("audit-verify/file"))["intact"] is True
        assert await sys.ask(Operation.DELETE, "audit/file", {}) is None
        assert await sys.ask(Operation.DELETE, "audit/file", {}) is None
        assert await sys.read("audit") == {}


@pytest.mark.parametrize(
    ("path", "data", "why"),
    [
        ("audit/f", {"type": "zz"}, 'unknown backend type: "zz"'),
        ("audit/f", {}, 'unknown backend type: ""'),
        ("audit/f", {"type": "file"}, "file_path is required"),
        ("audit/f", {"type": "file", "options": {"file_path": "/proc/nope/x"}}, "unable to open"),
        ("audit/f", {"type": "file", "options": {"file_path": "x", "mode": "zz"}}, "mode must be"),
        ("audit/f", {"type": "file", "options": {"file_path": "x", "format": "zz"}}, 'unknown format type "zz"'),
        ("audit/f", {"type": "file", "options": {"file_path": "x", "log_raw": "zz"}}, "log_raw"),
        ("audit/f", {"type": "file", "options": {"file_path": ["x"]}}, "options.file_path"),
        ("audit/f", {"type": "file", "options": "x"}, "options"),
        ("audit/f", {"type": "socket"}, "address is required"),
        ("audit/f", {"type": "socket", "options": {"address": "x"}}, "address must be host:port"),
        ("audit/f", {"type": "socket", "options": {"address": "x:1", "socket_type": "ipx"}}, "socket_type"),
        ("audit/f", {"type": "socket", "options": {"address": "127.0.0.1:1"}}, "failed test message"),
        ("audit-hash/nope", {"input": "x"}, 'unknown audit backend "nope/"'),
        ("audit-hash/taken", {}, 'the "input" parameter is empty'),
        ("audit-verify/nope", {}, "unknown audit backend"),
        ("audit-verify/taken", {}, "does not write to a file"),
        ("audit/taken", {"type": "file", "options": {"file_path": "discard"}}, "path already in use"),
        ("audit/taken/x", {"type": "file", "options": {"file_path": "discard"}}, "path already in use"),
        ("audit/ /", {"type": "zz"}, "unknown backend"),
    ],
)
async def test_what_is_refused(path: str, data: dict[str, Any], why: str) -> None:
    async with running(view()) as broker:
        await broker.enable("taken", "file", options={"file_path": "discard"})
        with pytest.raises(BadRequest) as raised:
            await system(broker).ask(Operation.UPDATE, path, data)
        assert why in raised.value.messages[0]
        assert [config.path for config in broker.devices()] == ["taken/"]


async def test_two_devices_do_not_share_a_file(tmp_path: Path) -> None:
    async with running(view()) as broker:
        await broker.enable("a", "file", options={"file_path": str(tmp_path / "a")})
        with pytest.raises(BadRequest, match="written by the device a/"):
            await broker.enable("b", "file", options={"file_path": str(tmp_path / "x" / ".." / "a")})


async def test_without_devices_nothing_is_asked_for() -> None:
    async with running(view()) as broker:
        await exchange(broker)
        assert not broker.failing


@pytest.fixture
def full() -> Path:
    """A device without any room."""
    return Path("/dev/full")


async def test_it_fails_closed_and_says_so(tmp_path: Path) -> None:
    gone = tmp_path / "dir" / "a"
    async with running(view()) as broker:
        await broker.enable("a", "file", options={"file_path": str(gone)})
        await exchange(broker)
        gone.unlink()
        gone.parent.rmdir()
        (tmp_path / "dir").touch()
        with pytest.raises(Internal):
            await broker.request(request())
        assert broker.failing
        assert broker.status()["a/"]["failing"]
        (tmp_path / "dir").unlink()
        await exchange(broker)
        assert not broker.failing
        assert [line["type"] for line in lines(gone)] == ["chain", "request", "response"]
        await broker.disable("a")
        await exchange(broker)


async def test_one_device_is_enough(tmp_path: Path, full: Path) -> None:
    kept = view()
    async with running(kept) as broker:
        await broker.enable("good", "file", options={"file_path": str(tmp_path / "good")})
        await broker.enable("bad", "file", options={"file_path": str(tmp_path / "bad")})
    (tmp_path / "bad").unlink()
    (tmp_path / "bad").symlink_to(full)
    async with running(kept) as broker:
        await exchange(broker)
        assert not broker.failing
        assert broker.status()["bad/"]["failing"]
        await broker.disable("good")
        with pytest.raises(Internal):
            await broker.request(request())


async def test_a_device_without_room_cannot_be_enabled(full: Path) -> None:
    async with running(view()) as broker:
        with pytest.raises(BadRequest, match="unable to open"):
            await broker.enable("f", "file", options={"file_path": str(full), "mode": "0"})
        assert broker.devices() == []


async def test_a_line_that_does_not_fit_is_taken_back(tmp_path: Path) -> None:
    file = tmp_path / "a"
    async with running(view()) as broker:
        await broker.enable("a", "file", options={"file_path": str(file)})
        await exchange(broker)
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (file.stat().st_size + 100, before[1]))
        try:
            with pytest.raises(Internal):
                await broker.request(request())
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
            signal.signal(signal.SIGXFSZ, handler)
        await exchange(broker)
        report = await broker.verify("a")
    assert (report.intact, report.lines) == (True, 5)


async def test_rotation_goes_on_with_the_chain(tmp_path: Path) -> None:
    file, old = tmp_path / "a", tmp_path / "a.1"
    async with running(view()) as broker:
        await broker.enable("a", "file", options={"file_path": str(file)})
        await exchange(broker)
        file.rename(old)
        await exchange(broker)
        await broker.reopen()
        await exchange(broker)
        await broker.reopen()
        await exchange(broker)
        assert [line["type"] for line in lines(file)] == ["chain", *["request", "response"] * 2]
        assert len(entries(old)) == 4
        alone, both = await broker.verify("a"), await broker.verify("a", [str(old)])
        assert (alone.intact, alone.begins_at, both.intact, both.begins_at, both.lines) == (True, 6, True, 1, 10)
        swapped = await broker.verify("a", [str(old), str(old)])
        assert not swapped.intact
        with pytest.raises(BadRequest, match="cannot be read"):
            await broker.verify("a", [str(tmp_path / "nope")])


async def test_a_removed_file_is_made_again(tmp_path: Path) -> None:
    file = tmp_path / "a"
    async with running(view()) as broker:
        await broker.enable("a", "file", options={"file_path": str(file)})
        file.unlink()
        await exchange(broker)
        assert len(entries(file)) == 2


async def test_a_restart_goes_on(tmp_path: Path) -> None:
    kept, file = view(), tmp_path / "a"
    for _ in range(3):
        async with running(kept) as broker:
            if not broker.devices():
                await broker.enable("a", "file", options={"file_path": str(file)})
            await exchange(broker)
            report = await broker.verify("a")
            assert report.intact
    assert [line["seq"] for line in lines(file)] == list(range(1, 8))


async def test_a_kill_goes_on_from_what_the_file_has(tmp_path: Path) -> None:
    kept, file = view(), tmp_path / "a"
    killed = await _left_running(kept, file)
    async with running(kept) as broker:
        await exchange(broker)
        report = await broker.verify("a")
        assert (report.intact, report.lines) == (True, 7)
    await killed.stop()


async def test_a_file_that_comes_back_later_is_taken_up_again(tmp_path: Path) -> None:
    kept, file = view(), tmp_path / "dir" / "a"
    killed = await _left_running(kept, file)
    away = tmp_path / "away"
    file.parent.rename(away)
    file.parent.touch()
    async with running(kept) as broker:
        assert broker.failing
        file.parent.unlink()
        away.rename(file.parent)
        await exchange(broker)
        report = await broker.verify("a")
        assert (report.intact, report.lines, broker.failing) == (True, 7, False)
    await killed.stop()


@pytest.mark.parametrize("lost", [1, 4])
async def test_lines_cut_off_while_it_was_down_are_noticed(tmp_path: Path, lost: int) -> None:
    kept, file = view(), tmp_path / "a"
    async with running(kept) as broker:
        await broker.enable("a", "file", options={"file_path": str(file)})
        await exchange(broker)
        await exchange(broker)
    whole = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(whole[:-lost]))
    async with running(kept) as broker:
        await exchange(broker)
        report = await broker.verify("a")
    assert (report.intact, report.line) == (False, len(whole) - lost + 1)
    assert "lines are missing before it" in report.why


async def test_a_torn_line_is_named_and_left_behind(tmp_path: Path) -> None:
    kept, file = view(), tmp_path / "a"
    killed = await _left_running(kept, file)
    with file.open("ab") as torn:
        torn.write(b'{"time":"20')
    async with running(kept) as broker:
        await exchange(broker)
        report = await broker.verify("a")
    assert (report.line, report.why) == (6, "it is not a line of this log, or incomplete")
    assert len(file.read_bytes().splitlines()) == 9
    await killed.stop()


async def test_a_file_from_before_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "a"
    async with running(view()) as broker:
        for _ in range(2):
            await broker.enable("a", "file", options={"file_path": str(file)})
            await exchange(broker)
            report = await broker.verify("a")
            await broker.disable("a")
    assert (report.intact, report.foreign, report.lines) == (True, 3, 3)


async def test_lines_at_the_same_time_are_in_one_chain(tmp_path: Path) -> None:
    async with running(view()) as broker:
        await broker.enable("a", "file", options={"file_path": str(tmp_path / "a")})
        await asyncio.gather(*(exchange(broker, number) for number in range(50)))
        report = await broker.verify("a")
    assert (report.intact, report.lines) == (True, 101)


async def test_a_kind_that_is_not_known_fails_and_does_not_stop_the_start() -> None:
    kept = view()
    await kept.write("devices/g", asdict(DeviceConfig("g/", "syslog", "uuid")))
    async with running(kept) as broker:
        assert broker.failing
        with pytest.raises(Internal):
            await broker.request(request())
        await broker.disable("g")
        assert not broker.failing
        await exchange(broker)


async def test_a_storage_that_fails_keeps_no_head_and_loses_no_line(tmp_path: Path) -> None:
    class Failing(MemoryStorage):
        broken = False

        async def apply(self, changes: Mapping[str, bytes | None]) -> None:
            if self.broken:
                raise StorageFailed("the disk is full")
            await super().apply(changes)

    storage = Failing()
    kept = View(storage, "audit/")
    async with running(kept) as broker:
        await broker.enable("a", "file", options={"file_path": str(tmp_path / "a")})
        await exchange(broker)
        storage.broken = True
    storage.broken = False
    async with running(kept) as broker:
        await exchange(broker)
        report = await broker.verify("a")
    assert (report.intact, report.lines) == (True, 5)


@asynccontextmanager
async def listening(path: Path | None = None) -> AsyncIterator[tuple[asyncio.Server, list[bytes], asyncio.Event]]:
    got: list[bytes] = []
    arrived = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            got.append(line)
            arrived.set()
        writer.close()

    if path is None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
    else:
        server = await asyncio.start_unix_server(serve, str(path))
    async with server:
        yield server, got, arrived


@pytest.mark.parametrize("kind", ["tcp", "unix"])
async def test_sockets(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "s" if kind == "unix" else None
    async with running(view()) as broker, listening(path) as (server, got, arrived):
        address = str(path) if path else "127.0.0.1:" + str(server.sockets[0].getsockname()[1])
        await broker.enable("s", "socket", options={"address": address, "socket_type": kind})
        await exchange(broker)
        async with asyncio.timeout(10):
            while len(got) < 3:
                arrived.clear()
                await arrived.wait()
        assert [line.split(b'"type":"')[1].split(b'"')[0] for line in got] == [b"chain", b"request", b"response"]


async def test_a_socket_is_connected_again(tmp_path: Path) -> None:
    path = tmp_path / "s"
    async with running(view()) as broker:
        async with listening(path):
            await broker.enable("s", "socket", options={"address": str(path), "socket_type": "unix"})
        path.unlink(missing_ok=True)
        with pytest.raises(Internal):
            await _until_refused(broker)
        async with listening(path) as (_, got, arrived):
            await exchange(broker)
            async with asyncio.timeout(10):
                while len(got) < 2:
                    arrived.clear()
                    await arrived.wait()


async def test_a_peer_that_does_not_read_is_given_up(tmp_path: Path) -> None:
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "s"))
    listener.listen(1)
    async with running(view()) as broker:
        options = {"address": str(tmp_path / "s"), "socket_type": "unix", "write_timeout": "1s"}
        await broker.enable("s", "socket", options=options)
        with pytest.raises(Internal):
            await broker.request(request(data={"x" * 4_000_000: 1}))
    listener.close()


async def test_udp(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
        peer.bind(("127.0.0.1", 0))
        peer.settimeout(10)
        async with running(view()) as broker:
            port = peer.getsockname()[1]
            await broker.enable("u", "socket", options={"address": f"127.0.0.1:{port}", "socket_type": "udp"})
            await exchange(broker)
        got = [peer.recv(65_536) for _ in range(3)]
    assert b'"type":"response"' in got[2]
    assert os.linesep.encode() == got[2][-1:]


async def _until_refused(broker: AuditBroker) -> None:
    async with asyncio.timeout(10):
        while True:
            await exchange(broker)


async def _left_running(kept: View, file: Path) -> AuditBroker:
    """A broker whose head was kept when it was enabled, and not since, as after a kill."""
    broker = AuditBroker(kept, head_every_s=3600)
    await broker.start()
    await broker.enable("a", "file", options={"file_path": str(file)})
    await exchange(broker)
    await exchange(broker)
    frozen = {key: await kept.get(key) for key in await kept.keys()}
    await broker.stop()
    await kept.apply(frozen)
    return broker
