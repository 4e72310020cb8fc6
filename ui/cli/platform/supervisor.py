"""Keeps Neo4j, the API and the vault running: starts them, restarts what crashes, stops all in order."""

import os
import signal
import time
from collections.abc import Callable
from typing import Protocol

from stratumiops.graph.errors import StratumError, Unavailable
from stratumiops.graph.ids import utc_now
from stratumiops.graph.server.home import Home, write_record
from stratumiops.graph.server.identity import ProcessId
from stratumiops.graph.server.process import ManagedNeo4j, PortTaken
from stratumiops.ui.cli.platform.api import Api
from stratumiops.ui.cli.platform.backoff import BackOff
from stratumiops.ui.cli.platform.holder import RECORD
from stratumiops.ui.cli.platform.journal import Journal
from stratumiops.ui.cli.platform.signals import Signals
from stratumiops.ui.cli.platform.vault.process import Vault
from stratumiops.ui.cli.platform.vault.standing import Standing

_PORT_TRIES = 3


class Service(Protocol):
    """A process to keep running."""

    def start(self) -> object:
        """Start it, or start it again."""

    def wait_ready(self, pause: Callable[[float], bool]) -> object:
        """Return when it is usable."""

    def poll(self) -> int | None:
        """Its exit status, or None while it runs."""

    def stop(self, hurry: Callable[[], bool]) -> int | None:
        """End it."""


class Supervisor:
    """One run of one home. `neo4j` is None when the graph is on a server of the user's own."""

    def __init__(
        self,
        home: Home,
        neo4j: ManagedNeo4j | None,
        api: Api,
        signals: Signals,
        journal: Journal,
        vault: Vault | None = None,
    ) -> None:
        self._home = home
        self._neo4j = neo4j
        self._api = api
        self._vault = vault
        self._signals = signals
        self._journal = journal
        self._since = utc_now()
        self._services: dict[str, Service] = {"Neo4j": neo4j} if neo4j else {}
        if vault:  # stopped before Neo4j, which it may write its audit to
            self._services["the vault"] = vault
        self._services["the API"] = api
        self._back_off = {name: BackOff() for name in self._services}

    def run(self, at_rest: Callable[[float], float]) -> None:
        """Bring everything up, keep it up until a signal asks for a stop, then stop in order.

        `at_rest(seconds since ready)` is called while all is well; it says after how many seconds again.

        Raises:
            StratumError: something could not be started in the first place; nothing is left running.
        """
        if self._signals.asked:
            return
        try:
            self._describe("starting")
            self._bring_up()
            self._describe("ready")
            self._keep_up(at_rest)
        except Unavailable:
            if not self._signals.asked:
                raise
        finally:
            self._describe("stopping")
            self._stop()

    def _bring_up(self) -> None:
        # both at once: the API imports its libraries while Neo4j opens its store
        if self._neo4j:
            self._neo4j.start()
        self._api.start()
        if self._neo4j:
            self._await_neo4j(self._neo4j)
        if self._vault:  # only now Neo4j's port is certain
            self._vault.start()
        self._api.wait_ready(self._signals.pause)
        if self._vault:
            self._vault.wait_ready(self._signals.pause)

    def _await_neo4j(self, neo4j: ManagedNeo4j) -> None:
        for tries_left in reversed(range(_PORT_TRIES)):
            try:
                neo4j.wait_ready(self._signals.pause)
            except PortTaken as error:
                if not tries_left:
                    raise
                self._journal.say(f"{error.message}; trying another port")
                self._start_on_new_port(neo4j)
            else:
                return

    def _start_on_new_port(self, neo4j: ManagedNeo4j) -> None:
        before = neo4j.port
        neo4j.start()
        if neo4j.port != before:
            self._api.stop(self._signals.hurry)
            self._api.start()
            self._tell_of_new_port()

    def _tell_of_new_port(self) -> None:
        """A vault that runs is left alone: a new start would seal it."""
        if self._vault and self._vault.poll() is None and self._vault.started:
            self._journal.say("Neo4j has another port now, which an audit device of the vault learns at its next start")

    def _keep_up(self, at_rest: Callable[[float], float]) -> None:
        ready_at = time.monotonic()
        next_look_s = 0.0
        while not self._signals.pause(next_look_s):
            crashed = [(name, code) for name, s in self._services.items() if (code := s.poll()) is not None]
            for name, status in crashed:
                self._restart(name, status)
            next_look_s = 0.0 if crashed else at_rest(time.monotonic() - ready_at)

    def _restart(self, name: str, status: int) -> None:
        wait = self._back_off[name].after_crash()
        when = f"in {wait:g} s" if wait else "now"
        self._journal.say(f"{name} {_ended(status)}; starting it again {when}")
        self._describe("recovering")
        if wait and self._pause_all(wait):
            return
        service = self._services[name]
        try:
            if service is self._neo4j and self._neo4j:
                self._start_on_new_port(self._neo4j)
            else:
                service.start()
            found = service.wait_ready(self._signals.pause)
        except StratumError as error:
            if not self._signals.asked:
                self._journal.say(f"{name} did not come back: {error.message}")
                service.stop(self._signals.hurry)
            return
        advice = found.advice(self._vault.address.url) if self._vault and isinstance(found, Standing) else None
        self._journal.say(f"{name} runs again, and needs you: {advice}" if advice else f"{name} is ready again")
        self._describe("ready")

    def _pause_all(self, seconds: float) -> bool:
        """Wait the whole time, although children that end cut a single pause short."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if self._signals.pause(left):
                return True
        return self._signals.asked > 0

    def _stop(self) -> None:
        for name, service in reversed(self._services.items()):
            started = time.monotonic()
            status = service.stop(self._signals.hurry)
            if status is not None:
                self._journal.say(f"{name} stopped in {time.monotonic() - started:.1f} s")

    def _describe(self, state: str) -> None:
        us = ProcessId.of(os.getpid())
        neo4j = self._neo4j.connection().uri if self._neo4j and self._neo4j.port else None
        record = {
            "state": state,
            "since": self._since,
            "url": self._api.address.url,
            "managed": self._neo4j is not None,
            "neo4j": neo4j,
        } | ({"vault": self._vault.address.url} if self._vault else {})
        write_record(self._home.record(RECORD), (us.record() if us else {}) | record)


def _ended(status: int) -> str:
    if status >= 0:
        return f"ended with status {status}"
    try:
        return f"was ended by {signal.Signals(-status).name}"
    except ValueError:
        return f"was ended by signal {-status}"
