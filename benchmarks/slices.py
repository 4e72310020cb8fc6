"""A slice of everything, as the explorer asks for it: beside the same columns by a bare statement."""

import asyncio
import gzip
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection
from statistics import median
from typing import Any

from neo4j import AsyncDriver, AsyncGraphDatabase

from benchmarks.contenders import Running
from benchmarks.goals import Goal
from benchmarks.report import markdown_table
from benchmarks.server import RunningNeo4j

ROUNDS, QUICK_ROUNDS = 15, 2
_LAID_OUT_S = 150
_FIRST = 50_000
_LARGE_COLUMN = 40_000
_ANY = "RELATES_TO|DEPENDS_ON|IMPLEMENTS|EXTENDS|SUPERSEDES|EXPLAINS"
BARE = f"""
MATCH (n:KnowledgeNode) WHERE n.graph IN $graphs
WITH n ORDER BY n.updated_at DESC, n.id DESC
WITH collect(n) AS ns
CALL (ns) {{
  UNWIND ns AS s MATCH (s)-[r:{_ANY}]->(t)
  RETURN collect(id(s)) AS sources, collect(id(t)) AS targets, collect(type(r)) AS kinds
}}
RETURN [n IN ns | id(n)] AS keys, [n IN ns | n.id] AS id, [n IN ns | n.graph] AS graph, [n IN ns | n.title] AS title,
  [n IN ns | n.type] AS type, [n IN ns | n.status] AS status, [n IN ns | n.tags] AS tags,
  [n IN ns | n.updated_at] AS updated, sources, targets, kinds
"""
_SLICE = """query Slice {
  graphSlice(first: %d) {
    dict { type status tag edgeType }
    nodes { id graph title type status tags updated %s }
    edges { source target type }
    truncated %s
  }
}"""
PLAIN = _SLICE % (_FIRST, "", "")
PLACED = _SLICE % (_FIRST, "x y community", "layoutVersion layoutPending")
BARE_NAME, PLAIN_NAME, PLACED_NAME = "bare statement", "graphSlice", "graphSlice with positions"


@dataclass
class SliceFigures:
    """Times of the rounds in milliseconds and sizes of the answers in bytes, by what was asked."""

    nodes: int = 0
    relations: int = 0
    laid_out_s: float = 0.0
    times: dict[str, list[float]] = field(default_factory=dict)
    sent: dict[str, int] = field(default_factory=dict)
    whole: dict[str, int] = field(default_factory=dict)
    columns: dict[str, int] = field(default_factory=dict)

    def milliseconds(self, name: str) -> float:
        """The median."""
        return median(self.times[name])

    def ratio(self, name: str) -> float:
        """The time of a question over that of the bare statement."""
        return self.milliseconds(name) / self.milliseconds(BARE_NAME)


class _Api:
    """One kept connection that takes gzip."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, document: str) -> bytes:
        """The answer as it was sent.

        Raises:
            RuntimeError: it is not compressed, as an error would not be.
        """
        body = json.dumps({"query": document})
        headers = {"content-type": "application/json", "accept": "application/json", "accept-encoding": "gzip"}
        self._connection.request("POST", "/graphql", body, headers)
        response = self._connection.getresponse()
        sent = response.read()
        if response.getheader("content-encoding") != "gzip":
            raise RuntimeError(f"not compressed: {sent[:800]!r}")
        return sent

    def slice(self, document: str) -> dict[str, Any]:
        """The slice of an answer.

        Raises:
            RuntimeError: the answer has errors.
        """
        answer = json.loads(gzip.decompress(self.ask(document)))
        if answer.get("errors"):
            raise RuntimeError(str(answer)[:800])
        found: dict[str, Any] = answer["data"]["graphSlice"]
        return found


async def _bare(driver: AsyncDriver, graphs: list[str]) -> dict[str, Any]:
    async with driver.session(database="neo4j", default_access_mode="READ") as session:
        record = await (await session.run(BARE, {"graphs": graphs})).single(strict=True)
    return dict(zip(record.keys(), record.values(), strict=True))


def _same(bare: dict[str, Any], found: dict[str, Any]) -> bool:
    """Whether both have the same nodes in the same order and the same relations."""
    names, nodes, edges = found["dict"], found["nodes"], found["edges"]
    place = {key: number for number, key in enumerate(bare["keys"])}
    ends = zip(bare["sources"], bare["targets"], bare["kinds"], strict=True)
    relations = sorted((place[source], place[target], kind) for source, target, kind in ends)
    shown = zip(edges["source"], edges["target"], edges["type"], strict=True)
    return (
        [bare[name] for name in ("id", "graph", "title")] == [nodes[name] for name in ("id", "graph", "title")]
        and [f"{instant[:19]}Z" for instant in bare["updated"]] == nodes["updated"]
        and bare["status"] == [code if code is None else names["status"][code] for code in nodes["status"]]
        and bare["tags"] == [[names["tag"][code] for code in row] for row in nodes["tags"]]
        and relations == sorted((source, target, names["edgeType"][code]) for source, target, code in shown)
    )


def _columns(found: dict[str, Any]) -> dict[str, int]:
    """Bytes of the larger columns when each is compressed by itself, the largest first."""
    columns = {f"{part}.{name}": column for part in ("nodes", "edges") for name, column in found[part].items()}
    texts = {name: json.dumps(column, separators=(",", ":")).encode() for name, column in columns.items()}
    sizes = {name: len(gzip.compress(text)) for name, text in texts.items()}
    return {name: size for name, size in sorted(sizes.items(), key=lambda one: -one[1]) if size > _LARGE_COLUMN}


async def _measured(
    neo4j: RunningNeo4j, api: Running, graphs: list[str], progress: Callable[[str], None], rounds: int
) -> SliceFigures:
    settings, figures, http = neo4j.settings, SliceFigures(), _Api(api.port)
    async with AsyncGraphDatabase.driver(
        settings.uri, auth=(settings.user, settings.password), telemetry_disabled=True, notifications_min_severity="OFF"
    ) as driver:
        bare, found = await _bare(driver, graphs), http.slice(PLAIN)
        if not _same(bare, found):
            raise RuntimeError("the slice and the bare statement differ")
        figures.nodes, figures.relations = len(bare["keys"]), len(bare["kinds"])
        progress("slice: positions are made")
        begun = time.monotonic()
        while http.slice(PLACED)["layoutPending"]:
            if time.monotonic() - begun > _LAID_OUT_S:
                raise RuntimeError("there are no positions")
            await asyncio.sleep(0.2)
        figures.laid_out_s, figures.columns = time.monotonic() - begun, _columns(http.slice(PLACED))
        for number in range(rounds + 1):
            started = time.perf_counter()
            await _bare(driver, graphs)
            times = {BARE_NAME: time.perf_counter() - started}
            for name, document in ((PLAIN_NAME, PLAIN), (PLACED_NAME, PLACED)):
                started = time.perf_counter()
                sent = http.ask(document)
                times[name] = time.perf_counter() - started
                figures.sent[name], figures.whole[name] = len(sent), len(gzip.decompress(sent))
            if number:  # the first one warms up
                for name, seconds in times.items():
                    figures.times.setdefault(name, []).append(seconds * 1000)
    return figures


def measure(
    neo4j: RunningNeo4j, api: Running, graphs: list[str], progress: Callable[[str], None], *, quick: bool
) -> SliceFigures:
    """Bare statement, slice, slice with positions in turn; the API keeps no answers."""
    return asyncio.run(_measured(neo4j, api, graphs, progress, QUICK_ROUNDS if quick else ROUNDS))


def section(figures: SliceFigures) -> str:
    """A table, and what it shows."""
    rows = [[BARE_NAME, f"{figures.milliseconds(BARE_NAME):.0f}", "1.00", "–", "–"]]
    for name in (PLAIN_NAME, PLACED_NAME):
        size, whole = figures.sent[name] / 1000, figures.whole[name] / 1000
        times = (f"{figures.milliseconds(name):.0f}", f"{figures.ratio(name):.2f}")
        rows.append([name, *times, f"{size:,.0f}", f"{whole:,.0f}"])
    header = ["one client, in turn", "ms", "× bare", "kB gzipped", "kB"]
    text = (
        f"All {figures.nodes:,} nodes and {figures.relations:,} relations with the columns of the explorer: by\n"
        "`graphSlice` over HTTP with gzip, and by one statement written for it over the driver with its Rust\n"
        "extension, without HTTP, JSON and gzip. Both had the same nodes in the same order and the same relations.\n"
        f"Positions were there {figures.laid_out_s:.1f} s after they were asked for. {_shares(figures)}\n"
    )
    return f"\n## Slice of a large graph\n\n{text}\n{markdown_table(header, rows)}\n"


def _shares(figures: SliceFigures) -> str:
    """What the bytes are spent on."""
    columns = ", ".join(f"{name} {size / 1000:.0f} kB" for name, size in figures.columns.items())
    return f"Its larger columns, gzipped one by one: {columns}."


def goals(figures: SliceFigures) -> list[Goal]:
    """Time beside the bare statement, and bytes."""
    what = f"{figures.nodes:,} nodes and {figures.relations:,} relations"
    found = []
    for name in (PLAIN_NAME, PLACED_NAME):
        ratio, megabytes = figures.ratio(name), figures.sent[name] / 1e6
        found += [
            Goal(f"{name} of {what} ≤ 2 × the bare statement", f"{ratio:.2f} ×", ratio <= 2),
            Goal(f"{name} of {what} ≤ 1 MB gzipped", f"{megabytes:.2f} MB", megabytes <= 1, _shares(figures)),
        ]
    return found
