"""Explanations that an operator understands."""

from typing import Any

import pytest

from stratumiops.vault.errors import BadRequest
from stratumiops.vault.request import Operation

from .parts import Policies, token

OPS = """\
path "secret/*" { capabilities = ["read"] }
path "secret/data/+/x" { capabilities = ["list"] }
path "secret/data/db" {
  capabilities = ["deny"]
}
path "secret/p" { capabilities = ["update"] denied_parameters = { "password" = [] } }
path "sys/audit/*" { capabilities = ["update"] }
"""


async def policies() -> Policies:
    made = Policies()
    await made.sys.write("policies/acl/ops", policy=OPS)
    await made.sys.write("policies/acl/more", policy='path "secret/data/db" { capabilities = ["read"] }')
    await made.sys.write(
        "policies/cedar/hours",
        policy='@id("night") forbid(principal, action, resource) when { context.time.hour < 6 };\n'
        'permit(principal, action == Action::"read", resource in Path::"open");',
    )
    made.tokens = {"t": token("ops", "more", accessor="a")}
    return made


async def asked(**question: Any) -> dict[str, Any]:
    return await (await policies()).sys.data(Operation.UPDATE, "policies/explain", question)


async def test_a_deny() -> None:
    answer = await asked(token="t", operation="read", path="secret/data/db")
    assert (answer["allowed"], answer["capabilities"]) == (False, ["deny"])
    assert answer["decided_by"] == {"policy": "ops", "kind": "acl", "rule": "secret/data/db", "line": 3}
    assert answer["why"] == "this rule denies everything on the path"
    assert [(one["policy"], one["rule"], one["counts"]) for one in answer["considered"]] == [
        ("ops", "secret/data/db", True), ("more", "secret/data/db", True), ("ops", "secret/*", False),
    ]  # fmt: skip
    assert answer["considered"][2]["why"] == "less specific than secret/data/db"


async def test_a_rule_that_does_not_give_it() -> None:
    answer = await asked(accessor="a", operation="write", path="/secret/data/a/x")
    assert answer["why"] == "the most specific rule for the path gives list, and not update"
    assert answer["decided_by"]["line"] == 2


async def test_nothing_fits() -> None:
    answer = await asked(policies=["OPS", "nowhere"], path="other")
    assert (answer["allowed"], answer["decided_by"], answer["considered"]) == (False, None, [])
    assert answer["why"] == "no rule of the policies ops fits the path"


async def test_a_parameter() -> None:
    answer = await asked(policies="ops", operation="update", path="secret/p", data={"password": "hunter2"})
    assert "parameter password is denied" in answer["why"]
    assert "hunter2" not in str(answer)


async def test_sudo() -> None:
    answer = await asked(policies="ops", operation="update", path="sys/audit/file")
    assert answer["why"] == "the path needs the capability sudo as well"
    assert (await asked(policies="ops", capability="sudo", path="sys/audit/file"))["allowed"] is False
    assert (await asked(policies="root", capability="sudo", path="sys/audit/file"))["allowed"] is True


async def test_cedar_and_what_would_be() -> None:
    night, day = {"time": 3 * 3600}, {"time": 12 * 3600, "ip": "10.0.0.1", "mfa": "true"}
    answer = await asked(policies="hours", path="open/x", context=night)
    assert answer["decided_by"] == {"policy": "hours", "kind": "cedar", "rule": "night", "line": 1}
    answer = await asked(policies="hours", path="open/x", context=day)
    assert (answer["allowed"], answer["decided_by"]["rule"], answer["decided_by"]["line"]) == (True, "#2", 2)
    assert answer["considered"][0]["why"] == "this statement permits it"
    assert (await asked(policies="hours", path="closed/x", context=day))["allowed"] is False


async def test_ones_own() -> None:
    answer = await asked(path="anything")
    assert (answer["allowed"], answer["capabilities"]) == (True, ["root"])
    assert answer["decided_by"]["policy"] == "root"


async def test_lists_see_rules_without_the_slash() -> None:
    made = Policies()
    await made.sys.write(
        "policies/acl/l", policy='path "kv/b" { capabilities = ["list"] } path "kv/+" { policy = "deny" }'
    )
    question = {"policies": "l", "operation": "list", "path": "kv/b"}
    answer = await made.sys.data(Operation.UPDATE, "policies/explain", question)
    assert answer["allowed"]
    assert [(one["rule"], one["counts"]) for one in answer["considered"]] == [("kv/b", True), ("kv/+", False)]


@pytest.mark.parametrize(
    "question",
    [
        {"path": "a", "operation": "fly"}, {"operation": "read"}, {"path": "a", "token": "nope"},
        {"path": "a", "policies": "hours", "context": {"moon": 1}},
        {"path": "a", "policies": "hours", "context": {"ip": "x"}},
        {"path": "a", "policies": "hours", "context": {"time": -1}},
        {"path": "a", "data": []}, {"path": "a", "context": 1},
    ],
)  # fmt: skip
async def test_what_cannot_be_asked(question: dict[str, Any]) -> None:
    with pytest.raises(BadRequest):
        await asked(**question)
