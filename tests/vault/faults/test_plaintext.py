"""What belongs to nobody else is nowhere in the clear: storage, files, log, audit, answers, process list."""

import base64
from collections.abc import Iterator
from pathlib import Path

from tests.vault.faults.lives import Lives
from tests.vault.servers import Server
from tests.vault.storage.kept import Kept

MARKS = {
    name: f"marker-{name}-7f3a9c" for name in ("kv1", "kv2", "transit", "password", "cubbyhole", "wrapped", "custom")
}
NAME = "a-name-that-may-be-read"
CHUNK = 1 << 20
OVERLAP = 1 << 10


def forms(text: str) -> list[bytes]:
    """A secret as it may be written down: as it is, in hex, in base64 at each offset."""
    raw = text.encode()
    found = {raw, raw.hex().encode(), raw.hex().upper().encode()}
    for offset in range(3):
        coded = base64.b64encode(b"\0" * offset + raw)
        found.add(coded[4 if offset else 0 : -4])
        found.add(base64.urlsafe_b64encode(b"\0" * offset + raw)[4 if offset else 0 : -4])
    return sorted(found)


def filled(server: Server, folder: Path) -> tuple[dict[str, str], list[str]]:
    """Secrets of every kind in a vault, and its answers to what was refused."""
    secrets, refused = dict(MARKS), []
    server.data("PUT", "sys/audit/file", json={"type": "file", "options": {"file_path": str(folder / "audit")}})
    for kind in ("kv", "kv-v2", "transit", "pki"):
        server.data("POST", f"sys/mounts/{kind}", json={"type": kind})
    for kind in ("approle", "userpass"):
        server.data("POST", f"sys/auth/{kind}", json={"type": kind})
    server.data("POST", f"kv/{NAME}", json={"v": MARKS["kv1"]})
    server.data("POST", "kv-v2/data/a", json={"data": {"v": MARKS["kv2"]}})
    plaintext = base64.b64encode(MARKS["transit"].encode()).decode()
    server.data("POST", "transit/keys/k", json={"exportable": True})
    coded = server.data("POST", "transit/encrypt/k", json={"plaintext": plaintext})["ciphertext"]
    server.data("POST", "transit/decrypt/k", json={"ciphertext": coded})
    secrets["transit key"] = server.data("GET", "transit/export/encryption-key/k")["keys"]["1"]
    server.data("POST", "auth/userpass/users/u", json={"password": MARKS["password"]})
    login = server.ask("POST", "auth/userpass/login/u", json={"password": MARKS["password"]}, token="")
    secrets["login"] = login.json()["auth"]["client_token"]
    secrets["wrong password"] = "a-password-that-is-none-9z8y7x"
    secrets["bad token"] = "hvs.a-token-that-is-none-1b2c3d"
    wrong = {"password": secrets["wrong password"]}
    for status, found in (
        (400, server.ask("POST", "auth/userpass/login/u", json=wrong, token="")),
        (403, server.ask("GET", f"kv/{NAME}", token=secrets["bad token"])),
        (400, server.ask("POST", f"kv/{NAME}", content=f'{{"v": "{MARKS["kv1"]}" oops'.encode())),
        (400, server.ask("POST", "kv-v2/data/a", json={"data": MARKS["kv2"]})),
        (400, server.ask("PUT", "sys/unseal", json={"key": MARKS["kv1"]})),
    ):
        assert found.status_code == status, found.text
        refused.append(found.text)
    server.data("POST", "auth/approle/role/r", json={})
    server.data("POST", "auth/approle/role/r/custom-secret-id", json={"secret_id": MARKS["custom"]})
    secrets["secret id"] = server.data("POST", "auth/approle/role/r/secret-id")["secret_id"]
    made = server.data("POST", "pki/root/generate/exported", json={"common_name": "r", "key_type": "ec"})
    secrets["private key"] = made["private_key"].splitlines()[1]
    server.data("POST", "cubbyhole/a", json={"v": MARKS["cubbyhole"]})
    wrapped = {"headers": {"X-Vault-Wrap-TTL": "600"}}
    held = server.ask("POST", "sys/wrapping/wrap", json={"v": MARKS["wrapped"]}, **wrapped).json()
    secrets["wrapping token"] = held["wrap_info"]["token"]
    for name, kind in (("child", "service"), ("batch", "batch")):
        child = server.ask("POST", "auth/token/create", json={"type": kind, "policies": ["default"]})
        secrets[name] = child.json()["auth"]["client_token"]
    secrets["root"] = server.root
    server.ask("PUT", "sys/rotate")
    return secrets, refused


def chunks(file: Path) -> Iterator[bytes]:
    """What a file holds, a part at a time; what is zero is left out."""
    end = b""
    with file.open("rb") as opened:
        while data := opened.read(CHUNK):
            if data.count(0) < len(data):
                yield end + data
            end = data[-OVERLAP:]


def test_no_secret_is_in_the_clear_anywhere(tmp_path: Path, kept: Kept) -> None:
    lives = Lives(tmp_path, kept, more='[telemetry]\nlog_level = "debug"\n')
    with lives.life(unsealed=False) as server:
        lives.begin(server)
        secrets, refused = filled(server, tmp_path)
        process = Path(f"/proc/{server.process.pid}")
        told = {name: (process / name).read_bytes() for name in ("cmdline", "environ")}
        found = kept.entries()
    told["answers"] = "\n".join(refused).encode()
    told["entries"] = b"\n".join(found.values())
    for name in ("log", "audit"):
        told[name] = (tmp_path / name).read_bytes()
    assert b"hmac-sha256:" in told["audit"]
    assert any(NAME in key for key in found)
    files = [*kept.files(), *(file for file in tmp_path.rglob("*") if file.is_file())]
    needles = {form: name for name, secret in secrets.items() for form in forms(secret)}
    for share in lives.shares:
        raw = base64.b64decode(share)
        needles |= dict.fromkeys((raw, raw.hex().encode(), base64.b64encode(raw)[:40]), "share")

    def clear(text: bytes, place: str) -> None:
        for needle, name in needles.items():
            assert needle not in text, (name, place)

    for place, text in told.items():
        clear(text, place)
    readable = False
    names = (NAME.encode(), NAME.encode().hex().encode())
    for file in files:
        for text in chunks(file):
            clear(text, str(file))
            readable |= file not in told and any(name in text for name in names)
    assert readable or not kept.files()  # it is the right files that were looked at: names can be read in them
