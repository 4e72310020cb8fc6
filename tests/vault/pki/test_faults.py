"""A storage that fails, before or after it has written: what the engine then says is what is written."""

from collections.abc import Mapping
from typing import Any

import pytest
from tests.vault.mounted import FixedSystem, Mounted

from stratumiops.vault.backend import Mount
from stratumiops.vault.engines.pki import PkiBackend
from stratumiops.vault.errors import NotFound, StorageFailed
from stratumiops.vault.storage.memory import MemoryStorage
from stratumiops.vault.view import View


class Failing(MemoryStorage):
    """Fails when it should, once."""

    def __init__(self) -> None:
        super().__init__()
        self.fails: str = ""

    async def apply(self, changes: Mapping[str, bytes | None]) -> None:
        fails, self.fails = self.fails, ""
        if fails != "before":
            await super().apply(changes)
        if fails:
            raise StorageFailed("the disk is full")


def over(storage: Failing, system: FixedSystem) -> Mounted:
    mount = Mount("pki/", "pki", "pki_1", "uuid", max_lease_ttl=87_600 * 3600)
    return Mounted(PkiBackend(mount, View(storage, "logical/"), system), system)


async def state(pki: Mounted) -> dict[str, Any]:
    """All that clients see of a mount, save lists, whose numbers go on."""
    found: dict[str, Any] = {}
    for path in ("config/issuers", "config/keys", "config/urls", "config/crl", "config/cluster", "config/acme"):
        found[path] = await pki.read(path)
    for path in ("issuers", "keys", "roles", "certs", "certs/revoked"):
        try:
            found[path] = await pki.names(path)
        except NotFound:
            found[path] = []
    for issuer in found["issuers"]:
        found[issuer] = await pki.read(f"issuer/{issuer}")
    for key in found["keys"]:
        found[key] = await pki.read(f"key/{key}")
    for role in found["roles"]:
        found[role] = await pki.read(f"roles/{role}")
    return found


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("root/generate/internal", {"common_name": "Two", "key_type": "ec", "issuer_name": "two"}),
        ("intermediate/generate/internal", {"common_name": "I", "key_type": "ec"}),
        ("keys/generate/internal", {"key_type": "ec", "key_name": "k"}), ("key/default", {"key_name": "renamed"}),
        ("issuer/one", {"issuer_name": "renamed"}), ("issuer/one/revoke", {}),
        ("roles/r", {"ttl": "5h", "allow_any_name": True, "key_type": "ec"}),
        ("roles/new", {}), ("config/urls", {"ocsp_servers": "http://o"}), ("config/crl", {"expiry": "5h"}),
        ("config/cluster", {"path": "http://p"}), ("config/acme", {"eab_policy": "always-required"}),
        ("issue/r", {"common_name": "a"}), ("revoke", {}), ("config/ca", {}),
        ("config/issuers", {"default": "one", "default_follows_latest_issuer": True}),
    ],
    ids=str,
)  # fmt: skip
async def test_what_is_said_is_what_is_written(path: str, fields: dict[str, Any], when: str) -> None:
    storage, system = Failing(), FixedSystem()
    pki = over(storage, system)
    await pki.write("root/generate/internal", common_name="One", key_type="ec", ttl="80000h", issuer_name="one")
    await pki.write("roles/r", allow_any_name=True, key_type="ec")
    serial = (await pki.write("issue/r", common_name="a"))["serial_number"]
    other = over(Failing(), system)
    made = await other.write("root/generate/exported", common_name="Brought", key_type="ec")
    given = {
        "revoke": {"serial_number": serial},
        "config/ca": {"pem_bundle": f"{made['certificate']}\n{made['private_key']}"},
    }
    before = await state(pki)
    storage.fails = when
    with pytest.raises(StorageFailed):
        await pki.write(path, **fields, **given.get(path, {}))
    after = await state(pki)
    assert after == await state(over(storage, system))
    assert (after == before) == (when == "before")
    issued = await pki.write("issue/r", common_name="a", ttl="1h") if path != "issuer/one/revoke" else {}
    assert "certificate" in issued or path == "issuer/one/revoke"
