"""`stratumiops down`."""

import os
import signal
import time
from pathlib import Path

from stratumiops.graph.errors import TimedOut
from stratumiops.graph.server import process as neo4j_process
from stratumiops.graph.server.child import stop_orphan
from stratumiops.graph.server.home import Home
from stratumiops.graph.server.identity import ProcessId
from stratumiops.ui.cli.output import print_json
from stratumiops.ui.cli.platform import api as api_process
from stratumiops.ui.cli.platform import holder
from stratumiops.ui.cli.platform.screen import say
from stratumiops.ui.cli.platform.vault import process as vault_process
from stratumiops.ui.cli.platform.vault.file import default_path

_STOP_S = 60.0
_ORPHAN_S = 30.0
_POLL_S = 0.05


def stop_all(root: Path, *, as_json: bool) -> None:
    """End the supervisor of this home, which ends the rest, and whatever a crash left running.

    Raises:
        TimedOut: the supervisor did not end in time.
    """
    home = Home(root)
    began = time.monotonic()
    found = holder.supervisor(home)
    if found is not None:
        _stop_supervisor(home, found[0])
    left = left_over(home) if not holder.is_held(home) else []
    for process in left:
        stop_orphan(process, _ORPHAN_S, _pause)
    seconds = round(time.monotonic() - began, 1)
    if as_json:
        stopped = found[0].pid if found else None
        print_json({"supervisor": stopped, "left_over": [p.pid for p in left], "seconds": seconds})
    elif found is None and not left:
        say(f"nothing is running for {root}")
    else:
        say(f"stopped in {seconds} s")


def left_over(home: Home) -> list[ProcessId]:
    """What runs of this home without a supervisor, in the order in which it is to end."""
    vaults = vault_process.orphans(home, default_path(home))
    return [*api_process.orphans(home), *vaults, *neo4j_process.orphans(home)]


def _stop_supervisor(home: Home, supervisor: ProcessId) -> None:
    os.kill(supervisor.pid, signal.SIGTERM)
    deadline = time.monotonic() + _STOP_S
    while supervisor.alive() and holder.is_held(home):
        if time.monotonic() > deadline:
            raise TimedOut(
                f"the supervisor (process {supervisor.pid}) did not stop within {_STOP_S:.0f} s",
                hint=f"look at {home.log('supervisor')}",
            )
        time.sleep(_POLL_S)


def _pause(seconds: float) -> bool:
    time.sleep(seconds)
    return False
