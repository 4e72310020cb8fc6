"""Schemathesis over the description of the API: no error of the server, and every answer as the description has it."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import strategies as st
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from ..servers import Server, svault  # noqa: TID252 - servers of all tests of the vault

EXAMPLES = 3
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
"""The last two are for answers with a body."""
MOUNTS = {
    "mounts/kv1": "kv", "mounts/kv2": "kv-v2", "mounts/transit": "transit", "mounts/pki": "pki",
    "mounts/database": "database", "auth/approle": "approle", "auth/userpass": "userpass", "auth/jwt": "jwt",
    "auth/github": "github",
}  # fmt: skip
MADE: list[tuple[str, dict[str, Any]]] = [
    ("kv1/k", {"a": 1}), ("kv2/data/k", {"data": {"a": 1}}), ("transit/keys/k", {}),
    ("pki/root/generate/internal", {"common_name": "r", "key_type": "ec", "issuer_name": "k", "key_name": "k"}),
    ("pki/roles/k", {"allow_any_name": True, "key_type": "ec"}), ("pki/config/cluster", {"path": "https://a/v1/pki"}),
    ("pki/config/acme", {"enabled": True}), ("auth/approle/role/k", {}), ("auth/token/roles/k", {}),
    ("auth/userpass/users/k", {"password": "password"}), ("sys/policies/acl/k", {"policy": 'path "a" {}'}),
    ("sys/policies/password/k", {"policy": 'length = 8\nrule "charset" { charset = "ab" }'}),
    ("sys/quotas/rate-limit/k", {"rate": 1e6}), ("sys/namespaces/k", {}),
]  # fmt: skip
FIELDS: dict[str, list[Any]] = {
    "plaintext": ["AAAA", "!"], "ciphertext": ["vault:v1:AAAA", 1], "input": ["AAAA", {}],
    "type": ["kv", "aes256-gcm96"], "common_name": ["a.b", ""], "csr": ["-----BEGIN"],
    "data": [{"a": 1}, []], "options": [{"cas": 1}, "x"],
    "policy": ['path "a" {}', "{"], "policies": [["default"], {}], "ttl": ["1h", -1], "password": ["p", []],
    "versions": [[1], "x"], "role_id": ["x"], "secret_id": ["x"], "lease_id": ["x"], "token": ["x"], "path": ["a", 7],
    "db_name": ["x"], "plugin_name": ["postgresql-database-plugin"], "connection_url": ["postgresql://127.0.0.1:1/x"],
    "protected": ["e30"], "payload": [""], "signature": ["AAAA"], "pem_bundle": ["x" * 100], "batch_input": [[{}], "x"],
}  # fmt: skip
LEFT_OUT = (
    "/sys/seal",
    "/auth/token/revoke-self",
    "/auth/token/revoke-orphan",
    "/auth/token/revoke",
    "/sys/rekey/init",
)
"""They end what the others need."""
MEANT = ("exporting is disallowed on the policy", "plaintext backup is disallowed on the policy", "already exists")
"""OpenBao answers 500 to these, too."""


@schemathesis.serializer("application/ocsp-request")
def binary(_context: object, value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with svault(tmp_path_factory.mktemp("schemathesis")) as made:
        made.begin()
        for path, kind in MOUNTS.items():
            assert made.ask("POST", f"sys/{path}", json={"type": kind}).status_code == 204
        for path, body in MADE:
            assert made.ask("POST", path, json=body).is_success, path
        yield made


@st.composite
def cases(draw: st.DrawFn, operation: APIOperation[Any, Any, Any, Any]) -> Case:
    """Generated from the description; often with names that are there, and with fields that mean something."""
    with_body = operation.method.upper() in ("POST", "PATCH")
    modes = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE] if with_body else [GenerationMode.POSITIVE]
    case: Case = draw(operation.as_strategy(draw(st.sampled_from(modes))))
    if draw(st.booleans()):
        case.path_parameters = dict.fromkeys(case.path_parameters, "k")
    if isinstance(case.body, dict):
        for name in draw(st.lists(st.sampled_from(list(FIELDS)), max_size=8)):
            case.body[name] = draw(st.sampled_from(FIELDS[name]))
    return case


def test_every_operation(server: Server) -> None:
    description = server.ask("GET", "sys/internal/specs/openapi").json()
    schema = schemathesis.openapi.from_dict(description)
    session, headers = requests.Session(), {"X-Vault-Token": server.root}
    session.trust_env = False
    failures: list[str] = []
    seen = 0

    def check(case: Case) -> None:
        response = case.call(base_url=f"{server.address}/v1", session=session, headers=headers)
        if response.status_code == 500 and any(text in response.text for text in MEANT):
            return
        try:
            case.validate_response(response, checks=CHECKS if response.content else CHECKS[:2])
        except FailureGroup as group:
            raise AssertionError(str(group.exceptions[0])) from None

    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.path in LEFT_OUT:
            continue
        run = given(cases(operation))(check)
        bounded = settings(
            max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck), verbosity=Verbosity.quiet, report_multiple_bugs=False,
        )  # fmt: skip
        try:
            bounded(run)()
        except AssertionError as error:
            failures.append(f"{operation.label}: {error}")
        seen += 1
    assert seen > 300
    assert not failures, "\n\n".join(failures)
    assert httpx.get(f"{server.address}/v1/sys/health", trust_env=False).status_code == 200
