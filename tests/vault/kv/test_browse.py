"""Lists that look into folders, and searches: complete, paged, and without what may not be seen."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratumiops.vault.engines.kv2.backend import Kv2Backend
from stratumiops.vault.errors import BadRequest, NotFound
from stratumiops.vault.request import Operation, Request

from ..mounted import FixedSystem, Mounted, mounted  # noqa: TID252 - tests are no package on the path

PATHS = ["a", "a-b", "a/x", "a/y/z", "a0", "b/c/d/e", "b/c/f", "team/key"]


class Choosy(FixedSystem):
    """A core that hides what begins with one of these."""

    hidden: tuple[str, ...] = ()
    exactly: tuple[str, ...] = ()

    def allowed(self, _: Request, path: str) -> bool:
        return not path.startswith(self.hidden) and path not in self.exactly


async def engine(paths: list[str], hidden: tuple[str, ...] = (), exactly: tuple[str, ...] = ()) -> Mounted:
    made = mounted(Kv2Backend, "kv/")
    system = Choosy()
    system.hidden, system.exactly = hidden, exactly
    made = Mounted(Kv2Backend(made.backend.mount, made.backend.view, system), system)
    for path in paths:
        await made.write(f"data/{path}", data={"path": path})
    return made


async def below(made: Mounted, path: str = "", **query: Any) -> dict[str, Any]:
    return await made.data(Operation.LIST, f"metadata/{path}", {"recursive": "true", **query})


async def test_a_plain_list() -> None:
    made = await engine(PATHS)
    assert await made.names("metadata") == ["a", "a-b", "a/", "a0", "b/", "team/"]
    assert await made.names("metadata/a/") == await made.names("metadata/a") == ["x", "y/"]
    assert await made.data(Operation.LIST, "metadata/", {"after": "a-b", "limit": "2"}) == {"keys": ["a/", "a0"]}
    for path in ("a0", "none"):
        with pytest.raises(NotFound):
            await made.names(f"metadata/{path}")


async def test_a_list_into_folders() -> None:
    made = await engine(PATHS)
    assert await below(made) == {"keys": sorted(PATHS)}
    assert await below(made, "b/") == {"keys": ["c/d/e", "c/f"]}
    assert await below(made, limit=3) == {"keys": ["a", "a-b", "a/x"], "next": "a/x"}
    assert await below(made, limit=9, after="a/x") == {"keys": ["a/y/z", "a0", "b/c/d/e", "b/c/f", "team/key"]}
    with pytest.raises(NotFound):
        await below(made, "none")


@given(
    st.sets(st.text("ab-0/é", min_size=1, max_size=8).filter(lambda path: "" not in path.split("/"))), st.integers(1, 4)
)
async def test_pages_together_are_the_whole(paths: set[str], limit: int) -> None:
    made = await engine(sorted(paths))
    found: list[str] = []
    query: dict[str, Any] = {"limit": limit}
    while paths:
        page = await below(made, **query)
        assert len(page["keys"]) <= limit
        found += page["keys"]
        if "next" not in page:
            break
        query["after"] = page["next"]
    assert found == sorted(paths)


async def test_what_may_not_be_listed_never_appears() -> None:
    made = await engine(PATHS, hidden=("metadata/a/", "metadata/b/c/f"))
    assert (await below(made))["keys"] == ["a", "a-b", "a0", "b/c/d/e", "team/key"]
    assert list((await made.read("search", q="/"))["keys"]) == ["b/c/d/e", "team/key"]
    assert (await made.data(Operation.LIST, "detailed-metadata/b/c", {}))["keys"] == ["d/"]
    with pytest.raises(NotFound):
        await below(made, "a")


async def test_a_search_looks_at_names_and_at_custom_metadata() -> None:
    made = await engine(PATHS)
    await made.write("metadata/b/c/f", custom_metadata={"owner": "Ops Team"})
    found = await made.read("search", q="TEAM")
    assert found["keys"] == ["b/c/f", "team/key"]
    assert found["key_info"]["b/c/f"]["custom_metadata"] == {"owner": "Ops Team"}
    assert found["key_info"]["team/key"]["current_version"] == 1
    assert (await made.read("search/b", q="team"))["keys"] == ["c/f"]
    assert (await made.read("search", q="team", limit=1))["next"] == "b/c/f"
    assert (await made.read("search", q="team", after="b/c/f"))["keys"] == ["team/key"]
    assert (await made.read("search", q="no such thing"))["keys"] == []
    with pytest.raises(BadRequest, match="missing q"):
        await made.read("search")


async def test_values_are_not_searched() -> None:
    made = await engine([])
    await made.write("data/a", data={"needle": "needle"})
    assert (await made.read("search", q="needle"))["keys"] == []


async def test_a_folder_that_may_not_be_listed_hides_its_names_and_not_those_of_its_folders() -> None:
    made = await engine(PATHS, exactly=("metadata/a/",))
    assert (await below(made))["keys"] == ["a", "a-b", "a/y/z", "a0", "b/c/d/e", "b/c/f", "team/key"]
    assert (await made.read("search", q="z"))["keys"] == ["a/y/z"]
