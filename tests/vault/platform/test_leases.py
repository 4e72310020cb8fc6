"""`leases`, `leaseCounts`, `renewLease`, `revokeLease`."""

import asyncio

import pytest

from ..servers import Server  # noqa: TID252 - servers of all tests of the vault
from .asking import Asker, unique
from .conftest import TokenOf

ROOT = "root/generate/internal"
LEASES = """query ($prefix: String!, $first: Int = 50, $after: String) { leases(prefix: $prefix, first: $first,
  after: $after) { nodes { id path issuedAt expiresAt lastRenewedAt renewable ttl }
  pageInfo { hasNextPage endCursor } } }"""
IDS = """query ($prefix: String!, $first: Int = 50, $after: String) { leases(prefix: $prefix, first: $first,
  after: $after) { edges { node { id } } pageInfo { hasNextPage endCursor } } }"""
RENEW = "mutation ($input: RenewLeaseInput!) { renewLease(input: $input) { lease { id ttl lastRenewedAt } } }"
REVOKE = "mutation ($input: RevokeLeaseInput!) { revokeLease(input: $input) { id } }"


@pytest.fixture
def lent(vault: Server) -> list[str]:
    """Ids of leases of a pki mount of its own, sorted; two roles, three leases each."""
    mount, ids = unique("lent"), []
    vault.data("POST", f"sys/mounts/{mount}", json={"type": "pki"})
    vault.data("POST", f"{mount}/{ROOT}", json={"common_name": "CA", "key_type": "ec", "key_bits": 256})
    for role in ("one", "two"):
        settings = {"allow_any_name": True, "key_type": "ec", "key_bits": 256, "ttl": "1h", "generate_lease": True}
        vault.data("POST", f"{mount}/roles/{role}", json=settings)
        for number in range(3):
            answer = vault.ask("POST", f"{mount}/issue/{role}", json={"common_name": f"h{number}.example"})
            ids.append(answer.json()["lease_id"])
    return sorted(ids)


async def test_leases_below_a_path(ask: Asker, lent: list[str]) -> None:
    mount = lent[0].partition("/")[0]
    found = (await ask(LEASES, prefix=mount)).data["leases"]
    assert [one["id"] for one in found["nodes"]] == lent
    assert not found["pageInfo"]["hasNextPage"]
    one = found["nodes"][0]
    assert one["path"] == f"{mount}/issue/one"
    assert 3_500 < one["ttl"] <= 3_600
    assert one["issuedAt"] < one["expiresAt"]
    assert one["lastRenewedAt"] is None
    below = (await ask(LEASES, prefix=f"{mount}/issue/two/")).data["leases"]["nodes"]
    assert [one["id"] for one in below] == lent[3:]
    assert (await ask(LEASES, prefix="nothing/here")).data["leases"]["nodes"] == []


@pytest.mark.parametrize("query", [LEASES, IDS])
async def test_pages(ask: Asker, lent: list[str], query: str) -> None:
    mount, seen, after = lent[0].partition("/")[0], [], None
    while True:
        found = (await ask(query, prefix=mount, first=2, after=after)).data["leases"]
        seen += [one["id"] for one in found.get("nodes") or (edge["node"] for edge in found["edges"])]
        after = found["pageInfo"]["endCursor"]
        if not found["pageInfo"]["hasNextPage"]:
            break
    assert seen == lent


async def test_what_a_fragment_asks_for_is_looked_up(ask: Asker, lent: list[str]) -> None:
    query = """query ($prefix: String!, $more: Boolean!) { page: leases(prefix: $prefix) { ...Page } }
      fragment Page on LeaseConnection { edges { ... on LeaseEdge { node { id ...Times @include(if: $more) } } } }
      fragment Times on Lease { issuedAt ttl }"""
    prefix = lent[0].partition("/")[0]
    for more in (True, False):
        found = (await ask(query, prefix=prefix, more=more)).data["page"]["edges"]
        assert [one["node"]["id"] for one in found] == lent
        assert all(one["node"].get("issuedAt", "2026") >= "2026" for one in found)
        assert ("ttl" in found[0]["node"]) is more


async def test_counts(ask: Asker, lent: list[str]) -> None:
    counts = {one["path"]: one["count"] for one in (await ask("{ leaseCounts { path count } }")).data["leaseCounts"]}
    [count] = [count for path, count in counts.items() if path.startswith(lent[0].partition("/")[0])]
    assert count == 6
    assert list(counts.values()) == sorted(counts.values(), reverse=True)


async def test_ended_by_id_and_by_prefix(ask: Asker, lent: list[str]) -> None:
    mount = lent[0].partition("/")[0]
    assert (await ask(REVOKE, input={"id": lent[0]})).data["revokeLease"]["id"] == lent[0]
    assert [one["id"] for one in (await ask(LEASES, prefix=mount)).data["leases"]["nodes"]] == lent[1:]
    assert (await ask(REVOKE, input={"id": f"{mount}/issue/one", "prefix": True})).data
    async with asyncio.timeout(30):  # an order that is on record; the vault carries it out beside what else it does
        while [one["id"] for one in (await ask(LEASES, prefix=mount)).data["leases"]["nodes"]] != lent[3:]:
            await asyncio.sleep(0.05)


async def test_renewed(ask: Asker, lent: list[str]) -> None:
    refused = await ask(RENEW, input={"id": lent[0], "increment": 60})
    assert refused.code == "BAD_INPUT"
    assert "not renewable" in refused.error["message"]
    assert (await ask(RENEW, input={"id": lent[0], "increment": -1})).code == "BAD_INPUT"
    assert (await ask(RENEW, input={"id": "no/such/lease"})).code == "BAD_INPUT"
    assert (await ask(REVOKE, input={"id": "a/../b"})).code == "BAD_INPUT"


async def test_who_may(api: Asker, token_of: TokenOf, lent: list[str]) -> None:
    token = token_of('path "sys/leases/lookup/*" { capabilities = ["list"] }')
    assert (await api.by(token)(LEASES, prefix="pki")).code == "FORBIDDEN"
    token = token_of('path "sys/leases/lookup/*" { capabilities = ["list", "sudo"] }', no_default_policy=True)
    mount = lent[0].partition("/")[0]
    ids = (await api.by(token)(IDS, prefix=mount)).data["leases"]["edges"]
    assert len(ids) == 6
    assert (await api.by(token)(LEASES, prefix=mount)).code == "FORBIDDEN"
    for query, more in ((LEASES, {"prefix": ""}), (RENEW, {"input": {"id": "x"}}), (REVOKE, {"input": {"id": "x"}})):
        assert (await api(query, **more)).code == "UNAUTHENTICATED"
