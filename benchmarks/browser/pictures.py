"""Graphs in the explorer of a real platform, and the same in cytoscape: processor time of the page's main thread."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from neo4j import Driver

from benchmarks import dataset
from benchmarks.browser import graphs
from benchmarks.contenders import node_binary, post, started
from benchmarks.goals import Goal
from benchmarks.operations import Operation
from benchmarks.report import markdown_table
from benchmarks.server import RunningNeo4j

SIZES: Final = (2_000, 20_000)
QUICK: Final = (300, 2_500)
"""The second is also shown as communities."""
LAYOUT_S: Final = 180.0
_MEASURE = Path(__file__).with_name("measure.mjs")
_LAYOUT = "query($graph: String) { graphSlice(graph: $graph, first: 20000, depth: 1) { layoutVersion layoutPending } }"


@dataclass(frozen=True, slots=True)
class Cost:
    """What a page costs, in ms of its main thread; `paint_ms` by the clock.

    `still_ms`: until the picture stands still for the first time. `load_ms`, `pan_ms`: the longest task.
    """

    still_ms: float
    paint_ms: float
    load_ms: float
    frame_ms: float
    pan_ms: float


@dataclass(frozen=True, slots=True)
class Picture:
    """One graph, as the explorer and as the peer show it. `near`: frame and longest task where communities are open."""

    nodes: int
    relations: int
    ours: Cost
    near: tuple[float, float] | None
    peer: Cost


def measure(neo4j: RunningNeo4j, driver: Driver, progress: Callable[[str], None], *, quick: bool) -> list[Picture]:
    """Load each graph, wait for its places, and open it.

    Raises:
        RuntimeError: the places did not come, or the browser failed.
    """
    probe = Operation("probe", "", "{ serverInfo { version } }", [{}])
    found = []
    with started(["cached"], neo4j, probe) as (api,):
        for nodes in QUICK if quick else SIZES:
            name = f"bench-picture-{nodes}"
            progress(f"a picture of {nodes:,} nodes")
            dataset.load(driver, graphs.generate(name, nodes))
            _await_layout(api.port, name)
            found.append(_measured(api.port, name))
    return found


def _await_layout(port: int, graph: str) -> None:
    deadline = time.monotonic() + LAYOUT_S
    while time.monotonic() < deadline:
        answer = post(port, "/graphql", {"query": _LAYOUT, "variables": {"graph": graph}})
        layout = (answer.get("data") or {}).get("graphSlice") or {}
        if layout.get("layoutVersion") and not layout.get("layoutPending"):
            return
        time.sleep(0.5)
    raise RuntimeError(f"no places for {graph} within {LAYOUT_S:.0f} s")


def _measured(port: int, graph: str) -> Picture:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    command = [node_binary(), str(_MEASURE), f"http://127.0.0.1:{port}", graph]
    done = subprocess.run(
        command, env={**os.environ, "PATH": path}, capture_output=True, text=True, timeout=900, check=False
    )
    if done.returncode:
        raise RuntimeError(f"the browser failed: {done.stderr[-2_000:]}")
    told: dict[str, Any] = json.loads(done.stdout)
    near = told["ours"].get("near")
    return Picture(
        told["nodes"],
        told["relations"],
        _cost(told["ours"]),
        (near["frame"], near["longest"]) if near else None,
        _cost(told["peer"]),
    )


def _cost(told: dict[str, Any]) -> Cost:
    return Cost(told["still"], told["paint"], told["load"], told["pan"]["frame"], told["pan"]["longest"])


def section(found: Sequence[Picture]) -> str:
    """The figures, with the ratio."""
    rows = []
    for picture in found:
        ours, peer = picture.ours, picture.peer
        size = f"{picture.nodes:,} / {picture.relations:,}"
        rows += [
            [f"{size}: CPU to the first still picture", *_pair(ours.still_ms, peer.still_ms)],
            [f"{size}: until it is painted, by the clock", *_pair(ours.paint_ms, peer.paint_ms)],
            [f"{size}: longest task of the load", *_pair(ours.load_ms, peer.load_ms)],
            [f"{size}: CPU of a frame while dragged", *_pair(ours.frame_ms, peer.frame_ms)],
            [f"{size}: longest task while dragged", *_pair(ours.pan_ms, peer.pan_ms)],
        ]
        if picture.near:
            frame, longest = picture.near
            rows += [
                [f"{size}: CPU of a frame, communities open", f"{frame:.1f}", "–", "–"],
                [f"{size}: longest task, communities open", f"{longest:.1f}", "–", "–"],
            ]
    text = (
        "\n## Pictures in Chromium\n\n"
        "Processor time of the page's main thread, ms, from an empty page on; the server has the places already. The\n"
        "explorer draws on WebGL by a processor here, which is not counted: only the time of painting, by the clock,\n"
        "has it. Cytoscape draws the same nodes, relations and places on a canvas; its data are on the page at once,\n"
        "those of the explorer come from the API. Beyond 2,000 nodes the explorer shows communities as circles, which\n"
        "open where one comes near; cytoscape always draws all.\n\n"
    )
    return text + markdown_table(["nodes / relations", "explorer", "cytoscape", "cytoscape ÷ explorer"], rows) + "\n"


def _pair(ours: float, peer: float) -> tuple[str, str, str]:
    return f"{ours:,.1f}", f"{peer:,.1f}", f"{peer / ours:.1f}" if ours else "–"


def goals(found: Sequence[Picture]) -> list[Goal]:
    """Those of the small graph and of the large one."""
    small, large = found[0], found[-1]
    near = large.near or (0.0, 0.0)
    frame, pan = max(large.ours.frame_ms, near[0]), max(large.ours.pan_ms, near[1])
    load, still = large.ours.load_ms, small.ours.still_ms
    name = f"{large.nodes:,} nodes"
    return [
        Goal(f"first still picture of {small.nodes:,} nodes < 500 ms of CPU", f"{still:.0f} ms", still < 500),
        Goal(f"{name}: ≤ 10 ms of CPU a frame while dragged", f"{frame:.1f} ms", frame <= 10),
        Goal(f"{name}: no task over 50 ms while dragged", f"{pan:.0f} ms", pan <= 50),
        Goal(f"{name}: no task over 200 ms while loading", f"{load:.0f} ms", load <= 200),
    ]
