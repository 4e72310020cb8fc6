"""Backup files that are damaged, cut, foreign or too new: refused as a whole, before anything is touched."""

import gzip
import hashlib
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratumiops.graph.backup.format import Header, node_line, relationship_line
from stratumiops.graph.backup.reader import rows, verify
from stratumiops.graph.backup.values import decode, encode
from stratumiops.graph.backup.writer import new_file
from stratumiops.graph.errors import BadInput, Conflict, StratumError, Unavailable

SCHEMA = 3
NODES = [node_line(i * 7, ["Note"], {"title": f"note {i}", "noise": [i, i * i]}) for i in range(400)]
RELATIONSHIPS = [relationship_line(i * 7, 0, "RELATES_TO", {"weight": 0.5}) for i in range(100)]


def header(**changes: int) -> Header:
    values = {"schema": SCHEMA, "nodes": len(NODES), "relationships": len(RELATIONSHIPS)} | changes
    return Header(**values, created_at="2026-01-01T00:00:00.000000Z", stratumiops="9.9.9")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "graph.backup"
    with new_file(path, force=False) as writer:
        for line in (header().line(), *NODES, *RELATIONSHIPS):
            writer.write(line)
        writer.finish(header())
    return path


def rewritten(file: Path, change: "list[bytes] | None" = None, *, end: dict[str, object] | None = None) -> None:
    """Write these lines with a right end: damage that only counts can show."""
    lines = change or []
    sha256 = hashlib.sha256(b"".join(lines)).hexdigest()
    last = {"nodes": len(NODES), "relationships": len(RELATIONSHIPS), "sha256": sha256} | (end or {})
    file.write_bytes(gzip.compress(b"".join(lines) + orjson.dumps({"end": last}) + b"\n"))


def test_a_whole_file_is_accepted_and_read(file: Path) -> None:
    found = verify(file, SCHEMA)
    assert (found.nodes, found.relationships, found.schema) == (400, 100, SCHEMA)
    read = list(rows(file))
    assert len(read) == 500
    assert read[399]["properties"] == {"title": "note 399", "noise": [399, 399 * 399]}
    assert gzip.decompress(file.read_bytes()).count(b"\n") == 502


def test_any_cut_is_noticed(file: Path) -> None:
    whole = file.read_bytes()
    for length in (0, 1, 9, 10, 11, len(whole) // 2, len(whole) - 9, len(whole) - 8, len(whole) - 1):
        file.write_bytes(whole[:length])
        with pytest.raises(BadInput, match=r"is damaged|no StratumIOps backup"):
            verify(file, SCHEMA)


def test_any_flipped_bit_is_noticed(file: Path) -> None:
    whole = bytearray(file.read_bytes())
    for position in range(12, len(whole), max(1, len(whole) // 300)):
        whole[position] ^= 0x10
        file.write_bytes(whole)
        with pytest.raises(StratumError):
            verify(file, SCHEMA)
        whole[position] ^= 0x10


@pytest.mark.parametrize("tail", [b"x", b"\0" * 2_000_000, gzip.compress(b"{}\n", mtime=0)])
def test_something_behind_the_end_is_noticed(file: Path, tail: bytes) -> None:
    file.write_bytes(file.read_bytes() + tail)
    with pytest.raises(BadInput, match="something follows its end"):
        verify(file, SCHEMA)


@pytest.mark.parametrize(
    "content", [b"", b"hello", gzip.compress(b"", mtime=0), gzip.compress(b'{"format": "other"}\n', mtime=0)]
)
def test_what_is_no_backup_is_said_so(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(BadInput) as raised:
        verify(file, SCHEMA)
    assert "nothing was touched" in (raised.value.hint or "")


def test_a_missing_row_is_noticed(file: Path) -> None:
    rewritten(file, [header().line(), *NODES[1:], *RELATIONSHIPS])
    with pytest.raises(BadInput, match="499 rows and should have 500"):
        verify(file, SCHEMA)


def test_another_digest_is_noticed(file: Path) -> None:
    rewritten(file, [header().line(), *NODES, *RELATIONSHIPS], end={"sha256": "0" * 64})
    with pytest.raises(BadInput, match="another SHA-256"):
        verify(file, SCHEMA)


def test_an_end_that_contradicts_the_header_is_noticed(file: Path) -> None:
    rewritten(file, [header().line(), *NODES, *RELATIONSHIPS], end={"nodes": 1})
    with pytest.raises(BadInput, match="does not fit its header"):
        verify(file, SCHEMA)


def test_a_newer_schema_is_refused_and_named(file: Path) -> None:
    with pytest.raises(Conflict, match=r"schema version 3; this program knows versions up to 2") as raised:
        verify(file, SCHEMA - 1)
    assert "9.9.9" in (raised.value.hint or "")


def test_a_newer_format_is_refused(file: Path) -> None:
    values = orjson.loads(header().line()) | {"version": 2}
    rewritten(file, [orjson.dumps(values) + b"\n", *NODES, *RELATIONSHIPS])
    with pytest.raises(Conflict, match="backup format 2"):
        verify(file, SCHEMA)


def test_an_incomplete_header_is_refused(file: Path) -> None:
    values = orjson.loads(header().line())
    del values["schema"]
    rewritten(file, [orjson.dumps(values) + b"\n", *NODES, *RELATIONSHIPS])
    with pytest.raises(BadInput, match="header is not complete"):
        verify(file, SCHEMA)


def test_a_failure_leaves_nothing_and_the_old_file(file: Path) -> None:
    before = file.read_bytes()

    def interrupted() -> None:
        with new_file(file, force=True) as writer:
            writer.write(header().line())
            raise Unavailable("the server went away")

    with pytest.raises(Unavailable, match="went away"):
        interrupted()
    assert file.read_bytes() == before
    assert list(file.parent.iterdir()) == [file]


def test_a_missing_folder_is_said_so(tmp_path: Path) -> None:
    with (
        pytest.raises(BadInput, match="cannot be written: No such file"),
        new_file(tmp_path / "no" / "file", force=False),
    ):
        pytest.fail("the block must not run")


SCALARS = st.one_of(st.text(), st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False), st.binary())
LISTS = st.one_of(
    st.lists(st.text()),
    st.lists(st.integers(-(2**63), 2**63 - 1)),
    st.lists(st.floats(allow_nan=False)),
    st.lists(st.booleans()),
)


@given(st.dictionaries(st.text(min_size=1), st.one_of(SCALARS, LISTS)))
def test_values_round_trip_with_their_types(properties: dict[str, object]) -> None:
    read = decode(orjson.loads(orjson.dumps(encode(properties))))
    assert read == properties
    assert [repr(value) for value in read.values()] == [repr(value) for value in properties.values()]


def test_not_a_number_round_trips() -> None:
    read = decode(orjson.loads(orjson.dumps(encode({"x": float("nan"), "l": [1.0, float("nan")]}))))
    assert read["x"] != read["x"]
    assert read["l"][0] == 1.0
    assert read["l"][1] != read["l"][1]


def test_a_type_that_cannot_be_held_is_named() -> None:
    with pytest.raises(StratumError, match="type object"):
        encode({"x": object()})
