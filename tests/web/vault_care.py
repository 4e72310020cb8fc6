"""What the pages of leases, certificates, policies and the audit show: made in a vault that is open."""

from typing import Any, Final

from ..vault.servers import Server  # noqa: TID252 - servers of all tests of the vault

CLERK: Final = """\
# Clerks read the shop's secrets, and nothing of its keys.
path "secret/data/shop/*" {
  capabilities = ["read"]
}

path "secret/metadata/shop/*" {
  capabilities = ["list", "read"]
}

path "secret/data/shop/keys/*" {
  capabilities = ["deny"]
}
"""
NIGHT: Final = """\
// Nobody takes secrets away at night.
@id("quiet-night")
forbid (
  principal,
  action == Action::"delete",
  resource in Path::"secret/data/shop"
)
when { context.time.hour < 6 };

// Clerks may list what the shop has.
@id("clerks-list")
permit (
  principal in Role::"clerk",
  action == Action::"list",
  resource in Path::"secret"
);
"""
LIVES: Final = {
    "till.shop.example": "3h",
    "api.shop.example": "96h",
    "www.shop.example": "240h",
    "mail.shop.example": "240h",
    "old.shop.example": "480h",
    "db.shop.example": "1080h",
    "queue.shop.example": "1920h",
    "vpn.shop.example": "4800h",
}
"""Names of certificates and how long they live."""


def fill_care(server: Server, password: str) -> None:
    """Policies with versions, a clerk who is refused something, leases of several mounts, certificates of all states.

    Args:
        password: of the clerk, whose name is `clara`.
    """
    _policies(server)
    _certificates(server)
    _clerk(server, password)


def _policies(server: Server) -> None:
    for text in (CLERK.replace('"list", "read"', '"list"'), CLERK):
        server.data("PUT", "sys/policies/acl/clerk", json={"policy": text})
    server.data("PUT", "sys/policies/cedar/night", json={"policy": NIGHT})


def _certificates(server: Server) -> None:
    server.data("POST", "sys/mounts/shop-pki", json={"type": "pki", "config": {"max_lease_ttl": "87600h"}})
    server.data("POST", "shop-pki/root/generate/internal", json={"common_name": "Shop Root CA", "ttl": "43800h"})
    role: dict[str, Any] = {"allowed_domains": ["shop.example"], "allow_subdomains": True, "max_ttl": "8760h"}
    server.data("POST", "shop-pki/roles/web", json=role)
    server.data("POST", "shop-pki/roles/lent", json={**role, "generate_lease": True})
    made = {name: _issue(server, "web", name, ttl) for name, ttl in LIVES.items()}
    server.data("POST", "shop-pki/revoke", json={"serial_number": made["old.shop.example"]})
    _issue(server, "web", "gone.shop.example", "1s")
    for number in range(4):
        _issue(server, "lent", f"worker-{number}.shop.example", f"{number + 1}h")


def _issue(server: Server, role: str, name: str, ttl: str) -> str:
    body = {"common_name": name, "ttl": ttl, "alt_names": f"{name.partition('.')[0]}-2.shop.example"}
    return str(server.data("POST", f"shop-pki/issue/{role}", json=body)["serial_number"])


def _clerk(server: Server, password: str) -> None:
    server.data("POST", "sys/auth/staff", json={"type": "userpass"})
    server.data("POST", "auth/staff/users/clara", json={"password": password, "token_policies": ["clerk"]})
    login = server.ask("POST", "auth/staff/login/clara", token="", json={"password": password})
    token = login.json()["auth"]["client_token"]
    for path in ("secret/data/shop/till", "secret/data/shop/keys/safe", "sys/mounts", "secret/data/shop/till"):
        server.ask("GET", path, token=token)
    for ttl in ("90s", "20m", "2h", "72h"):
        server.ask("POST", "auth/token/create", json={"policies": ["clerk"], "ttl": ttl, "display_name": "till"})
