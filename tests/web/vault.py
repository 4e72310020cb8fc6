"""A vault with something of everything, for the pages of the web app."""

import time
from typing import Any, Final

from ..vault.servers import Server  # noqa: TID252 - servers of all tests of the vault

PASSWORD: Final = "correct horse battery"
"""Of every user."""
SHARES, THRESHOLD = 3, 2
READER: Final = """
path "sys/mounts" { capabilities = ["read"] }
path "secret/search" { capabilities = ["read"] }
path "secret/metadata/shop/*" { capabilities = ["read", "list"] }
path "secret/data/shop/*" { capabilities = ["read"] }
path "secret/data/shop/database" { capabilities = ["deny"] }
"""
OPERATOR: Final = """
path "*" { capabilities = ["create", "read", "update", "patch", "delete", "list", "sudo"] }
"""
OFFICE: Final = """// what is marked as top secret needs a second factor
@id("top-secret")
forbid (principal, action, resource)
when { resource.hasTag("class") && resource.getTag("class") == "top" }
unless { context.mfa };
"""
CERTIFICATES: Final = {
    "gone.shop.test": "1s",
    "today.shop.test": "6h",
    "soon.shop.test": "72h",
    "api.shop.test": "240h",
    "www.shop.test": "600h",
    "mail.shop.test": "1440h",
    "later.shop.test": "4800h",
}


def fill_vault(vault: Server) -> None:
    """Open it, with secrets and their versions, certificates that end sooner and later, policies, users and leases."""
    vault.begin(shares=SHARES, threshold=THRESHOLD)
    vault.data(
        "PUT", "sys/audit/file", json={"type": "file", "options": {"file_path": str(vault.folder / "audit.log")}}
    )
    _mounts(vault)
    _secrets(vault)
    _policies(vault)
    _users(vault)
    _certificates(vault)


def token_of(vault: Server, user: str) -> str:
    """The token of a login."""
    answer = vault.ask("PUT", f"auth/userpass/login/{user}", json={"password": PASSWORD})
    assert answer.is_success, answer.text
    return str(answer.json()["auth"]["client_token"])


def _mounts(vault: Server) -> None:
    mounts: dict[str, dict[str, Any]] = {
        "secret": {"type": "kv", "options": {"version": "2"}, "description": "Secrets of the shop"},
        "legacy": {"type": "kv", "options": {"version": "1"}, "description": "From before there were versions"},
        "pki": {"type": "pki", "config": {"max_lease_ttl": "87600h"}, "description": "Certificates of the shop"},
        "transit": {"type": "transit"},
        "database": {"type": "database", "config": {"default_lease_ttl": "1h"}},
    }
    for path, data in mounts.items():
        vault.data("POST", f"sys/mounts/{path}", json=data)
    for path in ("userpass", "approle"):
        vault.data("POST", f"sys/auth/{path}", json={"type": path, "config": {"default_lease_ttl": "8h"}})


def _secrets(vault: Server) -> None:
    for number in range(1, 5):
        database = {"username": "shop_app", "password": f"p{number}-marsh-otter", "port": 5432}
        vault.data("PUT", "secret/data/shop/database", json={"data": database})
    vault.data("PUT", "secret/destroy/shop/database", json={"versions": [1]})
    vault.data("PUT", "secret/delete/shop/database", json={"versions": [2]})
    about = {"owner": "payments team", "rotation": "every 90 days"}
    vault.data("PUT", "secret/metadata/shop/database", json={"custom_metadata": about, "max_versions": 10})
    names = ["shop/smtp", "shop/s3/backup", "shop/s3/images", "payments/stripe", "payments/bank/transfer", "archive"]
    for name in names:
        vault.data("PUT", f"secret/data/{name}", json={"data": {"key": f"of {name}"}})
    vault.data("PUT", "legacy/ftp", json={"user": "ftp", "password": "swan-anchor"})


def _policies(vault: Server) -> None:
    for name, text in {"shop-reader": READER, "operator": OPERATOR}.items():
        vault.data("PUT", f"sys/policies/acl/{name}", json={"policy": text})
    vault.data("PUT", "sys/policies/acl/shop-reader", json={"policy": f"# read the shop's secrets, but one{READER}"})
    vault.data("PUT", "sys/policies/cedar/top-secret", json={"policy": OFFICE})


def _users(vault: Server) -> None:
    for user, policy in {"anna": "operator", "bruno": "shop-reader"}.items():
        given = {"password": PASSWORD, "token_policies": policy}
        vault.data("PUT", f"auth/userpass/users/{user}", json=given)
        token_of(vault, user)
    vault.data("PUT", "auth/approle/role/deploy", json={"token_policies": "shop-reader", "token_ttl": "1h"})
    vault.data("PUT", "auth/approle/role/deploy/role-id", json={"role_id": "deploy"})


def _certificates(vault: Server) -> None:
    vault.data("PUT", "pki/root/generate/internal", json={"common_name": "Shop CA", "ttl": "80000h", "key_type": "ec"})
    role = {"allow_any_name": True, "max_ttl": "8760h", "key_type": "ec", "not_before_duration": "0s"}
    vault.data("PUT", "pki/roles/web", json=role)
    vault.data("PUT", "pki/roles/leased", json=role | {"generate_lease": True})
    made = {name: _issue(vault, "web", name, ttl) for name, ttl in CERTIFICATES.items()}
    for number in range(3):
        _issue(vault, "leased", f"worker-{number}.shop.test", f"{24 * (number + 1)}h")
    serial = _issue(vault, "web", "stolen.shop.test", "2000h")["serial_number"]
    vault.data("PUT", "pki/revoke", json={"serial_number": serial})
    deadline = time.time() + 10
    while time.time() <= min(deadline, made["gone.shop.test"]["expiration"]):
        time.sleep(0.1)


def _issue(vault: Server, role: str, name: str, ttl: str) -> dict[str, Any]:
    return vault.data("PUT", f"pki/issue/{role}", json={"common_name": name, "ttl": ttl})
