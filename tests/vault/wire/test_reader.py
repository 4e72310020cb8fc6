"""How requests are put together from bytes, whichever loop they come on."""

import asyncio
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stratumiops.vault.http.reader import Bounds, HeadTooLarge, Reader

from .wire_client import CHUNKED, HOST, post, wire


@pytest.mark.parametrize(
    "endless",
    [b"0\r\nX: " + b"x" * 1_000, b"0\r\n" + b"X: y\r\n" * 200, b"1;" + b"x" * 1_000, b'1;x="' + b"x" * 1_000],
    ids=["a trailer", "trailers", "an extension", "a quoted extension"],
)  # fmt: skip
def test_what_stands_around_chunks_has_a_bound(endless: bytes) -> None:
    reader = Reader(Bounds(8_192, 100, 1 << 20))
    reader.add(CHUNKED)
    assert reader.next() is None
    reader.add(endless)
    for _ in range(38):
        assert reader.next() is None
        reader.add(endless[-180:])
    reader.add(endless[-180:] * 10)
    with pytest.raises(HeadTooLarge):
        reader.next()


def test_small_chunks_take_no_more_memory_than_large_ones() -> None:
    reader = Reader(Bounds(8_192, 100, 1 << 24))
    reader.add(CHUNKED)
    assert reader.next() is None
    chunks = b"2\r\nab\r\n" * 10_000
    tracemalloc.start()
    try:
        for _ in range(50):
            reader.add(chunks)
            assert reader.next() is None
        assert reader.size == 1_000_000
        assert tracemalloc.get_traced_memory()[0] < 2_000_000
    finally:
        tracemalloc.stop()
    reader.add(b"0\r\n\r\n")
    message = reader.next()
    assert message is not None
    assert message.body == b"ab" * 500_000


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_it_does_not_matter_how_the_bytes_are_cut(data: st.DataObject) -> None:
    bodies = data.draw(st.lists(st.binary(max_size=40), min_size=1, max_size=5))
    stream = b"".join(
        post(b"/%d" % n, body) if body else b"LIST /%d HTTP/1.1\r\n%b\r\n" % (n, HOST) for n, body in enumerate(bodies)
    )
    cuts = sorted(data.draw(st.sets(st.integers(1, len(stream) - 1), max_size=12)))
    pieces = [stream[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]

    async def run() -> list[tuple[str, str]]:
        async with wire() as one:
            for piece in pieces:
                await one.send(piece)
                await asyncio.sleep(0)
            said = [(await one.answer()).said() for _ in bodies]
            return [(one_said["path"], one_said["body"]) for one_said in said]

    assert asyncio.run(run()) == [(f"/{n}", body.decode("latin-1")) for n, body in enumerate(bodies)]
