"""`svault.toml` of the supervised vault: written once, read at each start."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from stratumiops.graph.errors import BadInput
from stratumiops.graph.server.home import Home, write_private
from stratumiops.ui.cli.platform.api import Address

if TYPE_CHECKING:
    from stratumiops.vault.config import Config

DEFAULT = "127.0.0.1:8200"
_TEXT = """\
# The vault of this data directory. Written once, by the first `stratumiops up --vault`, and yours from then on.
# After a change start anew: `stratumiops down`, `stratumiops up --vault`. The vault is sealed then.
# Every key is in docs/svault.md.

[server]
address = "{address}"
# Beyond this machine it needs TLS; vault.ca_cert of stratumiops.toml then names who signed the certificate.
# tls_cert = "server.pem"
# tls_key = "server.key"

[storage]
backend = "filesystem"

[storage.filesystem]
path = "data"                # beside this file; `stratumiops backup` saves the graph, not this folder

[seal.shamir]
shares = 5                   # of `svault operator init`, unless it says otherwise
threshold = 3

[engines]
kv = {{ path = "secret/", versioned = true }}
"""


@dataclass(frozen=True, slots=True)
class VaultFile:
    """The file, and what it says."""

    path: Path
    config: "Config"

    @property
    def address(self) -> Address:
        """Where the vault listens."""
        server = self.config.server
        return Address(server.host, server.port, "http" if server.tls_cert is None else "https")

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of variables that hold passwords of its storage."""
        section = getattr(self.config.storage, self.config.storage.backend, None)
        named = getattr(section, "password_env", "")
        return (named,) if named else ()


def default_path(home: Home) -> Path:
    """Where it is unless a setting says otherwise."""
    return home.root / "vault" / "svault.toml"


def ensure(path: Path, address: str = "") -> bool:
    """Write it unless it is there; true when it was written.

    Args:
        address: the vault's URL as far as settings name one; the file gets its host and port.

    Raises:
        BadInput: the folder cannot be written, or the URL names no host.
    """
    if path.exists():
        return False
    listen = _listen(address) if address else DEFAULT
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(path, _TEXT.format(address=listen))
    except OSError as error:
        raise BadInput(
            f"{path} cannot be written: {error.strerror}", hint="name another file with vault.config",
            field="vault.config",
        ) from error  # fmt: skip
    return True


def read(path: Path) -> VaultFile:
    """What the file says.

    Raises:
        BadInput: it cannot be read, or says something that cannot be; the sentence names file and key.
    """
    from stratumiops.vault.config import load
    from stratumiops.vault.errors import ConfigError

    try:
        found = VaultFile(path, load(path))
    except ConfigError as error:
        raise BadInput(str(error), hint="docs/svault.md has every key", field="vault.config") from None
    if found.address.port == 0:
        raise BadInput(
            f"{path}: server.address names no port", hint="write host:port, such as 127.0.0.1:8200",
            field="vault.config",
        )  # fmt: skip
    return found


def _listen(url: str) -> str:
    """Host and port of a URL; an IPv6 address keeps its brackets."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise BadInput(
            f"vault.address is {url!r}", hint="write a URL such as http://127.0.0.1:8200", field="vault.address"
        )
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{host}:{parts.port or 8200}"
