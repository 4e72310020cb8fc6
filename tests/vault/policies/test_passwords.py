"""Password policies: which texts are ones, and what passwords are like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratumiops.vault.errors import BadRequest
from stratumiops.vault.policies.password_policy import parse

from ..http.live import Live  # noqa: TID252 - a core for all tests of the vault

LETTERS, DIGITS = "abcdefghij", "0123456789"
POLICY = f'length = 12\nrule "charset" {{\n charset = "{LETTERS}"\n}}\nrule "charset" {{\n charset = "{DIGITS}"\n'


@given(length=st.integers(4, 100), least=st.integers(0, 2))
def test_a_password_fits_its_policy(length: int, least: int) -> None:
    text = POLICY.replace("12", str(length)) + f" min-chars = {least}\n}}"
    made = parse(text).password()
    assert len(made) == length
    assert set(made) <= set(LETTERS + DIGITS)
    assert sum(one in DIGITS for one in made) >= least
    assert made != parse(text).password()


def test_json_means_the_same() -> None:
    rules = '[{"charset": {"charset": "ab", "min-chars": 1}}, {"charset": {"charset": "12"}}]'
    found = parse(f'{{"length": 8, "rule": {rules}}}')
    assert found == parse(
        'length = 8\nrule "charset" { charset = "ab", min-chars = 1 }\nrule "charset" { charset = "12" }'
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("length = 3\n" + POLICY[12:] + "}", "passwords must be between 4 and 100 characters"),
        ("length = 20", "no charset specified"),
        (POLICY + " min-chars = 13\n}", "require at least 13 characters but 12 is specified"),
        (POLICY + ' min-chars = "x"\n}', "min-chars is a number"),
        (POLICY + " other = 1\n}", "there is no key 'other'"),
        ('length = 20\nrule "words" {\n}', 'the only kind of rule is "charset"'),
        ("length = 8\nrule = 1", 'the only kind of rule is "charset"'),
        ('length = 8\nrule "charset" {\n min-chars = 1\n}', "without characters"),
        ("length", "key 'length' expected start of object"),
    ],
)
def test_what_is_no_policy(text: str, why: str) -> None:
    with pytest.raises(BadRequest, match=why):
        parse(text)


def test_a_policy_that_hardly_any_password_fits() -> None:
    text = 'length = 100\nrule "charset" {\n charset = "ab"\n min-chars = 99\n}\nrule "charset" { charset = "c" }'
    made = parse(text).password()
    assert (len(made), made.count("c") < 2) == (100, True)


async def test_namespaces_have_their_own() -> None:
    live = Live()
    await live.begin()
    assert (await live.ask("POST", "sys/namespaces/team")).status == 200
    assert (await live.ask("PUT", "team/sys/policies/password/p", {"policy": POLICY + "}"})).status == 204
    assert (await live.ask("GET", "team/sys/policies/password/p/generate")).status == 200
    assert (await live.ask("GET", "sys/policies/password/p/generate")).status == 404
    assert (await live.ask("DELETE", "sys/namespaces/team")).status == 204
    assert (await live.ask("POST", "sys/namespaces/team")).status == 200
    assert (await live.ask("GET", "team/sys/policies/password/p")).status == 404
