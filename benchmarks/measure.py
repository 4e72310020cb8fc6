"""Rounds of load: every contender in turn, again and again, so that a noisy minute hits all of them."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import IO, Any

from benchmarks.contenders import Running
from benchmarks.operations import Operation

CLIENTS = (1, 16)


@dataclass(frozen=True, slots=True)
class Plan:
    """How long each part takes, in seconds, and how many rounds there are."""

    rounds: int = 3
    seconds: float = 2.0
    slow_seconds: float = 3.0
    warmup_s: float = 0.3
    first_warmup_s: float = 2.0


QUICK = Plan(rounds=1, seconds=0.3, slow_seconds=0.3, warmup_s=0.1, first_warmup_s=0.2)
_SLOW = ("slice", "create_many")


@dataclass(frozen=True, slots=True)
class Figure:
    """Medians over the rounds of one contender at one operation; CPU is of server and Neo4j together."""

    per_second: float
    cpu_ms: float
    server_ms: float
    p50_ms: float
    p99_ms: float
    generator_share: float
    spread: float
    """Largest less smallest requests/s of the rounds, as a part of the median."""


Key = tuple[str, int, str]
"""Operation, clients, contender."""


class Generator:
    """The load generator's process."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def run(self, job: dict[str, Any]) -> dict[str, Any]:
        """Run one job.

        Raises:
            RuntimeError: the generator failed, or an answer did.
        """
        stdin, stdout = _pipes(self._process)
        stdin.write(json.dumps(job) + "\n")
        stdin.flush()
        line = stdout.readline()
        if not line:
            raise RuntimeError("the load generator ended")
        result: dict[str, Any] = json.loads(line)
        if result["failed"]:
            raise RuntimeError(f"{job['path']}: {result['failed']} answers failed, such as {result['example']}")
        return result


def _pipes(process: "subprocess.Popen[str]") -> tuple[IO[str], IO[str]]:
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("the load generator has no pipes")
    return process.stdin, process.stdout


@contextmanager
def generator() -> Iterator[Generator]:
    """Start the load generator; ended at the end."""
    command = [sys.executable, "-m", "benchmarks.load"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Generator(process)
        finally:
            _pipes(process)[0].close()
            process.wait(30)


@dataclass(frozen=True, slots=True)
class Bench:
    """One run: who is measured, at what, and how. `clear` removes what writes have left."""

    load: Generator
    contenders: Sequence[Running]
    operations: Sequence[Operation]
    neo4j_pid: int
    plan: Plan
    clear: Callable[[], None]
    progress: Callable[[str], None]

    def measure(self) -> dict[Key, Figure]:
        """All operations at all numbers of clients."""
        for operation in self.operations:
            self.progress(f"warming up: {operation.title}")
            for one in self.contenders:
                self.window(one, operation, 16, self.plan.first_warmup_s)
        figures = {}
        for operation in self.operations:
            for clients in CLIENTS:
                self.progress(f"{operation.title}, {clients} client{'s' if clients > 1 else ''}")
                for name, rounds in self._rounds(operation, clients).items():
                    figures[operation.name, clients, name] = figure(rounds)
        return figures

    def _rounds(self, operation: Operation, clients: int) -> dict[str, list[dict[str, Any]]]:
        seconds = self.plan.slow_seconds if operation.name in _SLOW else self.plan.seconds
        results: dict[str, list[dict[str, Any]]] = {one.contender.name: [] for one in self.contenders}
        for _ in range(self.plan.rounds):
            for one in self.contenders:
                results[one.contender.name].append(self.window(one, operation, clients, seconds))
        return results

    def window(self, one: Running, operation: Operation, clients: int, seconds: float) -> dict[str, Any]:
        """One contender under load for a while; the generator's result."""
        job = {
            "port": one.port,
            "path": one.path(operation),
            "bodies": one.bodies(operation),
            "connections": clients,
            "seconds": seconds,
            "warmup_s": self.plan.warmup_s,
            "pids": {"server": [one.pid], "neo4j": [self.neo4j_pid]},
        }
        result = self.load.run(job)
        if operation.writes:
            self.clear()
        return result


def figure(rounds: Sequence[dict[str, Any]]) -> Figure:
    """Medians of the generator's results."""
    rates = [one["requests"] / one["seconds"] for one in rounds]
    counts = [max(1, one["requests"]) for one in rounds]
    both = [one["cpu_s"]["server"] + one["cpu_s"]["neo4j"] for one in rounds]
    middle = median(rates)
    return Figure(
        per_second=middle,
        cpu_ms=median(cpu * 1000 / count for cpu, count in zip(both, counts, strict=True)),
        server_ms=median(one["cpu_s"]["server"] * 1000 / count for one, count in zip(rounds, counts, strict=True)),
        p50_ms=median(one["latencies_ms"].get("p50", 0.0) for one in rounds),
        p99_ms=median(one["latencies_ms"].get("p99", 0.0) for one in rounds),
        generator_share=median(one["generator_cpu_s"] / one["seconds"] for one in rounds),
        spread=(max(rates) - min(rates)) / middle if middle else 0.0,
    )


def prove_equal(contenders: Sequence[Running], operations: Sequence[Operation], samples: int) -> int:
    """Ask all contenders the same and compare the answers deeply; the number of comparisons.

    Raises:
        RuntimeError: two answers differ.
    """
    compared = 0
    for operation in operations:
        for values in operation.variables[:samples]:
            shaped = {
                one.contender.name: operation.shape(one.contender.name)(one.data(operation, values))
                for one in contenders
            }
            (first, expected), *others = shaped.items()
            for name, answer in others:
                if answer != expected:
                    raise RuntimeError(
                        f"{operation.name}: {name} answers otherwise than {first} for {values}\n"
                        f"{first}: {str(expected)[:1500]}\n{name}: {str(answer)[:1500]}"
                    )
                compared += 1
    return compared
