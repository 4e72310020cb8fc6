"""`python -m benchmarks`: everything in one run; writes benchmarks/RESULTS.md."""

import argparse
import asyncio
import time
from pathlib import Path

from rich.console import Console

from benchmarks import dataset, report
from benchmarks.contenders import CONTENDERS, install_peer, started
from benchmarks.measure import QUICK, Bench, Plan, generator, prove_equal
from benchmarks.operations import operations
from benchmarks.server import managed_neo4j, migrated

RESULTS = Path(__file__).parent / "RESULTS.md"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="little data, one short round: does it run at all?"
    )
    parser.add_argument(
        "--only", action="append", metavar="OPERATION", help="only this operation; may be repeated"
    )
    names = [contender.name for contender in CONTENDERS]
    parser.add_argument("--contenders", default=",".join(names), help="which of " + ", ".join(names))
    parser.add_argument("--rounds", type=int, help="rounds of each measurement (3)")
    parser.add_argument("--results", type=Path, default=RESULTS, help="where the report goes; - for nowhere")
    return parser.parse_args()


def main() -> None:
    """Run what was asked for."""
    arguments = _arguments()
    console = Console()
    names = arguments.contenders.split(",")
    if "peer" in names:
        install_peer()
    plan = QUICK if arguments.quick else Plan()
    if arguments.rounds:
        plan = Plan(rounds=arguments.rounds)
    data = dataset.generate(dataset.QUICK if arguments.quick else dataset.FULL)
    chosen = [o for o in operations(data) if not arguments.only or o.name in arguments.only]
    begun = time.monotonic()

    def progress(text: str) -> None:
        console.print(f"[dim]{time.monotonic() - begun:6.0f} s[/]  {text}")

    with managed_neo4j() as neo4j, dataset.connect(neo4j.settings) as driver:
        asyncio.run(migrated(neo4j.settings))
        progress(f"loading {data.size.nodes:,} nodes")
        dataset.load(driver, data)
        progress("starting the contenders")
        with started(names, neo4j, operations(data)[0]) as contenders, generator() as load:
            compared = prove_equal(contenders, chosen, 2 if arguments.quick else 10)
            dataset.clear_writes(driver)
            progress(f"{compared} comparisons of answers: equal")
            bench = Bench(
                load,
                contenders,
                chosen,
                neo4j.pid,
                plan,
                clear=lambda: dataset.clear_writes(driver),
                progress=progress,
            )
            figures = bench.measure()
    document = report.Report(data, chosen, figures, compared, plan, time.monotonic() - begun)
    console.print(document.table())
    if str(arguments.results) != "-":
        arguments.results.write_text(document.markdown(), encoding="utf-8")
        progress(f"written: {arguments.results}")


if __name__ == "__main__":
    main()
