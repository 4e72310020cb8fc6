"""Parts of the report beside the eight operations."""

from collections.abc import Sequence

from benchmarks.basic_memory import PeerImport
from benchmarks.caching import CacheFigures
from benchmarks.dbhits import Hits
from benchmarks.goals import Goal
from benchmarks.imports import ImportFigures
from benchmarks.operations import Operation
from benchmarks.report import markdown_table, rate


def hits(found: Hits, operations: Sequence[Operation]) -> str:
    """Statements and database hits."""
    names = [name for name in ("ours", "bare", "peer") if any(key[1] == name for key in found)]
    rows = []
    for operation in operations:
        cells = [found.get((operation.name, name)) for name in names]
        rows.append([operation.title, *("–" if c is None else f"{c[1]:,} ({c[0]})" for c in cells)])
    return "\n## Database hits (statements)\n\n" + markdown_table(["operation", *names], rows) + "\n"


def cache(figures: CacheFigures, operations: Sequence[Operation]) -> str:
    """Repeated reads with and without the response cache."""
    rows = []
    for operation in operations:
        if operation.name not in figures.kept:
            continue
        without, kept = figures.without[operation.name], figures.kept[operation.name]
        rows.append(
            [
                operation.title,
                rate(without.per_second),
                rate(kept.per_second),
                f"{without.cpu_ms:.2f}",
                f"{kept.cpu_ms:.2f}",
                f"{kept.cpu_ms / figures.node.cpu_ms:.2f}",
            ]
        )
    header = ["the same question", "off, /s", "on, /s", "off, CPU ms", "on, CPU ms", "× node by id, CPU"]
    node = f"A node by id, 16 clients: {rate(figures.node.per_second)}/s, {figures.node.cpu_ms:.2f} ms of CPU."
    text = (
        "An answer that took long is kept with the graph's version and sent again when a ping, begun after the\n"
        f"request came in, brings back that same version. {node}\n"
    )
    return "\n## Response cache\n\n" + text + "\n" + markdown_table(header, rows) + "\n"


def imports(figures: ImportFigures, peer: PeerImport | None) -> str:
    """Bulk import beside a bare UNWIND and beside the peer."""
    text = (
        "\n## Bulk import\n\n"
        f"`kogral import` of {figures.files:,} new small files with {figures.relations:,} relations, start of the "
        f"command included: {figures.seconds:.2f} s, {figures.per_second:,.0f} files/s. The first import that this "
        f"Neo4j saw, before Java had compiled the statements: {figures.first_s:.2f} s. Again, unchanged: "
        f"{figures.again_s:.2f} s. The same rows by bare UNWIND, without parsing, ids, history and events: "
        f"{figures.bare_s:.2f} s, a ratio of {figures.seconds / figures.bare_s:.1f}.\n\n"
    )
    if peer is None:
        return f"{text}Basic Memory was not measured: it needs Python 3.12 or 3.13 on the PATH.\n"
    return (
        f"{text}Basic Memory (PyPI, `bm project add`, searches by meaning off) takes {peer.seconds:.1f} s for "
        f"{peer.notes:,} of these notes, {peer.per_second:,.1f} notes/s; ours is "
        f"{figures.per_second / peer.per_second:,.0f} times as fast. Again, unchanged: {peer.again_s:.1f} s. "
        f"It changed {peer.rewritten:,} of the {peer.notes:,} files, which `kogral import` only reads.\n"
    )


def import_goal(figures: ImportFigures) -> Goal:
    """Files a second."""
    text = f"{figures.per_second:,.0f}/s"
    return Goal("import ≥ 1,000 small files/s, parsed and written", text, figures.per_second >= 1_000)


def size_goals(api_mb: float, neo4j_mb: float, commands: dict[str, float]) -> list[Goal]:
    """Memory of the idle processes, and CPU of the commands' help."""
    goals = [
        Goal("API idle < 200 MB resident", f"{api_mb:.0f} MB", api_mb < 200),
        Goal("Neo4j idle < 450 MB resident", f"{neo4j_mb:.0f} MB", neo4j_mb < 450),
    ]
    return goals + [Goal(f"`{name}` < 0.3 s of CPU", f"{s:.2f} s", s < 0.3) for name, s in commands.items()]


def start_goal(seconds: Sequence[float]) -> Goal:
    """The warm start; the first of the figures was cold."""
    first, *warm = seconds
    text = f"{min(warm):.1f} s (first start on an empty home {first:.1f} s)"
    return Goal("warm `stratumiops up` to the first answer < 20 s", text, min(warm) < 20)
