"""Saved views: who sees them, who may change them, and what they may be."""

from typing import Any

import pytest

from stratumiops.graph.store.views import MAX_ADDRESS, SavedViews
from stratumiops.resolvers.context import Role

from .conftest import Answer, Asker

SAVE = """mutation($i: SaveViewInput!) {
  saveView(input: $i) { view { id graph name address createdAt createdBy updatedAt updatedBy rev } }
}"""
LIST = "query($g: String) { savedViews(graph: $g) { id graph name address rev } }"
DELETE = "mutation($id: ID!, $rev: Int) { deleteView(id: $id, rev: $rev) { id } }"
ADDRESS = "/graph?type=DECISION&focus=n1"


def graph_of(ask: Asker) -> str:
    return ask.services.registry.names()[0]


async def saved(ask: Asker, name: str = "Mine", **more: Any) -> dict[str, Any]:
    given = {"graph": graph_of(ask), "name": name, "address": ADDRESS, **more}
    found: dict[str, Any] = (await ask(SAVE, {"i": given})).data["saveView"]["view"]
    return found


def code_of(answer: Answer) -> tuple[str, str | None]:
    told = answer.error["extensions"]
    return told["code"], told.get("field")


async def test_a_view_is_saved_changed_and_deleted(own: Asker) -> None:
    graph = graph_of(own)
    first = await saved(own.acting(Role.DEVELOPER, "ada"))
    assert (first["graph"], first["name"], first["address"], first["rev"]) == (graph, "Mine", ADDRESS, 1)
    assert (first["createdBy"], first["updatedBy"]) == ("ada", "ada")
    change = {"id": first["id"], "rev": 1, "name": "Ours", "address": "/graph"}
    changed = (await own.acting(Role.DEVELOPER, "grace")(SAVE, {"i": change})).data["saveView"]["view"]
    assert (changed["name"], changed["rev"], changed["createdBy"], changed["updatedBy"]) == ("Ours", 2, "ada", "grace")
    assert changed["createdAt"] == first["createdAt"] <= changed["updatedAt"]
    await saved(own, "Another")
    listed = (await own(LIST, {"g": graph})).data["savedViews"]
    assert [view["name"] for view in listed if view["graph"]] == ["Another", "Ours"]
    assert (await own(DELETE, {"id": first["id"], "rev": 2})).data == {"deleteView": {"id": first["id"]}}
    assert code_of(await own(DELETE, {"id": first["id"]})) == ("NOT_FOUND", "input.id")


async def test_a_change_names_the_revision_it_was_made_from(own: Asker) -> None:
    view = await saved(own)
    change = {"id": view["id"], "name": "New", "address": "/graph"}
    assert code_of(await own(SAVE, {"i": change})) == ("BAD_INPUT", "input.rev")
    assert (await own(SAVE, {"i": {**change, "rev": 1}})).data
    assert code_of(await own(SAVE, {"i": {**change, "rev": 1}})) == ("CONFLICT", "input.rev")
    assert code_of(await own(DELETE, {"id": view["id"], "rev": 1}))[0] == "CONFLICT"


async def test_a_name_is_there_once_in_a_graph(own: Asker) -> None:
    graph = graph_of(own)
    first, second = await saved(own, "One"), await saved(own, "Two")
    again = {"graph": graph, "name": "One", "address": "/graph"}
    assert code_of(await own(SAVE, {"i": again})) == ("CONFLICT", "input.name")
    rename = {"id": second["id"], "rev": 1, "name": "One", "address": "/graph"}
    assert code_of(await own(SAVE, {"i": rename})) == ("CONFLICT", "input.name")
    assert (await own(SAVE, {"i": {**rename, "id": first["id"]}})).data
    await own.services.registry.create(f"{graph}-other", actor="builder")
    assert (await own(SAVE, {"i": {**again, "graph": f"{graph}-other"}})).data


@pytest.mark.parametrize(
    "address",
    ["", "graph", "//evil.example/x", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "/a//b",
     "/graph#x", "/a b", "/\n", "/a/../b", "/graph?q=<b>", "/" + "a" * MAX_ADDRESS],
)  # fmt: skip
async def test_an_address_is_a_path_of_the_app(own: Asker, address: str) -> None:
    given = {"graph": graph_of(own), "name": "x", "address": address}
    assert code_of(await own(SAVE, {"i": given})) == ("BAD_INPUT", "input.address")


@pytest.mark.parametrize("address", ["/", "/graph", "/graph/", "/node/a%20b/c?x=1&y=%5B2%5D,3?", "/?view=1"])
async def test_addresses_that_may_be(own: Asker, address: str) -> None:
    assert (await saved(own, address=address))["address"] == address


@pytest.mark.parametrize("name", ["", "  ", "two\nlines", "x" * 101])
async def test_a_name_is_a_short_line(own: Asker, name: str) -> None:
    given = {"graph": graph_of(own), "name": name, "address": "/"}
    assert code_of(await own(SAVE, {"i": given})) == ("BAD_INPUT", "input.name")


async def test_views_of_unseen_graphs_are_like_views_that_are_not_there(own: Asker) -> None:
    graph = graph_of(own)
    await own.services.registry.create(f"{graph}-other", actor="builder")
    hidden = await saved(own, "Hidden")
    stranger = own.seeing(f"{graph}-other", role=Role.DEVELOPER)
    assert "Hidden" not in (await stranger(LIST)).text
    assert code_of(await stranger(LIST, {"g": graph})) == ("NOT_FOUND", "graph")
    change = {"id": hidden["id"], "rev": 1, "name": "New", "address": "/graph"}
    nowhere = {**change, "id": "nowhere"}
    unseen, missing = await stranger(SAVE, {"i": change}), await stranger(SAVE, {"i": nowhere})
    assert unseen.text.replace(hidden["id"], "nowhere") == missing.text
    assert code_of(await stranger(DELETE, {"id": hidden["id"]})) == ("NOT_FOUND", "input.id")
    given = {"graph": graph, "name": "x", "address": "/"}
    assert code_of(await stranger(SAVE, {"i": given}))[0] == "FORBIDDEN"


async def test_a_viewer_changes_nothing(own: Asker) -> None:
    view = await saved(own)
    viewer = own.seeing(graph_of(own))
    assert [one["id"] for one in (await viewer(LIST)).data["savedViews"] if one["graph"]] == [view["id"]]
    given = {"graph": graph_of(own), "name": "x", "address": "/"}
    assert code_of(await viewer(SAVE, {"i": given}))[0] == "FORBIDDEN"
    assert code_of(await viewer(DELETE, {"id": view["id"]}))[0] == "FORBIDDEN"


async def test_a_view_for_all_graphs_is_seen_by_all_and_saved_by_admins(own: Asker) -> None:
    name = f"All of {graph_of(own)}"
    view = (await own(SAVE, {"i": {"name": name, "address": "/graph"}})).data["saveView"]["view"]
    try:
        assert view["graph"] is None
        for who in (own.seeing(), own.seeing(graph_of(own))):
            assert view["id"] in [one["id"] for one in (await who(LIST)).data["savedViews"]]
        developer = own.acting(Role.DEVELOPER)
        assert code_of(await developer(SAVE, {"i": {"name": "x", "address": "/"}}))[0] == "FORBIDDEN"
        assert code_of(await developer(DELETE, {"id": view["id"]}))[0] == "FORBIDDEN"
    finally:
        assert (await own(DELETE, {"id": view["id"]})).data


async def test_a_view_stays_in_its_graph_and_goes_with_it(own: Asker) -> None:
    graph = graph_of(own)
    view = await saved(own)
    move = {"id": view["id"], "rev": 1, "graph": "default", "name": "x", "address": "/"}
    assert code_of(await own(SAVE, {"i": move})) == ("BAD_INPUT", "input.graph")
    await own.services.registry.delete(graph, actor="builder")
    assert not [one for one in await SavedViews(own.services.db).page([graph]) if one.graph]


async def test_views_of_a_graph_that_is_not_there(own: Asker) -> None:
    given = {"graph": "not-there", "name": "x", "address": "/"}
    assert code_of(await own(SAVE, {"i": given})) == ("NOT_FOUND", "input.graph")
