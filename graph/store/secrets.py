"""Which nodes use which secrets: `(:KnowledgeNode)-[:USES_SECRET]->(:Secret)`. Where a secret is; never its value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from stratumiops.graph import refusals
from stratumiops.graph.ids import utc_now
from stratumiops.graph.secret_references import SecretReference
from stratumiops.graph.store import secret_queries as queries
from stratumiops.graph.store.database import Database

Key = tuple[str, str]
"""Graph and id of a node."""


@dataclass(frozen=True, slots=True)
class SecretUse:
    """A node uses a secret, or a part of it. `node` has the node's stored properties."""

    secret: str
    key: str | None
    node: Mapping[str, Any]
    created_at: str
    created_by: str

    @property
    def reference(self) -> str:
        """What is used."""
        return self.secret if self.key is None else f"{self.secret}#{self.key}"

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """The use that a row of a statement is."""
        use = row["use"]
        return cls(row["secret"], use["key"] or None, row["node"], use["created_at"], use["created_by"])


class SecretUses:
    """The uses of secrets in the store."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def use(self, graph: str, node: str, reference: SecretReference, *, actor: str) -> SecretUse:
        """Note that a node uses a secret; the use as it was first noted.

        Raises:
            NotFound: there is no such live node.
        """
        params = {
            **_place(graph, node, reference),
            "mount": reference.mount,
            "path": reference.path.removeprefix(reference.mount),
            "at": utc_now(),
            "actor": actor,
        }
        rows = await self._db.write(queries.USE, params, retry=True)
        if not rows:
            raise refusals.no_node(graph, node, "node")
        return SecretUse.of(rows[0]["found"])

    async def stop(self, graph: str, node: str, reference: SecretReference) -> None:
        """Note that a node does not use a secret; that it never did is no error."""
        await self._db.write(queries.STOP, _place(graph, node, reference), retry=True)

    async def of_nodes(self, keys: Sequence[Key], first: int) -> list[list[SecretUse]]:
        """What each of these nodes uses at present, newest first."""
        params = {"keys": [list(key) for key in keys], "first": first}
        return _uses(await self._db.read_one(queries.OF_NODES, params))

    async def of_secrets(self, secrets: Sequence[str], graphs: Sequence[str], first: int) -> list[list[SecretUse]]:
        """What uses each of these secrets in some graphs, newest first."""
        params = {"secrets": list(secrets), "auth": list(graphs), "first": first}
        return _uses(await self._db.read_one(queries.OF_SECRETS, params))


def _place(graph: str, node: str, reference: SecretReference) -> dict[str, Any]:
    return {"graph": graph, "node": node, "secret": reference.secret, "key": reference.key or ""}


def _uses(found: Any) -> list[list[SecretUse]]:
    return [[SecretUse.of(row) for row in rows] for rows in found or ()]
