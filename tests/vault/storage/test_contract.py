"""What every storage does, whatever it is made of."""

import secrets
from pathlib import Path

import pytest
from tests.vault.storage.kept import Kept

from stratumiops.vault.config import parse
from stratumiops.vault.errors import ConfigError, StorageFailed
from stratumiops.vault.storage.opening import anchor_path, make_storage, open_storage
from stratumiops.vault.storage.options import StorageSection
from stratumiops.vault.storage.port import Storage

PRINTABLE = "".join(chr(code) for code in range(0x20, 0x7F) if chr(code) != "/")
ODD = [
    PRINTABLE,
    "ключ",
    "鍵/ключ",
    "a%2fb",
    "a'b\"c;--",
    "emoji 😀",
    "\ue000",
    "\U00010000",
    "\x01",
    "~",
    "Ä",
    "a\\b",
    "$1",
]


async def test_values_come_back(storage: Storage) -> None:
    values = {f"v/{size}": secrets.token_bytes(size) for size in (0, 1, 255, 4096, 100_000)}
    await storage.apply(values)
    assert {key: await storage.get(key) for key in values} == values
    assert await storage.get("v/none") is None
    await storage.apply({"v/1": b"other", "v/255": None, "v/none": None})
    assert (await storage.get("v/1"), await storage.get("v/255")) == (b"other", None)
    await storage.apply({})


async def test_every_character_of_a_key(storage: Storage) -> None:
    await storage.apply({f"odd/{name}": name.encode() for name in ODD} | dict.fromkeys(ODD, b"top"))
    for name in ODD:
        assert await storage.get(f"odd/{name}") == name.encode()
        assert await storage.get(name) == b"top"
    expected = sorted({name.partition("/")[0] + ("/" if "/" in name else "") for name in ODD}, key=str.encode)
    assert await storage.names("odd/") == expected
    assert await storage.names("") == sorted([*expected, "odd/"], key=str.encode)


async def test_the_longest_key(storage: Storage) -> None:
    key = "k/" + "é" * 511
    await storage.apply({key: b"1"})
    assert await storage.get(key) == b"1"
    assert await storage.names("k/") == ["é" * 511]


async def test_names_are_those_directly_below(storage: Storage) -> None:
    keys = ["a", "a-b", "a/b", "a/b/c", "a/c", "a0", "b/x/y/z", "ab/c"]
    await storage.apply(dict.fromkeys(keys, b"1"))
    assert await storage.names("") == ["a", "a-b", "a/", "a0", "ab/", "b/"]
    assert await storage.names("a/") == ["b", "b/", "c"]
    assert await storage.names("b/x/") == ["y/"]
    assert await storage.names("none/") == []
    assert await storage.names("", "a-b") == ["a/", "a0", "ab/", "b/"]
    assert await storage.names("", "a/", 2) == ["a0", "ab/"]
    assert await storage.names("", "a", 1) == ["a-b"]
    assert await storage.names("", "zz") == []


async def test_pages_put_together_are_the_whole(storage: Storage) -> None:
    flat = {f"p/{number:04}": b"1" for number in range(700)}
    deep = {f"p/d{number % 7}/{number}": b"1" for number in range(700)}
    changes = list((flat | deep).items())
    for begin in range(0, len(changes), 100):
        await storage.apply(dict(changes[begin : begin + 100]))
    whole = await storage.names("p/")
    assert whole == sorted({key[2:] for key in flat} | {f"d{number}/" for number in range(7)})
    paged: list[str] = []
    while page := await storage.names("p/", paged[-1] if paged else "", 37):
        assert len(page) <= 37
        paged += page
    assert paged == whole


async def test_a_full_transaction_fits(storage: Storage) -> None:
    most = min(storage.most_changes, 1_000)
    await storage.apply({f"m/{number}": b"x" * 100 for number in range(most)})
    assert len(await storage.names("m/")) == most
    await storage.apply({f"m/{number}": None for number in range(most)})
    assert await storage.names("m/") == []


async def test_it_is_there_after_a_restart(kept: Kept) -> None:
    first = await kept.open()
    await first.apply({"a/b": b"1", "a/c": b"2"})
    await first.apply({"a/c": None})
    await first.close()
    await first.close()
    second = await kept.open()
    assert (await second.get("a/b"), await second.names("a/")) == (b"1", ["b"])
    await second.close()


async def test_a_second_server_is_refused(kept: Kept) -> None:
    first = await kept.open()
    with pytest.raises(StorageFailed, match=r"in use by another server"):
        await kept.open()
    await first.apply({"a": b"1"})
    await first.close()
    second = await kept.open()
    assert await second.get("a") == b"1"
    await second.close()


async def test_a_closed_storage_says_so(kept: Kept) -> None:
    found = await kept.open()
    await found.close()
    if kept.backend != "etcd":  # connects anew by itself
        with pytest.raises(StorageFailed):
            await found.get("a")
        with pytest.raises(StorageFailed):
            await found.apply({"a": b"1"})


def section(backend: str, options: dict[str, object]) -> StorageSection:
    return parse({"storage": {"backend": backend, backend: {"password_env": "", **options}}}).storage


@pytest.mark.parametrize(
    ("backend", "options", "text"),
    [
        ("surrealdb", {}, 'use "neo4j"'),
        ("etcd", {"endpoint": ["http://x"]}, "storage.etcd.endpoint: unknown key; did you mean endpoints"),
        ("etcd", {"endpoints": "http://x"}, "storage.etcd.endpoints: Input should be a valid tuple"),
        ("etcd", {"endpoints": ["localhost:2379"]}, "does not begin with http"),
        ("etcd", {"endpoints": []}, "at least 1 item"),
        ("etcd", {"lease_s": 0}, "greater than or equal to 1"),
        ("etcd", {"ca_cert": "/nowhere/ca.pem"}, "the certificates cannot be read"),
        ("postgresql", {"url": "x", "table": "a; drop table b"}, "no plain lower-case name"),
        ("postgresql", {"password_env": "SVAULT_NO_SUCH"}, "the variable SVAULT_NO_SUCH is not set"),
    ],
)
def test_what_cannot_be(backend: str, options: dict[str, object], text: str) -> None:
    with pytest.raises(ConfigError, match=text):
        make_storage(section(backend, options))


@pytest.mark.parametrize(
    ("backend", "options"),
    [
        ("etcd", {"endpoints": ["http://127.0.0.1:1"]}),
        ("postgresql", {"url": "postgresql://nobody:hunter2@127.0.0.1:1/x"}),
        ("postgresql", {"url": "postgresql://nobody@127.0.0.1:1/x", "password_env": "SVAULT_PASSWORD"}),
        ("neo4j", {"uri": "bolt://127.0.0.1:1", "password_env": "SVAULT_PASSWORD"}),
    ],
)
async def test_a_storage_that_is_not_there(
    monkeypatch: pytest.MonkeyPatch, backend: str, options: dict[str, object]
) -> None:
    monkeypatch.setenv("SVAULT_PASSWORD", "hunter2")
    with pytest.raises(StorageFailed) as caught:
        await open_storage(section(backend, options))
    assert "hunter2" not in str(caught.value)


async def test_a_folder_that_cannot_be() -> None:
    with pytest.raises(StorageFailed):
        await open_storage(parse({"storage": {"filesystem": {"path": "/proc/nowhere/svault"}}}).storage)


@pytest.mark.parametrize(
    ("backend", "options"),
    [
        ("postgresql", {"url": "postgresql://svault:hunter2@host:port/x"}),
        ("postgresql", {"url": "http://svault:hunter2@host/x"}),
        ("neo4j", {"uri": "http://127.0.0.1:1"}),
    ],
)
async def test_an_address_that_is_none(backend: str, options: dict[str, object]) -> None:
    with pytest.raises(ConfigError) as caught:
        await open_storage(section(backend, options))
    assert "hunter2" not in str(caught.value)


def test_where_the_anchor_is() -> None:
    state = Path("/var/lib/svault")
    files = parse({"storage": {"filesystem": {"path": "/data/vault"}}}).storage
    assert anchor_path(files, state) == Path("/data/vault.anchor")
    assert anchor_path(parse({"storage": {"backend": "memory"}}).storage, state) is None
    places = [
        anchor_path(section(backend, options), state)
        for backend, name in (("etcd", "prefix"), ("postgresql", "table"), ("neo4j", "store"))
        for options in ({}, {name: "another"})
    ]
    assert len(set(places)) == 6
    assert {place.parent for place in places if place is not None} == {state}
    urls = ("postgresql://a:hunter2@host/x", "postgresql://b:other@host/x")  # a new password is no new storage
    assert len({anchor_path(section("postgresql", {"url": url}), state) for url in urls}) == 1
