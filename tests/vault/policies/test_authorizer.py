"""Path policies and Cedar together, for whole requests."""

import calendar
import subprocess
import sys

import pytest

from stratumiops.vault.errors import BadRequest
from stratumiops.vault.policies import cedar_text
from stratumiops.vault.policies.cedar import Resource
from stratumiops.vault.request import Operation

from .parts import Policies, request, token

PERMIT = "permit(principal, action, resource);"
OFFICE = """\
// office hours, from inside
@id("office-hours")
permit (
  principal in Role::"ops",
  action in [Action::"read", Action::"list"],
  resource in Path::"secret/data/app"
)
when {
  context.time.hour >= 8 && context.time.hour < 18 && context.time.weekday <= 5 &&
  context has ip && context.ip.isInRange(ip("10.0.0.0/8"))
};

@id("top-secret")
forbid (principal, action, resource)
when { resource.hasTag("class") && resource.getTag("class") == "top" }
unless { context.mfa };
"""
MONDAY_NINE = calendar.timegm((2026, 11, 23, 9, 30, 0))


async def with_cedar(text: str, acl: str = "", name: str = "ops") -> Policies:
    policies = Policies()
    await policies.sys.write(f"policies/cedar/{name}", policy=text)
    if acl:
        await policies.sys.write(f"policies/acl/{name}", policy=acl)
    return policies


@pytest.mark.parametrize(
    ("path", "address", "at", "operation", "allowed"),
    [
        ("secret/data/app/db", "10.1.2.3", MONDAY_NINE, Operation.READ, True),
        ("secret/data/app", "10.1.2.3", MONDAY_NINE, Operation.READ, True),
        ("secret/data/app/", "10.1.2.3", MONDAY_NINE, Operation.LIST, True),
        ("secret/data/apple", "10.1.2.3", MONDAY_NINE, Operation.READ, False),
        ("secret/data/app/db", "11.1.2.3", MONDAY_NINE, Operation.READ, False),
        ("secret/data/app/db", "::ffff:10.1.2.3", MONDAY_NINE, Operation.READ, True),
        ("secret/data/app/db", "", MONDAY_NINE, Operation.READ, False),
        ("secret/data/app/db", "10.1.2.3", MONDAY_NINE + 10 * 3600, Operation.READ, False),
        ("secret/data/app/db", "10.1.2.3", MONDAY_NINE + 5 * 86_400, Operation.READ, False),
        ("secret/data/app/db", "10.1.2.3", MONDAY_NINE, Operation.UPDATE, False),
    ],
)
async def test_time_address_and_folders(
    path: str, address: str, at: float, operation: Operation, allowed: bool
) -> None:
    policies = await with_cedar(OFFICE)
    assert policies.allows(token("ops"), operation, path, remote_address=address, at=at) is allowed
    assert not policies.allows(token("other"), operation, path, remote_address=address, at=at)


async def test_metadata_and_a_second_factor() -> None:
    policies = await with_cedar(OFFICE, 'path "secret/*" { policy = "write" }')
    asked = request(Operation.READ, "secret/data/x")
    for metadata, internal, allowed in (
        ({}, {}, True), ({"class": "top"}, {}, False), ({"class": "top"}, {"mfa": "true"}, True),
    ):  # fmt: skip
        verdict = policies.authorizer.check(asked, token("ops", internal=internal), metadata=metadata)
        assert verdict.allowed is allowed
    assert policies.authorizer.wants_metadata(token("ops"))
    assert not policies.authorizer.wants_metadata(token("default"))


async def test_a_forbid_beats_all_and_names_itself() -> None:
    policies = await with_cedar('\n@id("no") forbid(principal, action == Action::"delete", resource);\n' + PERMIT)
    verdict = policies.authorizer.check(request(Operation.DELETE, "secret/a"), token("ops"))
    assert (verdict.allowed, verdict.explicit) == (False, True)
    assert (verdict.reason.policy, verdict.reason.kind, verdict.reason.rule, verdict.reason.line) == (
        "ops",
        "cedar",
        "no",
        2,
    )
    assert policies.allows(token("ops"), Operation.READ, "secret/a")
    assert policies.allows(token("ops", "root"), Operation.DELETE, "secret/a")


async def test_a_permit_allows_what_no_rule_denies() -> None:
    policies = await with_cedar(
        PERMIT,
        'path "secret/a" { policy = "read" } path "secret/no" { policy = "deny" } '
        'path "secret/p" { capabilities = ["update"] denied_parameters = { "x" = [] } }',
    )
    who = token("ops")
    assert policies.allows(who, Operation.UPDATE, "secret/a")
    assert policies.allows(who, Operation.UPDATE, "elsewhere")
    assert not policies.allows(who, Operation.READ, "secret/no")
    assert not policies.allows(who, Operation.UPDATE, "secret/p", data={"x": 1})
    assert policies.allows(who, Operation.UPDATE, "secret/p", data={"y": 1})


async def test_sudo() -> None:
    policies = await with_cedar(
        'permit(principal, action == Action::"update", resource); permit(principal, action == Action::"sudo", '
        'resource in Path::"sys/audit");'
    )
    await policies.sys.write("policies/acl/plain", policy='path "sys/*" { policy = "write" }')
    await policies.sys.write("policies/acl/strong", policy='path "sys/*" { policy = "sudo" }')
    for policy, path, allowed in (
        ("ops", "sys/audit/f", True), ("ops", "sys/seal", False), ("plain", "sys/seal", False),
        ("strong", "sys/seal", True), ("root", "sys/seal", True),
    ):  # fmt: skip
        verdict = policies.authorizer.check(request(Operation.UPDATE, path), token(policy), needs_sudo=True)
        assert verdict.allowed is allowed, (policy, path)
        assert allowed or "sudo" in verdict.reason.why


async def test_token_metadata_and_batch_tokens() -> None:
    policies = await with_cedar(
        'permit(principal, action, resource) when { principal.hasTag("team") && resource.hasTag("team") && '
        'principal.getTag("team") == resource.getTag("team") };'
    )
    asked = request(Operation.READ, "secret/a")
    for team in ("red", "blue", "red"):
        who = token("ops", accessor="", metadata={"team": team})
        assert policies.authorizer.check(asked, who, metadata={"team": "red"}).allowed is (team == "red")


async def test_batch_tokens_are_told_apart_by_their_names() -> None:
    policies = await with_cedar('permit(principal, action, resource) when { principal.display_name == "ann" };')
    for name in ("bob", "ann", "bob"):
        who = token("ops", accessor="", display_name=name)
        assert policies.allows(who, Operation.READ, "secret/a") is (name == "ann")


async def test_cedar_changes_count_at_once() -> None:
    policies, who = await with_cedar(PERMIT), token("ops")
    assert policies.allows(who, Operation.READ, "secret/a")
    await policies.sys.write("policies/cedar/ops", policy=PERMIT + "forbid(principal, action, resource);")
    assert not policies.allows(who, Operation.READ, "secret/a")
    await policies.sys.write("policies/cedar/ops", version=1)
    assert policies.allows(who, Operation.READ, "secret/a")
    await policies.sys.delete("policies/cedar/ops")
    assert not policies.allows(who, Operation.READ, "secret/a")
    assert not policies.authorizer.wants_metadata(who)


async def test_a_forbid_that_cannot_be_evaluated_forbids() -> None:
    policies = await with_cedar(
        PERMIT + "\nforbid(principal, action, resource) when { context.wrap_ttl + 9223372036854775807 < 5 };"
    )
    assert policies.allows(token("ops"), Operation.READ, "secret/a")
    verdict = policies.authorizer.check(request(Operation.READ, "secret/a", wrap_ttl=5), token("ops"))
    assert not verdict.allowed
    assert "could not be evaluated" in verdict.reason.why


async def test_capabilities_with_cedar() -> None:
    policies = await with_cedar(
        'permit(principal, action == Action::"read", resource);'
        'forbid(principal, action == Action::"delete", resource);',
        'path "secret/a" { policy = "write" } path "secret/no" { policy = "deny" }',
    )
    seen = {path: policies.authorizer.capabilities(token("ops"), path) for path in ("secret/a", "x", "secret/no")}
    assert seen == {"secret/a": ("create", "list", "read", "update"), "x": ("read",), "secret/no": ("deny",)}
    assert policies.authorizer.reaches(token("ops"), "anything/")
    assert not policies.authorizer.reaches(token("default"), "anything/")


async def test_paths_that_need_quoting() -> None:
    policies = await with_cedar('permit(principal, action, resource in Path::"secret/a\\"b");')
    assert policies.allows(token("ops"), Operation.READ, 'secret/a"b/\n/é/\\/' + "x/" * 500)
    assert not policies.allows(token("ops"), Operation.READ, "secret/a")


async def test_namespaces() -> None:
    policies = Policies()
    await policies.sys.write("policies/acl/ops", policy='path "team/a/secret/x" { policy = "read" }')
    outer, inner = token("ops"), token("ops", namespace="team/a/")
    asked = request(Operation.READ, "secret/x", namespace="team/a/")
    assert policies.authorizer.check(asked, outer).allowed
    assert not policies.authorizer.check(asked, inner).allowed
    assert not policies.authorizer.check(request(Operation.READ, "secret/x"), inner).allowed


async def test_a_wrapping_token_reads_nothing_else() -> None:
    policies = await with_cedar(PERMIT)
    who = token("ops", kind="wrapping")
    assert policies.allows(who, Operation.UPDATE, "sys/wrapping/unwrap")
    assert policies.allows(who, Operation.READ, "cubbyhole/response")
    assert not policies.allows(who, Operation.READ, "secret/a")


async def test_an_inline_policy_adds_up() -> None:
    who = token("default", inline_policy='path "secret/a" { policy = "read" }')
    verdict = Policies().authorizer.check(request(Operation.READ, "secret/a"), who)
    assert (verdict.allowed, verdict.reason.policy) == (True, "inline")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("permit(principal, action, resource) when { resource.foo == 1 };", "line 1: attribute `foo` on entity type"),
        ('\n\npermit(principal, action == Action::"fly", resource);', "line 3: unrecognized action"),
        ('permit(principal, action, resource) when { principal.getTag("x") == "y" };', "unable to guarantee safety"),
        ("permit(principal, action, resource)", "does not end with ;"),
        (PERMIT + "\npermit(principal, action, resource) whe { };", "line 2: "),
        ("permit(principal == ?principal, action, resource);", "?principal"),
        ("// nothing\n", "there is no permit or forbid"),
        (";", "expected permit or forbid"),
        ('path "a" { policy = "read" }', "line 1"),
        ("permit(principal, action, resource) when { " + "(" * 5000 + "true" + ")" * 5000 + " };", "nested too deeply"),
        ("permit(principal, action, resource) when { " + "if 1 == 1 then true else " * 999 + "true };", "nested too"),
        (PERMIT * 5000, "more than"),
    ],
)  # fmt: skip
async def test_what_is_no_cedar_policy(text: str, why: str) -> None:
    with pytest.raises(BadRequest) as raised:
        await Policies().sys.write("policies/cedar/x", policy=text)
    assert raised.value.messages[0].startswith("failed to parse policy: ")
    assert why in raised.value.messages[0]


def test_the_deepest_that_is_let_through_does_not_end_the_process() -> None:
    deep = """
import threading
from stratumiops.vault.policies.cedar_text import parse
inner = '(if true then (' * 15 + 'true' + ') else (true))' * 15
chain = 'if true then false else ' * 99 + 'true'
both = '(' * 30 + 'if true then false else ' * 99 + 'true' + ')' * 30
def run():
    for body in (inner, chain, both, '!(' * 31 + 'true' + ')' * 31):
        parse('permit(principal, action, resource) when { ' + body + ' };')
run()
thread = threading.Thread(target=run)
thread.start()
thread.join()
print('alive')
"""
    done = subprocess.run([sys.executable, "-c", deep], capture_output=True, text=True, check=False, env=_environ())
    assert done.stdout == "alive\n", done.stderr


def _environ() -> dict[str, str]:
    import os

    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def test_strings_and_comments_do_not_end_a_statement() -> None:
    found = cedar_text.parse(
        'permit(principal, action, resource) // a; forbid\nwhen { resource.path == "a;\\"forbid" };\n  @id("b")\n'
        + PERMIT
    )
    assert [(one.effect, one.name, one.line) for one in found.statements] == [("permit", "#1", 1), ("permit", "b", 3)]


def test_a_resource_is_what_its_path_says() -> None:
    authorizer = Policies().authorizer
    assert authorizer.resource(Operation.LIST, token("a"), "secret/metadata/", None) == Resource(
        "secret/metadata", "secret/", "kv"
    )
    inner = token("a", namespace="team/a/")
    assert authorizer.resource(Operation.READ, inner, "secret/x", None) == Resource("secret/x", "secret/", "kv")
