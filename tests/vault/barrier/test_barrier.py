"""The barrier: what comes back, what is noticed, and what is never shown."""

import asyncio
import secrets
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratumiops.vault.barrier import barrier as module
from stratumiops.vault.barrier.anchor import RolledBack
from stratumiops.vault.barrier.barrier import Barrier
from stratumiops.vault.barrier.paths import GENERATION, KEYRING
from stratumiops.vault.errors import BadRequest, Corrupt, OutcomeUnknown, Sealed, StorageFailed, TooLarge
from stratumiops.vault.storage.memory import MemoryStorage


async def opened(storage: MemoryStorage | None = None, anchor: Path | None = None) -> tuple[Barrier, bytes]:
    root = secrets.token_bytes(32)
    barrier = Barrier(storage or MemoryStorage(), anchor)
    await barrier.initialize(root)
    await barrier.unseal(root)
    return barrier, root


class Failing(MemoryStorage):
    """A storage whose writes fail while `failing`; `calls` counts its transactions."""

    def __init__(self) -> None:
        super().__init__()
        self.failing = False
        self.calls: list[int] = []
        self.gate: asyncio.Event | None = None

    async def apply(self, changes: Mapping[str, bytes | None]) -> None:
        self.calls.append(len(changes))
        if self.gate is not None:
            await self.gate.wait()
        if self.failing:
            raise StorageFailed("no space left")
        await super().apply(changes)


async def test_sealed_until_unsealed() -> None:
    storage = MemoryStorage()
    barrier = Barrier(storage)
    assert not await barrier.initialized()
    with pytest.raises(BadRequest, match="Vault is not initialized"):
        await barrier.unseal(bytes(32))
    root = secrets.token_bytes(32)
    await barrier.initialize(root)
    assert await barrier.initialized()
    assert barrier.sealed
    for call in (barrier.get("a"), barrier.apply({"a": b"1"}), barrier.names(""), barrier.rotate()):
        with pytest.raises(Sealed):
            await call
    with pytest.raises(BadRequest, match="invalid key"):
        await barrier.unseal(secrets.token_bytes(32))
    with pytest.raises(BadRequest, match="invalid key"):
        await barrier.unseal(b"short")
    with pytest.raises(BadRequest, match="already initialized"):
        await barrier.initialize(root)
    await barrier.unseal(root)
    await barrier.apply({"a": b"1"})
    await barrier.seal()
    with pytest.raises(Sealed):
        await barrier.get("a")
    await barrier.unseal(root)
    assert await barrier.get("a") == b"1"


async def test_a_storage_that_holds_something_else_is_not_initialized() -> None:
    storage = MemoryStorage()
    await storage.apply({"other": b"1"})
    with pytest.raises(StorageFailed, match="no keyring"):
        await Barrier(storage).initialize(bytes(32))


async def test_nothing_in_the_clear_reaches_the_storage() -> None:
    storage = MemoryStorage()
    barrier, root = await opened(storage)
    await barrier.apply({"a": b"marker-secret" * 3})
    everything = b"".join(storage._values.values())
    assert b"marker-secret" not in everything
    assert root not in everything
    assert "marker" not in repr(barrier)


async def test_changed_moved_and_cut_entries_are_noticed() -> None:
    storage = MemoryStorage()
    barrier, root = await opened(storage)
    await barrier.apply({"a": b"one", "b": b"two"})
    stored, other = storage._values["a"], storage._values["b"]
    changed = [stored[:at] + bytes([stored[at] ^ 1]) + stored[at + 1 :] for at in range(len(stored))]
    for bad in [*changed, stored[:-1], stored[:20], b"x", other]:
        await storage.apply({"a": bad})
        fresh = Barrier(storage)
        await fresh.unseal(root)
        with pytest.raises(Corrupt) as caught:
            await fresh.get("a")
        assert caught.value.status == 500
        assert await fresh.get("b") == b"two"


async def test_a_changed_keyring_or_generation_is_noticed() -> None:
    storage = MemoryStorage()
    _, root = await opened(storage)
    for key, error in ((KEYRING, BadRequest), (GENERATION, Corrupt)):
        good = storage._values[key]
        await storage.apply({key: good[:-1] + bytes([good[-1] ^ 1])})
        with pytest.raises(error):
            await Barrier(storage).unseal(root)
        await storage.apply({key: None})
        with pytest.raises((BadRequest, Corrupt)):
            await Barrier(storage).unseal(root)
        await storage.apply({key: good})


async def test_rotation_keeps_what_was_written(monkeypatch: pytest.MonkeyPatch) -> None:
    storage = MemoryStorage()
    barrier, root = await opened(storage)
    await barrier.apply({"a": b"1"})
    assert barrier.key_status().term == 1
    await barrier.rotate()
    assert (barrier.key_status().term, barrier.key_status().encryptions) == (2, 1)
    await barrier.apply({"b": b"2"})
    assert int.from_bytes(storage._values["a"][1:5]) == 1
    assert int.from_bytes(storage._values["b"][1:5]) == 2
    again = Barrier(storage)
    await again.unseal(root)
    assert (await again.get("a"), await again.get("b"), again.key_status().term) == (b"1", b"2", 2)
    monkeypatch.setattr(module, "MOST_ENCRYPTIONS", again.key_status().encryptions + 3)
    for number in range(5):
        await again.apply({f"c/{number}": b"3"})
    assert again.key_status().term > 2
    assert await again.get("c/0") == b"3"


async def test_a_crash_never_counts_too_few_encryptions() -> None:
    storage = MemoryStorage()
    barrier, root = await opened(storage)
    made = 0
    for number in range(50):
        await barrier.apply({f"k/{at}": b"v" for at in range(number)})
        made += number + 1
        assert barrier.key_status().encryptions >= made
        crashed = Barrier(storage)
        await crashed.unseal(root)
        assert crashed.key_status().encryptions >= barrier.key_status().encryptions
    await barrier.seal()
    await barrier.unseal(root)
    assert made <= barrier.key_status().encryptions <= made + 10


async def test_rekeying_is_all_or_nothing() -> None:
    storage = Failing()
    barrier, old = await opened(storage)
    await barrier.apply({"a": b"1"})
    new = secrets.token_bytes(32)
    storage.failing = True
    with pytest.raises(StorageFailed):
        await barrier.rekey(new, {"seal": b"new"})
    storage.failing = False
    barrier.check(old)
    assert await barrier.record("seal") is None
    await barrier.rekey(new, {"seal": b"new"})
    barrier.check(new)
    with pytest.raises(BadRequest):
        barrier.check(old)
    again = Barrier(storage)
    with pytest.raises(BadRequest):
        await again.unseal(old)
    await again.unseal(new)
    assert (await again.get("a"), await again.record("seal")) == (b"1", b"new")


async def test_writers_share_transactions_and_each_stays_whole() -> None:
    storage = Failing()
    storage.most_changes = 36
    barrier, _ = await opened(storage)
    await barrier.apply({"warm": b"1"})
    storage.calls.clear()
    storage.gate = asyncio.Event()
    tasks = [asyncio.create_task(barrier.apply({f"w/{n}/{at}": b"v" for at in range(4)})) for n in range(20)]
    await asyncio.sleep(0)
    storage.gate.set()
    await asyncio.gather(*tasks)
    assert storage.calls == [25, 25, 25, 9]


async def test_a_failed_write_fails_for_all_that_share_it_and_the_next_works() -> None:
    storage = Failing()
    barrier, _ = await opened(storage)
    await barrier.apply({"a": b"old"})
    storage.failing = True
    results = await asyncio.gather(*(barrier.apply({"a": b"new"}) for _ in range(5)), return_exceptions=True)
    assert all(isinstance(one, StorageFailed) for one in results)
    assert await barrier.get("a") == b"old"
    storage.failing = False
    await barrier.apply({"a": b"new"})
    assert await barrier.get("a") == b"new"


class Silent(MemoryStorage):
    """A storage that does not answer while `silent`. What it was sent then it does in `arrive`, if nothing else was
    done before: that is what `Storage.apply` promises."""

    silent = False

    def __init__(self) -> None:
        super().__init__()
        self.late: list[Mapping[str, bytes | None]] = []

    async def apply(self, changes: Mapping[str, bytes | None]) -> None:
        if self.silent:
            self.late.append(changes)
            raise OutcomeUnknown("no answer")
        self.late.clear()
        await super().apply(changes)

    async def arrive(self) -> None:
        for changes in self.late:
            await super().apply(changes)
        self.late.clear()


@pytest.mark.parametrize("early", [True, False])
async def test_what_is_read_after_a_write_without_an_answer_stays_true(tmp_path: Path, early: bool) -> None:
    storage = Silent()
    barrier, root = await opened(storage, tmp_path / "anchor")
    await barrier.apply({"a": b"1", "b": b"1"})
    storage.silent = True
    with pytest.raises(OutcomeUnknown):
        await barrier.apply({"a": b"2", "b": b"2", "c": b"2"})
    for question in (barrier.get("a"), barrier.names("")):  # whether it was done is not known
        with pytest.raises(StorageFailed):
            await question
    if early:
        await storage.arrive()
    storage.silent = False
    found, names = await barrier.get("a"), await barrier.names("")
    await storage.arrive()
    assert found == (b"2" if early else b"1")
    assert names == (["a", "b", "c"] if early else ["a", "b"])
    again = Barrier(storage, tmp_path / "anchor")
    for one in (barrier, again):
        await one.unseal(root)
        assert [await one.get("a"), await one.get("b")] == [found, found]
        assert await one.names("") == names


async def test_a_caller_that_goes_away_does_not_stop_its_write() -> None:
    storage = Failing()
    barrier, _ = await opened(storage)
    storage.gate = asyncio.Event()
    task = asyncio.create_task(barrier.apply({"a": b"1"}))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    storage.gate.set()
    await barrier.apply({"b": b"2"})
    assert await barrier.get("a") == b"1"


async def test_a_read_during_a_write_does_not_keep_the_old_value() -> None:
    class Slow(MemoryStorage):
        def __init__(self) -> None:
            super().__init__()
            self.read, self.go = asyncio.Event(), asyncio.Event()

        async def get(self, key: str) -> bytes | None:
            found = await super().get(key)
            if key == "a":
                self.read.set()
                await self.go.wait()
            return found

    storage = Slow()
    barrier, root = await opened(storage)
    await barrier.apply({"a": b"old"})
    again = Barrier(storage)
    await again.unseal(root)
    reading = asyncio.create_task(again.get("a"))
    await storage.read.wait()
    await again.apply({"a": b"new"})
    storage.go.set()
    assert await reading in (b"old", b"new")
    assert await again.get("a") == b"new"


async def test_what_is_too_large_or_no_path() -> None:
    storage = MemoryStorage()
    storage.largest, storage.most_changes = 1000, 20
    barrier, _ = await opened(storage)
    with pytest.raises(TooLarge):
        await barrier.apply({"a": bytes(1001)})
    with pytest.raises(TooLarge):
        await barrier.apply({f"a/{number}": b"" for number in range(20)})
    for bad in ("", "/a", "a/", "barrier/keyring", "a\ud800", "é" * 600):
        with pytest.raises(BadRequest):
            await barrier.apply({bad: b"1"})
        with pytest.raises(BadRequest):
            await barrier.get(bad)
    await barrier.apply({})
    await barrier.apply({"a": bytes(900)})
    assert await barrier.names("") == ["a"]
    assert await barrier.names("", "", 1) == ["a"]


@given(
    st.lists(
        st.dictionaries(st.sampled_from(["a", "b/c", "b/d", "é"]), st.none() | st.binary(max_size=300), max_size=4),
        max_size=12,
    ),
    st.integers(min_value=0, max_value=2000),
)
async def test_it_is_a_dictionary_whatever_the_cache(writes: list[dict[str, bytes | None]], cache: int) -> None:
    root = secrets.token_bytes(32)
    storage = MemoryStorage()
    barrier = Barrier(storage, cache_bytes=cache)
    await barrier.initialize(root)
    await barrier.unseal(root)
    model: dict[str, bytes] = {}
    for changes in writes:
        await barrier.apply(changes)
        for key, value in changes.items():
            model.pop(key, None)
            if value is not None:
                model[key] = value
        assert {key: await barrier.get(key) for key in ("a", "b/c", "b/d", "é")} == {
            key: model.get(key) for key in ("a", "b/c", "b/d", "é")
        }
    await barrier.seal()
    await barrier.unseal(root)
    for key in ("a", "b/c", "b/d", "é"):
        assert await barrier.get(key) == model.get(key)


async def test_an_older_storage_is_noticed(tmp_path: Path) -> None:
    storage = MemoryStorage()
    anchor = tmp_path / "x.anchor"
    barrier, root = await opened(storage, anchor)
    assert barrier.warning == ""
    await barrier.apply({"a": b"1"})
    old = dict(storage._values)
    for number in range(3):
        await barrier.apply({"a": str(number).encode()})
    await barrier.seal()
    back = MemoryStorage()
    await back.apply(old)
    again = Barrier(back, anchor)
    with pytest.raises(RolledBack, match=r"generation \d+.*seen generation \d+.*accept_rollback") as caught:
        await again.unseal(root)
    assert caught.value.status == 500
    assert again.sealed
    await again.unseal(root, accept_rollback=True)
    assert "accepted" in again.warning
    assert await again.get("a") == b"1"
    third = Barrier(back, anchor)
    await third.unseal(root)
    assert third.warning == ""


async def test_a_crash_between_commit_and_anchor_is_no_rollback(tmp_path: Path) -> None:
    storage, anchor = MemoryStorage(), tmp_path / "x.anchor"
    barrier, root = await opened(storage, anchor)
    await barrier.apply({"a": b"1"})
    before = anchor.read_bytes()
    await barrier.apply({"a": b"2"})
    anchor.write_bytes(before)
    again = Barrier(storage, anchor)
    await again.unseal(root)
    assert again.warning == ""
    assert await again.get("a") == b"2"


async def test_one_torn_slot_of_the_anchor_is_survived(tmp_path: Path) -> None:
    storage, anchor = MemoryStorage(), tmp_path / "x.anchor"
    barrier, root = await opened(storage, anchor)
    await barrier.apply({"a": b"1"})
    whole = anchor.read_bytes()
    for at in (10, 138):
        anchor.write_bytes(whole[:at] + b"\xff" + whole[at + 1 :])
        again = Barrier(storage, anchor)
        await again.unseal(root)
        assert again.warning == ""


async def test_a_missing_a_foreign_and_a_changed_anchor(tmp_path: Path) -> None:
    storage, anchor = MemoryStorage(), tmp_path / "x.anchor"
    _, root = await opened(storage, anchor)
    await opened(MemoryStorage(), tmp_path / "other.anchor")
    anchor.unlink()
    again = Barrier(storage, anchor)
    await again.unseal(root)
    assert "there is no anchor" in again.warning
    foreign = (tmp_path / "other.anchor").read_bytes()
    for bad in (foreign, bytes(256), b""):
        anchor.write_bytes(bad)
        with pytest.raises(RolledBack, match="another vault's or was changed"):
            await Barrier(storage, anchor).unseal(root)
    await Barrier(storage, anchor).unseal(root, accept_rollback=True)


async def test_an_unfinished_initialization_is_begun_anew() -> None:
    storage = MemoryStorage()
    barrier = Barrier(storage)
    await barrier.initialize(bytes(32), pending=True)
    await barrier.unseal(bytes(32))
    await barrier.apply({"left/over": b"1"})
    crashed = Barrier(storage)
    assert not await crashed.initialized()
    root = secrets.token_bytes(32)
    await crashed.initialize(root, pending=True)
    await crashed.unseal(root)
    assert await crashed.get("left/over") is None
    await crashed.finish({"seal": b"2"})
    assert await crashed.initialized()
    assert await crashed.record("seal") == b"2"
    with pytest.raises(BadRequest, match="already initialized"):
        await crashed.initialize(root)
