"""One svault with every kind of mount for all tests over HTTP, and the routes that such mounts have."""

import asyncio
from collections.abc import Iterator

import httpx
import pytest

from ..servers import Server, svault  # noqa: TID252 - servers of all tests of the vault
from .live import MOUNTS, Live, open_core


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with svault(tmp_path_factory.mktemp("http")) as made:
        made.begin()
        for path, body in MOUNTS.items():
            made.data("POST", f"sys/{path}", json=body)
        made.data("POST", "kv1/a/b", json={"v": "of kv1"})
        made.data("POST", "kv2/data/a/b", json={"data": {"v": "of kv2"}})
        made.data("POST", "sys/namespaces/team")
        yield made


@pytest.fixture(scope="session")
def live() -> Live:
    return asyncio.run(open_core())


@pytest.fixture(scope="session")
def web(server: Server) -> Iterator[httpx.Client]:
    """A client that keeps its connection."""
    with httpx.Client(base_url=f"{server.address}/v1/", timeout=60) as client:
        yield client
