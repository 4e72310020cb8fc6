"""The page for browsers and the files it loads."""

from pathlib import Path

import pytest

from stratumiops.resolvers.http.playground import Playground
from stratumiops.resolvers.http.static import build_folder

HTML = {"accept": "text/html"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text('<script src="/playground/assets/a-1f.js"></script>')
    (tmp_path / "assets" / "a-1f.js").write_text("1")
    (tmp_path.parent / "outside.txt").write_text("outside")
    return tmp_path


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch, folder: Path, build):
    monkeypatch.setattr("stratumiops.resolvers.app.build_folder", lambda name: folder if name == "playground" else None)
    return build()


async def test_the_built_page_is_served_and_asked_for_anew_each_time(built):
    async with built.client() as client:
        page = await client.get("/graphql", headers=HTML)
        assert "/playground/assets/a-1f.js" in page.text
        assert page.headers["cache-control"] == "no-cache"
        assert "worker-src 'self'" in page.headers["content-security-policy"]


async def test_hashed_files_are_kept_for_good(built):
    async with built.client() as client:
        script = await client.get("/playground/assets/a-1f.js")
        assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert script.headers["content-type"].startswith("text/javascript")
        assert "default-src 'none'" in script.headers["content-security-policy"]
        assert script.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["../outside.txt", "%2e%2e/outside.txt", "..%2foutside.txt", "assets/none.js"])
async def test_nothing_else_is_served(built, path):
    async with built.client() as client:
        answer = await client.get(f"/playground/{path}")
        assert answer.status_code == 404
        assert "outside" not in answer.text or answer.json()["status"] == 404


async def test_an_unbuilt_page_says_how_to_build_it(monkeypatch, build):
    monkeypatch.setattr("stratumiops.resolvers.app.build_folder", lambda _name: None)
    async with build().client() as client:
        page = await client.get("/graphql", headers=HTML)
        assert page.status_code == 200
        assert "make install" in page.text
        assert (await client.get("/playground/index.html")).status_code == 404


def test_the_folder_is_found_where_the_build_puts_it(monkeypatch, tmp_path):
    monkeypatch.setattr("stratumiops.__path__", [str(tmp_path)])
    assert build_folder("playground") is None
    folder = tmp_path / "ui" / "static" / "playground"
    folder.mkdir(parents=True)
    (folder / "index.html").write_text("page")
    assert build_folder("playground") == folder
    assert Playground(folder).page().body == b"page"
