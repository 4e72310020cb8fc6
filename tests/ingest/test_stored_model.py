"""What an import stores fits the declared model of labels."""

from typing import Any

from stratumiops.graph.store import labels

MODEL = labels.declared()


async def test_every_node_that_an_import_leaves_is_declared(importer, samples) -> None:
    files = samples("decisions") | {"plain.md": b"no links at all"}
    await importer.whole(files)
    await importer.whole(files | {"0001-record-decisions.md": b"# changed"})
    await importer.whole({path: data for path, data in files.items() if path != "0005-use-a-broker.md"})
    await importer.whole(files)
    rows = await importer.everything()
    seen = set()
    for row in rows:
        model = _most_special(row["labels"])
        seen |= set(row["labels"]) - labels.MARKS
        assert set(row["labels"]) - labels.MARKS == set(model.inherited_labels())
        declared = labels.properties(model)
        assert set(row["node"]) <= set(declared), row
        missing = {name for name, kind in declared.items() if kind.required} - set(row["node"])
        assert not missing, row
        if row["type"] in (known := labels.relations(model)):
            assert set(row["relation"]) <= set(known[row["type"]].properties), row
    assert seen >= {"KnowledgeNode", "Decision", "Note", "Document", "Revision", "OutboxEvent"}


def _most_special(found: list[str]) -> Any:
    return max(
        (MODEL[label] for label in found if label not in labels.MARKS), key=lambda model: len(model.inherited_labels())
    )
