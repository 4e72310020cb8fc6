"""Names and statements from templates: whatever the value, it stays where the template has it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratumiops.vault.engines.database.statements import CYPHER, SQL, Dialect, filled
from stratumiops.vault.engines.database.usernames import USUAL, username
from stratumiops.vault.errors import BadRequest

VALUES = {"DisplayName": "token-longer-than-that", "RoleName": "app", "unix_time": "1700000000"}
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=20)


@given(TEXT.filter(lambda text: "\\" not in text), st.sampled_from("'\""))
def test_sql_quotes_end_where_the_template_ends_them(value: str, quote: str) -> None:
    (statement,) = filled(f"SELECT {quote}{{{{name}}}}{quote} -- don't", {"name": value}, SQL)
    found = re.fullmatch(f"SELECT {quote}((?:[^{quote}]|{quote}{quote})*){quote} -- don't", statement)
    assert found is not None
    assert found[1].replace(quote * 2, quote) == value


@given(TEXT, st.sampled_from("'\"`"))
def test_cypher_quotes_end_where_the_template_ends_them(value: str, quote: str) -> None:
    (statement,) = filled(f"RETURN {quote}{{{{name}}}}{quote} // don't", {"name": value}, CYPHER)
    inside = f"(?:[^{quote}]|{quote}{quote})" if quote == "`" else rf"(?:[^{quote}\\]|\\.)"
    found = re.fullmatch(f"RETURN {quote}({inside}*){quote} // don't", statement)
    assert found is not None
    plain = found[1].replace("``", "`") if quote == "`" else re.sub(r"\\(.)", r"\1", found[1])
    assert plain == value


@pytest.mark.parametrize(
    ("template", "values", "dialect", "text"),
    [
        ("SELECT {{name}}", {"name": "a b"}, SQL, "has to stand in quotes"),
        ("SELECT {{name}}", {"name": "a;b"}, CYPHER, "has to stand in quotes"),
        ("/* ' */ SELECT {{name}}", {"name": "a-b"}, SQL, "has to stand in quotes"),
        ("SELECT E'{{name}}'", {"name": "a\\"}, SQL, "cannot be quoted"),
        ("SELECT '{{name}}'", {"name": "a\0"}, SQL, "cannot be quoted"),
        ("DO $x$ SELECT '{{name}}' $x$", {"name": "$x$"}, SQL, "dollar quotes"),
        ("SELECT '{{expiration}}'", {"name": "a"}, SQL, "for which there is no value"),
    ],
)
def test_values_that_do_not_fit(template: str, values: dict[str, str], dialect: Dialect, text: str) -> None:
    with pytest.raises(BadRequest, match=text):
        filled(template, values, dialect)


def test_cypher_runs_one_statement_at_a_time() -> None:
    template = "CREATE USER `{{name}}` SET PASSWORD ';'; // first;\nGRANT ROLE reader TO {{ username }};"
    statements = ["CREATE USER `a` SET PASSWORD ';'", "// first;\nGRANT ROLE reader TO a"]
    assert filled(template, {"name": "a"}, CYPHER) == statements
    assert filled("SELECT 1; SELECT 2;", {}, SQL) == ["SELECT 1; SELECT 2;"]


def test_the_usual_name() -> None:
    name = username("", VALUES)
    assert re.fullmatch(r"v-token-lo-app-[A-Za-z0-9]{20}-1700000000", name)
    assert username(USUAL, VALUES) != name


@pytest.mark.parametrize(
    ("template", "pattern"),
    [
        ("x-{{.RoleName | uppercase}}-{{random 4 | lowercase}}", r"x-APP-[a-z0-9]{4}"),
        ('{{ printf "%s_%s%%" (.RoleName | replace "p" "b") (unix_time | truncate 3) }}', "abb_170%"),
        ("{{.DisplayName | truncate 5 | uppercase}}", "TOKEN"),
        ("{{uuid}}", r"[0-9a-f-]{36}"),
        ('{{ "quo\\"ted" }}', 'quo"ted'),
    ],
)
def test_names_from_templates(template: str, pattern: str) -> None:
    assert re.fullmatch(pattern, username(template, VALUES))


@pytest.mark.parametrize(
    "template",
    [
        "{{",
        "{{}}",
        "{{ nope }}",
        "{{.Nope}}",
        "{{random}}",
        "{{random 1000}}",
        "{{random x}}",
        "{{(.RoleName}}",
        "{{printf}}",
        '{{printf "%d" "1"}}',
        '{{printf "%s"}}',
        "{{.RoleName | truncate}}",
        "{{.RoleName | truncate x}}",
        "{{;}}",
        "{{.RoleName )}}",
        "x" * 300,
        "{{.RoleName |}}",
    ],
)
def test_templates_that_cannot_be_used(template: str) -> None:
    if template == "{{":
        assert username(template, VALUES) == "{{"
        return
    with pytest.raises(BadRequest, match="username_template"):
        username(template, VALUES)
