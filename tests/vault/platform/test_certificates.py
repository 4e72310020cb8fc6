"""`certificates`: of a pki mount, also those that expire soon, and when they were revoked."""

import pytest

from ..servers import Server  # noqa: TID252 - servers of all tests of the vault
from .asking import Asker, unique

ROOT = "root/generate/internal"
CERTIFICATES = """query ($mount: String!, $first: Int = 50, $after: String, $before: DateTime) { certificates(
  mount: $mount, first: $first, after: $after, expiresBefore: $before) { nodes { id mount serial commonName dnsNames
  issuer keyType keyBits notBefore notAfter revokedAt } pageInfo { hasNextPage endCursor } } }"""


@pytest.fixture(scope="module")
def mount(vault: Server) -> str:
    """A pki mount with a root for a year and certificates for 1 to 5 hours; the third is revoked."""
    name = unique("pki")
    vault.data("POST", f"sys/mounts/{name}", json={"type": "pki", "config": {"max_lease_ttl": "87600h"}})
    root = {"common_name": "Root", "key_type": "ec", "key_bits": 256, "ttl": "8760h"}
    vault.data("POST", f"{name}/{ROOT}", json=root)
    role = {"allow_any_name": True, "key_type": "ec", "key_bits": 256, "max_ttl": "24h"}
    vault.data("POST", f"{name}/roles/any", json=role)
    for hours in range(1, 6):
        made = vault.data("POST", f"{name}/issue/any", json={"common_name": f"h{hours}.example", "ttl": f"{hours}h"})
        if hours == 3:
            vault.data("POST", f"{name}/revoke", json={"serial_number": made["serial_number"]})
    return name


async def test_all(ask: Asker, mount: str) -> None:
    found = (await ask(CERTIFICATES, mount=mount)).data["certificates"]["nodes"]
    by_name = {one["commonName"]: one for one in found}
    assert set(by_name) == {"Root", *(f"h{hours}.example" for hours in range(1, 6))}
    one = by_name["h1.example"]
    assert one["id"] == f"{mount}/{one['serial']}"
    assert one["mount"] == f"{mount}/"
    assert one["dnsNames"] == ["h1.example"]
    assert one["issuer"] == "CN=Root"
    assert (one["keyType"], one["keyBits"]) == ("ec", 256)
    assert one["notBefore"] < one["notAfter"]
    assert [name for name, each in by_name.items() if each["revokedAt"]] == ["h3.example"]
    assert [one["serial"] for one in found] == sorted(one["serial"] for one in found)


async def test_pages(ask: Asker, mount: str) -> None:
    everything = (await ask(CERTIFICATES, mount=mount)).data["certificates"]["nodes"]
    seen, after = [], None
    while True:
        found = (await ask(CERTIFICATES, mount=mount, first=2, after=after)).data["certificates"]
        seen += found["nodes"]
        after = found["pageInfo"]["endCursor"]
        if not found["pageInfo"]["hasNextPage"]:
            break
    assert seen == everything


async def test_those_that_expire_soon(ask: Asker, mount: str) -> None:
    everything = (await ask(CERTIFICATES, mount=mount)).data["certificates"]["nodes"]
    before = next(one["notAfter"] for one in everything if one["commonName"] == "h3.example")
    found = (await ask(CERTIFICATES, mount=mount, before=before)).data["certificates"]["nodes"]
    assert {one["commonName"] for one in found} == {"h1.example", "h2.example"}
    first = (await ask(CERTIFICATES, mount=mount, before=before, first=1)).data["certificates"]
    assert first["pageInfo"]["hasNextPage"]
    rest = await ask(CERTIFICATES, mount=mount, before=before, first=1, after=first["pageInfo"]["endCursor"])
    assert first["nodes"] + rest.data["certificates"]["nodes"] == found


async def test_what_is_no_pki_mount(api: Asker, ask: Asker, mount: str) -> None:
    assert (await ask(CERTIFICATES, mount="secret")).code == "BAD_INPUT"
    assert (await ask(CERTIFICATES, mount="nowhere")).code == "FORBIDDEN"
    assert (await ask(CERTIFICATES, mount=mount, after="!")).code == "BAD_INPUT"
    assert (await api(CERTIFICATES, mount=mount)).code == "UNAUTHENTICATED"
