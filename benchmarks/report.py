"""The table on the screen and benchmarks/RESULTS.md."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.table import Table

from benchmarks import machine
from benchmarks.contenders import CONTENDERS
from benchmarks.dataset import Dataset
from benchmarks.goals import Goal, geometric_mean, ratio, speed_goals
from benchmarks.measure import CLIENTS, Figure, Key, Plan
from benchmarks.operations import Operation

_METHOD = Path(__file__).with_name("method.md")
OURS, LIMIT, LOADERS, PEER = "ours", "bare", "dataloaders", "peer"


@dataclass
class Report:
    """Everything that was measured in one run."""

    data: Dataset
    operations: Sequence[Operation]
    figures: dict[Key, Figure]
    compared: int
    plan: Plan
    seconds: float
    goals: list[Goal] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """The contenders that took part, ours first."""
        found = {key[2] for key in self.figures}
        return [contender.name for contender in CONTENDERS if contender.name in found]

    def _ratio(self, operation: str, clients: int, other: str) -> float | None:
        return ratio(self.figures, operation, clients, of=OURS, to=other)

    def _ratios(self, clients: int) -> list[list[str]]:
        rows = []
        for operation in self.operations:
            found = [self._ratio(operation.name, clients, other) for other in (PEER, LIMIT, LOADERS)]
            rows.append([operation.title, *(_times(value) for value in found), *self._cells(operation.name, clients)])
        return rows

    def _cells(self, operation: str, clients: int) -> list[str]:
        return [rate(self.figures[operation, clients, name].per_second) for name in self.names]

    def _means(self, clients: int) -> str:
        means = []
        for kind, writes in (("reads", False), ("writes", True)):
            names = [operation.name for operation in self.operations if operation.writes is writes]
            for other, title in ((PEER, "the peer"), (LIMIT, "the limit"), (LOADERS, "DataLoaders")):
                found = [value for name in names if (value := self._ratio(name, clients, other)) is not None]
                if found:
                    means.append(f"{kind}: {geometric_mean(found):.2f}× {title} (lowest {min(found):.2f}×)")
        return "; ".join(means)

    def all_goals(self) -> list[Goal]:
        """Those of speed, as far as they were measured, and the others."""
        return [*speed_goals(self.figures, self.operations), *self.goals]

    def table(self) -> Table:
        """Ratios first, at 16 clients."""
        table = Table(title="requests/s at 16 clients, medians of interleaved rounds")
        for column in ("operation", "× peer", "of limit", "× DataLoaders", *self.names):
            table.add_column(column, justify="left" if column == "operation" else "right")
        for row in self._ratios(16):
            table.add_row(*row)
        return table

    def markdown(self) -> str:
        """The whole report."""
        parts = ["# Results\n", "Written by `make bench`; see the end for what is compared and how.\n"]
        parts.append(machine.description(self.plan.rounds, self.seconds))
        if goals := self.all_goals():
            rows = [[goal.text, goal.measured, "met" if goal.met else "**not met**"] for goal in goals]
            parts.append("\n## Goals\n\n" + markdown_table(["goal", "measured", ""], rows) + "\n")
            missed = [f"- {goal.text}: {goal.measured}. {goal.why}" for goal in goals if goal.why and not goal.met]
            parts += ["### Not met: what the limit is\n", *missed, ""] if missed else []
        if self.figures:
            parts += [*self._requests(), self._cpu(), self._latency()]
        parts.extend(self.sections)
        if self.figures:
            parts.append(self._method())
        return "\n".join(parts)

    def _requests(self) -> list[str]:
        parts = []
        for clients in reversed(CLIENTS):
            parts.append(f"\n## Requests/s, {clients} client{'s' if clients > 1 else ''}\n")
            header = ["operation", "× peer", "of limit", "× DataLoaders", *self.names]
            parts.append(markdown_table(header, self._ratios(clients)))
            parts.append(f"\nGeometric means: {self._means(clients)}.\n")
        return parts

    def _cpu(self) -> str:
        lines = ["\n## CPU per request, ms (server + Neo4j; in brackets the server alone)\n"]
        for clients in reversed(CLIENTS):
            rows = []
            for operation in self.operations:
                cells = []
                for name in self.names:
                    figure = self.figures[operation.name, clients, name]
                    cells.append(f"{figure.cpu_ms:.2f} ({figure.server_ms:.2f})")
                rows.append([operation.title, *cells])
            lines.append(markdown_table([f"{clients} client{'s' if clients > 1 else ''}", *self.names], rows))
            lines.append("")
        return "\n".join(lines)

    def _latency(self) -> str:
        rows = []
        for operation in self.operations:
            cells = []
            for name in self.names:
                figure = self.figures[operation.name, 1, name]
                cells.append(f"{figure.p50_ms:.1f} / {figure.p99_ms:.1f}")
            rows.append([operation.title, *cells])
        title = "\n## Latency at one client, ms (median / 99th percentile)\n"
        return title + "\n" + markdown_table(["operation", *self.names], rows) + "\n"

    def _method(self) -> str:
        spreads = sorted(figure.spread for figure in self.figures.values())
        share = max(figure.generator_share for figure in self.figures.values())
        return _METHOD.read_text(encoding="utf-8").format(
            contenders="\n".join(f"- `{c.name}`: {c.title}" for c in CONTENDERS if c.name in self.names),
            nodes=f"{self.data.size.nodes:,}",
            relations=f"{len(self.data.relations):,}",
            graphs=", ".join(f"{name} {count:,}" for name, count in self.data.size.graphs.items()),
            fingerprint=self.data.fingerprint(),
            compared=self.compared,
            share=f"{share:.0%}",
            spread=f"{spreads[len(spreads) // 2]:.0%}",
        )


def _times(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def rate(value: float) -> str:
    """Requests/s for a table."""
    return f"{value:,.0f}" if value >= 100 else f"{value:,.1f}"


def markdown_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Rows below a header, figures to the right."""
    lines = ["| " + " | ".join(header) + " |", "|---|" + "--:|" * (len(header) - 1)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])
