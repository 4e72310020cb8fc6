"""Runs the script against a server, and says what was seen: exit status, errors, and answers without what varies."""

import json
import os
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any, Final

from .script import FILES, Step

_VARIES: Final = {
    "accessor", "request_id", "lease_id", "token", "client_token", "uuid", "nonce", "creation_time", "created_time",
    "updated_time", "issue_time", "expire_time", "id", "root_token", "unseal_keys_b64", "unseal_keys_hex", "keys",
    "keys_base64", "otp", "encoded_token", "encoded_root_token", "ciphertext", "signature", "hmac", "plaintext_key",
    "secret_id", "secret_id_accessor", "role_id", "serial_number", "certificate", "issuing_ca", "ca_chain", "private_key",
    "expiration", "issuer_id", "key_id", "default", "revocation_time", "revocation_time_rfc3339", "hash", "random_bytes",
    "public_key", "install_time", "deletion_time", "cluster_id", "cluster_name", "version", "build_date", "commit_date",
    "last_updated_time", "expiration_time", "migration_id", "plugin_version", "running_plugin_version", "running_sha256",
    "storage_type", "last_renewal", "last_renewal_time", "wrapping_accessor", "deprecation_status", "oldest_version",
    "encryptions", "initialized_time", "backup", "entity_id", "server_time_utc", "otp_length", "term",
}  # fmt: skip
_MORE: Final = {"creation_ttl", "ttl", "lease_duration"}
"""Seconds: compared within a minute."""
_AS_JSON: Final = {"VAULT_FORMAT": "json", "BAO_FORMAT": "json"}
_ID: Final = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[a-z]+_[0-9a-z]{8}\b|(?:[0-9a-f]{2}:){5,}[0-9a-f]{2}"
)


class Run:
    """The script against one server."""

    def __init__(self, address: str, folder: Path) -> None:
        self.address = address
        self.known = {"folder": str(folder)}
        self._folder = folder
        for name, text in FILES.items():
            (folder / name).write_text(text)

    def step(self, step: Step) -> dict[str, Any]:
        """What came of a step."""
        line = step.line.format_map(self.known)
        words = shlex.split(line)
        token = self.known.get(step.as_, "none") if step.as_ else ""
        environ = {
            "PATH": os.environ["PATH"], "HOME": str(self._folder), "VAULT_ADDR": self.address, "BAO_ADDR": self.address,
            "VAULT_TOKEN": token, "BAO_TOKEN": token, "VAULT_CLIENT_TIMEOUT": "60", "NO_COLOR": "1", **(_AS_JSON if step.json else {}),
        }  # fmt: skip
        done = subprocess.run(
            ["bao", *words], cwd=self._folder, env=environ, input=step.stdin, capture_output=True, text=True,
            timeout=120, check=False,
        )  # fmt: skip
        value = _json(done.stdout)
        for name, path in step.keep.items():
            self.known[name] = str(_at(value, path))
        return {
            "status": done.returncode,
            "said": self._clean(value if value is not None else done.stdout),
            "errors": self._errors(done.stderr),
        }

    def _errors(self, text: str) -> list[str]:
        return sorted(
            self._text(line) for line in text.splitlines() if line.startswith("* ") or line.startswith("Code:")
        )

    def _text(self, text: str) -> str:
        text = text.replace(self.address, "ADDRESS").replace(str(self._folder), "FOLDER")
        for name, value in self.known.items():
            if len(value) > 8:
                text = text.replace(value, f"<{name}>")
        return _ID.sub("<id>", text).strip()

    def _clean(self, value: Any, name: str = "") -> Any:
        if name in _VARIES:
            return f"<{type(value).__name__}>" if value not in (None, "", [], {}) else value
        if name in _MORE and isinstance(value, int) and not isinstance(value, bool):
            return round(value / 60) * 60
        if isinstance(value, dict):
            return {key: self._clean(each, key) for key, each in sorted(value.items())}
        if isinstance(value, list):
            return [self._clean(each) for each in value]
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
