"""Directories that are read together: one that somebody works in, and those it inherits from."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from stratumiops.graph.adapters.bm25 import Bm25
from stratumiops.graph.errors import BadInput, Conflict, NotFound
from stratumiops.graph.ids import format_instant
from stratumiops.graph.local.cache import PageCache
from stratumiops.graph.local.config import FILE, Config, load_config
from stratumiops.graph.local.moment import Moment
from stratumiops.graph.local.past import Past
from stratumiops.graph.local.tree import Author, FileProblem, Tree
from stratumiops.graph.models import Edge, Node

FORMAT: Final = 1
"""Version of the form in which nodes are written to files."""
DEFAULT_GRAPH: Final = "default"
MAX_DIRECTORIES: Final = 50
_MOMENTS: Final = 8


class Directory:
    """One directory, which is one named graph.

    Args:
        root: the directory, usually `.kogral`.
        config: its settings.
        inherits: names of the graphs it inherits from with their priorities, the highest first.
        author: reads files that people wrote.
    """

    def __init__(
        self, root: Path, config: Config, inherits: Iterable[tuple[str, int]] = (), author: Author | None = None
    ) -> None:
        self.root = root
        self.config = config
        self.inherits = tuple(inherits)
        self.tree = Tree(root, config.graph.name, PageCache.of(root), author)
        self.past = Past(self.tree)
        self._moment: tuple[int, Moment] | None = None
        self.at = lru_cache(maxsize=_MOMENTS)(lambda instant: Moment.at(instant, self.past))

    @property
    def name(self) -> str:
        """The name of the graph."""
        return self.config.graph.name

    @property
    def moment(self) -> Moment:
        """The present, as of the last refresh."""
        if self._moment is None or self._moment[0] != self.tree.version:
            self._moment = self.tree.version, Moment.now(self.tree, self.past)
        return self._moment[1]

    def refresh(self) -> None:
        """Take up what people and other programs did to the files."""
        self.tree.complete()
        self.tree.refresh()
        self.at.cache_clear()

    def forget(self) -> None:
        """Something was written: what was made of the files before is out of date."""
        self._moment = None
        self.at.cache_clear()

    def properties(self) -> dict[str, Any]:
        """The graph as a server would hold it."""
        section = self.config.graph
        born = _changed(self.root / FILE)
        last = max((node.updated_at for node in self.tree.shelf.nodes.values()), default=born)
        return {
            "name": section.name,
            "title": section.title or section.name,
            "description": section.description,
            "priority": self.config.inheritance.priority,
            "created_at": born,
            "updated_at": max(born, last),
            "rev": 1,
        }


class Library:
    """A directory and all that it inherits from, by the names of their graphs.

    Its own graph also goes by the name `default`, as the graph that a server always has, unless an inherited one
    is called so.
    """

    def __init__(self, own: Directory, others: Iterable[Directory], problems: Iterable[FileProblem] = ()) -> None:
        self.own = own
        self._directories = {each.name: each for each in (own, *others)}
        self._problems = list(problems)
        self._index: tuple[tuple[int, ...], Bm25, dict[str, Node]] | None = None

    @classmethod
    def open(cls, root: Path, author: Author | None = None) -> "Library":
        """The directory at `root` and those it inherits from; `author` reads files that people wrote.

        Raises:
            NotFound: there is no directory.
            BadInput: a `config.toml` cannot be read.
            Conflict: two of the directories are graphs of one name.
        """
        if not root.is_dir():
            raise NotFound(f"There is no directory {root}.", hint="Make one with `kogral init`.", field="dir")
        return _opened(root.resolve(), author)

    # ---- the named graphs

    def names(self) -> tuple[str, ...]:
        """All names, sorted."""
        return tuple(sorted(self._directories))

    def searched(self) -> tuple[str, ...]:
        """The graphs that are read when none is named, sorted."""
        return self.names() if self.own.config.query.cross_graph else (self.own.name,)

    def canonical(self, name: str) -> str:
        """The name under which a graph is known."""
        return self.own.name if name == DEFAULT_GRAPH and name not in self._directories else name

    def directory(self, name: str) -> Directory:
        """The directory of a graph.

        Raises:
            NotFound: none goes by this name.
        """
        found = self._directories.get(self.canonical(name))
        if found is None:
            known = ", ".join(self.names())
            raise NotFound(f"There is no graph {name!r} here.", hint=f"There is {known}.", field="graph")
        return found

    def resolve(self, name: str) -> tuple[str, ...]:
        """The graph and all it inherits from: breadth first, itself first, then by priority."""
        order = [self.directory(name).name]
        if not self.own.config.query.cross_graph:
            return tuple(order)
        for current in order:
            order += [parent for parent, _ in self._directories[current].inherits if parent not in order]
        return tuple(order)

    # ---- what is in them

    def refresh(self) -> None:
        """Take up what people and other programs did to the files."""
        for directory in self._directories.values():
            directory.refresh()

    def problems(self) -> list[FileProblem]:
        """Files that count for nothing; those of inherited directories with their whole path."""
        found = [*self._problems, *self.own.tree.problems()]
        for directory in self._directories.values():
            if directory is not self.own:
                found += [FileProblem(f"{directory.root}/{each.path}", each.why) for each in directory.tree.problems()]
        return found

    def relations(self, name: str) -> list[Edge]:
        """Every relation of a graph that ever held."""
        return self.directory(name).past.relations()

    def index(self) -> tuple[Bm25, Mapping[str, Node]]:
        """The words of all nodes, and the node of each key in the index."""
        versions = tuple(each.tree.version for each in self._directories.values())
        if self._index is None or self._index[0] != versions:
            self._index = (versions, *self.index_of([each.moment for each in self._directories.values()]))
        return self._index[1], self._index[2]

    @staticmethod
    def index_of(moments: Iterable[Moment]) -> tuple[Bm25, dict[str, Node]]:
        """The words of the nodes of some moments."""
        index, nodes = Bm25(), {}
        for moment in moments:
            for node in moment.nodes.values():
                key = f"{node.id}\0{node.graph}"
                nodes[key] = node
                index.put(node, key)
        return index, nodes


def _opened(root: Path, author: Author | None) -> Library:
    found: dict[Path, Directory] = {}
    problems: list[FileProblem] = []
    waiting = [root]
    while waiting:
        here = waiting.pop(0)
        if here in found:
            continue
        if len(found) == MAX_DIRECTORIES:
            raise BadInput(f"{root} inherits from more than {MAX_DIRECTORIES} directories.", field="inheritance.base")
        config = load_config(here)
        bases = []
        for written in config.bases:
            base = (here / Path(written).expanduser()).resolve()
            if base.is_dir():
                bases.append(base)
            else:
                problems.append(FileProblem(f"{here / FILE}", f"inherits from {written}, which is no directory"))
        named = [(load_config(base).graph.name, len(bases) - i) for i, base in enumerate(bases)]
        found[here] = Directory(here, config, named, author)
        waiting += bases
    _check_names(found.values())
    own, *others = found.values()
    return Library(own, others, problems)


def _check_names(directories: Iterable[Directory]) -> None:
    known: dict[str, Path] = {}
    for each in directories:
        other = known.setdefault(each.name, each.root)
        if other != each.root:
            message = f"{other} and {each.root} are both the graph {each.name!r}."
            raise Conflict(message, hint="Give one of them another name, in [graph] of its config.toml.")


def _changed(file: Path) -> str:
    try:
        seconds = file.stat(follow_symlinks=False).st_mtime
    except OSError:
        seconds = 0.0
    return format_instant(datetime.fromtimestamp(seconds, UTC))
