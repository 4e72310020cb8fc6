"""config: what holds and where it is from; changes keep comments."""

from pathlib import Path

import pytest

FILE = """\
# Our project.
[graph]
name = "shop"   # what the shop knows
title = "The shop"

# Agents may not write.
[mcp]
max_tokens = 2000

[mcp.tools]
add_note = false
"""


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "project" / "deep"
    folder.mkdir(parents=True)
    (tmp_path / "project" / ".kogral").mkdir()
    file = tmp_path / "project" / ".kogral" / "config.toml"
    file.write_text(FILE)
    monkeypatch.chdir(folder)
    return file


def test_every_setting_has_its_origin(kogral, project) -> None:
    found = {one["key"]: one for one in kogral("config", "--json").json}
    assert (found["graph.name"]["value"], found["graph.name"]["origin"]) == ("shop", str(project))
    assert (found["query.max_results"]["value"], found["query.max_results"]["origin"]) == (10, "default")
    assert (found["mcp.tools.add_note"]["value"], found["mcp.tools.search"]["value"]) == (False, True)
    assert (found["server"]["origin"], found["directory"]["value"]) == ("STRATUMIOPS_URL", str(project.parent))
    assert all(line.count("\t") == 3 for line in kogral("config").out.splitlines())


def test_the_token_is_never_shown(kogral, project, monkeypatch) -> None:
    monkeypatch.setenv("STRATUMIOPS_TOKEN", "secret-secret-secret")
    assert "secret-secret" not in kogral("config").out
    assert kogral("config", "get", "token").out == "set\n"


def test_set_and_unset_keep_comments(kogral, project) -> None:
    assert kogral("config", "get", "mcp.max_tokens").out == "2000\n"
    kogral("config", "set", "mcp.max_tokens", "3000", "--dry-run")
    assert project.read_text() == FILE
    assert kogral("config", "set", "mcp.max_tokens", "3000", "--json").json["value"] == 3000
    kogral("config", "set", "mcp.tools.link", "false")
    kogral("config", "set", "inheritance.base", "team, shared")
    kogral("config", "unset", "graph.title")
    text = project.read_text()
    assert "# what the shop knows" in text
    assert "# Agents may not write.\n[mcp]\nmax_tokens = 3000\n" in text
    assert "add_note = false\nlink = false\n" in text
    assert "title" not in text
    assert kogral("config", "get", "inheritance.base").out == "team, shared\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("get", "graph.nane"), "Did you mean graph.name?"),
        (("set", "graph.nane", "x"), "Did you mean graph.name?"),
        (("set", "mcp.tools.serch", "false"), "Did you mean mcp.tools.search?"),
        (("set", "mcp.max_tokens", "many"), "is a number"),
        (("set", "mcp.max_tokens", "1"), "greater than or equal to 200"),
        (("set", "sync.auto_index", "maybe"), "true or false"),
        (("set", "storage.primary", "sqlite"), "storage.primary"),
        (("unset", "nothing.like.it"), "There is no key"),
    ],
)
def test_mistakes_are_named_and_nothing_is_written(kogral, project, arguments, words: str) -> None:
    found = kogral("config", *arguments)
    assert (found.status, words in found.err) == (2, True), found.err
    assert project.read_text() == FILE


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[grahp]\nname = 'x'", "Did you mean graph?"),
        ("[graph]\nnmae = 'x'", "Did you mean name?"),
        ("graph = 3", "is a section"),
        ("[graph]\nname = 3", "graph.name"),
        ("[mcp.tools]\nserch = true", "Did you mean search?"),
        ("[graph", "not valid TOML"),
        ("\xff", "config.toml"),
    ],
)
def test_a_wrong_file_says_where(kogral, project, text: str, words: str) -> None:
    project.write_bytes(text.encode("latin-1"))
    found = kogral("config")
    assert (found.status, words in found.err) == (2, True), found.err


def test_without_a_project(kogral, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert kogral("config", "get", "graph.name").out == "default\n"
    assert kogral("config", "set", "graph.name", "x").status == 3
    monkeypatch.setenv("KOGRAL_DIR", str(tmp_path / "nowhere"))
    assert kogral("config").status == 3
    (tmp_path / "there" / ".kogral").mkdir(parents=True)
    monkeypatch.setenv("KOGRAL_DIR", str(tmp_path / "there"))
    assert kogral("config", "set", "graph.name", "x").status == 0
    assert (tmp_path / "there" / ".kogral" / "config.toml").read_text() == '[graph]\nname = "x"\n'


def test_this_projects_own_file_is_right(kogral, monkeypatch) -> None:
    monkeypatch.chdir(Path(__file__).parents[2])
    assert kogral("config", "get", "graph.name").out == "stratumiops\n"
