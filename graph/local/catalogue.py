"""Named graphs of a directory, as a registry of graphs says them; none is made, changed or removed by it."""

from collections.abc import Mapping
from typing import NoReturn

from stratumiops.graph.errors import BadInput, Conflict
from stratumiops.graph.local.config import FILE
from stratumiops.graph.local.library import Library
from stratumiops.graph.validation import check_graph_name


class LocalGraphs:
    """The graph that a directory is, and those it inherits from."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def names(self) -> tuple[str, ...]:
        """Those that are read when none is named, in order of name."""
        return self._library.searched()

    def resolve(self, name: str) -> tuple[str, ...]:
        """The graph and what it inherits from, in order of precedence.

        Raises:
            NotFound: no graph has this name.
        """
        return self._library.resolve(name)

    async def create(
        self,
        name: str,
        *,
        actor: str,
        title: str | None = None,
        description: str = "",
        priority: int = 0,
        inherits: Mapping[str, int] | None = None,
    ) -> NoReturn:
        """A directory is one graph.

        Raises:
            BadInput: always, unless the graph is there already.
            Conflict: the graph is there already.
        """
        del actor, title, description, priority, inherits
        check_graph_name(name)
        if self._library.canonical(name) in self._library.names():
            raise Conflict("The change was refused: a graph of this name exists.", hint="Choose another name.")
        own = self._library.own
        raise BadInput(
            f"{own.root} is one graph, {own.name!r}, and takes no second one.",
            hint=f"Leave --graph out or give {own.name}; `kogral init DIR --graph {name}` makes another directory; "
            "a server (`stratumiops up`) holds many.",
            field="name",
        )

    async def update(
        self,
        name: str,
        rev: int,
        *,
        actor: str,
        title: str | None = None,
        description: str | None = None,
        priority: int | None = None,
        inherits: Mapping[str, int] | None = None,
    ) -> NoReturn:
        """A directory's settings are a file that people edit.

        Raises:
            NotFound: no graph has this name.
            BadInput: always.
        """
        del rev, actor, title, description, priority, inherits
        root = self._library.directory(name).root
        hint = f"Edit [graph] and [inheritance] in {root / FILE}."
        raise BadInput(f"{root} says what its graph is called and inherits from.", hint=hint, field="name")

    async def delete(self, name: str, rev: int | None = None, *, actor: str) -> NoReturn:
        """A directory goes when people remove it.

        Raises:
            NotFound: no graph has this name.
            BadInput: always.
        """
        del rev, actor
        root = self._library.directory(name).root
        raise BadInput(f"The graph {name!r} is the directory {root}.", hint="Remove the directory.", field="name")
