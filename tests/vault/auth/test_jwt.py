"""JWT: whose tokens log in, and which do not."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from stratumiops.vault.auth.jwt.backend import JwtBackend
from stratumiops.vault.errors import BadRequest, NotFound, PermissionDenied
from stratumiops.vault.request import Auth, Operation

from ..mounted import Mounted, mounted  # noqa: TID252 - tests are no package on the path
from .issuer import EC, ED, RSA, Issuer, mac_with_public_key, pem, signed, token


@pytest.fixture
async def method() -> Mounted:
    made = mounted(JwtBackend, "auth/jwt/")
    await made.write("config", jwt_validation_pubkeys=[pem(EC), pem(RSA), pem(ED)], bound_issuer="me")
    await made.write("role/r", role_type="jwt", user_claim="sub", bound_audiences="vault", policies="a")
    return made


@pytest.fixture
async def issuer() -> AsyncIterator[Issuer]:
    async with Issuer().serve() as made:
        yield made


def claims(method: Mounted, **changes: Any) -> dict[str, Any]:
    """Good ones, changed; instants are relative to now, None leaves a claim out."""
    usual = {"sub": "ada", "aud": "vault", "iss": "me", "exp": 60, **changes}
    times = {name: method.system.at + usual[name] for name in ("exp", "nbf", "iat") if type(usual.get(name)) is int}
    return {name: value for name, value in {**usual, **times}.items() if value is not None}


async def login(method: Mounted, jwt: str, role: str = "r", **more: Any) -> Auth:
    found = await method.ask(Operation.UPDATE, "login", {"role": role, "jwt": jwt}, **more)
    assert found is not None
    assert found.auth is not None
    return found.auth


@pytest.mark.parametrize("kind", ["ec", "rsa", "ed"])
async def test_a_login(method: Mounted, kind: str) -> None:
    await method.write("role/r", claim_mappings={"team": "t", "/deep/0/x": "x", "none": "n"}, token_ttl=60)
    auth = await login(method, token(claims(method, team="ops", deep=[{"x": True}]), kind, kid="1", extra="header"))
    assert (auth.policies, auth.display_name, auth.ttl) == (["a"], "jwt-ada", 60)
    assert auth.metadata == {"role": "r", "t": "ops", "x": "true"}


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"aud": "other"}, "invalid audience (aud) claim: audience claim does not match any expected audience"),
        ({"aud": None}, "invalid audience (aud) claim"),
        ({"aud": {"vault": 1}}, "invalid audience (aud) claim"),
        ({"iss": "other"}, "invalid issuer (iss) claim"),
        ({"iss": None}, "invalid issuer (iss) claim"),
        ({"exp": -61}, "invalid expiration time (exp) claim: token is expired"),
        ({"nbf": 61, "exp": 600}, "invalid not before (nbf) claim: token not yet valid"),
        ({"iat": 61, "nbf": 0, "exp": 600}, "invalid issued at (iat) claim"),
        ({"exp": None}, "no issued at (iat), not before (nbf), or expiration time (exp) claims in token"),
        ({"exp": None, "iat": -211}, "token is expired"),
        ({"exp": "soon"}, "exp is not a number"),
        ({"exp": True}, "exp is not a number"),
        ({"sub": None}, 'claim "sub" not found in token'),
        ({"sub": 5}, 'claim "sub" could not be converted to string'),
        ({"sub": ""}, 'claim "sub" could not be converted to string'),
    ],
)
async def test_tokens_that_do_not_log_in(method: Mounted, changes: dict[str, Any], text: str) -> None:
    with pytest.raises(BadRequest) as error:
        await login(method, token(claims(method, **changes)))
    assert text in str(error.value)


@pytest.mark.parametrize(
    "changes", [{"exp": -59}, {"exp": None, "iat": -209}, {"exp": None, "iat": 0}, {"nbf": 59}, {"aud": ["x", "vault"]}]
)
async def test_clocks_may_differ_a_little(method: Mounted, changes: dict[str, Any]) -> None:
    await login(method, token(claims(method, **changes)))


async def test_leeways_can_be_set(method: Mounted) -> None:
    await method.write("role/r", clock_skew_leeway=-1, expiration_leeway="10s", not_before_leeway="-1")
    await login(method, token(claims(method, exp=0, nbf=0)))
    for changes in ({"exp": -1}, {"nbf": 1}, {"exp": None, "iat": -11}):
        with pytest.raises(BadRequest):
            await login(method, token(claims(method, **changes)))


async def test_forged_tokens(method: Mounted) -> None:
    good = token(claims(method))
    head, body, signature = good.split(".")
    other = token(claims(method, sub="eve")).split(".")[1]
    none = "eyJhbGciOiJub25lIn0"
    stranger = type(EC).generate_key("P-256")
    for jwt in (
        f"{head}.{other}.{signature}", f"{none}.{body}.", f"{none}.{body}.{signature}", f"{head}.{body}.",
        "x", "..", "a.b.c", good + ".x", "é.é.é", "x" * 100_000, mac_with_public_key(claims(method)),
        signed(claims(method), "ES256", stranger),
    ):  # fmt: skip
        with pytest.raises(BadRequest, match="error validating token: error verifying token signature"):
            await login(method, jwt)
    for payload in ([], "x", 5):
        with pytest.raises(BadRequest, match="its claims are not a JSON object"):
            await login(method, token(payload))


async def test_bound_claims(method: Mounted) -> None:
    await method.write("role/r", bound_claims={"team": ["a", "b"], "/deep/level": 3}, bound_subject="ada")
    await login(method, token(claims(method, team="b", deep={"level": 3})))
    await login(method, token(claims(method, team=["x", "a"], deep={"level": [3]})))
    for changes in ({"team": "c"}, {"team": None}, {"deep": {"level": "3"}}, {"deep": {"level": True}}, {"sub": "eve"}):
        with pytest.raises(BadRequest, match="error validating"):
            await login(method, token(claims(method, **{"team": "a", "deep": {"level": 3}, **changes})))
    await method.write("role/r", bound_claims={"team": "op*s"}, bound_claims_type="glob", bound_subject="")
    await login(method, token(claims(method, team="op.x.s")))
    with pytest.raises(BadRequest, match='claim "team" does not match'):
        await login(method, token(claims(method, team="opsx")))


async def test_a_mapped_claim_is_a_text(method: Mounted) -> None:
    await method.write("role/r", claim_mappings={"team": "t"})
    with pytest.raises(BadRequest, match="error converting claim 'team' to string"):
        await login(method, token(claims(method, team=["a"])))


async def test_a_role_without_audiences_takes_no_token_for_someone(method: Mounted) -> None:
    await method.write("role/open", user_claim="sub", bound_subject="ada", token_bound_cidrs="10.0.0.0/8")
    with pytest.raises(BadRequest, match="no audiences bound to the role"):
        await login(method, token(claims(method)), "open")
    await login(method, token(claims(method, aud=None)), "open", remote_address="10.0.0.1")
    with pytest.raises(PermissionDenied):
        await login(method, token(claims(method, aud=None)), "open", remote_address="127.0.0.1")


async def test_what_a_login_needs(method: Mounted) -> None:
    for role, jwt, text in (("none", "x", "could not be found"), ("", "x", "missing role"), ("r", "", "missing token")):
        with pytest.raises(BadRequest, match=text):
            await login(method, jwt, role)
    await method.write("config", jwt_validation_pubkeys=pem(EC), default_role="R")
    await login(method, token(claims(method)), "")
    with pytest.raises(BadRequest, match="could not load configuration"):
        await login(mounted(JwtBackend, "auth/jwt/"), "x")


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, "a user claim must be defined on the role"),
        ({"user_claim": "sub"}, "must have at least one bound constraint when creating/updating a role"),
        ({"user_claim": "sub", "bound_subject": "a", "bound_claims_type": "x"}, "invalid 'bound_claims_type': x"),
        ({"user_claim": "sub", "bound_subject": "a", "claim_mappings": {"a": "role"}}, "is reserved"),
        ({"user_claim": "sub", "bound_subject": "a", "claim_mappings": {"a": "x", "b": "x"}}, "multiple keys"),
        ({"user_claim": "sub", "bound_subject": "a", "claim_mappings": {"a": 1}}, "maps names of claims"),
        ({"user_claim": "sub", "bound_subject": "a", "bound_claims": "x"}, "bound_claims"),
        ({"user_claim": "sub", "bound_subject": "a", "role_type": "oidc"}, "role_type"),
        ({"user_claim": "sub", "bound_subject": "a", "expiration_leeway": "x"}, "expiration_leeway"),
    ],
)
async def test_roles_that_cannot_be(method: Mounted, fields: dict[str, Any], text: str) -> None:
    with pytest.raises(BadRequest) as error:
        await method.write("role/x", **fields)
    assert text in str(error.value)
    assert await method.names("role") == ["r"]


async def test_a_role_is_shown_and_forgotten(method: Mounted) -> None:
    found = await method.read("role/R")
    assert (found["bound_audiences"], found["role_type"], found["policies"]) == (["vault"], "jwt", ["a"])
    await method.delete("role/r")
    with pytest.raises(NotFound):
        await method.read("role/r")


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, "exactly one of"),
        ({"jwks_url": "http://127.0.0.1:1/", "jwt_validation_pubkeys": [pem(EC)]}, "exactly one of"),
        ({"jwt_validation_pubkeys": ["x"]}, "data does not contain any valid public keys"),
        ({"jwt_validation_pubkeys": [EC.as_pem(private=True).decode()]}, "does not contain any valid public keys"),
        ({"jwt_validation_pubkeys": [pem(EC)], "jwt_supported_algs": ["none"]}, 'unsupported signing algorithm "none"'),
        ({"jwt_validation_pubkeys": [pem(EC)], "jwt_supported_algs": "HS256"}, 'unsupported signing algorithm "HS256"'),
        ({"jwks_url": "http://127.0.0.1:1/"}, "error checking jwks URL"),
        ({"jwks_url": "file:///etc/passwd"}, "begins with https"),
        ({"oidc_discovery_url": "http://127.0.0.1:1/"}, "error checking oidc discovery URL"),
        ({"jwks_url": "https://127.0.0.1:1/", "jwks_ca_pem": "x"}, "error checking jwks URL"),
    ],
)
async def test_configurations_that_cannot_be(method: Mounted, fields: dict[str, Any], text: str) -> None:
    with pytest.raises(BadRequest) as error:
        await method.write("config", **fields)
    assert text in str(error.value)
    assert (await method.read("config"))["bound_issuer"] == "me"


async def test_only_the_algorithms_that_are_wanted(method: Mounted) -> None:
    await method.write("config", jwt_validation_pubkeys=[pem(EC), pem(RSA)], jwt_supported_algs="RS256")
    await login(method, token(claims(method), "rsa"))
    with pytest.raises(BadRequest, match="algorithm is not accepted"):
        await login(method, token(claims(method), "ec"))


async def test_keys_of_a_url_are_fetched_and_fetched_again(method: Mounted, issuer: Issuer) -> None:
    issuer.keys(one=EC)
    await method.write("config", jwks_url=f"{issuer.url}/keys")
    for _ in range(3):
        await login(method, token(claims(method), "ec", kid="one"))
    assert issuer.asked == ["/keys"]
    issuer.keys(two=RSA)
    with pytest.raises(BadRequest, match="no known key has signed it"):
        await login(method, token(claims(method), "rsa", kid="two"))
    method.system.at += 11
    await login(method, token(claims(method), "rsa", kid="two"))
    with pytest.raises(BadRequest, match="no known key has signed it"):
        await login(method, token(claims(method), "ec", kid="one"))
    assert issuer.asked == ["/keys"] * 2
    issuer.documents.clear()
    method.system.at += 301
    await login(method, token(claims(method), "rsa"))


async def test_an_issuer_names_its_keys(method: Mounted, issuer: Issuer) -> None:
    issuer.keys(one=EC)
    issuer.documents["/.well-known/openid-configuration"] = {"issuer": issuer.url, "jwks_uri": f"{issuer.url}/keys"}
    await method.write("config", oidc_discovery_url=issuer.url + "/")
    await login(method, token(claims(method, iss=issuer.url)))
    with pytest.raises(BadRequest, match="invalid issuer"):
        await login(method, token(claims(method)))
    await method.backend.stop()
    await login(method, token(claims(method, iss=issuer.url)))


@pytest.mark.parametrize(
    "document", [None, b"not json", [], {"keys": 5}, {"issuer": "http://other", "jwks_uri": "x"}, b"[" * (2 << 20)]
)
async def test_documents_that_are_none(method: Mounted, issuer: Issuer, document: Any) -> None:
    issuer.documents.update({"/keys": document, "/.well-known/openid-configuration": document})
    for source in ({"jwks_url": f"{issuer.url}/keys"}, {"oidc_discovery_url": issuer.url}):
        with pytest.raises(BadRequest):
            await method.write("config", **source)
