"""Policies as operators write them."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stratumiops.vault.errors import BadRequest
from stratumiops.vault.policies.acl_policy import CAPABILITIES, decoded, parse

WRITTEN = """\
# who may read
name = "ops"
path "secret/*" { capabilities = ["read", "list",] } // and list
/* the old
   form */
"path" "old/a" { policy = "write" }
path "/slash" {
  capabilities = [ "create" ],
  allowed_parameters = { "Name" = ["a*", 5, true], "*" = [] }
  denied_parameters { secret = [] }
  required_parameters = ["Name"]
  min_wrapping_ttl = "10s"
  max_wrapping_ttl = 60
  comment = <<EOF
anything
EOF
}
"""


def test_hcl_as_it_is_written() -> None:
    rules = parse(WRITTEN).rules
    assert [(rule.path, rule.line) for rule in rules] == [("secret/*", 3), ("old/a", 6), ("slash", 7)]
    assert rules[0].capabilities == {"read", "list"}
    assert rules[1].capabilities == {"create", "read", "update", "delete", "list"}
    last = rules[2]
    assert last.allowed == {"name": ("a*", 5, True), "*": ()}
    assert (last.denied, last.required) == ({"secret": ()}, {"name"})
    assert (last.min_wrapping_ttl, last.max_wrapping_ttl) == (10, 60)


@pytest.mark.parametrize(
    "text",
    [
        '{"path": {"a/*": {"capabilities": ["read"]}, "b": {"policy": "deny"}}}',
        '{"path": [{"a/*": {"capabilities": ["read"]}}, {"b": {"policy": "deny"}}], "name": "x"}',
        'path "a/*" { capabilities = ["read"] } path b { policy = "deny" }',
        'path "a/*" { capabilities = ["read"] capabilities = [] }\npath "b" { capabilities = ["deny", "read"] }',
        '\ufeff{"path":{"a\\u002f*":{"capabilities":["read"]}\n,\n"b":{"policy":"deny"}}}',
    ],
)
def test_the_same_policy_in_many_forms(text: str) -> None:
    rules = parse(text).rules
    assert [(rule.path, rule.capabilities) for rule in rules] == [("a/*", {"read"}), ("b", {"deny"})]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('path "a" { capabilities=["read" }', "At 1:33: error parsing list, expected comma or list end"),
        ('path "a" {\n capabilities=["bogus"] }', 'path "a": invalid capability "bogus" (line 2)'),
        ('path "a" { capabilities=["READ"] }', 'invalid capability "READ"'),
        ('path "a" { policy="foo" }', 'path "a": invalid policy "foo"'),
        ('path "a/+*" { policy="read" }', "path \"a/+*\": invalid use of wildcards ('+*' is forbidden)"),
        ('\npath "a" { policy="read" bogus = 1 }', 'invalid key "bogus" on line 2'),
        ("bogus = 1", 'invalid key "bogus" on line 1'),
        ('path "a" { min_wrapping_ttl="10s" max_wrapping_ttl="5s" }', "max_wrapping_ttl cannot be less than"),
        ('path "a" { min_wrapping_ttl="x" }', "error parsing min_wrapping_ttl"),
        ("just a word", "At 1:12: key 'word' expected start of object ('{') or assignment ('=')"),
        ('path "a" { capabilities="read" }', "expected a list"),
        ('path "a" { allowed_parameters=["x"] }', "expected names"),
        ('path "a{{b" { policy="read" }', "unbalanced templating characters"),
        ("path 'a' {}", "At 1:6: illegal char"),
        ("/* x", "comment not terminated"),
        ('path "a', "literal not terminated"),
        ("path = <<E\nx", "heredoc not terminated"),
        ('path "a" "b" {}', "expected one path"),
        ('{"path": 5}', "expected one path"),
        ("[]", "At 1:1: expected a key"),
        ('path "a" {} }', "At 1:13: expected a key"),
        ("{} {}", "expected the end"),
        ('path "a" { control_group = {} }', '"control_group" on line 1 is not supported'),
        ('path "a" { required_parameters = ["a"] required_parameters = [] }', "is there twice"),
        ("a = " + "[" * 500, "nested too deeply"),
        ("{a" * 500, "nested too deeply"),
        ("#" * 300_000, "more than"),
    ],
)
def test_what_is_no_policy(text: str, why: str) -> None:
    with pytest.raises(BadRequest) as raised:
        parse(text)
    assert raised.value.messages[0].startswith("failed to parse policy: ")
    assert why in raised.value.messages[0]


def test_base64() -> None:
    text = 'path "a" { policy = "read" }'
    assert decoded(base64.b64encode(text.encode()).decode()) == text
    assert decoded(text) == text


_PIECES = ["path", "capabilities", "allowed_parameters", "min_wrapping_ttl", '"a/*"', '"+"', '"read"', '"\\u00e9"', "=",
           ":", "{", "}", "[", "]", ",", "\n", "#", "/*", "*/", "<<E", "\nE\n", "5", "-0x1F", "1e5", "true", "null",
           "deny", '"', "\\", "{{", "}}", "\x00", "é", " "]  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(
    st.one_of(
        st.lists(st.sampled_from(_PIECES)).map(" ".join), st.lists(st.sampled_from(_PIECES)).map("".join), st.text()
    )
)
def test_anything_is_a_policy_or_a_bad_request(text: str) -> None:
    try:
        policy = parse(text)
    except BadRequest:
        return
    assert all(rule.capabilities <= CAPABILITIES for rule in policy.rules)


_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_KEY = st.sampled_from(["capabilities", "policy", "allowed_parameters", "required_parameters", "max_wrapping_ttl"])


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.text(max_size=8), st.dictionaries(_KEY, _VALUE) | _VALUE, max_size=3))
def test_any_json_is_a_policy_or_a_bad_request(paths: object) -> None:
    import orjson

    try:
        parse(orjson.dumps({"path": paths}).decode())
    except BadRequest:
        return
