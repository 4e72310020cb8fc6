"""What a line says, and what it hides."""

from pathlib import Path

from stratumiops.vault.audit.hashing import Hasher
from stratumiops.vault.backend import Mount
from stratumiops.vault.policies.verdict import Reason, Verdict
from stratumiops.vault.request import Auth, Operation, Raw, Response, Secret

from .records import MOUNT, SECRETS, entries, exchange, request, running, view


async def test_a_request_and_its_answer(tmp_path: Path) -> None:
    file = tmp_path / "sub" / "audit.log"
    async with running(view()) as broker:
        await broker.enable("file", "file", options={"file_path": str(file)})
        verdict = Verdict(True, ("update",), Reason("ops", "acl", "secret/*", 1), granting=(("ops", "acl"),))
        made = await broker.request(request(), mount=MOUNT, verdict=verdict)
        made.request.data["password"] = "changed by the engine"
        assert len(entries(file)) == 1
        await broker.response(made, Response({"value": "answered"}, secret=Secret(5, lease_id="secret/data/a/1")))
        hashed = {text: broker.hash("file", text) for text in SECRETS}
    asked, answered = entries(file)
    assert (asked["type"], answered["type"], answered["request"]) == ("request", "response", asked["request"])
    assert asked["request"] == {
        "id": "id-1", "operation": "update", "path": "secret/data/a", "namespace": {"id": "root", "path": ""},
        "mount_point": "secret/", "mount_type": "kv", "mount_accessor": "kv_1", "mount_class": "secret",
        "remote_address": "10.0.0.1", "remote_port": 4711,
        "client_token": hashed["hvs.token"], "client_token_accessor": hashed["accessor-1"],
        "data": {
            "password": hashed["s3cret"], "count": 5, "on": True, "none": None, "list": [{"deep": hashed["inner"]}],
        },
    }  # fmt: skip
    assert asked["auth"]["policies"] == ["default", "ops"]
    assert asked["auth"]["display_name"] == "token-x"
    assert asked["auth"]["policy_results"]["granting_policies"][0]["name"] == "ops"
    assert answered["response"]["data"] == {"value": hashed["answered"]}
    assert answered["response"]["secret"] == {"lease_id": "secret/data/a/1"}
    assert not any(secret in file.read_text() for secret in SECRETS)
    assert file.stat().st_mode & 0o777 == 0o600


async def test_a_refusal_says_why(tmp_path: Path) -> None:
    file = tmp_path / "a.log"
    async with running(view()) as broker:
        await broker.enable("file", "file", options={"path": str(file)})
        verdict = Verdict(False, ("deny",), Reason("ops", "acl", "secret/*", 7, "denied"))
        made = await broker.request(request(), mount=MOUNT, verdict=verdict, error="permission denied")
        await broker.response(made, None, error="permission denied")
    asked, answered = entries(file)
    assert (asked["error"], answered["error"]) == ("permission denied", "permission denied")
    assert asked["auth"]["policy_results"] == {
        "allowed": False, "decided_by": {"policy": "ops", "type": "acl", "rule": "secret/*", "line": 7},
    }  # fmt: skip


async def test_logins_wrapping_and_bodies_without_an_envelope(tmp_path: Path) -> None:
    file = tmp_path / "a.log"
    async with running(view()) as broker:
        await broker.enable("file", "file", options={"file_path": str(file)})
        made = await broker.request(request(token=None, client_token=""))
        login = Auth(policies=["default"], client_token="hvs.new", accessor="new-accessor", metadata={"username": "u"})
        await broker.response(made, Response(auth=login, warnings=["careful"]))
        wrap = {
            "token": "hvs.wrap",
            "accessor": "wrap-acc",
            "ttl": 60,
            "creation_path": "a",
            "wrapped_accessor": "w-acc",
        }
        await broker.response(made, Response(wrap_info=wrap))
        await broker.response(made, Response(raw=Raw(b"PEM body", "text/plain")))
        expected = {text: broker.hash("file", text) for text in ("hvs.new", "hvs.wrap", "w-acc", "PEM body")}
    _, first, second, third = entries(file)
    assert first["response"]["auth"]["client_token"] == expected["hvs.new"]
    assert first["response"]["auth"]["metadata"] == {"username": "u"}
    assert second["response"]["wrap_info"]["token"] == expected["hvs.wrap"]
    assert second["response"]["wrap_info"]["wrapped_accessor"] == expected["w-acc"]
    assert third["response"]["data"]["http_raw_body"] == expected["PEM body"]
    text = file.read_text()
    assert not any(
        secret in text for secret in ("hvs.new", "hvs.wrap", "new-accessor", "wrap-acc", "w-acc", "PEM body")
    )


async def test_options_of_a_device(tmp_path: Path) -> None:
    async with running(view()) as broker:
        await broker.enable(
            "raw", "file", options={"file_path": str(tmp_path / "raw"), "log_raw": "true", "mode": "0640"}
        )
        options = {"file_path": str(tmp_path / "acc"), "hmac_accessor": "false", "elide_list_responses": "true"}
        await broker.enable("acc", "file", options=options)
        made = await broker.request(request(), mount=MOUNT)
        made.request.operation = Operation.LIST
        await broker.response(made, Response({"keys": ["a", "b"]}))
    raw, accessor = entries(tmp_path / "raw"), entries(tmp_path / "acc")
    assert raw[0]["request"]["data"]["password"] == "s3cret"
    assert (tmp_path / "raw").stat().st_mode & 0o777 == 0o640
    assert accessor[0]["auth"]["accessor"] == "accessor-1"
    assert accessor[0]["request"]["data"]["password"].startswith("hmac-sha256:")
    assert accessor[1]["response"]["data"] == {"keys": 2}


async def test_keys_that_a_mount_leaves_readable(tmp_path: Path) -> None:
    mount = Mount(
        "secret/", "kv", "kv_1", "u",
        config={"audit_non_hmac_request_keys": ["user"], "audit_non_hmac_response_keys": ["value"]},
    )  # fmt: skip
    async with running(view()) as broker:
        await broker.enable("file", "file", options={"file_path": str(tmp_path / "a")})
        made = await broker.request(request(data={"user": "ann", "password": "s3cret"}), mount=mount)
        await broker.response(made, Response({"value": {"inner": "answered"}, "other": "x"}))
    asked, answered = entries(tmp_path / "a")
    assert asked["request"]["data"]["user"] == "ann"
    assert answered["response"]["data"]["value"] == {"inner": "answered"}
    assert asked["request"]["data"]["password"].startswith("hmac-sha256:")
    assert answered["response"]["data"]["other"].startswith("hmac-sha256:")


async def test_salts_differ_by_device(tmp_path: Path) -> None:
    async with running(view()) as broker:
        for name in "ab":
            await broker.enable(name, "file", options={"file_path": str(tmp_path / name)})
        assert broker.hash("a", "x") != broker.hash("b", "x")
        assert broker.hash("a", "x") == broker.hash("a/", "x")
        assert all("salt=" not in repr(config) and "chain_key" not in repr(config) for config in broker.devices())


async def test_odd_values_are_recorded(tmp_path: Path) -> None:
    deep: object = "end"
    for _ in range(300):
        deep = [deep]
    async with running(view()) as broker:
        await broker.enable("file", "file", options={"file_path": str(tmp_path / "a")})
        data = {"deep": deep, "big": 1 << 80, "bad\ud800key": "\ud800", "ü": "ü", "bytes": b"x", "f": 1.5}
        await exchange(broker, data=data)
        await exchange(broker, remote_address="\ud800/ü\n\x00")
        assert (await broker.verify("file")).intact
    shown = entries(tmp_path / "a")[0]["request"]["data"]
    assert shown["f"] == 1.5
    assert shown["ü"].startswith("hmac-sha256:")
    assert "nested too deeply" in str(shown["deep"])


def test_a_hasher_shows_no_salt() -> None:
    assert "salt" not in repr(Hasher(b"0" * 32))
