"""Every method that hvac has for what svault offers is driven by the tests of this folder."""

import re
from pathlib import Path

import pytest
from hvac.api import auth_methods, secrets_engines, system_backend

FOLDER = Path(__file__).parent
CLASSES: dict[str, tuple[type, ...]] = {
    "test_kv.py": (secrets_engines.KvV1, secrets_engines.KvV2),
    "test_transit.py": (secrets_engines.Transit,),
    "test_pki.py": (secrets_engines.Pki,),
    "test_database.py": (secrets_engines.Database,),
    "test_auth.py": (auth_methods.Token, auth_methods.AppRole, auth_methods.Userpass, auth_methods.JWT),
    "test_sys.py": (
        system_backend.Audit, system_backend.Auth, system_backend.Capabilities, system_backend.Health,
        system_backend.Init, system_backend.Key, system_backend.Leader, system_backend.Lease, system_backend.Mount,
        system_backend.Namespace, system_backend.Policies, system_backend.Policy, system_backend.Quota,
        system_backend.Seal, system_backend.Wrapping,
    ),
}  # fmt: skip
LEFT_OUT = re.compile(r"_(rgp|egp)_|^(resolve_path|oidc_authorization_url_request|oidc_callback)$")
"""Policies of Vault Enterprise, and logins with a browser."""


@pytest.mark.parametrize("file", CLASSES)
def test_every_method_is_driven(file: str) -> None:
    text = (FOLDER / file).read_text() + (FOLDER / "conftest.py").read_text()
    methods = {
        name
        for one in CLASSES[file]
        for name, value in vars(one).items()
        if callable(value) and not name.startswith("_") and not LEFT_OUT.search(name)
    }
    assert len(methods) > 10
    assert [name for name in sorted(methods) if f".{name}(" not in text] == []
