"""What a sync stores fits the declared model of labels."""

from stratumiops.graph.backup.values import decode, encode
from stratumiops.graph.store import labels

MODEL = labels.declared()
A = "# A\n\none\n"


async def test_documents_and_conflicts_are_as_declared_and_survive_a_backup(synced) -> None:
    pair = await synced({"a.md": A, "b.md": A, "c.md": A, "d.md": A})
    for path in ("a.md", "b.md", "d.md"):
        await pair.replace(path, "one", "GRAPH")
    await pair.delete("c.md")
    (pair.root / "b.md").unlink()
    pair.put({"a.md": A.replace("one", "FILE"), "c.md": A + "FILE\n", "d.md": A + "more\n"})
    (pair.root / "d.md").chmod(0o444)
    await pair.create(title="N", content="n")
    assert {one["kind"] for one in (await pair.once()).conflicts} == {"content", "deleted_file", "deleted_node"}
    rows = await pair.api._services.db.read(  # type: ignore[attr-defined]
        "MATCH (n {graph: $graph}) WHERE n:Document OR n:Conflict RETURN labels(n)[0] AS label, properties(n) AS held",
        {"graph": pair.graph},
    )
    assert sorted(row["label"] for row in rows) == ["Conflict"] * 3 + ["Document"] * 5
    assert any(row["held"].get("merged") for row in rows)
    for row in rows:
        declared, held = labels.properties(MODEL[row["label"]]), row["held"]
        assert set(held) <= set(declared), row
        assert {name for name, kind in declared.items() if kind.required} <= set(held), row
        for name, value in held.items():
            assert declared[name].inflate(value, None) == value
        assert decode(encode(held)) == held
