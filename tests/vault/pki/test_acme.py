"""ACME as a client drives it: the flow, and what is refused."""

import asyncio
import base64
import ipaddress
from collections.abc import AsyncIterator
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc.jwk import ECKey, OKPKey, RSAKey
from tests.vault.mounted import Mounted
from tests.vault.pki.acme_client import BASE, Client, World, a_world
from tests.vault.pki.certs import csr, dns_names, load

from stratumiops.vault.errors import NotFound
from stratumiops.vault.request import Operation


@pytest.fixture
async def world(pki: Mounted) -> AsyncIterator[World]:
    """The mount with ACME, and the servers that it asks."""
    async with a_world() as found:
        await pki.write("config/cluster", path=BASE)
        await pki.write("config/acme", enabled=True, dns_resolver=f"127.0.0.1:{found.dns_port}")
        pki.backend.validator.http_port = found.http_port  # type: ignore[attr-defined]
        pki.backend.validator.retries = ()  # type: ignore[attr-defined]
        yield found


@pytest.fixture
async def client(pki: Mounted, world: World) -> Client:
    made = Client(pki)
    assert (await made.register()).status == 201
    return made


async def test_the_directory(pki: Mounted, world: World) -> None:
    for prefix in ("", "roles/r/", "issuer/root/", "issuer/root/roles/r/"):
        found = await pki.ask(Operation.READ, f"{prefix}acme/directory", {})
        assert found is not None
        assert found.raw is not None
        assert f'"newOrder":"{BASE}/{prefix}acme/new-order"'.encode() in found.raw.body
    found = await pki.ask(Operation.READ, "acme/new-nonce", {})
    assert found is not None
    assert found.raw is not None
    assert (found.raw.status, found.raw.body) == (204, b"")
    assert found.headers["Link"] == f'<{BASE}/acme/directory>;rel="index"'
    for prefix in ("roles/nope/", "issuer/nope/"):
        nowhere = Client(pki, f"{prefix}acme/")
        assert (await nowhere.send(nowhere.url("orders"), {})).problem == "malformed"


KEYS = [ECKey.generate_key("P-256"), RSAKey.generate_key(2048), OKPKey.generate_key("Ed25519")]


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
@pytest.mark.parametrize("key", KEYS, ids=["ec", "rsa", "okp"])
async def test_a_certificate_over_http(pki: Mounted, world: World, key: Any) -> None:
    client = Client(pki, key=key)
    registered = await client.register(contact=["mailto:a@example.com"])
    assert registered.status == 201, registered
    chain = await client.certificate("a.example.com", "b.example.com", world=world)
    assert dns_names(chain[0]) == ["a.example.com", "b.example.com"]
    chain[0].verify_directly_issued_by(chain[1])
    assert chain[1] == load((await pki.read("issuer/root"))["certificate"])
    assert (chain[0].not_valid_after_utc - chain[0].not_valid_before_utc).days == 90
    assert {"a.example.com", "b.example.com"} == {one.split(":")[0] for one in world.seen}
    usages = chain[0].extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert [one.dotted_string for one in usages] == ["1.3.6.1.5.5.7.3.1"]
    orders = (await client.post("orders")).body["orders"]
    assert (await client.post(orders[0])).body["status"] == "valid"


async def test_a_certificate_over_dns(client: Client, world: World) -> None:
    for number in range(8):
        world.records.setdefault("_acme-challenge.example.com", []).append(f"another-{number:060}")
    chain = await client.certificate("*.example.com", "example.com", kind="dns-01", world=world)
    assert set(dns_names(chain[0])) == {"*.example.com", "example.com"}
    order = await client.order("*.example.com")
    authorization = (await client.post(order.body["authorizations"][0])).body
    assert authorization["wildcard"] is True
    assert authorization["identifier"] == {"type": "dns", "value": "example.com"}
    assert [one["type"] for one in authorization["challenges"]] == ["dns-01"]


async def test_an_address(client: Client, world: World) -> None:
    order = await client.post("new-order", {"identifiers": [{"type": "ip", "value": "127.0.0.1"}]})
    await client.authorize(order, "http-01", world)
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    done = await client.finalize(order, csr("", extensions=[names]))
    assert done.body["status"] == "valid"


@pytest.mark.parametrize("kind", ["http-01", "dns-01"])
async def test_control_that_is_not_shown(client: Client, world: World, kind: str) -> None:
    order = await client.order("a.example.com")
    outcomes = await client.authorize(order, kind, world, wrong=True)
    assert outcomes[0]["status"] == "invalid"
    challenge = next(one for one in outcomes[0]["challenges"] if one["type"] == kind)
    assert challenge["error"]["type"] == "urn:ietf:params:acme:error:unauthorized"
    assert (await client.post(order.headers["Location"])).body["status"] == "invalid"
    assert (await client.finalize(order, csr("", ["a.example.com"]))).problem == "orderNotReady"


async def test_nobody_answers(pki: Mounted, client: Client, world: World) -> None:
    pki.backend.validator.http_port = 1  # type: ignore[attr-defined]
    pki.backend.validator.retries = (0.0, 0.0)  # type: ignore[attr-defined]
    outcomes = await client.authorize(await client.order("a.example.com"), "http-01", world)
    errors = [one["error"]["type"] for one in outcomes[0]["challenges"] if "error" in one]
    assert errors == ["urn:ietf:params:acme:error:connection"]


@pytest.mark.parametrize(
    "page",
    [
        b"HTTP/1.1 302 Found\r\nLocation: http://a.example.com:22/x\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: http://[bad\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: \r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n" + b"x" * 9000,
        b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", b"junk\r\n\r\n", b"",
    ],
)  # fmt: skip
async def test_odd_answers_show_nothing(client: Client, world: World, page: bytes) -> None:
    order = await client.order("a.example.com")
    url = order.body["authorizations"][0]
    challenge = next(one for one in (await client.post(url)).body["challenges"] if one["type"] == "http-01")
    world.pages[f"/.well-known/acme-challenge/{challenge['token']}"] = page
    await client.post(challenge["url"], {})
    async with asyncio.timeout(30):
        while (found := (await client.post(url)).body)["status"] == "pending":
            await asyncio.sleep(0.01)
    assert found["status"] == "invalid"


async def test_a_redirect_is_followed(client: Client, world: World) -> None:
    order = await client.order("a.example.com")
    url = order.body["authorizations"][0]
    challenge = next(one for one in (await client.post(url)).body["challenges"] if one["type"] == "http-01")
    world.show("a.example.com", "elsewhere", f"{challenge['token']}.{client.key.thumbprint()}")
    there = f"http://b.example.com:{world.http_port}/.well-known/acme-challenge/elsewhere"
    away = f"HTTP/1.1 302 Found\r\nLocation: {there}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    world.pages[f"/.well-known/acme-challenge/{challenge['token']}"] = away.encode()
    await client.post(challenge["url"], {})
    async with asyncio.timeout(30):
        while (found := (await client.post(url)).body)["status"] == "pending":
            await asyncio.sleep(0.01)
    assert found["status"] == "valid"
    assert world.seen[-1] == f"b.example.com:{world.http_port}"


async def test_accounts(client: Client) -> None:
    again = await client.post("new-account", {}, jwk=True)
    assert (again.status, again.headers["Location"]) == (200, client.kid)
    changed = await client.post(client.kid, {"contact": ["mailto:b@example.com"]})
    assert changed.body["contact"] == ["mailto:b@example.com"]
    assert (await client.post(client.kid)).body["contact"] == ["mailto:b@example.com"]
    stranger = Client(client.pki)
    assert (await stranger.register(onlyReturnExisting=True)).problem == "accountDoesNotExist"
    await stranger.register()
    assert (await stranger.post(client.kid)).problem == "unauthorized"
    assert (await client.post(client.kid, {"contact": ["no url"]})).problem == "invalidContact"
    assert (await client.post(client.kid, {"status": "deactivated"})).body["status"] == "deactivated"
    assert (await client.order("a.example.com")).problem == "unauthorized"
    assert (await client.register()).problem == "unauthorized"


async def test_another_key(client: Client) -> None:
    new, old = ECKey.generate_key("P-256"), client.key
    url = client.url("key-change")

    def inner(key: Any, **payload: Any) -> dict[str, Any]:
        content = {"account": client.kid, "oldKey": old.as_dict(private=False), **payload}
        return client.signed(content, {"url": url, "jwk": key.as_dict(private=False)}, key)

    assert (await client.post(url, inner(new, account="https://x"))).problem == "malformed"
    assert (await client.post(url, inner(new, oldKey=new.as_dict(private=False)))).problem == "malformed"
    bad = inner(new)
    bad["signature"] = bad["signature"][::-1]
    assert (await client.post(url, bad)).problem == "malformed"
    other = Client(client.pki)
    await other.register()
    taken = await client.post(url, inner(other.key))
    assert (taken.status, taken.headers["Location"]) == (409, other.kid)
    assert (await client.post(url, inner(new))).status == 200
    assert (await client.post(client.kid)).problem == "malformed", "the old key signs no more"
    client.key = new
    assert (await client.post(client.kid)).status == 200


async def test_external_accounts(pki: Mounted, world: World) -> None:
    await pki.write("config/acme", eab_policy="new-account-required")
    client = Client(pki)
    assert (await client.register()).problem == "externalAccountRequired"
    key = await pki.write("acme/new-eab")
    assert key["acme_directory"] == "acme/directory"
    assert await pki.names("eab") == [key["id"]]
    other = await pki.write("roles/r/acme/new-eab")
    for name, secret in ((key["id"], other["key"]), (other["id"], other["key"]), ("nope", key["key"])):
        refused = await client.register(externalAccountBinding=client.binding(name, secret))
        assert refused.problem == "unauthorized"
    stolen = Client(pki).binding(key["id"], key["key"])
    assert (await client.register(externalAccountBinding=stolen)).problem == "malformed"
    assert (await client.register(externalAccountBinding=client.binding(key["id"], key["key"]))).status == 201
    assert key["id"] not in await pki.names("eab")
    late = Client(pki)
    assert (await late.register(externalAccountBinding=late.binding(key["id"], key["key"]))).problem == "unauthorized"
    await pki.delete(f"eab/{other['id']}")
    with pytest.raises(NotFound):
        await pki.names("eab")
    await pki.write("config/acme", eab_policy="not-required")
    await late.register()
    await pki.write("config/acme", eab_policy="always-required")
    assert (await late.order("a.example.com")).problem == "externalAccountRequired"
    assert (await client.order("a.example.com")).status == 201


async def test_nonces_are_used_once(client: Client) -> None:
    nonce = await client.nonce()
    header = {"nonce": nonce, "url": client.url("orders"), "kid": client.kid}
    body = client.signed(None, header)
    assert (await client.send(client.url("orders"), body)).status == 200
    refused = await client.send(client.url("orders"), body)
    assert refused.problem == "badNonce"
    assert refused.headers["Replay-Nonce"] not in {"", nonce}
    assert (await client.post("orders", nonce="made-up")).problem == "badNonce"
    late = await client.nonce()
    client.pki.system.at += 3600
    assert (await client.post("orders", nonce=late)).problem == "badNonce"


async def test_signatures(client: Client) -> None:
    assert (await client.post("orders", url=client.url("new-order"))).problem == "unauthorized"
    assert (await client.post("orders", kid=client.url("account/nope"))).problem == "accountDoesNotExist"
    assert (await client.post("orders", jwk=True, kid=client.kid)).problem == "malformed"
    assert (await client.post("new-order", {"identifiers": []}, jwk=True)).problem == "malformed"
    forged = Client(client.pki, kid=client.kid)
    assert (await forged.post("orders")).problem == "malformed"
    header = {"nonce": await client.nonce(), "url": client.url("orders"), "kid": client.kid, "alg": "none"}
    body = client.signed(None, {**header, "alg": "ES256"})
    critical = base64.urlsafe_b64encode(b'{"alg":"ES256","crit":["x"],"x":1}').rstrip(b"=").decode()
    assert (await client.send(client.url("orders"), {**body, "protected": critical})).problem == "malformed"
    none = base64.urlsafe_b64encode(str(header).replace("'", '"').encode()).rstrip(b"=").decode()
    assert (await client.send(client.url("orders"), {**body, "protected": none, "signature": ""})).problem == (
        "badSignatureAlgorithm"
    )


async def test_the_role_of_a_directory_decides(pki: Mounted, world: World) -> None:
    client = Client(pki, "roles/r/acme/")
    await client.register()
    assert (await client.order("a.example.org")).problem == "rejectedIdentifier"
    chain = await client.certificate("a.example.com", world=world)
    assert (chain[0].not_valid_after_utc - chain[0].not_valid_before_utc).days == 1
    await pki.write("config/acme", allowed_roles=["any"])
    assert (await client.send(client.url("orders"), {})).problem == "unauthorized"
    await pki.write("config/acme", allowed_roles="*", default_directory_policy="forbid")
    assert (await Client(pki).send(Client(pki).url("orders"), {})).problem == "unauthorized"
    await pki.write("config/acme", default_directory_policy="role:r")
    default = Client(pki)
    await default.register()
    assert (await default.order("a.example.org")).problem == "rejectedIdentifier"
    stray = Client(pki, "roles/any/acme/", key=client.key, kid=client.kid)
    assert (await stray.order("a.example.com")).problem == "accountDoesNotExist"
    await pki.write("config/acme", enabled=False)
    with pytest.raises(NotFound):
        await client.send(client.url("orders"), {})


async def test_orders_and_their_csrs(client: Client, world: World) -> None:
    for names in (["a"] * 0, ["-a.b"], ["1.2.3.4"], ["a..b"], ["*.*.b"], ["a b"]):
        assert (await client.order(*names)).problem in {"malformed", "rejectedIdentifier"}
    order = await client.order("a.example.com", "A.EXAMPLE.com")
    assert order.body["identifiers"] == [{"type": "dns", "value": "a.example.com"}]
    assert (await client.finalize(order, csr("", ["a.example.com"]))).problem == "orderNotReady"
    stranger = Client(client.pki)
    await stranger.register()
    for url in (order.headers["Location"], order.body["authorizations"][0], order.body["finalize"]):
        assert (await stranger.post(url)).status == 404
    await client.authorize(order, "http-01", world)
    assert (await client.post(order.headers["Location"])).body["status"] == "ready"
    for wrong in (["a.example.com", "b.example.com"], ["b.example.com"], []):
        assert (await client.finalize(order, csr("", wrong))).problem == "badCSR"
    assert (await client.finalize(order, csr("b.example.com", ["a.example.com"]))).problem == "badCSR"
    assert (await client.post(order.body["finalize"], {"csr": "AAAA"})).problem == "badCSR"
    own = csr("", ["a.example.com"], client.key.private_key)
    assert (await client.finalize(order, own)).problem == "badCSR"
    answers = await asyncio.gather(*(client.finalize(order, csr("", ["a.example.com"])) for _ in range(4)))
    assert sorted(one.status for one in answers) == [200, 403, 403, 403]


async def test_orders_end(client: Client, world: World) -> None:
    order = await client.order("a.example.com")
    client.pki.system.at += 2 * 86_400
    assert (await client.post(order.headers["Location"])).body["status"] == "invalid"
    order = await client.order("a.example.com")
    await client.authorize(order, "http-01", world)
    given_up = await client.post(order.body["authorizations"][0], {"status": "deactivated"})
    assert given_up.body["status"] == "deactivated"
    assert (await client.finalize(order, csr("", ["a.example.com"]))).problem == "orderNotReady"


async def test_revocation(client: Client, world: World) -> None:
    order = await client.order("a.example.com")
    await client.authorize(order, "http-01", world)
    key = ECKey.generate_key("P-256")
    done = await client.finalize(order, csr("", ["a.example.com"], key.private_key))
    leaf = x509.load_pem_x509_certificates((await client.post(done.body["certificate"])).body)[0]
    text = base64.urlsafe_b64encode(leaf.public_bytes(Encoding.DER)).rstrip(b"=").decode()
    stranger = Client(client.pki)
    await stranger.register()
    assert (await stranger.post("revoke-cert", {"certificate": text})).problem == "unauthorized"
    assert (await stranger.post("revoke-cert", {"certificate": text}, jwk=True)).problem == "unauthorized"
    assert (await client.post("revoke-cert", {"certificate": text, "reason": 7})).problem == "badRevocationReason"
    assert (await client.post("revoke-cert", {"certificate": "AAAA"})).problem == "malformed"
    owner = Client(client.pki, key=key)
    assert (await owner.post("revoke-cert", {"certificate": text, "reason": 1}, jwk=True)).status == 200
    assert (await client.post("revoke-cert", {"certificate": text})).problem == "alreadyRevoked"
    assert len(await client.pki.names("certs/revoked")) == 1
    other = (await client.certificate("b.example.com", world=world))[0]
    text = base64.urlsafe_b64encode(other.public_bytes(Encoding.DER)).rstrip(b"=").decode()
    assert (await client.post("revoke-cert", {"certificate": text})).status == 200


async def test_tidying(client: Client, world: World) -> None:
    await client.certificate("a.example.com", world=world)
    client.pki.system.at += 10 * 86_400

    async def tidied() -> dict[str, Any]:
        await client.pki.write("tidy", tidy_acme=True, acme_account_safety_buffer="1h")
        async with asyncio.timeout(30):
            while (status := await client.pki.read("tidy-status"))["state"] == "Running":
                await asyncio.sleep(0)
        return status

    status = await tidied()
    assert (status["acme_orders_deleted_count"], status["acme_account_revoked_count"]) == (1, 1)
    assert (await client.post(client.kid)).problem == "unauthorized"
    client.pki.system.at += 7200
    assert (await tidied())["acme_account_deleted_count"] == 1
    assert (await client.register()).status == 201


pieces = st.one_of(
    st.none(), st.integers(), st.text(max_size=30), st.lists(st.integers(), max_size=2),
    st.binary(max_size=40).map(lambda data: base64.urlsafe_b64encode(data).decode().rstrip("=")),
    st.sampled_from(["e30", "eyJhbGciOiJFUzI1NiJ9", "bnVsbA", "W10"]),
)  # fmt: skip


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=st.dictionaries(st.sampled_from(["protected", "payload", "signature", "header", "x"]), pieces))
async def test_junk_is_malformed(client: Client, body: dict[str, Any]) -> None:
    assert (await client.send(client.url("new-account"), body)).status == 400


jwks = st.fixed_dictionaries(
    {"kty": st.sampled_from(["EC", "RSA", "OKP", "oct", "", 5])},
    optional={name: st.one_of(st.text(max_size=10), st.integers(), st.just("AQAB"), st.just("P-256"), st.just("AA"))
              for name in ("crv", "x", "y", "n", "e", "k", "d")},
)  # fmt: skip


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@pytest.mark.filterwarnings("ignore")
@given(jwk=jwks, payload=st.one_of(st.none(), st.binary(max_size=20), st.dictionaries(st.text(), pieces, max_size=3)))
async def test_odd_keys_and_payloads(client: Client, jwk: Any, payload: Any) -> None:
    header = {"nonce": await client.nonce(), "url": client.url("new-account")}
    answer = await client.send(client.url("new-account"), client.signed(payload, {**header, "jwk": jwk}))
    assert answer.problem in {"badPublicKey", "malformed"}
    for rest in ("new-order", client.kid, "key-change", "revoke-cert"):
        assert (await client.post(rest, payload)).status in {200, 400}


@pytest.mark.parametrize("odd", [[], {}, [1], 1.5, "other"])
async def test_ill_typed_fields(client: Client, odd: Any) -> None:
    assert (await client.post(client.kid, {"status": odd})).problem == "malformed"
    order = await client.order("a.example.com")
    assert (await client.post(order.body["authorizations"][0], {"status": odd})).problem == "malformed"
    answer = await client.post("revoke-cert", {"certificate": "AAAA", "reason": odd})
    assert answer.problem == "badRevocationReason"
