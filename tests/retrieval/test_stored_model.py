"""What the job stores is what the labels declare; a backup carries it."""

from pathlib import Path

from stratumiops.graph.store import labels
from stratumiops.graph.store.database import Database

from .conftest import Lab

MODEL = labels.declared()


async def test_what_is_stored_fits_the_declared_model(lab: Lab, database: Database) -> None:
    await lab.create(lab.node("a", "Cats", "A cat."))
    async with lab.running():
        await lab.embedded()
        rows = await database.read(
            "MATCH (n) WHERE n.graph = $graph AND n:Chunk OR n.family = $family"
            " OR n:EmbeddingLease AND n.name = $family"
            " RETURN labels(n)[0] AS label, properties(n) AS properties",
            {"graph": lab.graph, "family": lab.options.family},
        )
    assert {row["label"] for row in rows} == {"Chunk", "EmbeddingIndex", "EmbeddingLease"}
    for row in rows:
        declared, stored = labels.properties(MODEL[row["label"]]), row["properties"]
        assert {name for name in stored if not labels.VECTORS.fullmatch(name)} <= set(declared)
        assert {name for name, kind in declared.items() if kind.required} <= set(stored)
        vectors = [value for name, value in stored.items() if labels.VECTORS.fullmatch(name)]
        assert len(vectors) == (row["label"] == "Chunk")
        assert all(len(vector) == 384 for vector in vectors)


async def test_the_key_of_a_provider_is_stored_as_a_reference_only(
    lab: Lab, database: Database, tmp_path: Path
) -> None:
    from stratumiops.ingest.embedding.ports import ModelSpec, Provider

    mine = lab.with_model(ModelSpec(provider=Provider.OPENAI, url="http://127.0.0.1:9/v1", api_key="env:SOME_NAME"))
    await mine.generations.add([], 8)
    [stored] = await mine.generations.all()
    assert stored.api_key == "env:SOME_NAME"
    assert stored.spec(ModelSpec()).api_key == "env:SOME_NAME"
