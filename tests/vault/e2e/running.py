"""Runs the script against a server, and says what was seen: exit status, errors, and answers without what varies."""

import asyncio
import json
import os
import re
import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ..postgresql import Postgresql  # noqa: TID252 - servers of all tests of the vault
from .script import FILES
from .steps import Step

_VARIES: Final = {
    "accessor", "backup", "build_date", "ca_chain", "certificate", "ciphertext", "client_token", "cluster_id",
    "cluster_name", "commit_date", "created_time", "creation_time", "default", "deletion_time", "deprecation_status",
    "encoded_root_token", "encoded_token", "encryptions", "entity_id", "expiration", "expiration_time", "expire_time",
    "hash", "hmac", "id", "initialized_time", "install_time", "issue_time", "issuer_id", "issuing_ca", "key_id",
    "keys", "keys_base64", "last_renewal", "last_renewal_time", "last_updated_time",
    "last_vault_rotation", "lease_id", "migration_id",
    "nonce", "not_before", "oldest_version", "otp", "otp_length", "plaintext_key", "plugin_version", "private_key",
    "public_key", "random_bytes", "request_id", "revocation_time", "revocation_time_rfc3339", "role_id", "root_token",
    "running_plugin_version", "running_sha256", "secret_id", "secret_id_accessor", "serial_number", "server_time_utc",
    "signature", "storage_type", "term", "token", "unseal_keys_b64", "unseal_keys_hex", "updated_time", "uuid",
    "version", "wrapped_accessor", "wrapping_accessor",
}  # fmt: skip
_MORE: Final = {"creation_ttl", "ttl", "lease_duration"}
"""Seconds: compared within a minute."""
_AS_JSON: Final = {"VAULT_FORMAT": "json", "BAO_FORMAT": "json"}
_LINE: Final = re.compile(r" \(line \d+\)$")
"""Where in a policy an error is: more than others say."""
_LEFT_OUT: Final = frozenset(
    {"passthrough_request_headers", "entity_id", "request_id", "encoded_root_token", "build_date"}
)
_USER: Final = re.compile(r"\bv-root-[a-z]+-[A-Za-z0-9]{20}-\d{10}\b")
"""A user that a database made for a lease."""
_CAPPED: Final = re.compile(r'(effective max_ttl of )"[^"]+"')
"""How long is left may be told some seconds later."""
_ID: Final = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[a-z]+_[0-9a-z]{8}\b|(?:[0-9a-f]{2}:){5,}[0-9a-f]{2}"
    r"|\bh[0-9a-f]{64}\b"
)


class Run:
    """The script against one server. `known`: what lines may name from the beginning."""

    def __init__(self, address: str, folder: Path, database: Postgresql, known: Mapping[str, str]) -> None:
        self.address = address
        self.known = {"folder": str(folder), **known}
        self._folder = folder
        self._database = database
        for name, text in FILES.items():
            (folder / name).write_text(text)

    def step(self, step: Step) -> dict[str, Any]:
        """What came of a step."""
        line = step.line.format_map(self.known)
        words = shlex.split(line)
        if words[0] == "sign-in":
            return {"lets in": asyncio.run(self._database.gets_in(*words[1:]))}
        token = self.known.get(step.as_, "none") if step.as_ else ""
        environ = {
            "PATH": os.environ["PATH"], "HOME": str(self._folder), "VAULT_ADDR": self.address, "BAO_ADDR": self.address,
            "VAULT_TOKEN": token, "BAO_TOKEN": token, "VAULT_CLIENT_TIMEOUT": "60", "NO_COLOR": "1",
            **(_AS_JSON if step.json else {}),
        }  # fmt: skip
        done = subprocess.run(
            ["bao", *words], cwd=self._folder, env=environ, input=step.stdin, capture_output=True, text=True,
            timeout=120, check=False,
        )  # fmt: skip
        value = _json(done.stdout)
        for name, path in step.keep.items():
            self.known[name] = str(_at(value, path))
        if not step.text:
            return {"status": done.returncode}
        return {
            "status": done.returncode,
            "said": self._clean(value if value is not None else done.stdout),
            "errors": self._errors(done.stderr),
        }

    def _errors(self, text: str) -> list[str]:
        return sorted(
            self._text(line).partition(". ")[0] if line.startswith("Code") else self._text(line)
            for line in text.splitlines()
            if line.startswith(("* ", "Code:"))
        )

    def _text(self, text: str) -> str:
        text = text.replace(self.address, "ADDRESS").replace(str(self._folder), "FOLDER")
        text = _CAPPED.sub(r'\1"<a while>"', _USER.sub("<user>", text))
        for name, value in self.known.items():
            if len(value) > 8:
                text = text.replace(value, f"<{name}>")
        return _LINE.sub("", _ID.sub("<id>", text).strip())

    def _clean(self, value: Any, name: str = "") -> Any:
        if name in _VARIES:
            return f"<{type(value).__name__}>" if value not in (None, "", [], {}) else value
        if name in _MORE and isinstance(value, int) and not isinstance(value, bool):
            return round(value / 60) * 60
        if isinstance(value, dict):
            names = sorted(value.keys() - _LEFT_OUT)
            return {key: self._clean(value[key], key) for key in names}
        if isinstance(value, list):
            found = [self._clean(each) for each in value]
            return sorted(found) if all(isinstance(one, str) and "<" in one for one in found) else found
        return self._text(value) if isinstance(value, str) else value


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _at(value: Any, path: str) -> Any:
    for part in path.split("."):
        if value is None:
            return None
        value = value[int(part)] if part.isdecimal() else value.get(part)
    return value
