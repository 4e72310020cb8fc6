"""The table on the screen and benchmarks/RESULTS.md."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import prod
from pathlib import Path

from rich.table import Table

from benchmarks import machine
from benchmarks.contenders import CONTENDERS
from benchmarks.dataset import Dataset
from benchmarks.measure import CLIENTS, Figure, Key, Plan
from benchmarks.operations import Operation

_METHOD = Path(__file__).with_name("method.md")
OURS, LIMIT, LOADERS, PEER = "ours", "bare", "dataloaders", "peer"


def geometric_mean(values: Sequence[float]) -> float:
    """The nth root of the product; 0 of nothing."""
    return prod(values) ** (1 / len(values)) if values else 0.0


@dataclass
class Report:
    """Everything that was measured in one run."""

    data: Dataset
    operations: Sequence[Operation]
    figures: dict[Key, Figure]
    compared: int
    plan: Plan
    seconds: float
    sections: list[str] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """The contenders that took part, ours first."""
        found = {key[2] for key in self.figures}
        return [contender.name for contender in CONTENDERS if contender.name in found]

    def ratio(self, operation: str, clients: int, of: str, to: str) -> float | None:
        """Requests/s of one contender over those of another; None when either was not there."""
        one, other = self.figures.get((operation, clients, of)), self.figures.get((operation, clients, to))
        return one.per_second / other.per_second if one and other and other.per_second else None

    def _ratios(self, clients: int) -> list[list[str]]:
        rows = []
        for operation in self.operations:
            found = [self.ratio(operation.name, clients, OURS, other) for other in (PEER, LIMIT, LOADERS)]
            rows.append(
                [operation.title, *(_times(value) for value in found), *self._cells(operation.name, clients)]
            )
        return rows

    def _cells(self, operation: str, clients: int) -> list[str]:
        return [_rate(self.figures[operation, clients, name].per_second) for name in self.names]

    def _means(self, clients: int) -> str:
        means = []
        for kind, writes in (("reads", False), ("writes", True)):
            names = [operation.name for operation in self.operations if operation.writes is writes]
            for other, title in ((PEER, "the peer"), (LIMIT, "the limit"), (LOADERS, "DataLoaders")):
                found = [
                    value for name in names if (value := self.ratio(name, clients, OURS, other)) is not None
                ]
                if found:
                    means.append(f"{kind}: {geometric_mean(found):.2f}× {title} (lowest {min(found):.2f}×)")
        return "; ".join(means)

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
        for clients in reversed(CLIENTS):
            parts.append(f"\n## Requests/s, {clients} client{'s' if clients > 1 else ''}\n")
            header = ["operation", "× peer", "of limit", "× DataLoaders", *self.names]
            parts.append(_markdown_table(header, self._ratios(clients)))
            parts.append(f"\nGeometric means: {self._means(clients)}.\n")
        parts.append(self._cpu())
        parts.append(self._latency())
        parts.extend(self.sections)
        parts.append(self._method())
        return "\n".join(parts)

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
            lines.append(
                _markdown_table([f"{clients} client{'s' if clients > 1 else ''}", *self.names], rows)
            )
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
        return title + "\n" + _markdown_table(["operation", *self.names], rows) + "\n"

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


def _rate(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:,.1f}"


def _markdown_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(header) + " |", "|---|" + "--:|" * (len(header) - 1)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])
