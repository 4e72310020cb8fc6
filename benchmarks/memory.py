"""Does memory stay flat? 50,000 mixed requests, 1,000 subscriptions opened and dropped, imports of up to 50,000 notes.

`python -m benchmarks.memory` starts a store and an API of its own and prints the API's resident memory at
checkpoints. The first tenth of the requests is the warm-up, when caches and pools fill.
"""

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from benchmarks import dataset
from benchmarks.contenders import Running, started
from benchmarks.imports import BIN, files, write
from benchmarks.measure import Generator, generator
from benchmarks.operations import Operation, operations
from benchmarks.server import RunningNeo4j, managed_neo4j, migrated
from benchmarks.sizes import rss_mb

CLIENTS = 16
WATCH = "subscription Watch($graph: String) { nodeChanged(graph: $graph) { op id node { title } } }"
_PROTOCOL = Subprotocol("graphql-transport-ws")
_AT_ONCE = 50
_SLICE_S = 1.0


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How much was done and what it came to."""

    what: str
    done: int
    api_mb: float
    neo4j_mb: float


class Soak:
    """One API under load, with its memory noted now and then."""

    def __init__(self, api: Running, neo4j: RunningNeo4j, console: Console) -> None:
        self._api = api
        self._neo4j = neo4j
        self._console = console
        self.checkpoints: list[Checkpoint] = []

    def note(self, what: str, done: int) -> None:
        """Write down the memory of now."""
        checkpoint = Checkpoint(what, done, rss_mb(self._api.pid), rss_mb(self._neo4j.pid))
        self.checkpoints.append(checkpoint)
        self._console.print(
            f"{what:<16} {done:>7,}   API {checkpoint.api_mb:7.1f} MB   Neo4j {checkpoint.neo4j_mb:7.1f} MB"
        )

    def requests(self, load: Generator, chosen: Sequence[Operation], wanted: int) -> None:
        """All operations in turn until `wanted` requests were answered; ten checkpoints."""
        done, next_note = 0, wanted // 10
        while done < wanted:
            for operation in chosen:
                result = load.run(
                    {
                        "port": self._api.port,
                        "path": "/graphql",
                        "bodies": self._api.bodies(operation),
                        "connections": CLIENTS,
                        "seconds": _SLICE_S,
                        "warmup_s": 0.0,
                        "pids": {},
                    }
                )
                done += result["requests"]
                if done >= next_note:
                    self.note("requests", done)
                    next_note += wanted // 10

    def imports(self, counts: Sequence[int]) -> None:
        """Import so many notes each time, and note what the API has and what the command had at the most."""
        for count in counts:
            with tempfile.TemporaryDirectory(prefix="stratumiops-bench-files-") as folder:
                write(files(count), Path(folder))
                command = [str(BIN / "kogral"), "import", folder, "--graph", f"bench-import-{count}", "--json"]
                command += ["--server", f"http://127.0.0.1:{self._api.port}"]
                with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
                    _, status, usage = os.wait4(process.pid, 0)
                    process.returncode = os.waitstatus_to_exitcode(status)
                if process.returncode:
                    raise RuntimeError(f"kogral import ended with {process.returncode}")
            self.note("notes imported", count)
            self._console.print(f"{'':<24}   kogral {usage.ru_maxrss / 1e3:5.1f} MB at the most")

    async def subscriptions(self, wanted: int) -> None:
        """Open and drop them, some at a time: half with a goodbye, half by breaking the connection."""
        for first in range(0, wanted, _AT_ONCE):
            await asyncio.gather(*(self._subscribe(polite=n % 2 == 0) for n in range(_AT_ONCE)))
            if (first // _AT_ONCE) % 4 == 3:
                self.note("subscriptions", first + _AT_ONCE)

    async def _subscribe(self, *, polite: bool) -> None:
        url = f"ws://127.0.0.1:{self._api.port}/graphql"
        async with connect(url, subprotocols=[_PROTOCOL]) as socket:
            await socket.send(json.dumps({"type": "connection_init"}))
            if json.loads(await socket.recv())["type"] != "connection_ack":
                raise RuntimeError("the API did not acknowledge the connection")
            payload = {"query": WATCH, "variables": {"graph": dataset.WRITES}}
            await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
            await socket.send(json.dumps({"type": "ping"}))
            if json.loads(await socket.recv())["type"] != "pong":
                raise RuntimeError("the API did not take the subscription")
            if polite:
                await socket.send(json.dumps({"id": "1", "type": "complete"}))
            else:
                socket.transport.abort()


def growth_mb(checkpoints: Sequence[Checkpoint]) -> float:
    """Growth of the API from the first checkpoint, after the warm-up, to the last one."""
    return checkpoints[-1].api_mb - checkpoints[0].api_mb


def soak(
    requests: int, subscriptions: int, size: dataset.Size, console: Console, notes: Sequence[int] = ()
) -> list[Checkpoint]:
    """Start everything, put it under load, and return the checkpoints."""
    data = dataset.generate(size)
    chosen = [replace(o, variables=o.variables[:50]) for o in operations(data) if o.name != "create_many"]
    with managed_neo4j() as neo4j, dataset.connect(neo4j.settings) as driver:
        asyncio.run(migrated(neo4j.settings))
        dataset.load(driver, data)
        with started(["cached"], neo4j, chosen[0]) as (api,), generator() as load:
            run = Soak(api, neo4j, console)
            run.requests(load, chosen, requests)
            asyncio.run(run.subscriptions(subscriptions))
            run.note("at rest", requests + subscriptions)
            run.imports(notes)
            return run.checkpoints


def main() -> None:
    """Soak and say how much the API grew."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that everything started is stopped
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description=__doc__)
    parser.add_argument("--requests", type=int, default=50_000)
    parser.add_argument("--subscriptions", type=int, default=1_000)
    parser.add_argument("--notes", type=int, nargs="*", default=[1_000, 10_000, 50_000])
    arguments = parser.parse_args()
    console = Console(highlight=False)
    checkpoints = soak(arguments.requests, arguments.subscriptions, dataset.FULL, console, arguments.notes)
    console.print(f"the API grew by {growth_mb(checkpoints):.1f} MB after its warm-up")


if __name__ == "__main__":
    main()
