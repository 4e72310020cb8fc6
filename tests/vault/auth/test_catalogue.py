"""Methods that are only shown."""

import pytest

from stratumiops.vault.auth.catalogue import CATALOGUE, CatalogueOnly
from stratumiops.vault.errors import BadRequest, UnsupportedPath
from stratumiops.vault.request import Operation, Request

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
