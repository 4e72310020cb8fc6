"""What is asked of the secrets servers under load."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.vault_servers import Vault

SECRETS = 500
_VALUE = {"data": {"username": "app", "password": "correct horse battery staple", "host": "db.internal:5432"}}
_TEXT = base64.b64encode(bytes(range(64))).decode()
_POLICY = """
path "kv/*" { capabilities = ["create", "read", "update", "delete", "list"] }
path "transit/*" { capabilities = ["create", "read", "update"] }
path "pki/issue/*" { capabilities = ["create", "update"] }
path "auth/token/create" { capabilities = ["create", "update"] }
"""

Asked = tuple[str, str, str]
"""Method, path, body."""


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of request. `least`: requests/s over OpenBao's that the goal wants. `requests` are asked in turn."""

    name: str
    title: str
    least: float
    requests: Callable[[], list[Asked]]


def _reads() -> list[Asked]:
    return [("GET", f"/v1/kv/data/app/{number}", "") for number in range(SECRETS)]


def _writes() -> list[Asked]:
    return [("POST", f"/v1/kv/data/new/{number}", json.dumps(_VALUE)) for number in range(SECRETS)]


def _post(path: str, body: dict[str, object]) -> Callable[[], list[Asked]]:
    return lambda: [("POST", f"/v1/{path}", json.dumps(body))]


ROWS = (
    Row("read", "KV2 read", 1.0, _reads),
    Row("write", "KV2 write, durable", 1.5, _writes),
    Row("encrypt", "Transit encrypt, AES-256-GCM, 64 bytes", 1.0, _post("transit/encrypt/aes", {"plaintext": _TEXT})),
    Row("sign", "Transit sign, ECDSA P-256", 1.0, _post("transit/sign/ec", {"input": _TEXT})),
    Row("issue", "PKI issue, EC P-256", 0.8, _post("pki/issue/web", {"common_name": "a.example.com", "ttl": "1h"})),
    Row("token", "token create", 1.0, _post("auth/token/create", {"policies": ["default"], "ttl": "1h"})),
)


def prepare(one: Vault) -> None:
    """Initialise, unseal, and set up what the rows ask for; `token` has a policy for just that."""
    one.begin()
    mounts = [("kv", {"type": "kv", "options": {"version": "2"}}), ("transit", {"type": "transit"})]
    for path, options in [*mounts, ("pki", {"type": "pki", "config": {"max_lease_ttl": "87600h"}})]:
        one.eventually("POST", f"sys/mounts/{path}", options)
    for number in range(SECRETS):
        one.eventually("POST", f"kv/data/app/{number}", _VALUE)
    one.ask("POST", "transit/keys/aes", {"type": "aes256-gcm96"})
    one.ask("POST", "transit/keys/ec", {"type": "ecdsa-p256"})
    root = {"common_name": "bench root", "ttl": "8760h", "key_type": "ec", "key_bits": 256}
    one.ask("POST", "pki/root/generate/internal", root)
    one.ask("POST", "pki/roles/web", {"allow_any_name": True, "key_type": "ec", "key_bits": 256, "max_ttl": "72h"})
    one.ask("PUT", "sys/policies/acl/bench", {"policy": _POLICY})
    made = one.ask("POST", "auth/token/create", {"policies": ["bench"], "ttl": "24h"})
    one.token = made["auth"]["client_token"]
