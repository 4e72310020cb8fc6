"""Changes of a directory: what they make of its files. All of one work are made together, or none is."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import orjson

from stratumiops.graph.adapters import folder as disk
from stratumiops.graph.adapters.markdown_file import Page, UnreadableError, parse, render
from stratumiops.graph.errors import Conflict
from stratumiops.graph.ids import format_instant, parse_instant, utc_now
from stratumiops.graph.local.past import FOLDER_OF, RESTORED, Deletion, Past, ended_fact, history_of, present
from stratumiops.graph.local.staging import Staged, finish
from stratumiops.graph.local.tree import LOCK, Tree
from stratumiops.graph.models import Edge, Node, RelationType
from stratumiops.graph.refusals import deleted_id, no_relation, taken_id

_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_NO_WORD = re.compile(r"[^a-z0-9]+")
_LONGEST_NAME: Final = 60


@contextmanager
def writing(tree: Tree, past: Past, actor: str) -> Iterator["Work"]:
    """A work on a directory whose files are fresh, and which no other process changes until the block ends.

    What was changed is written when the block ends well.

    Raises:
        Unavailable: another process writes for too long, or the disk is full or may not be written to.
        Conflict: a symbolic link stands in the way.
    """
    disk.check_inside(tree.root, LOCK)
    with disk.locked(tree.lock):
        finish(tree.root)
        tree.refresh()
        work = Work(tree, past, actor)
        yield work
        work.commit()


class Work:
    """Changes that see each other, and that nobody else sees before they are committed.

    Args:
        tree: the present, fresh, with the lock held.
        actor: who makes the changes.
    """

    def __init__(self, tree: Tree, past: Past, actor: str) -> None:
        self.staged = Staged(tree.root)
        self.actor = actor
        self._tree = tree
        self._past = past
        self._pages: dict[str, Page | None] = {}
        self._paths: dict[str, str] = {}
        self._used: set[str] = set()
        self._restored = past.restored()
        self.at = utc_now()

    # ---- what there is

    def page(self, node_id: str) -> Page | None:
        """The page of a live node, with the changes made so far."""
        return self._pages[node_id] if node_id in self._pages else self._tree.page(node_id)

    def node(self, node_id: str) -> Node | None:
        """The live node."""
        page = self.page(node_id)
        return None if page is None else page.node

    def deletion(self, node_id: str) -> Deletion | None:
        """The deletion of a node that is not live, as before this work."""
        return None if node_id in self._pages else self._past.deletion(node_id)

    def edge(self, edge: Edge) -> Edge | None:
        """The live relation of the same ends and type."""
        page = self.page(edge.source)
        key = (edge.target, edge.relation)
        found = next((each for each in page.edges if (each.target, each.relation) == key), None) if page else None
        return None if found is None or self.node(edge.target) is None else present(found, self._restored)

    # ---- nodes

    def create(self, node: Node) -> Node:
        """A new node.

        Raises:
            Conflict: a node, a deleted node or an unreadable file has its place.
        """
        if self.page(node.id) is not None:
            raise taken_id(node.id)
        if node.id in self._pages or self.deletion(node.id) is not None:
            raise deleted_id(node.id)
        path = self._free(node)
        made = replace(
            node,
            path=node.path or path,
            created_at=node.created_at or self.at,
            updated_at=self.at,
            created_by=node.created_by or self.actor,
            updated_by=self.actor,
            rev=1,
        )
        self._place(node.id, path)
        self._pages[node.id] = Page(made)
        return made

    def update(self, changed: Node, *, later: bool = True) -> Node:
        """Another state of a live node; the former one goes to history.

        Args:
            later: it begins after the former one, also where that was made in this very work.
        """
        page = self._known(changed.id)
        known = page.node
        self._keep(page)
        made = replace(
            changed,
            created_at=known.created_at,
            created_by=known.created_by,
            updated_at=self._after(known.updated_at) if later else max(self.at, known.updated_at),
            updated_by=self.actor,
            rev=known.rev + 1,
        )
        if made.type is not known.type:
            made = self._moved(made)
        self._pages[made.id] = Page(made, page.edges)
        return made

    def delete(self, node_id: str) -> Deletion:
        """A live node leaves the present; its page stays in history."""
        page = self._known(node_id)
        self._keep(page)
        made = Deletion(node_id, page.node.rev + 1, self._after(page.node.updated_at), self.actor)
        fact = {"id": node_id, "rev": made.rev, "deleted_at": made.at, "deleted_by": made.by}
        self.staged.write(history_of(node_id, "deleted.json"), orjson.dumps(fact))
        self.staged.remove(self._path(node_id))
        self._pages[node_id] = None
        return made

    def undelete(self, deletion: Deletion) -> Node:
        """A deleted node comes back, with the relations that its deletion ended."""
        page = self._past.last(deletion.id)
        if page is None:
            message = f"The history of {deletion.id!r} cannot be read: {history_of(deletion.id, '')} has no last state."
            raise Conflict(message, hint="Bring its file back from version control.")
        at = self._after(deletion.at)
        made = replace(page.node, updated_at=at, updated_by=self.actor, rev=deletion.rev + 1)
        self._place(made.id, self._free(made))
        self._pages[made.id] = Page(made, page.edges)
        fact = {
            "id": made.id, "rev": deletion.rev, "deleted_at": deletion.at, "deleted_by": deletion.by,
            "restored_at": at, "restored_by": self.actor,
        }  # fmt: skip
        back = replace(deletion, restored_at=at, restored_by=self.actor)
        self._restored.setdefault(made.id, []).append(back)
        self.staged.append(RESTORED, orjson.dumps(fact))
        self.staged.remove(history_of(made.id, "deleted.json"))
        return made

    # ---- relations

    def link(self, edge: Edge) -> tuple[Edge, bool]:
        """Join two live nodes; the relation, and whether it is new or another one than before."""
        known = self.edge(edge)
        if known is not None and (known.weight, known.origin) == (edge.weight, edge.origin):
            return known, False
        source, target = self._known(edge.source), self._known(edge.target)
        at = self._after(max(source.node.updated_at, target.node.updated_at, known.valid_from if known else ""))
        if known is not None:
            self._end(known, at)
        made = replace(edge, valid_from=at, valid_to=None, recorded_at=at, created_by=self.actor)
        self._set_edges(source, (*_without(source.edges, edge.target, edge.relation), made))
        return made, True

    def unlink(self, edge: Edge) -> Edge:
        """End a relation; what it was.

        Raises:
            NotFound: there is no such live relation.
        """
        known = self.edge(edge)
        if known is None:
            raise no_relation(edge)
        source, target = self._known(edge.source), self._known(edge.target)
        at = self._after(max(source.node.updated_at, target.node.updated_at, known.valid_from))
        self._end(known, at)
        self._set_edges(source, _without(source.edges, edge.target, edge.relation))
        return replace(known, valid_to=at)

    # ---- inside

    def commit(self) -> None:
        """Write everything, and read again what was written."""
        for node_id, page in self._pages.items():
            if page is not None:
                path = self._path(node_id)
                self.staged.write(path, render(page, path))
        touched = {path for node_id in self._pages for path in (self._tree.path(node_id), self._paths.get(node_id))}
        self.staged.commit()
        self._tree.reread(sorted(path for path in touched if path is not None))

    def _after(self, base: str) -> str:
        """The instant of this work, or a microsecond after `base` when that is later."""
        if self.at > base:
            return self.at
        return format_instant(parse_instant(base) + timedelta(microseconds=1))

    def _known(self, node_id: str) -> Page:
        page = self.page(node_id)
        if page is None:
            message = f"the node {node_id!r} is not live: check before you change it"
            raise LookupError(message)
        return page

    def _path(self, node_id: str) -> str:
        return self._paths.get(node_id) or self._tree.path(node_id) or ""

    def _set_edges(self, page: Page, edges: tuple[Edge, ...]) -> None:
        self._pages[page.node.id] = Page(page.node, edges)

    def _end(self, known: Edge, at: str) -> None:
        self.staged.append(history_of(known.source, "relations.jsonl"), ended_fact(known, at, self.actor))

    def _keep(self, page: Page) -> None:
        """Copy the file of a node to its history: as it is on disk where that says all, else written out."""
        node_id, path = page.node.id, self._path(page.node.id)
        data = b""
        if node_id not in self._pages:
            try:
                data = disk.read_plain(self._tree.root / path)
            except OSError:
                data = b""
        if not _says(data, page, path):
            data = render(page, path)
        self.staged.write(history_of(node_id, f"{page.node.rev}.md"), data)

    def _moved(self, node: Node) -> Node:
        """A node of another type belongs into another folder."""
        before, path = self._path(node.id), self._free(node)
        self._place(node.id, path)
        if self._tree.path(node.id) == before:
            self.staged.remove(before)
        return replace(node, path=path) if node.path == before else node

    def _place(self, node_id: str, path: str) -> None:
        self._paths[node_id] = path
        self._used.add(path)

    def _free(self, node: Node) -> str:
        """A path for the file of a node, which no other file has.

        Raises:
            Conflict: a file is there that cannot be read, or that holds another node.
        """
        for name in _names(node):
            path = f"{FOLDER_OF[node.type]}/{name}.md"
            used = path in self._used or (self._tree.root / path).exists()
            if not used or self._leaves(path):
                return path
        why = self._tree.problem(path) or "holds another node"
        raise Conflict(f"The file {path} is there already and {why}.", hint="Mend, move or remove it.")

    def _leaves(self, path: str) -> bool:
        """Whether this work takes the file away that is at the path."""
        return any(self._tree.path(node_id) == path for node_id, page in self._pages.items() if page is None)


def _names(node: Node) -> list[str]:
    """Names for a node's file, the best first: its id, or, where nobody can read that, its file's name or title.

    The last has a part of such an id, so that others with the same title do not have it.
    """
    if not _UUID.fullmatch(node.id):
        return [disk.file_name(node.id)]
    named = (node.path or "").rpartition("/")[2].rpartition(".")[0] or node.title
    readable = _NO_WORD.sub("-", named.lower()).strip("-")[:_LONGEST_NAME].strip("-")
    return [disk.file_name(readable), f"{readable}-{node.id[-12:]}"] if readable else [node.id]


def _says(data: bytes, page: Page, path: str) -> bool:
    """Whether the bytes say by themselves, without the time and folder of their file, what the page holds."""
    try:
        found = parse(data, graph=page.node.graph, path=path, changed_at=0.0)
    except UnreadableError:
        return False
    return (found.node, found.edges) == (page.node, page.edges)


def _without(edges: tuple[Edge, ...], target: str, relation: RelationType) -> tuple[Edge, ...]:
    return tuple(each for each in edges if (each.target, each.relation) != (target, relation))


def with_changes(node: Node, changes: Mapping[str, Any], extra: Callable[[str], bool]) -> Node:
    """A node with new values of stored properties, as `validation.check_changes` gives them.

    Args:
        extra: whether a property is one of those that only some types have.
    """
    plain: dict[str, Any] = {}
    more = dict(node.extra)
    for name, value in changes.items():
        if extra(name):
            more[name] = value
        elif name == "metadata":
            plain[name] = orjson.loads(value)
        elif name in ("tags", "aliases"):
            plain[name] = tuple(value or ())
        else:
            plain[name] = value
    return replace(node, **plain, extra={name: value for name, value in more.items() if value is not None})
