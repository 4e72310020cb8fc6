"""Which rule decides, and what it allows. The cases were asked of OpenBao as well."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stratumiops.vault.policies.acl import Acl
from stratumiops.vault.policies.acl_policy import AclPolicy, Rule, parse
from stratumiops.vault.request import Operation


def acl(*texts: str) -> Acl:
    return Acl([(f"p{number}", parse(text)) for number, text in enumerate(texts)])


def rule(path: str, *capabilities: str, more: str = "") -> str:
    return f'path "{path}" {{ capabilities = [{", ".join(map(repr, capabilities))}] {more} }}\n'.replace("'", '"')


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("s/a/b", "create"), ("s/z/b", "update"), ("s/a/c", "delete"), ("s/z/c", "list"), ("s/z/cc", "list"),
        ("s/xy/z", "patch"), ("s/x", "patch"), ("s/z", "read"), ("s/", "read"), ("s", "scan"), ("s/z/c/d", "read"),
        ("t/q/x/y", "list"), ("t/a/x/y", "update"), ("u/a", "read"), ("u/", "read"), ("u/a/", "scan"), ("u/v", "read"),
        ("n/v", "list"), ("nothing", "scan"),
    ],
)  # fmt: skip
def test_the_most_specific_rule_decides(path: str, expected: str) -> None:
    found = acl(
        rule("s/*", "read"), rule("s/+/b", "update"), rule("s/a/*", "delete"), rule("s/+/+", "list"),
        rule("s/a/b", "create"), rule("s/x*", "patch"), rule("s/+/c*", "sudo"), rule("t/+/x/*", "read"),
        rule("t/+/+/y", "list"), rule("t/a*", "update"), rule("u/+", "read"), rule("+/v", "list"), rule("*", "scan"),
    )  # fmt: skip
    assert found.capabilities(path) == (expected,)


def test_capabilities_of_old_and_odd_forms() -> None:
    found = acl(
        'path "o/s" {policy="sudo"} path "+" {capabilities=["read"]} path "q/+foo" {capabilities=["read"]} path "e" {} '
        'path "dup" {capabilities=["read"]} path "dup" {capabilities=["list"]} path "a/*/b/*" {policy="read"} '
        'path "g/+" {policy="read"} path "{{identity.entity.id}}/x" {policy="read"}'
    )
    seen = {
        path: found.capabilities(path) for path in ("zzz", "q/xfoo", "q/+foo", "e", "dup", "/dup", "o/s/", "g//", "x/x")
    }
    assert seen == {
        "zzz": ("read",), "q/xfoo": ("deny",), "q/+foo": ("read",), "e": ("deny",), "dup": ("list", "read"),
        "/dup": ("list", "read"), "o/s/": ("create", "delete", "list", "read", "sudo", "update"),
        "g//": ("list", "read"), "x/x": ("deny",),
    }  # fmt: skip
    assert found.capabilities("a/q/b/c") == ("deny",)
    assert found.capabilities("a/*/b/c") == ("list", "read")


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        (rule("k/b", "list"), True), (rule("k/b/", "list"), True), (rule("k/b/*", "list"), True),
        (rule("k/+", "list"), True), (rule("k/+/", "list"), True), (rule("k/b*", "list"), True),
        (rule("k/b", "list") + rule("k/b/", "deny"), False), (rule("k/b", "deny") + rule("k/b/*", "list"), False),
        (rule("k/", "list"), False), (rule("k/b/*", "list") + rule("k/+", "deny"), True),
    ],
)  # fmt: skip
def test_lists_with_and_without_a_slash(text: str, allowed: bool) -> None:
    found = acl(text)
    assert [found.check(Operation.LIST, path, {}).allowed for path in ("k/b", "k/b/")] == [allowed, allowed]


def test_a_trailing_slash_on_a_read_is_another_path() -> None:
    found = acl(rule("k/b", "read"))
    assert found.check(Operation.READ, "k/b", {}).allowed
    assert not found.check(Operation.READ, "k/b/", {}).allowed


def test_several_policies_add_up_and_deny_wins() -> None:
    read, listing, deny = rule("d/x", "read"), rule("d/x", "list"), rule("d/x", "deny")
    assert acl(read, listing).capabilities("d/x") == ("list", "read")
    assert acl(read, listing, deny).capabilities("d/x") == ("deny",)
    assert acl(read, rule("d/*", "deny")).capabilities("d/x") == ("read",)
    verdict = acl(read, deny).check(Operation.READ, "d/x", {})
    assert (verdict.explicit, verdict.reason.policy, verdict.reason.line) == (True, "p1", 1)


def allowed(found: Acl, data: dict[str, Any], operation: Operation = Operation.UPDATE) -> bool:
    return found.check(operation, "k/p", data).allowed


W = ("create", "update", "read", "delete", "list")


@pytest.mark.parametrize(
    ("limits", "good", "bad"),
    [
        (['allowed_parameters={"a"=[]}'], [{"a": "1"}, {"A": "1"}, {}], [{"b": "1"}, {"a": 1, "b": 1}]),
        (
            ['allowed_parameters={"a"=["x","y*","*z",true,5] "B"=["q"]}'],
            [{"a": "x"}, {"a": "yy"}, {"a": "qz"}, {"a": True}, {"a": 5}, {"b": "q"}, {"B": "q"}],
            [{"a": "5"}, {"a": "true"}, {"a": ["x"]}, {"a": None}, {"a": "X"}, {"a": 1}],
        ),
        (['allowed_parameters={"a"=["x,y", ["m","n"]]}'], [{"a": "x,y"}, {"a": ["m", "n"]}], [{"a": "m"}]),
        (['allowed_parameters={"*"=[] "a"=["1"]}'], [{"b": "1"}, {"a": "1", "z": "2"}], [{"a": "2"}]),
        (['allowed_parameters={"*"=["1"]}'], [{"a": "2"}], []),
        (['denied_parameters={"a"=[] "b"=["1*"]}'], [{"b": "2"}, {"c": "2"}, {}], [{"a": "2"}, {"A": "2"}, {"b": "1"}]),
        (['denied_parameters={"*"=["1"]}'], [{}], [{"a": "2"}]),
        (['denied_parameters={"a"=[]} allowed_parameters={"a"=[] "b"=[]}'], [{"b": "1"}], [{"a": "2"}]),
        (['required_parameters=["a","B"]'], [{"a": "1", "b": "2"}], [{"a": "2"}, {"A": "1", "B": "2"}, {}]),
        (['allowed_parameters={"a"=[]}', ""], [{"a": "1"}], [{"b": "2"}]),
        (
            ['allowed_parameters={"a"=["1"] "c"=["1"]}', 'allowed_parameters={"a"=["2"] "b"=[] "c"=[]}'],
            [{"a": "2"}, {"a": "1"}, {"b": "3"}, {"c": "3"}],
            [{"a": "3"}],
        ),
        (['required_parameters=["a"]', 'required_parameters=["b"]'], [{"a": "1", "b": "1"}], [{"a": "2"}]),
    ],
)
def test_parameters(limits: list[str], good: list[dict[str, Any]], bad: list[dict[str, Any]]) -> None:
    found = acl(*(rule("k/p", *W, more=limit) for limit in limits))
    assert [allowed(found, data) for data in good] == [True] * len(good)
    assert [allowed(found, data) for data in bad] == [False] * len(bad)
    assert allowed(found, {}, Operation.DELETE)
    assert allowed(found, {}, Operation.LIST)


def test_a_refused_parameter_is_named_without_its_value() -> None:
    verdict = acl(rule("k/p", "update", more='denied_parameters={"a"=["s3cret"]}')).check(
        Operation.UPDATE, "k/p", {"a": "s3cret"}
    )
    assert verdict.explicit
    assert "parameter a " in verdict.reason.why
    assert "s3cret" not in repr(verdict)


@pytest.mark.parametrize(
    ("limits", "good", "bad"),
    [
        (["min_wrapping_ttl=10 max_wrapping_ttl=60"], [10, 60], [None, 5, 61]),
        (["min_wrapping_ttl=10"], [10], [None, 5]),
        (["max_wrapping_ttl=10"], [5], [None, 11]),
        (
            ["min_wrapping_ttl=10 max_wrapping_ttl=60", "min_wrapping_ttl=5 max_wrapping_ttl=30", ""],
            [7, 45],
            [None, 3, 61],
        ),
        (["max_wrapping_ttl=5", "min_wrapping_ttl=10"], [], [None, 3, 7, 45, 61]),
    ],
)
def test_wrapping(limits: list[str], good: list[int | None], bad: list[int | None]) -> None:
    found = acl(*(rule("k/p", "read", more=limit) for limit in limits))
    for ttls, expected in ((good, True), (bad, False)):
        assert [found.check(Operation.READ, "k/p", {}, ttl).allowed for ttl in ttls] == [expected] * len(ttls)


@pytest.mark.parametrize(
    ("path", "reached"),
    [("kv/*", True), ("kv/a", True), ("*", True), ("k*", True), ("+/a", True), ("kv/+/a", True), ("kv", False),
     ("kw/*", False), ("+/+/x", True), ("kx/+/a", False)],
)  # fmt: skip
def test_whether_anything_is_allowed_below_a_mount(path: str, reached: bool) -> None:
    assert acl(rule(path, "read")).reaches("kv/") is reached
    assert not acl(rule(path, "deny")).reaches("kv/")


# The rules once more, slowly and without any index.


def fits(pattern: str, path: str) -> bool:
    if pattern.endswith("*"):
        return any(fits(pattern[:-1], path[:end]) for end in range(len(path) + 1))
    mine, theirs = pattern.split("/"), path.split("/")
    return len(mine) == len(theirs) and all(a in ("+", b) for a, b in zip(mine, theirs, strict=True))


def more_specific(one: str, other: str) -> bool:
    firsts = [min((at for at, c in enumerate(text) if c in "+*"), default=10**6) for text in (one, other)]
    if firsts[0] != firsts[1]:
        return firsts[0] > firsts[1]
    if one.endswith("*") != other.endswith("*"):
        return other.endswith("*")
    if one.count("+") != other.count("+"):
        return one.count("+") < other.count("+")
    return (len(one), one) > (len(other), other)


def slow(rules: list[tuple[str, frozenset[str]]], paths: list[str]) -> set[str]:
    """`paths`: those that count, tried in turn among exact rules and then among patterns."""
    for exact in (True, False):
        for path in paths:
            best: str | None = None
            for text, _ in rules:
                if ("+" not in text.split("/") and not text.endswith("*")) is exact and fits(text, path):
                    best = text if best is None or more_specific(text, best) else best
            if best is not None:
                found = set().union(*(capabilities for text, capabilities in rules if text == best))
                return set() if "deny" in found else found
    return set()


_SEGMENT = st.sampled_from(["a", "b", "ab", "+", ""])
_PATTERN = st.tuples(st.lists(_SEGMENT, min_size=1, max_size=4).map("/".join), st.sampled_from(["", "*", "/*"])).map(
    "".join
).filter(lambda text: "+*" not in text)  # fmt: skip
_PATH = st.lists(st.sampled_from(["a", "b", "ab", "c", ""]), min_size=1, max_size=4).map("/".join)
_OPERATIONS = st.sampled_from(list(Operation))
_RULES = st.lists(
    st.tuples(_PATTERN, st.frozensets(st.sampled_from(["read", "list", "update", "create", "deny"]), max_size=3)),
    max_size=8,
)


@settings(max_examples=600, deadline=None)
@given(_RULES, st.lists(st.tuples(_OPERATIONS, _PATH), min_size=1, max_size=6))
def test_the_matcher_agrees_with_the_rules(
    rules: list[tuple[str, frozenset[str]]], asked: list[tuple[Operation, str]]
) -> None:
    policies = [
        AclPolicy(tuple(Rule(path, capabilities, 1) for path, capabilities in rules[part::3])) for part in range(3)
    ]
    found = Acl([(f"p{part}", policy) for part, policy in enumerate(policies)])
    for operation, path in asked:
        if operation is Operation.LIST:
            slashed = path if path.endswith("/") else path + "/"
            expected = slow(rules, [slashed, slashed[:-1]])
        else:
            expected = slow(rules, [path])
        for _ in range(2):
            assert found.check(operation, path, {}).allowed is (operation.value in expected), (operation, path)
