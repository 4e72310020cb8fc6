"""A vault with something in it, and the platform's API beside it."""

from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from stratumiops.graph.store.database import Database

from ..servers import Server, svault  # noqa: TID252 - servers of all tests of the vault
from .asking import Asker, asking

TokenOf = Callable[..., str]


@pytest.fixture(scope="session")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An unsealed svault with mounts of all kinds; tests make names of their own."""
    with svault(tmp_path_factory.mktemp("svault") / "home") as server:
        server.begin(shares=3, threshold=2)
        for path, data in {
            "secret": {"type": "kv", "options": {"version": "2"}, "description": "of the tests"},
            "old": {"type": "kv", "options": {"version": "1"}},
            "pki": {"type": "pki", "config": {"max_lease_ttl": "87600h"}},
        }.items():
            server.data("POST", f"sys/mounts/{path}", json=data)
        server.data("POST", "pki/root/generate/internal", json={"common_name": "Test CA", "ttl": "8760h"})
        server.data("POST", "pki/roles/any", json={"allow_any_name": True, "max_ttl": "8760h", "no_store": False})
        yield server


@pytest.fixture(scope="session")
def token_of(vault: Server) -> TokenOf:
    """Makes tokens with a policy of this text: `token_of('path "secret/*" {…}', ttl="1h")`."""
    made = []

    def make(policy: str, **more: object) -> str:
        made.append(name := f"made-{len(made)}")
        vault.data("PUT", f"sys/policies/acl/{name}", json={"policy": policy})
        found = vault.ask("POST", "auth/token/create", json={"policies": [name], **more})
        return str(found.json()["auth"]["client_token"])

    return make


@pytest.fixture(scope="session")
async def api(database: Database, vault: Server) -> AsyncIterator[Asker]:
    """Asks as nobody."""
    async with asking(database, vault.address) as asker:
        yield asker


@pytest.fixture(scope="session")
def ask(api: Asker, vault: Server) -> Asker:
    """Asks with the root token."""
    return api.by(vault.root)
