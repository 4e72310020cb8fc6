"""Methods that are only shown."""

import orjson
import pytest

from stratumiops.vault.auth.catalogue import CATALOGUE, CatalogueOnly
from stratumiops.vault.errors import BadRequest, UnsupportedPath
from stratumiops.vault.request import Operation, Request

from ..http.live import open_core  # noqa: TID252 - tests are no package on the path
from ..mounted import mounted  # noqa: TID252 - tests are no package on the path


@pytest.mark.parametrize("kind", CATALOGUE)
async def test_a_login_is_refused(kind: str) -> None:
    method = mounted(CatalogueOnly, f"auth/{kind}/")
    method.backend.mount.kind = kind
    for path in ("login", "login/someone"):
        assert method.backend.is_public(Request("id", Operation.UPDATE, path))
        with pytest.raises(BadRequest, match=kind):
            await method.write(path)
    with pytest.raises(UnsupportedPath):
        await method.write("config", organization="x")


async def test_all_of_them_may_be_enabled_tuned_and_removed() -> None:
    live = await open_core()
    for kind in CATALOGUE:
        assert (await live.ask("POST", f"sys/auth/some/{kind}", {"type": kind})).status == 204, kind
        assert (await live.ask("POST", f"sys/auth/some/{kind}/tune", {"default_lease_ttl": "1h"})).status == 204
    listed = orjson.loads((await live.ask("GET", "sys/auth")).body)["data"]
    assert {one["type"] for path, one in listed.items() if path.startswith("some/")} == set(CATALOGUE)
    for kind in CATALOGUE:
        assert (await live.ask("POST", f"auth/some/{kind}/login", {}, token="")).status == 400
        assert (await live.ask("DELETE", f"sys/auth/some/{kind}")).status == 204
    await live.core.stop()


@pytest.mark.parametrize(("where", "kind"), [("auth", "nonesuch"), ("auth", "kv"), ("mounts", "github")])
async def test_what_is_in_no_catalogue_cannot_be_enabled(where: str, kind: str) -> None:
    live = await open_core()
    refused = await live.ask("POST", f"sys/{where}/some", {"type": kind})
    assert (refused.status, orjson.loads(refused.body)) == (
        400,
        {"errors": [f"plugin not found in the catalog: {kind}"]},
    )
    await live.core.stop()
