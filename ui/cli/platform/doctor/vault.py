"""Checks of the vault, of a home that has one."""

import subprocess
import sys
from collections.abc import Callable
from typing import Final

from stratumiops.graph.errors import StratumError
from stratumiops.graph.server.home import Home
from stratumiops.graph.server.ports import holder as port_holder
from stratumiops.graph.server.ports import is_free
from stratumiops.resolvers.configuration import load_settings
from stratumiops.ui.cli.platform.doctor.check import Check, fine, note, wrong
from stratumiops.ui.cli.platform.place import has_vault, place
from stratumiops.ui.cli.platform.vault import process as vault_process
from stratumiops.ui.cli.platform.vault.file import read
from stratumiops.ui.cli.platform.vault.standing import State, ask, mistrust

_START = "`stratumiops up --vault` starts it"
_CHECK_S = 60
_LOOPBACK = ("127.", "::1", "localhost")


def checks(home: Home) -> tuple[tuple[str, Callable[[Home], Check]], ...]:
    """Those that make sense for this home."""
    try:
        return CHECKS if has_vault(home) else ()
    except StratumError:  # the check of the settings tells what it is
        return ()


def file(home: Home) -> Check:
    """Whether `svault.toml` can work: read as the vault does, with the files that it names."""
    path = place(home.root).vault_file
    if not path.exists():
        return note(f"{path} is not written yet", "`stratumiops up --vault` writes it")
    found = read(path)
    command = [sys.executable, *vault_process.arguments(path), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=_CHECK_S, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        return wrong(said[-1] if said else f"{path} cannot work", f"mend {path}; docs/svault.md has every key")
    return fine(f"{path}, storage {found.config.storage.backend}")


def port(home: Home) -> Check:
    """Whether the vault can have its port."""
    where = vault_process.address(home)
    if where and vault_process.running(home):
        return fine(f"{where.port}, held by our vault")
    path = place(home.root).vault_file
    if not path.exists():
        return note("not known before its file is written")
    where = read(path).address
    if is_free(where.port, where.host):
        return fine(f"{where.port} is free")
    by = port_holder(where.port)
    mend = f"stop that program, or write another server.address into {path}"
    return wrong(f"{where.port} is taken" + (f" by {by}" if by else ""), mend)


def state(home: Home) -> Check:
    """Whether it answers, is open, and can write its audit."""
    where = vault_process.address(home)
    if where is None or vault_process.running(home) is None:
        return note("not running", _START)
    standing = ask(where)
    if standing is None:
        return wrong(f"running but not answering at {where.url}", "see `stratumiops logs vault`")
    found = f"{standing.state} at {where.url}"
    advice = standing.advice(where.url)
    if standing.state is State.FAILING:
        return wrong(f"{found}: {', '.join(standing.problems)}", "mend a device that `svault audit list` shows")
    return note(found, advice) if advice else fine(found)


def tls(home: Home) -> Check:
    """Whether what is said to it can be read on the way, and whether the API can trust its certificate."""
    path = place(home.root).vault_file
    if not path.exists():
        return note("not known before its file is written")
    where = read(path).address
    if where.scheme == "http":
        if where.host.startswith(_LOOPBACK):
            return fine("plain HTTP, on this machine only")
        return wrong(
            f"plain HTTP at {where.host}: secrets can be read on the way", f"write tls_cert and tls_key into {path}"
        )
    if vault_process.running(home) is None:
        return note("TLS 1.3; its certificate is looked at while it runs", _START)
    ca_cert = load_settings(home.root).vault.ca_cert
    why = mistrust(where, ca_cert)
    if why:
        return wrong(f"TLS 1.3, but {why}", "name the authority's certificate with vault.ca_cert")
    return fine("TLS 1.3, with a certificate that is trusted")


CHECKS: Final = (("vault file", file), ("vault port", port), ("vault", state), ("vault TLS", tls))
