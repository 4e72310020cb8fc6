"""USES_SECRET: which nodes use which secrets; never what the secrets are."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from stratumiops.graph.ids import uuid7
from stratumiops.graph.models import Node, NodeType
from stratumiops.graph.store.database import Database
from stratumiops.resolvers.local import LocalApi

from ..servers import Server  # noqa: TID252 - servers of all tests of the vault
from .asking import Asker, unique

USE = """mutation ($input: SecretUseInput!) { useSecret(input: $input) { use { id reference key createdAt createdBy
  node { id graph } } } }"""
STOP = "mutation ($input: SecretUseInput!) { stopUsingSecret(input: $input) { reference } }"
OF_NODE = """query ($id: ID!, $graph: String) { node(id: $id, graph: $graph) { title
  usesSecrets { reference key node { id } } } }"""
OF_SECRET = (
    'query ($path: String!) { secret(mount: "secret", path: $path) { uses { reference key node { id graph } } } }'
)


@pytest.fixture
async def node(ask: Asker, graph_name: str, database: Database) -> AsyncIterator[str]:
    """A node in a graph of its own."""
    await ask.services.registry.load()
    ids = await ask.services.writer.create_nodes(
        [Node(id=uuid7(), graph=graph_name, type=NodeType.NOTE, title="A server")], actor="ada"
    )
    yield ids[0]
    await database.write("MATCH (n {graph: $graph})-[u:USES_SECRET]->() DELETE u", {"graph": graph_name})
    await database.write("MATCH (s:Secret) WHERE NOT EXISTS { (s)<-[:USES_SECRET]-() } DELETE s")


@pytest.fixture
def secret(vault: Server) -> str:
    """The path of a secret that is there."""
    path = unique("used")
    vault.data("POST", f"secret/data/{path}", json={"data": {"password": "s3cret-value"}})
    return path


async def stored(database: Database, path: str) -> bool:
    return bool(await database.read("MATCH (s:Secret {id: $id}) RETURN s.id", {"id": f"vault:secret/{path}"}))


async def test_used_and_not_any_more(ask: Asker, database: Database, graph_name: str, node: str, secret: str) -> None:
    whole, part = f"vault:secret/{secret}", f"vault:secret/{secret}#password"
    for reference in (whole, part, part):
        use = (await ask(USE, input={"graph": graph_name, "node": node, "reference": reference})).data["useSecret"][
            "use"
        ]
        assert use["reference"] == reference
        assert use["node"] == {"id": node, "graph": graph_name}
        assert use["createdBy"] == "local"
    found = (await ask(OF_NODE, id=node, graph=graph_name)).data["node"]
    assert found["title"] == "A server"
    assert [one["reference"] for one in found["usesSecrets"]] == [part, whole]
    assert [one["key"] for one in found["usesSecrets"]] == ["password", None]
    uses = (await ask(OF_SECRET, path=secret)).data["secret"]["uses"]
    assert [one["reference"] for one in uses] == [part, whole]
    [row] = await database.read("MATCH (s:Secret {id: $id}) RETURN properties(s) AS s", {"id": whole})
    assert row["s"] == {"id": whole, "mount": "secret/", "path": secret}
    for reference in (whole, whole, part):
        done = await ask(STOP, input={"graph": graph_name, "node": node, "reference": reference})
        assert done.data["stopUsingSecret"]["reference"] == reference
        assert await stored(database, secret) is (reference != part)
    assert (await ask(OF_NODE, id=node, graph=graph_name)).data["node"]["usesSecrets"] == []


async def test_a_deleted_node_uses_nothing_until_it_comes_back(
    ask: Asker, database: Database, graph_name: str, node: str, secret: str
) -> None:
    await ask(USE, input={"graph": graph_name, "node": node, "reference": f"vault:secret/{secret}"})
    await ask.services.writer.delete_node(graph_name, node, actor="ada")
    assert (await ask(OF_SECRET, path=secret)).data["secret"]["uses"] == []
    refused = await ask(USE, input={"graph": graph_name, "node": node, "reference": f"vault:secret/{secret}"})
    assert (refused.code, refused.error["extensions"]["field"]) == ("NOT_FOUND", "input.node")
    await ask.services.writer.undelete_node(graph_name, node, actor="ada")
    assert [one["node"]["id"] for one in (await ask(OF_SECRET, path=secret)).data["secret"]["uses"]] == [node]
    assert await stored(database, secret)


async def test_only_uses_in_graphs_that_one_may_see(ask: Asker, graph_name: str, node: str, secret: str) -> None:
    await ask(USE, input={"graph": graph_name, "node": node, "reference": f"vault:secret/{secret}"})
    assert (await ask.seeing("default")(OF_SECRET, path=secret)).data["secret"]["uses"] == []
    assert len((await ask.seeing(graph_name)(OF_SECRET, path=secret)).data["secret"]["uses"]) == 1


async def test_who_may(ask: Asker, api: Asker, graph_name: str, node: str) -> None:
    given = {"graph": graph_name, "node": node, "reference": "vault:secret/app"}
    for query in (USE, STOP):
        assert (await ask.seeing(graph_name)(query, input=given)).code == "FORBIDDEN"
    assert (await ask(USE, input={**given, "graph": "nowhere"})).code == "NOT_FOUND"
    assert (await api(USE, input=given)).data  # a token of the vault is not needed


@pytest.mark.parametrize(
    "reference",
    ["", "secret/app", "vault:", "vault:secret", "vault:/app", "vault:secret//app", "vault:secret/../app",
     "vault:secret/a#", "vault:secret/a\nb", "vault:secret/\u2028x", "VAULT:secret/app", "env:NAME",
     "vault:secret/" + "x" * 3_000, "hunter2"],
)  # fmt: skip
async def test_what_is_no_reference(ask: Asker, graph_name: str, node: str, reference: str) -> None:
    for query in (USE, STOP):
        refused = await ask(query, input={"graph": graph_name, "node": node, "reference": reference})
        assert refused.code == "BAD_INPUT"
        assert "hunter2" not in refused.text


async def test_used_and_stopped_at_the_same_time(ask: Asker, database: Database, graph_name: str, node: str) -> None:
    given = {"graph": graph_name, "node": node, "reference": f"vault:secret/{unique('raced')}"}
    for _ in range(15):
        answers = await asyncio.gather(*(ask(query, input=given) for query in (USE, STOP, USE, STOP, USE)))
        assert [one.body.get("errors") for one in answers] == [None] * 5
    await ask(USE, input=given)
    [row] = await database.read(
        "MATCH (:KnowledgeNode {id: $id})-[u:USES_SECRET]->(s) RETURN count(u) AS uses, count(DISTINCT s) AS secrets",
        {"id": node},
    )
    assert row == {"uses": 1, "secrets": 1}


async def test_many_nodes_cost_one_statement(ask: Asker, database: Database, graph_name: str, node: str) -> None:
    nodes = [Node(id=uuid7(), graph=graph_name, type=NodeType.NOTE, title=f"n{number}") for number in range(20)]
    for one in await ask.services.writer.create_nodes(nodes, actor="ada"):
        await ask(USE, input={"graph": graph_name, "node": one, "reference": "vault:secret/shared-by-many"})
    with database.record() as sent:
        found = await ask(
            "query ($graph: String) { nodes(graph: $graph) { nodes { id usesSecrets { key } } } }", graph=graph_name
        )
    assert sum(len(one["usesSecrets"]) for one in found.data["nodes"]["nodes"]) == 20
    assert len([one for one in sent if "USES_SECRET" in one.text]) == 1


def test_a_directory_knows_no_uses(tmp_path: Path) -> None:
    root = tmp_path / ".kogral"
    root.mkdir()
    (root / "config.toml").write_text('[graph]\nname = "here"\n')
    (root / "notes").mkdir()
    (root / "notes" / "one.md").write_text("# One\n")
    api = LocalApi(root)
    try:
        body = api.execute("{ nodes { nodes { title usesSecrets { key } } } }", {}).body.decode()
        assert '"usesSecrets":[]' in body
        assert "UNAVAILABLE" in api.execute("{ vaultStatus { state } }", {}).body.decode()
    finally:
        api.close()
