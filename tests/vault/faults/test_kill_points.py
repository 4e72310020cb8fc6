"""kill -9 at chosen commits of init, unseal, rotate, rekey, writes and revocations, over every storage."""

from pathlib import Path
from typing import Any

from tests.vault.faults.lives import INIT, Lives
from tests.vault.faults.load import check, load, prepare
from tests.vault.faults.waiting import until
from tests.vault.servers import Server
from tests.vault.storage.kept import Kept

CHILDREN = 3


def test_killed_inside_init(tmp_path: Path, kept: Kept) -> None:
    lives = Lives(tmp_path, kept, doomed=True)
    for number in (1, 2, 4):
        with lives.life(unsealed=False) as server:
            assert server.ask("GET", "sys/init").json() == {"initialized": False}
            assert server.ask("PUT", "sys/unseal", json={"key": "A" * 44}).status_code == 400
            assert lives.killed(server, "after", number, "PUT", "sys/init", json=INIT)
    with lives.life(unsealed=False) as server:
        assert server.ask("GET", "sys/seal-status").json()["initialized"] is False
        lives.initialise(server)
        assert server.ask("PUT", "sys/init", json=INIT).json()["errors"] == ["Vault is already initialized"]
        assert lives.killed(server, "after", 1, "PUT", "sys/unseal", json={"key": lives.shares[0]}) is False
        assert lives.killed(server, "after", 1, "PUT", "sys/unseal", json={"key": lives.shares[1]})
    with lives.life(unsealed=False) as server:
        assert lives.killed(server, "after", 3, "PUT", "sys/unseal", json={"key": lives.shares[0]}) is False
        assert lives.killed(server, "after", 3, "PUT", "sys/unseal", json={"key": lives.shares[1]})
    with lives.life() as server:
        assert server.data("GET", "auth/token/lookup-self")["policies"] == ["root"]
        assert set(server.data("GET", "sys/mounts")) >= {"sys/", "cubbyhole/", "identity/"}


def rekeyed(lives: Lives, server: Server, moment: str) -> None:
    """The server dies at the commit that lets the new shares count; they are not told."""
    nonce = server.ask("PUT", "sys/rekey/init", json=INIT).json()["nonce"]
    first, second = ({"key": share, "nonce": nonce} for share in lives.shares[:2])
    assert server.ask("PUT", "sys/rekey/update", json=first).json()["progress"] == 1
    assert lives.killed(server, moment, 1, "PUT", "sys/rekey/update", json=second)


def verified(lives: Lives, server: Server, moment: str) -> list[str]:
    """The server dies at the commit that lets the new shares count; they were told, and are the answer."""
    asked = {**INIT, "require_verification": True}
    nonce = server.ask("PUT", "sys/rekey/init", json=asked).json()["nonce"]
    for share in lives.shares[:2]:
        made = server.ask("PUT", "sys/rekey/update", json={"key": share, "nonce": nonce}).json()
    nonce, shares = made["verification_nonce"], list(made["keys_base64"])
    assert server.ask("PUT", "sys/rekey/verify", json={"key": shares[0], "nonce": nonce}).json()["progress"] == 1
    second = {"key": shares[1], "nonce": nonce}
    assert lives.killed(server, moment, 1, "PUT", "sys/rekey/verify", json=second)
    return shares


def test_killed_inside_rotate_and_rekey(tmp_path: Path, kept: Kept) -> None:
    lives = Lives(tmp_path, kept, doomed=True)
    written: dict[str, str] = {}

    def write(server: Server) -> None:
        for path, value in written.items():
            assert server.data("GET", f"kv/{path}") == {"v": value}
        name = f"w{len(written)}"
        server.data("POST", f"kv/{name}", json={"v": name})
        written[name] = name

    with lives.life(unsealed=False) as server:
        lives.begin(server)
        server.data("POST", "sys/mounts/kv", json={"type": "kv"})
        write(server)
        assert lives.killed(server, "before", 1, "PUT", "sys/rotate")
    for term, moment in ((1, "after"), (2, "amid")):
        with lives.life() as server:
            assert server.data("GET", "sys/key-status")["term"] == term
            write(server)
            assert lives.killed(server, moment, 1, "PUT", "sys/rotate")
    for moment in ("before", "after"):
        with lives.life() as server:
            assert server.data("GET", "sys/key-status")["term"] in (2, 3)
            write(server)
            rekeyed(lives, server, moment)
    with lives.life() as server:  # by the old shares: the new ones are known to nobody
        write(server)
        lost = verified(lives, server, "before")
    with lives.life() as server:
        write(server)
        shares = verified(lives, server, "after")
    old, lives.shares = lives.shares, shares
    with lives.life(unsealed=False) as server:
        for wrong in (old, lost):
            found = [server.ask("PUT", "sys/unseal", json={"key": share}) for share in wrong[:2]]
            assert found[-1].status_code == 400
            assert server.ask("GET", "sys/seal-status").json()["sealed"] is True
        server.unseal(2)
        write(server)


def family(server: Server) -> tuple[str, list[str], str]:
    """A token, its children, and a lease that one of them has."""
    policy = {"policies": ["root"], "ttl": "1h"}
    parent = server.ask("POST", "auth/token/create", json=policy).json()["auth"]["client_token"]
    children = [
        server.ask("POST", "auth/token/create", token=parent, json=policy).json()["auth"]["client_token"]
        for _ in range(CHILDREN)
    ]
    return parent, children, leased(server, children[0])


def leased(server: Server, token: str | None = None) -> str:
    issued = server.ask("POST", "pki/issue/web", token=token, json={"common_name": "a.example.org"}).json()
    return str(issued["lease_id"])


def lease(server: Server, lease_id: str) -> dict[str, Any] | None:
    found = server.ask("POST", "sys/leases/lookup", json={"lease_id": lease_id})
    return dict(found.json()["data"]) if found.is_success else None


def test_killed_inside_writes_and_revocations(tmp_path: Path, kept: Kept) -> None:
    lives = Lives(tmp_path, kept, doomed=True)
    with lives.life(unsealed=False) as server:
        lives.begin(server)
        prepare(server)
        server.data("POST", "sys/mounts/pki", json={"type": "pki"})
        server.data("POST", "pki/root/generate/internal", json={"common_name": "root", "key_type": "ec"})
        role = {"allow_any_name": True, "generate_lease": True, "key_type": "ec", "ttl": "1h"}
        server.data("POST", "pki/roles/web", json=role)
        with load(server) as written:
            until(lambda: written.count >= 20)
            lives.order("amid", 5)
            server.process.wait(60)
    with lives.life() as server:
        check(server, written)
        parent, children, their_lease = family(server)
        assert lease(server, their_lease) is not None
        assert lives.killed(server, "after", 1, "POST", "auth/token/revoke", json={"token": parent})
    with lives.life() as server:
        # the first commit ends the token; what hangs on it ends by itself
        for token in (parent, *children):
            until(lambda token=token: server.ask("GET", "auth/token/lookup-self", token=token).status_code == 403)
        until(lambda: lease(server, their_lease) is None)
        parent, children, _ = family(server)
        lease_id = leased(server)
        assert lives.killed(server, "before", 1, "POST", "auth/token/revoke", json={"token": parent})
    with lives.life() as server:
        for token in (parent, *children):  # nothing was written: all live
            assert server.ask("GET", "auth/token/lookup-self", token=token).status_code == 200
        server.data("POST", "auth/token/revoke", json={"token": parent})
        revoke = {"lease_id": lease_id, "sync": True}
        assert lives.killed(server, "after", 1, "POST", "sys/leases/revoke", json=revoke)
    with lives.life() as server:
        for token in (parent, *children):
            assert server.ask("GET", "auth/token/lookup-self", token=token).status_code == 403
        server.data("POST", "sys/leases/revoke", json=revoke)  # again, whatever was done
        assert lease(server, lease_id) is None
        check(server, written)
        listed = server.ask("LIST", "sys/leases/lookup/pki/issue/web").json()
        assert listed.get("errors") == [] or listed["data"]["keys"] == []
