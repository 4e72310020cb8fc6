"""Lines whose answers have left are missed when they are cut off the end of a file, also right after a kill."""

from pathlib import Path

import pytest

from stratumiops.vault.audit.answered import Answered
from stratumiops.vault.audit.broker import AuditBroker
from stratumiops.vault.audit.chain import Head
from stratumiops.vault.view import View

from ..servers import svault  # noqa: TID252 - servers of all tests of the vault
from .records import exchange, lines, running, view


async def _killed(kept: View, file: Path, answered: Path) -> None:
    """A broker that kept its head when it was enabled, and ended by a kill after three answers."""
    broker = AuditBroker(kept, head_every_s=3600, answered=answered)
    await broker.start()
    await broker.enable("a", "file", options={"file_path": str(file)})
    for number in range(3):
        await exchange(broker, number)
    frozen = {key: await kept.get(key) for key in await kept.keys()}
    await broker.stop()
    await kept.apply(frozen)


@pytest.mark.parametrize("lost", [1, 2, 6])
async def test_what_was_answered_is_missed(tmp_path: Path, lost: int) -> None:
    kept, file = view(), tmp_path / "log"
    await _killed(kept, file, tmp_path / "vault.anchor")
    whole = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(whole[:-lost]))
    async with running(kept, answered=tmp_path / "vault.anchor") as broker:
        await exchange(broker)
        report = await broker.verify("a")
    assert (report.intact, report.line) == (False, len(whole) - lost + 1)
    assert "lines are missing before it" in report.why


async def test_a_log_that_is_whole_goes_on(tmp_path: Path) -> None:
    kept, file = view(), tmp_path / "log"
    await _killed(kept, file, tmp_path / "vault.anchor")
    for _ in range(2):
        async with running(kept, answered=tmp_path / "vault.anchor") as broker:
            await exchange(broker)
            assert (await broker.verify("a")).intact
    assert [line["seq"] for line in lines(file)] == list(range(1, 12))


async def test_a_device_that_is_disabled_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "beside").mkdir()
    async with running(view(), answered=tmp_path / "beside" / "anchor") as broker:
        await broker.enable("a", "file", options={"file_path": str(tmp_path / "log")})
        await exchange(broker)
        assert len(list((tmp_path / "beside").iterdir())) == 1
        await broker.disable("a")
        assert not list((tmp_path / "beside").iterdir())


async def test_what_cannot_be_noted_refuses_no_request(tmp_path: Path) -> None:
    (tmp_path / "no folder").write_text("")
    async with running(view(), answered=tmp_path / "no folder" / "anchor") as broker:
        await broker.enable("a", "file", options={"file_path": str(tmp_path / "log")})
        await exchange(broker)
        assert (await broker.verify("a")).intact


def test_the_later_of_two_notes_counts_and_a_torn_one_does_not(tmp_path: Path) -> None:
    one = Answered(tmp_path / "a", b"k" * 32)
    assert one.open() == Head()
    for number in range(1, 4):
        one.note(Head(number, bytes([number]) * 32))
    assert one.open() == Head(3, b"\x03" * 32)
    one.note(Head(4, b"\x04" * 32))
    assert one.open() == Head(4, b"\x04" * 32)
    noted = (tmp_path / "a").read_bytes()
    at = noted.index(b"\x04" * 32)
    (tmp_path / "a").write_bytes(noted[:at] + b"\x05" + noted[at + 1 :])
    assert one.open() == Head(3, b"\x03" * 32)
    assert Answered(tmp_path / "a", b"other" * 8).open() == Head()
    one.close()


def test_a_server_that_was_killed_misses_what_it_answered(tmp_path: Path) -> None:
    file = tmp_path / "audit.log"
    with svault(tmp_path) as server:
        server.begin()
        server.data("PUT", "sys/audit/file", json={"type": "file", "options": {"file_path": str(file)}})
        server.data("GET", "sys/mounts")
        server.kill()
        shares, root = server.shares, server.root
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:-2]))
    with svault(tmp_path) as server:
        server.shares, server.root = shares, root
        server.unseal()
        found = server.data("POST", "sys/audit-verify/file")
        assert found["intact"] is False
        assert "lines are missing" in found["first_bad"]["why"]
