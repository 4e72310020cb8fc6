"""Each storage under one contract."""

from collections.abc import AsyncIterator, Callable

import pytest
from tests.vault.storage.kept import Kept

from stratumiops.vault.storage.memory import MemoryStorage
from stratumiops.vault.storage.port import Storage


@pytest.fixture(params=["memory", "filesystem", "etcd", "postgresql", "neo4j"])
async def storage(request: pytest.FixtureRequest, keep: Callable[[str], Kept]) -> AsyncIterator[Storage]:
    """An open storage of each kind."""
    found = MemoryStorage() if request.param == "memory" else await keep(request.param).open()
    yield found
    await found.close()
