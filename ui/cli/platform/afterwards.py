"""Once everything is ready: decisions are loaded, addresses printed, the next start is made faster."""

import os
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

from stratumiops.graph.errors import StratumError
from stratumiops.graph.server import aot
from stratumiops.graph.server.child import Child
from stratumiops.graph.server.home import Home, read_record
from stratumiops.graph.server.settings import ServerSettings
from stratumiops.ui.cli.platform import holder
from stratumiops.ui.cli.platform.api import Address
from stratumiops.ui.cli.platform.decisions import load_decisions
from stratumiops.ui.cli.platform.journal import Journal
from stratumiops.ui.cli.platform.vault import process as vault_process
from stratumiops.ui.cli.platform.vault.standing import ask

_AOT_AFTER_S = 3.0
_SOON_S = 0.05
_LATER_S = 1.0


class Afterwards:
    """Called again and again by the supervisor while all is well; the value is when to call next, in seconds.

    The import runs in a thread, so that the supervisor goes on watching. `managed` is None when Neo4j is a
    server of the user's own: then there is nothing to make faster.
    """

    def __init__(
        self,
        home: Home,
        address: Address,
        decisions: Path | None,
        managed: ServerSettings | None,
        journal: Journal,
    ) -> None:
        self._home = home
        self._address = address
        self._managed = managed
        self._journal = journal
        self._began = time.monotonic()
        self._decisions = decisions
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="import")
        self._loading: Future[str] | None = None
        self._announced = False
        self._builder: Child | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
        if self._builder is not None:
            self._builder.stop(5.0)

    def __call__(self, ready_for_s: float) -> float:
        """One look at what is to be done next."""
        if not self._announced:
            self._announce()
            return _SOON_S
        if self._managed and self._builder is None and ready_for_s > _AOT_AFTER_S:
            self._speed_up(self._managed)
        return _LATER_S

    def _announce(self) -> None:
        if self._decisions is not None and not self._loaded(self._decisions):
            return
        self._announced = True
        for line in addresses(self._home, self._address, time.monotonic() - self._began):
            self._journal.say(line)

    def _loaded(self, folder: Path) -> bool:
        if self._loading is None:
            self._loading = self._pool.submit(load_decisions, self._address.url, folder)
        if not self._loading.done():
            return False
        try:
            self._journal.say(self._loading.result())
        except StratumError as error:
            self._journal.say(f"{folder} was not loaded: {error.message}")
        return True

    def _speed_up(self, settings: ServerSettings) -> None:
        if not aot.wanted(settings):
            self._managed = None
            return
        self._journal.say("making the next start faster, in the background (about a minute)")
        command = [sys.executable, "-m", "stratumiops.graph.server.aot"]
        self._builder = Child(
            command,
            log=self._home.log("aot"),
            environ=os.environ | {"PYTHONSAFEPATH": "1"},
            niceness=aot.NICENESS,
        )


def addresses(home: Home, address: Address, seconds: float) -> list[str]:
    """The lines that tell a newcomer where to go."""
    record = read_record(home.record(holder.RECORD)) or {}
    bolt = record.get("neo4j")
    credentials = f"   user neo4j, password in {home.credentials}" if record.get("managed") else ""
    return [
        f"ready after {seconds:.1f} s",
        f"  web app     {address.url}/",
        f"  playground  {address.url}/graphql",
        f"  health      {address.url}/ready",
        *([f"  bolt        {bolt}{credentials}"] if bolt else []),
        *_vault_line(home, record.get("vault")),
        f"  data        {home.root}",
    ]


def _vault_line(home: Home, url: str | None) -> list[str]:
    where = vault_process.address(home)
    if url is None or where is None:
        return []
    standing = ask(where)
    advice = standing.advice(url) if standing else None
    return [f"  vault       {url}" + (f"   {standing.state}: {advice}" if standing and advice else "")]
