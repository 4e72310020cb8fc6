"""A storage that was put back or changed is noticed; what belongs to nobody else is nowhere in the clear."""

import base64
import shutil
import sqlite3
from pathlib import Path

import pytest

from ..servers import CONFIG, Server, svault  # noqa: TID252 - servers of all tests of the vault

MARKS = {
    name: f"marker-{name}-7f3a9c" for name in ("kv1", "kv2", "transit", "password", "cubbyhole", "wrapped", "custom")
}


def reopened(server: Server, before: Server) -> None:
    server.shares, server.root = before.shares, before.root


def test_a_storage_that_was_put_back(tmp_path: Path) -> None:
    with svault(tmp_path) as first:
        first.begin()
        first.data("POST", "sys/mounts/kv", json={"type": "kv"})
        first.data("POST", "kv/a", json={"v": "old"})
    shutil.copytree(tmp_path / "data", tmp_path / "copy")
    with svault(tmp_path) as server:
        reopened(server, first)
        server.unseal()
        server.data("POST", "kv/a", json={"v": "new"})
        server.kill()
    shutil.rmtree(tmp_path / "data")
    (tmp_path / "copy").rename(tmp_path / "data")
    with svault(tmp_path) as server:
        reopened(server, first)
        for _ in range(2):  # and it stays refused
            found = server.ask("PUT", "sys/unseal", json={"key": server.shares[0]})
            assert found.status_code == 500
            text = found.json()["errors"][0]
            assert "put back to an older state" in text
            assert "accept_rollback" in text
            numbers = [int(word.rstrip(",;")) for word in text.split() if word.rstrip(",;").isdecimal()]
            assert len(numbers) == 2
            assert numbers[0] < numbers[1]
        assert server.ask("GET", "sys/seal-status").json()["sealed"] is True
        assert server.ask("GET", "kv/a").status_code == 503
        opened = server.ask("PUT", "sys/unseal", json={"key": server.shares[0], "accept_rollback": True})
        assert opened.json()["sealed"] is False
        assert opened.json()["warnings"]
        assert server.data("GET", "kv/a") == {"v": "old"}
        server.data("POST", "kv/a", json={"v": "newer"})
    with svault(tmp_path) as server:
        reopened(server, first)
        server.unseal()
        assert server.data("GET", "kv/a") == {"v": "newer"}


def entries(data: Path) -> dict[bytes, bytes]:
    with sqlite3.connect(data / "entries.db") as database:
        return dict(database.execute("SELECT key, value FROM entries"))


def put(data: Path, changes: dict[bytes, bytes]) -> None:
    with sqlite3.connect(data / "entries.db") as database:
        for key, value in changes.items():
            database.execute("UPDATE entries SET value = ? WHERE key = ?", (value, key))
    database.close()


def flipped(value: bytes, at: int) -> bytes:
    changed = bytearray(value)
    changed[at] ^= 1
    return bytes(changed)


def test_changed_bytes_are_an_error_and_never_wrong_data(tmp_path: Path) -> None:
    names = ("first", "middle", "last", "cut", "empty", "swapped", "other", "stale", "whole")
    rows: dict[str, bytes] = {}
    with svault(tmp_path) as server:
        server.begin()
        server.data("POST", "sys/mounts/kv", json={"type": "kv"})
        for name in names:
            before = entries(tmp_path / "data")
            server.data("POST", f"kv/{name}", json={"v": name})
            after = entries(tmp_path / "data")
            added = [key for key in after if key not in before]
            assert len(added) == 1, added
            rows[name] = added[0]
        stale = entries(tmp_path / "data")[rows["stale"]]
        server.data("POST", "kv/stale", json={"v": "newer"})
    found = entries(tmp_path / "data")
    value = {name: found[rows[name]] for name in names}
    put(
        tmp_path / "data",
        {
            rows["first"]: flipped(value["first"], 0),
            rows["middle"]: flipped(value["middle"], len(value["middle"]) // 2),
            rows["last"]: flipped(value["last"], -1),
            rows["cut"]: value["cut"][:-1],
            rows["empty"]: b"",
            rows["swapped"]: value["other"],
            rows["other"]: value["swapped"],
        },
    )
    assert stale != value["stale"]
    with svault(tmp_path) as again:
        reopened(again, server)
        again.unseal()
        for name in names[:7]:
            answer = again.ask("GET", f"kv/{name}")
            assert answer.status_code == 500, name
            assert "data" not in answer.json()
            assert answer.json()["errors"]
        assert again.data("GET", "kv/whole") == {"v": "whole"}
        assert again.data("GET", "kv/stale") == {"v": "newer"}
        again.data("POST", "kv/first", json={"v": "mended"})
        assert again.data("GET", "kv/first") == {"v": "mended"}
        assert "Traceback" not in again.log.read_text()


def test_a_changed_keyring_does_not_open(tmp_path: Path) -> None:
    with svault(tmp_path) as server:
        server.begin()
    kept = entries(tmp_path / "data")
    shutil.copytree(tmp_path / "data", tmp_path / "copy")
    core = [key for key in kept if not key.startswith((b"core/", b"logical/"))]
    assert core
    put(tmp_path / "data", {key: flipped(kept[key], -1) for key in core})
    with svault(tmp_path) as again:
        reopened(again, server)
        found = again.ask("PUT", "sys/unseal", json={"key": again.shares[0]})
        assert found.status_code in (400, 500)
        assert found.json()["errors"]
        assert again.ask("GET", "sys/health").status_code in (500, 501, 503)
        assert "Traceback" not in again.log.read_text()


def forms(text: str) -> list[bytes]:
    """A secret as it may be written down: as it is, in hex, in base64 at each offset."""
    raw = text.encode()
    found = [raw, raw.hex().encode(), raw.hex().upper().encode()]
    for offset in range(3):
        coded = base64.b64encode(b"\0" * offset + raw)
        found.append(coded[4 if offset else 0 : -4])
        found.append(base64.urlsafe_b64encode(b"\0" * offset + raw)[4 if offset else 0 : -4])
    return found


@pytest.mark.parametrize("log_level", ["debug"])
def test_no_secret_is_in_the_clear_anywhere(tmp_path: Path, log_level: str) -> None:
    with svault(tmp_path, CONFIG + f'[telemetry]\nlog_level = "{log_level}"\n') as server:
        server.begin(3, 2)
        secrets = dict(MARKS)
        server.data("PUT", "sys/audit/file", json={"type": "file", "options": {"file_path": str(tmp_path / "audit")}})
        for kind in ("kv", "kv-v2", "transit", "pki"):
            server.data("POST", f"sys/mounts/{kind}", json={"type": kind})
        for kind in ("approle", "userpass"):
            server.data("POST", f"sys/auth/{kind}", json={"type": kind})
        server.data("POST", "kv/a", json={"v": MARKS["kv1"]})
        server.data("POST", "kv-v2/data/a", json={"data": {"v": MARKS["kv2"]}})
        plaintext = base64.b64encode(MARKS["transit"].encode()).decode()
        server.data("POST", "transit/keys/k", json={"exportable": True})
        coded = server.data("POST", "transit/encrypt/k", json={"plaintext": plaintext})["ciphertext"]
        server.data("POST", "transit/decrypt/k", json={"ciphertext": coded})
        secrets["transit key"] = server.data("GET", "transit/export/encryption-key/k")["keys"]["1"]
        server.data("POST", "auth/userpass/users/u", json={"password": MARKS["password"]})
        login = server.ask("POST", "auth/userpass/login/u", json={"password": MARKS["password"]}, token="")
        secrets["login"] = login.json()["auth"]["client_token"]
        assert server.ask("POST", "auth/userpass/login/u", json={"password": "x"}, token="").status_code == 400
        server.data("POST", "auth/approle/role/r", json={})
        server.data("POST", "auth/approle/role/r/custom-secret-id", json={"secret_id": MARKS["custom"]})
        secrets["secret id"] = server.data("POST", "auth/approle/role/r/secret-id")["secret_id"]
        made = server.data("POST", "pki/root/generate/exported", json={"common_name": "r", "key_type": "ec"})
        secrets["private key"] = made["private_key"].splitlines()[1]
        server.data("POST", "cubbyhole/a", json={"v": MARKS["cubbyhole"]})
        wrapped = {"headers": {"X-Vault-Wrap-TTL": "600"}}
        held = server.ask("POST", "sys/wrapping/wrap", json={"v": MARKS["wrapped"]}, **wrapped).json()
        secrets["wrapping token"] = held["wrap_info"]["token"]
        secrets["bad token"] = "hvs.a-token-that-is-none-1b2c3d"
        assert server.ask("GET", "kv/a", token=secrets["bad token"]).status_code == 403
        assert server.ask("POST", "kv/a", content=f'{{"v": "{MARKS["kv1"]}" oops'.encode()).status_code == 400
        child = server.ask("POST", "auth/token/create", json={"policies": ["default"]}).json()["auth"]
        secrets["child"] = child["client_token"]
        batch = server.ask("POST", "auth/token/create", json={"type": "batch", "policies": ["default"]}).json()
        secrets["batch"] = batch["auth"]["client_token"]
        secrets["root"] = server.root
        shares = [base64.b64decode(share) for share in server.shares]
        server.ask("PUT", "sys/rotate")
        process = Path(f"/proc/{server.process.pid}")
        told = {name: (process / name).read_bytes() for name in ("cmdline", "environ")}
        server.stop()
    for file in sorted(tmp_path.rglob("*")):
        if file.is_file():
            told[file.name] = file.read_bytes()
    assert {"entries.db", "audit", "log", "cmdline"} <= told.keys()
    assert b"hmac-sha256:" in told["audit"]
    for place, text in told.items():
        for name, secret in secrets.items():
            assert not [form for form in forms(secret) if form in text], (name, place)
        for share in shares:
            assert share not in text, place
            assert share.hex().encode() not in text, place
            assert base64.b64encode(share)[:40] not in text, place
