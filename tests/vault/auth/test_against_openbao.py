"""The same requests to AppRole and userpass of ours and of OpenBao: the same statuses, texts and data."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from stratumiops.vault.auth.approle.backend import AppRoleBackend
from stratumiops.vault.auth.userpass.backend import UserpassBackend

from ..mounted import mounted  # noqa: TID252 - tests are no package on the path
from ..openbao import Both, openbao  # noqa: TID252

Step = tuple[str, str] | tuple[str, str, dict[str, Any]]

APPROLE: list[Step] = [
    ("LIST", "role"), ("GET", "role/r"), ("DELETE", "role/r"),
    ("POST", "role/r", {"token_policies": "p2,P1", "token_ttl": "1h", "token_max_ttl": 7200, "secret_id_num_uses": 3,
                        "secret_id_ttl": "30m", "role_id": "mine"}),
    ("GET", "role/r"), ("GET", "role/r/role-id"), ("LIST", "role"), ("GET", "role/r/policies"),
    ("POST", "role/r", {"token_ttl": "3h"}), ("POST", "role/r", {"token_type": "x"}),
    ("POST", "role/b", {"bind_secret_id": False, "token_bound_cidrs": "127.0.0.1/32", "role_id": "open"}),
    ("GET", "role/b"), ("POST", "role/b/secret-id"), ("POST", "login", {"role_id": "open"}),
    ("POST", "login", {"role_id": "mine"}), ("POST", "login", {"role_id": "mine", "secret_id": "x"}),
    ("POST", "login", {"role_id": "nope", "secret_id": "x"}), ("LIST", "role/r/secret-id"),
    ("POST", "role/r/secret-id"), ("POST", "role/r/secret-id", {"ttl": "10h"}),
    ("POST", "role/r/secret-id", {"num_uses": 20}), ("POST", "role/r/secret-id", {"num_uses": -1}),
    ("POST", "role/r/secret-id", {"num_uses": 0}), ("POST", "role/r/secret-id", {"metadata": "x"}),
    ("POST", "role/r/secret-id", {"metadata": '{"a":1}'}), ("POST", "role/none/secret-id"),
    ("POST", "role/r/custom-secret-id"),
    ("POST", "role/r/custom-secret-id", {"secret_id": "custom", "metadata": '{"a":"b"}', "num_uses": 2}),
    ("POST", "role/r/secret-id/lookup", {"secret_id": "custom"}), ("POST", "role/r/secret-id/lookup"),
    ("POST", "login", {"role_id": "mine", "secret_id": "custom"}),
    ("POST", "role/r/secret-id/lookup", {"secret_id": "custom"}), ("LIST", "role/r/secret-id"),
    ("POST", "login", {"role_id": "mine", "secret_id": "custom"}),
    ("POST", "login", {"role_id": "mine", "secret_id": "custom"}),
    ("POST", "role/r/secret-id/lookup", {"secret_id": "custom"}), ("LIST", "role/none/secret-id"),
    ("POST", "role/r/secret-id-accessor/lookup", {"secret_id_accessor": "nope"}),
    ("POST", "role/r/secret-id-accessor/lookup"), ("POST", "role/r/secret-id/destroy", {"secret_id": "nope"}),
    ("POST", "role/r/secret-id/destroy"), ("POST", "role/r/policies", {"policies": "a,b"}), ("GET", "role/r/policies"),
    ("DELETE", "role/r/token-ttl"), ("GET", "role/r/token-ttl"), ("GET", "role/r/secret-id-ttl"),
    ("GET", "role/r/period"), ("GET", "role/r/local-secret-ids"), ("GET", "role/r/secret-id-bound-cidrs"),
    ("POST", "role/UPPER", {"policies": "x"}), ("GET", "role/upper"), ("POST", "role/l", {"local_secret_ids": True}),
    ("GET", "role/l"), ("POST", "role/l", {"local_secret_ids": False}), ("DELETE", "role/r"), ("GET", "role/r"),
]  # fmt: skip
USERPASS: list[Step] = [
    ("LIST", "users"), ("GET", "users/u"), ("POST", "users/u"), ("POST", "users/u", {"password": ""}),
    ("POST", "users/U", {"password": "pw", "policies": "b,a", "ttl": "1h", "max_ttl": "2h"}), ("GET", "users/u"),
    ("LIST", "users"), ("POST", "users/u", {"token_policies": "c"}), ("GET", "users/u"),
    ("POST", "users/u/policies", {"token_policies": "e"}), ("POST", "users/u/password"),
    ("POST", "users/u/password", {"password": "new"}), ("POST", "login/u", {"password": "new"}),
    ("POST", "login/U", {"password": "new"}), ("POST", "login/u", {"password": "old"}),
    ("POST", "login/nobody", {"password": "old"}), *[("POST", "login/u", {"password": "old"})] * 4,
    ("POST", "login/u", {"password": "old"}), ("POST", "login/u", {"password": "new"}),
    ("POST", "users/u", {"token_bound_cidrs": "10.0.0.0/8", "token_type": "batch"}), ("GET", "users/u"),
    ("DELETE", "users/u"), ("DELETE", "users/u"), ("GET", "users/u"),
]  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with openbao(tmp_path_factory.mktemp("openbao")) as client:
        yield client


@pytest.mark.parametrize(
    ("kind", "steps"), [(AppRoleBackend, APPROLE), (UserpassBackend, USERPASS)], ids=["approle", "userpass"]
)
async def test_both_answer_the_same(server: httpx.Client, kind: Any, steps: list[Step]) -> None:
    server.delete("sys/auth/tested")
    server.post("sys/auth/tested", json={"type": kind.kind})
    both = Both(mounted(kind, "auth/tested/"), server, "auth/tested")
    for step in steps:
        ours, theirs = await both.see(*step)
        assert (step, ours) == (step, theirs)
