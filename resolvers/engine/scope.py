"""Which graphs one request may read, and how much at a time."""

from dataclasses import dataclass
from typing import Protocol

from stratumiops.graph.errors import NotFound
from stratumiops.graph.selection.language import ENGLISH

MAX_SLICE = 50_000
"""Nodes of one slice at the most."""


class Graphs(Protocol):
    """The named graphs as the registry knows them."""

    def names(self) -> tuple[str, ...]:
        """All of them, in order of name."""

    def resolve(self, name: str) -> tuple[str, ...]:
        """The graph and what it inherits from, in order of precedence.

        Raises:
            NotFound: no graph has this name.
        """


@dataclass(frozen=True, slots=True)
class Scope:
    """The graphs that a principal may read: all that there are, or some."""

    registry: Graphs
    allowed: frozenset[str] | None
    max_page_size: int = 1_000
    max_slice: int = MAX_SLICE
    language: str = ENGLISH

    @property
    def visible(self) -> tuple[str, ...]:
        """Names of all graphs that may be read."""
        names = self.registry.names()
        return names if self.allowed is None else tuple(n for n in names if n in self.allowed)

    def graphs(self, name: str | None, *, inherited: bool) -> tuple[str, ...]:
        """The graphs that a read of `name` looks at; None: all that may be read.

        Raises:
            NotFound: no such graph, or none that may be read (which is the same to the reader).
        """
        if name is None:
            return self.visible
        if self.allowed is not None and name not in self.allowed:
            raise unknown_graph(name)
        names = self.registry.resolve(name) if inherited else self.registry.resolve(name)[:1]
        return names if self.allowed is None else tuple(n for n in names if n in self.allowed)

    def known(self, name: str) -> tuple[str, ...]:
        """The name under which a graph that may be read is known; nothing when there is none."""
        try:
            return self.graphs(name, inherited=False)
        except NotFound:
            return ()


def unknown_graph(name: str) -> NotFound:
    """The error for a graph that is not there, or not for this reader."""
    return NotFound(f"no graph {name[:100]!r}", field="graph", hint="the query `graphs` lists them")
