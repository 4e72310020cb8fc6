"""What has to be right before anything is started."""

from pathlib import Path
from threading import Event

from stratumiops.graph.errors import Conflict
from stratumiops.graph.server import process as neo4j_process
from stratumiops.graph.server.cache import JarCache
from stratumiops.graph.server.child import stop_orphan
from stratumiops.graph.server.download import ensure_jars
from stratumiops.graph.server.home import Home
from stratumiops.graph.server.ports import holder, is_free
from stratumiops.graph.server.settings import ServerSettings
from stratumiops.ui.cli.platform import api as api_process
from stratumiops.ui.cli.platform.api import Address
from stratumiops.ui.cli.platform.journal import Journal
from stratumiops.ui.cli.platform.place import Place
from stratumiops.ui.cli.platform.screen import byte_bar, say
from stratumiops.ui.cli.platform.signals import Signals
from stratumiops.ui.cli.platform.vault import file as vault_file
from stratumiops.ui.cli.platform.vault import process as vault_process
from stratumiops.ui.cli.platform.vault.file import VaultFile

_ORPHAN_S = 30.0


def fetch_jars(settings: ServerSettings, stop: Event | None = None) -> int:
    """Fetch what is missing of Neo4j, with a progress bar; returns how many files were fetched.

    Raises:
        Unavailable: see `ensure_jars`.
    """
    cache = JarCache.of(settings)
    if cache.complete():
        return 0
    say(f"fetching Neo4j {cache.lock.version} into {cache.root} (once, {cache.lock.size / 1e6:.0f} MB)")
    with byte_bar("Neo4j") as progress:
        return ensure_jars(cache, settings.maven, progress=progress, stop=stop)


def stop_orphans(home: Home, vault: Path, signals: Signals, journal: Journal) -> None:
    """End what a supervisor that was killed left running: its children of this home, by command line."""
    left = {
        "API": api_process.orphans(home),
        "vault": vault_process.orphans(home, vault),
        "Neo4j": neo4j_process.orphans(home),
    }
    for name, processes in left.items():
        for process in processes:
            journal.say(f"stopping the {name} that an earlier run left behind (process {process.pid})")
            stop_orphan(process, _ORPHAN_S, signals.pause)


def vault(where: Place) -> VaultFile:
    """The configuration of the vault, written when there is none.

    Raises:
        BadInput: it cannot be written, or it cannot be used.
    """
    vault_file.ensure(where.vault_file, where.vault_url)
    return vault_file.read(where.vault_file)


def check_ports(api: Address, vault: VaultFile | None) -> None:
    """Make sure that all can listen.

    Raises:
        Conflict: somebody else listens there.
    """
    _check_port(api, "stop that program, or name another port with --port", "port")
    if vault is None:
        return
    hint = f"stop that program, or write another server.address into {vault.path}"
    if vault.address.port == api.port:
        raise Conflict(f"the vault and the API are both to listen on port {api.port}", hint=hint, field="port")
    _check_port(vault.address, hint, "server.address")


def _check_port(address: Address, hint: str, field: str) -> None:
    if is_free(address.port, address.host):
        return
    by = holder(address.port)
    raise Conflict(
        f"port {address.port} on {address.host} is taken" + (f" by {by}" if by else ""),
        hint=hint,
        field=field,
    )
