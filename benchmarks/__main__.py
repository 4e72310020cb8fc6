"""`python -m benchmarks`: everything in one run; writes benchmarks/RESULTS.md."""

import argparse
import asyncio
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from neo4j import Driver
from rich.console import Console

from benchmarks import basic_memory, caching, dataset, dbhits, imports, sections, sizes, slices
from benchmarks.contenders import CONTENDERS, install_peer, started
from benchmarks.goals import Goal
from benchmarks.measure import QUICK, Bench, Figure, Key, Plan, generator, prove_equal
from benchmarks.operations import Operation, operations
from benchmarks.report import Report
from benchmarks.server import RunningNeo4j, managed_neo4j, migrated

RESULTS = Path(__file__).parent / "RESULTS.md"
_GRAPH_PARTS = ("operations", "hits", "cache", "slice", "import", "retrieval", "browser", "sizes")
PARTS = ("start", "vault", *_GRAPH_PARTS)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="little data, short rounds: it runs, figures mean nothing")
    parser.add_argument("--only", action="append", metavar="OPERATION", help="only this one; may be repeated")
    names = [contender.name for contender in CONTENDERS]
    parser.add_argument("--contenders", default=",".join(names), help="which of " + ", ".join(names))
    parser.add_argument("--parts", default=",".join(PARTS), help="which of " + ", ".join(PARTS))
    parser.add_argument("--rounds", type=int, help="rounds of each measurement (3)")
    parser.add_argument("--results", type=Path, default=RESULTS, help="where the report goes; - for nowhere")
    return parser.parse_args()


@dataclass
class Run:
    """One run: what is asked for, and what has been found so far."""

    arguments: argparse.Namespace
    plan: Plan
    data: dataset.Dataset
    progress: Callable[[str], None]
    show: Callable[[object], None]
    figures: dict[Key, Figure] = field(default_factory=dict)
    compared: int = 0
    goals: list[Goal] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """The contenders asked for."""
        return [name for name in str(self.arguments.contenders).split(",") if name]

    @property
    def chosen(self) -> list[Operation]:
        """The operations asked for."""
        only = self.arguments.only
        return [o for o in operations(self.data) if not only or o.name in only]

    def has(self, part: str) -> bool:
        """Whether a part was asked for."""
        return part in str(self.arguments.parts).split(",")

    @property
    def has_graph(self) -> bool:
        """Whether a part was asked for that needs the graph."""
        return any(self.has(part) for part in _GRAPH_PARTS)

    def report(self, seconds: float) -> Report:
        """What has been found."""
        return Report(
            self.data,
            self.chosen,
            self.figures,
            self.compared,
            self.plan,
            seconds,
            goals=self.goals,
            sections=self.sections,
        )

    def everything(self) -> None:
        """All parts; those of the graph on one store."""
        if self.has("start"):
            self.goals.append(sections.start_goal(sizes.first_answer_s(self.progress)))
        if self.has("vault"):
            self._vault()
        if self.has_graph:
            self._graph()

    def _graph(self) -> None:
        with managed_neo4j() as neo4j, dataset.connect(neo4j.settings) as driver:
            asyncio.run(migrated(neo4j.settings))
            if self.has("sizes"):
                self._sizes(neo4j)
            self.progress(f"loading {self.data.size.nodes:,} nodes")
            dataset.load(driver, self.data)
            if self.has("operations") or self.has("cache"):
                self._operations(neo4j, driver)
            if self.has("hits"):
                self._hits(neo4j, driver)
            if self.has("slice"):
                self._slice(neo4j)
            if self.has("import"):
                self._import(neo4j, driver)
            if self.has("retrieval"):
                self._retrieval(neo4j)
            if self.has("browser"):
                self._browser(neo4j, driver)

    def _browser(self, neo4j: RunningNeo4j, driver: Driver) -> None:
        from benchmarks.browser import pictures

        found = pictures.measure(neo4j, driver, self.progress, quick=bool(self.arguments.quick))
        self.sections.append(pictures.section(found))
        self.goals += pictures.goals(found)

    def _vault(self) -> None:
        from benchmarks import vault

        only = self.arguments.only or []
        found = vault.measure(self.plan, only, self.progress, quick=bool(self.arguments.quick))
        self.sections.append(vault.section(found))
        self.show(self.sections[-1])
        self.goals += vault.goals(found)

    def _retrieval(self, neo4j: RunningNeo4j) -> None:
        from benchmarks import retrieval

        quick = bool(self.arguments.quick)
        found = asyncio.run(retrieval.measure(neo4j, self.progress, quick=quick))
        self.sections.append(retrieval.section(found))
        self.goals += retrieval.goals(found)

    def _sizes(self, neo4j: RunningNeo4j) -> None:
        self.progress("memory of the idle processes, start of the commands")
        probe = Operation("probe", "", "{ serverInfo { version } }", [{}])
        with started(["cached"], neo4j, probe) as (api,):
            memory = sizes.rss_mb(api.pid), sizes.rss_mb(neo4j.pid)
        self.goals += sections.size_goals(*memory, sizes.help_cpu_s())

    def _operations(self, neo4j: RunningNeo4j, driver: Driver) -> None:
        self.progress("starting the contenders")
        names = [*self.names, "cached"] if self.has("cache") else self.names
        with started(names, neo4j, operations(self.data)[0]) as contenders, generator() as load:
            compared = [one for one in contenders if one.contender.name in self.names]

            def clear() -> None:
                dataset.clear_writes(driver)

            if self.has("operations"):
                self.compared = prove_equal(compared, self.chosen, 2 if self.arguments.quick else 10)
                clear()
                self.progress(f"{self.compared} comparisons of answers: equal")
                bench = Bench(load, compared, self.chosen, neo4j.pid, self.plan, clear, self.progress)
                self.figures = bench.measure()
                self.show(self.report(0.0).table())
            if self.has("cache"):
                self.progress("response cache")
                bench = Bench(load, contenders, self.chosen, neo4j.pid, self.plan, clear, self.progress)
                found = caching.measure(bench, operations(self.data))
                self.sections.append(sections.cache(found, operations(self.data)))

    def _hits(self, neo4j: RunningNeo4j, driver: Driver) -> None:
        self.progress("database hits")
        found = dbhits.of_bare(driver, self.chosen)
        if "ours" in self.names:
            found |= asyncio.run(dbhits.ours(neo4j, driver, self.chosen))
        if "peer" in self.names:
            with started(["peer"], neo4j, operations(self.data)[0], record=True) as (peer,):
                found |= dbhits.of_peer(driver, peer, self.chosen)
        dataset.clear_writes(driver)
        self.sections.append(sections.hits(found, self.chosen))

    def _slice(self, neo4j: RunningNeo4j) -> None:
        self.progress("slice of a large graph")
        graphs, quick = list(self.data.size.graphs), bool(self.arguments.quick)
        with started(["ours"], neo4j, operations(self.data)[0]) as (api,):
            found = slices.measure(neo4j, api, graphs, self.progress, quick=quick)
        self.sections.append(slices.section(found))
        self.goals += slices.goals(found)

    def _import(self, neo4j: RunningNeo4j, driver: Driver) -> None:
        count = 200 if self.arguments.quick else 5_000
        self.progress(f"import of {count:,} files")
        with started(["cached"], neo4j, operations(self.data)[0]) as (api,):
            found = imports.measure(driver, api.port, count)
        count = 20 if self.arguments.quick else 500
        self.progress(f"import of {count:,} files by the peer")
        self.sections.append(sections.imports(found, basic_memory.measure(count)))
        self.goals.append(sections.import_goal(found))


def main() -> None:
    """Run what was asked for."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that everything started is stopped
    arguments = _arguments()
    if arguments.quick and arguments.results == RESULTS:
        arguments.results = Path("-")
    console = Console()
    begun = time.monotonic()

    def progress(text: str) -> None:
        console.print(f"[dim]{time.monotonic() - begun:6.0f} s[/]  {text}", highlight=False)

    plan = QUICK if arguments.quick else Plan()
    if arguments.rounds:
        plan = Plan(rounds=arguments.rounds)
    data = dataset.generate(dataset.QUICK if arguments.quick else dataset.FULL)
    run = Run(arguments, plan, data, progress, console.print)
    if "peer" in run.names and run.has_graph:
        install_peer()
    run.everything()
    report = run.report(time.monotonic() - begun)
    for goal in report.all_goals():
        console.print(f"{'met    ' if goal.met else 'NOT MET'}  {goal.text}: {goal.measured}", highlight=False)
    if str(arguments.results) != "-":
        arguments.results.write_text(report.markdown(), encoding="utf-8")
        progress(f"written: {arguments.results}")


if __name__ == "__main__":
    main()
