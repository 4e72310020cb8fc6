"""Bodies that are none, too large, too deep, or of another kind: a plain refusal, and the server goes on."""

import time
from collections.abc import Iterator

import pytest

from ..servers import Server  # noqa: TID252 - servers of all tests of the vault

MIB = 1 << 20
REFUSED = {
    "no JSON": b"{", "text": b'"x"', "number": b"1", "list": b"[]", "two values": b'{"data":{"a":1}}{"data":1}',
    "not utf-8": b'{"data":{"a":"\xff"}}', "half a pair": b'{"data":{"a":"\\ud800"}}', "NaN": b'{"data":{"a":NaN}}',
    "infinite": b'{"data":{"a":1e400}}', "utf-16": '{"data":{"a":1}}'.encode("utf-16"),
    "deep objects": b'{"data":' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001,
    "deep lists": b'{"data":{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
    "deep, as far as it is parsed": b'{"data":{"a":' + b"[" * 1_000 + b"]" * 1_000 + b"}}",
    "unclosed": b'{"data":' + b"[" * 2_000_000, "null": b"null", "empty": b"", "spaces": b"  \n ",
    "no data": b'{"a":1}', "data is null": b'{"data":null}', "data is a list": b'{"data":[1]}',
    "data is text": b'{"data":"x"}',
    "options are text": b'{"data":{},"options":"x"}', "cas is text": b'{"data":{},"options":{"cas":"x"}}',
    "cas is huge": b'{"data":{},"options":{"cas":99999999999999999999}}',
    "cas is a float": b'{"data":{},"options":{"cas":1.5}}',
    "no JSON, with a nul": b'\x00{"data":{}}',
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_bodies_that_are_refused(server: Server, name: str) -> None:
    found = server.ask("POST", "kv2/data/refused", content=REFUSED[name])
    assert found.status_code == 400, found.text
    assert found.json()["errors"]
    assert len(found.content) < 500
    assert server.ask("GET", "kv2/data/refused").status_code == 404


@pytest.mark.parametrize("kind", ["", "text/plain", "application/json; charset=utf-8", "x/y", "APPLICATION/JSON", ";;"])
def test_the_content_type_of_json_does_not_matter(server: Server, kind: str) -> None:
    headers = {"Content-Type": kind} if kind else {}
    assert server.ask("POST", "kv2/data/typed", content=b'{"data":{"a":1}}', headers=headers).status_code == 200


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_forms(server: Server, kind: str) -> None:
    assert server.ask("POST", "kv1/form", content=b"a=1", headers={"Content-Type": kind}).status_code == 400
    assert server.ask("GET", "kv1/form").status_code == 404


def test_patches_have_a_type_of_their_own(server: Server) -> None:
    for kind in ("application/json", "application/json-patch+json", "", "text/plain"):
        found = server.ask("PATCH", "kv2/data/a/b", content=b'{"data":{"p":1}}', headers={"Content-Type": kind})
        assert found.status_code == 415, kind
    good = {"Content-Type": "application/merge-patch+json; charset=utf-8"}
    assert server.ask("PATCH", "kv2/data/a/b", content=b'{"data":{"p":1}}', headers=good).status_code == 200
    assert server.ask("PATCH", "kv2/metadata/a/b", content=b"{}").status_code == 415


def test_the_largest_body(server: Server) -> None:
    def chunks(number: int) -> Iterator[bytes]:
        yield b'{"v":"'
        for _ in range(number):
            yield b"a" * MIB
        yield b'"}'

    fits = b'{"v":"' + b"a" * (32 * MIB - 8) + b'"}'
    assert server.ask("POST", "transit/hash", content=fits).status_code == 400  # it has no input
    for large in (fits + b" ", chunks(32)):
        found = server.ask("POST", "kv1/large", content=large)
        assert (found.status_code, found.json()) == (413, {"errors": ["http: request body too large"]})
    assert server.ask("GET", "kv1/large").status_code == 404
    assert server.ask("POST", "kv1/chunked", content=chunks(1)).status_code == 204
    assert len(server.data("GET", "kv1/chunked")["v"]) == MIB


def test_wide_documents(server: Server) -> None:
    wide = b'{"data":{' + b",".join(b'"%d":1' % number for number in range(100_000)) + b"}}"
    assert server.ask("POST", "kv2/data/wide", content=wide).status_code in (200, 400)
    many = b'{"batch_input":[' + b",".join([b'{"plaintext":"AAAA"}'] * 20_000) + b"]}"
    server.data("POST", "transit/keys/k")
    assert server.ask("POST", "transit/encrypt/k", content=many).status_code in (200, 400)
    assert server.ask("GET", "kv1/a/b?" + "&".join(f"x{n}=1" for n in range(3_000))).status_code in (200, 400)


@pytest.mark.parametrize(
    "inner",
    [b'"x",' * 110_000, b"0," * 8_000_000, b"[]," * 200_000, b'{"a":1},' * 60_000],
    ids=["texts", "numbers", "lists", "objects"],
)
def test_more_values_than_anybody_needs(server: Server, inner: bytes) -> None:
    """Each is hashed for the audit, also when nobody may send it: others would wait."""
    begin = time.monotonic()
    for token in (server.root, "nobody's"):
        found = server.ask("POST", "kv2/data/dense", token=token, content=b'{"data":{"a":[' + inner[:-1] + b"]}}")
        assert found.status_code == 400
        assert found.json()["errors"][0].startswith("refused JSON input due to high complexity")
    assert time.monotonic() - begin < 20
    assert server.ask("GET", "kv2/data/dense").status_code == 404


def test_long_texts_are_not_many_values(server: Server) -> None:
    server.data("POST", "kv2/data/csv", json={"data": {"a": 'a,"b",[c],{d}' * 50_000}})
    assert len(server.data("GET", "kv2/data/csv")["data"]["a"]) == 13 * 50_000


def test_unusual_but_good(server: Server) -> None:
    """Keys twice (the last counts), a nul in a key, numbers of 64 bits, any script: kept as they are."""
    server.data(
        "POST",
        "kv2/data/odd",
        content='{"data":{"a":1,"a":2,"\\u0000":"é\U0001f600","n":9223372036854775807}}'.encode(),
    )
    assert server.data("GET", "kv2/data/odd")["data"] == {"a": 2, "\x00": "é\U0001f600", "n": 9223372036854775807}
