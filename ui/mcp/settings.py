"""What one MCP server serves: which graph, which tools, how long its answers may be."""

from collections.abc import Collection
from dataclasses import dataclass

from stratumiops.ui.cli.project.model import TOOLS, Mcp
from stratumiops.ui.cli.project.reading import known

DEFAULT_GRAPH = "default"


@dataclass(frozen=True, slots=True)
class ServeSettings:
    """`graph` is the project's named graph; None reads all graphs and writes to `default`."""

    graph: str | None = None
    tools: frozenset[str] = frozenset(TOOLS)
    max_tokens: int = 4_000

    @property
    def write_graph(self) -> str:
        """Where new nodes go."""
        return self.graph or DEFAULT_GRAPH


def chosen_tools(config: Mcp, only: Collection[str], without: Collection[str]) -> frozenset[str]:
    """The tools that are offered: those of `only` (all, when empty) without `without` and those switched off.

    Raises:
        BadInput: a name is no tool; the nearest is named.
    """
    for name in (*only, *without):
        known(name, TOOLS, f"There is no tool {name}")
    off = {name for name, on in config.tools.items() if not on}
    return frozenset(only or TOOLS) - frozenset(without) - (off - frozenset(only))
