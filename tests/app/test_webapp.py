"""The web app's files, and the addresses of its pages."""

from pathlib import Path

import pytest

HTML = {"accept": "text/html,application/xhtml+xml"}


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, build):
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text('<script src="/assets/a-1f.js"></script>')
    (tmp_path / "assets" / "a-1f.js").write_text("1")
    (tmp_path.parent / "outside.txt").write_text("outside")
    monkeypatch.setattr("stratumiops.resolvers.app.build_folder", lambda name: tmp_path if name == "app" else None)
    return build()


@pytest.mark.parametrize("path", ["/", "/graph", "/node/mine/adr-0001", "/decisions?graph=mine"])
async def test_every_page_is_the_app(built, path):
    async with built.client() as client:
        page = await client.get(path, headers=HTML)
        assert (page.status_code, "/assets/a-1f.js" in page.text) == (200, True)
        assert page.headers["cache-control"] == "no-cache"
        policy = page.headers["content-security-policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy


async def test_hashed_files_are_kept_for_good(built):
    async with built.client() as client:
        script = await client.get("/assets/a-1f.js")
        assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert script.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/assets/gone.js", HTML),
        ("/favicon.png", HTML),
        ("/graph", {"accept": "application/json"}),
        ("/v1/secret/x", {}),
        ("/..%2foutside.txt", HTML),
        ("/%2e%2e/outside.txt", HTML),
    ],
)
async def test_what_is_no_page_is_not_there(built, path, headers):
    async with built.client() as client:
        answer = await client.get(path, headers=headers)
        assert answer.status_code == 404
        assert answer.json()["status"] == 404


async def test_other_routes_stay(built):
    async with built.client() as client:
        assert "version" in (await client.get("/health", headers=HTML)).json()
        assert (await client.post("/graph", headers=HTML)).status_code == 405


async def test_an_app_that_is_not_built_says_how_to_build_it(monkeypatch, build):
    monkeypatch.setattr("stratumiops.resolvers.app.build_folder", lambda _name: None)
    async with build().client() as client:
        page = await client.get("/", headers=HTML)
        assert (page.status_code, "make install" in page.text) == (200, True)
        assert (await client.get("/graph", headers=HTML)).status_code == 404
