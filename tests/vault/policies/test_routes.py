"""Policies over their routes: shapes and texts as clients need them."""

import base64
from typing import Any

import pytest

from stratumiops.vault.errors import BadRequest, NotFound, UnsupportedOperation
from stratumiops.vault.policies.store import VERSIONS_KEPT
from stratumiops.vault.request import Operation

from .parts import Policies, token

READ = 'path "secret/a" { policy = "read" }'
DENY = 'path "secret/a" { policy = "deny" }'


async def test_a_policy_is_written_read_listed_and_removed() -> None:
    sys = Policies().sys
    assert await sys.ask(Operation.UPDATE, "policies/acl/OPS", {"policy": READ}) is None
    assert await sys.read("policies/acl/ops") == {"name": "ops", "policy": READ}
    assert await sys.read("policy/Ops") == {"name": "ops", "rules": READ}
    assert await sys.names("policies/acl") == ["default", "ops", "root"]
    assert await sys.read("policy") == {"keys": ["default", "ops", "root"], "policies": ["default", "ops", "root"]}
    assert await sys.ask(Operation.DELETE, "policies/acl/ops", {}) is None
    assert await sys.ask(Operation.DELETE, "policies/acl/ops", {}) is None
    for path in ("policies/acl/ops", "policy/ops"):
        with pytest.raises(NotFound) as raised:
            await sys.read(path)
        assert raised.value.messages == ()


async def test_which_answers_are_flat() -> None:
    sys = Policies().sys
    flat = {
        path: await sys.ask(Operation.READ, path, {}) for path in ("policy", "policy/default", "policies/acl/default")
    }
    assert {path: found.flat for path, found in flat.items() if found} == {
        "policy": True, "policy/default": True, "policies/acl/default": False,
    }  # fmt: skip
    listed = await sys.ask(Operation.LIST, "policies/acl/", {})
    assert listed
    assert listed.flat is False
    with pytest.raises(UnsupportedOperation):
        await sys.read("policies/acl")


async def test_base64_and_the_old_field() -> None:
    sys = Policies().sys
    await sys.write("policies/acl/a", policy=base64.b64encode(READ.encode()).decode())
    assert (await sys.read("policies/acl/a"))["policy"] == READ
    answer = await sys.ask(Operation.UPDATE, "policy/b", {"rules": DENY})
    assert answer
    assert (answer.status, answer.warnings) == (200, ["'rules' is deprecated, please use 'policy' instead"])
    assert (await sys.read("policy/b"))["rules"] == DENY


@pytest.mark.parametrize(
    ("operation", "name", "data", "why"),
    [
        (Operation.UPDATE, "root", {"policy": READ}, 'cannot update "root" policy'),
        (Operation.DELETE, "Root", {}, 'cannot delete "root" policy'),
        (Operation.UPDATE, "response-wrapping", {"policy": READ}, 'cannot update "response-wrapping" policy'),
        (Operation.DELETE, "default", {}, "cannot delete default policy"),
        (Operation.UPDATE, "x", {}, "'policy' parameter not supplied or empty"),
        (Operation.UPDATE, "x", {"policy": ""}, "'policy' parameter not supplied or empty"),
        (Operation.UPDATE, "x", {"policy": "?"}, "failed to parse policy: At 1:1"),
        (Operation.UPDATE, "x", {"policy": ["a"]}, "policy"),
        (Operation.UPDATE, "a\x00b", {"policy": READ}, "control characters"),
        (Operation.UPDATE, "é" * 400, {"policy": READ}, "too long"),
    ],
)
async def test_what_is_refused(operation: Operation, name: str, data: dict[str, Any], why: str) -> None:
    for route in ("policy", "policies/acl"):
        with pytest.raises(BadRequest) as raised:
            await Policies().sys.ask(operation, f"{route}/{name}", data)
        assert why in raised.value.messages[0]


async def test_versions_and_the_way_back() -> None:
    policies = Policies()
    sys, who = policies.sys, token("ops")
    await sys.write("policies/acl/ops", policy=READ)
    await sys.write("policies/acl/ops", policy=DENY)
    assert (await sys.read("policies/acl/ops", version="1"))["policy"] == READ
    assert await sys.names("policies/acl/ops") == ["1", "2"]
    assert not policies.allows(who, Operation.READ, "secret/a")
    await sys.write("policies/acl/ops", version=1)
    assert policies.allows(who, Operation.READ, "secret/a")
    await sys.delete("policies/acl/ops")
    assert not policies.allows(who, Operation.READ, "secret/a")
    info = await sys.data(Operation.LIST, "policies/acl/ops", {})
    assert [one["removed"] for one in info["key_info"].values()] == [False, False, False, True]
    await sys.write("policies/acl/ops", version=3)
    assert (await sys.read("policies/acl/ops", version="5"))["version"] == 5
    with pytest.raises(NotFound):
        await sys.read("policies/acl/ops", version="9")
    with pytest.raises(NotFound):
        await sys.read("policies/acl/ops", version="4")


async def test_old_versions_go() -> None:
    policies = Policies()
    for number in range(VERSIONS_KEPT + 3):
        await policies.store.write("acl", "ops", f"{READ} # {number}")
    assert await policies.store.versions("acl", "ops") == list(range(4, VERSIONS_KEPT + 4))


async def test_policies_outlive_a_seal() -> None:
    before = Policies()
    await before.sys.write("policies/acl/a/B c%", policy=READ)
    await before.sys.write("policies/cedar/ops", policy="permit(principal, action, resource);")
    await before.sys.write("policies/acl/gone", policy=READ)
    await before.sys.delete("policies/acl/gone")
    after = Policies(view=before.view)
    await after.store.start()
    assert await after.sys.names("policies/acl") == ["a/b c%", "default", "root"]
    assert await after.sys.names("policies/cedar") == ["ops"]
    assert after.allows(token("a/b c%"), Operation.READ, "secret/a")
    assert after.allows(token("ops"), Operation.DELETE, "secret/a")
    await after.store.stop()
    assert not after.allows(token("ops"), Operation.DELETE, "secret/a")


async def test_changes_count_at_once() -> None:
    policies, who = Policies(), token("ops")
    for text, allowed in ((READ, True), (DENY, False), (READ, True)):
        await policies.sys.write("policies/acl/ops", policy=text)
        assert policies.allows(who, Operation.READ, "secret/a") is allowed


async def test_capabilities() -> None:
    policies = Policies()
    policies.tokens = {"t1": token("ops", "default", accessor="a1"), "r": token("root", accessor="a2")}
    await policies.sys.write("policies/acl/ops", policy=READ)
    answer = await policies.sys.ask(Operation.UPDATE, "capabilities", {"token": "t1", "path": "secret/a"})
    assert answer
    assert (answer.flat, answer.data) == (True, {"secret/a": ["list", "read"], "capabilities": ["list", "read"]})
    assert await policies.sys.write("capabilities-accessor", accessor="a1", paths=["secret/a", "x", "cubbyhole/q"]) == {
        "secret/a": ["list", "read"], "x": ["deny"], "cubbyhole/q": ["create", "delete", "list", "read", "update"],
    }  # fmt: skip
    assert await policies.sys.write("capabilities-self", paths="a,b") == {"a": ["root"], "b": ["root"]}
    assert await policies.sys.write("capabilities", token="r", paths=["a"]) == {"a": ["root"], "capabilities": ["root"]}


@pytest.mark.parametrize(
    ("path", "data", "why"),
    [
        ("capabilities", {"path": "a"}, "no token found"),
        ("capabilities", {"token": "zz", "path": "a"}, "invalid token"),
        ("capabilities-self", {}, "paths must be supplied"),
        ("capabilities-self", {"paths": []}, "paths must be supplied"),
        ("capabilities-accessor", {"path": "a"}, "missing accessor"),
        ("capabilities-accessor", {"accessor": "zz", "path": "a"}, "invalid accessor"),
    ],
)
async def test_capabilities_of_nothing(path: str, data: dict[str, Any], why: str) -> None:
    with pytest.raises(BadRequest, match=why):
        await Policies().sys.ask(Operation.UPDATE, path, data)


async def test_the_resultant_acl() -> None:
    policies = Policies()
    await policies.sys.write("policies/acl/ops", policy=READ + 'path "k/*" { policy = "deny" }')
    assert await policies.sys.read("internal/ui/resultant-acl") == {"root": True}
    answer = policies.authorizer.acl(token("ops"))
    assert {grant.pattern.text: grant.capabilities for grant in answer.grants()} == {
        "secret/a": ("list", "read"), "k/": ("deny",),
    }  # fmt: skip


async def test_what_the_default_policy_allows() -> None:
    policies, who = Policies(), token("default")
    for operation, path in (
        (Operation.READ, "auth/token/lookup-self"), (Operation.UPDATE, "auth/token/renew-self"),
        (Operation.UPDATE, "auth/token/revoke-self"), (Operation.UPDATE, "sys/capabilities-self"),
        (Operation.CREATE, "cubbyhole/x"), (Operation.LIST, "cubbyhole/"), (Operation.UPDATE, "sys/wrapping/wrap"),
        (Operation.UPDATE, "sys/wrapping/lookup"), (Operation.UPDATE, "sys/wrapping/unwrap"),
        (Operation.UPDATE, "sys/leases/lookup"), (Operation.UPDATE, "sys/leases/renew"),
    ):  # fmt: skip
        assert policies.allows(who, operation, path), path
    for operation, path in (
        (Operation.READ, "secret/a"), (Operation.UPDATE, "auth/token/create"), (Operation.UPDATE, "sys/leases/revoke"),
        (Operation.READ, "sys/mounts"), (Operation.READ, "identity/entity/id/{{identity.entity.id}}"),
        (Operation.READ, "identity/entity/id/"),
    ):  # fmt: skip
        assert not policies.allows(who, operation, path), path
