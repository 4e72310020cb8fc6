"""One svault for all tests with hvac, and a client of it with the root token."""

from collections.abc import Iterator

import hvac
import pytest

from ..servers import Server, svault  # noqa: TID252 - servers of all tests of the vault


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with svault(tmp_path_factory.mktemp("hvac")) as made:
        client = hvac.Client(url=made.address)
        assert client.sys.is_initialized() is False
        found = client.sys.initialize(secret_shares=3, secret_threshold=2)
        made.shares, made.root = found["keys_base64"], found["root_token"]
        assert client.sys.is_initialized() is True
        assert client.sys.is_sealed() is True
        assert client.sys.submit_unseal_key(found["keys"][0])["progress"] == 1
        assert client.sys.submit_unseal_keys(found["keys"][1:])["sealed"] is False
        yield made


@pytest.fixture
def client(server: Server) -> hvac.Client:
    made = hvac.Client(url=server.address, token=server.root)
    assert made.is_authenticated()
    return made
