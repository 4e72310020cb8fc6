"""Settings out of files and the environment, and their reference."""

import os
from pathlib import Path

import pytest

from stratumiops.graph.errors import BadInput
from stratumiops.resolvers.configuration import load_settings, reference_table
from stratumiops.resolvers.settings import Settings


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for name in list(os.environ):
        if name.startswith("STRATUMIOPS_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "stratumiops.toml"
    path.write_text(text)
    return path


def test_defaults_listen_on_loopback():
    settings = load_settings()
    assert (settings.server.host, settings.server.port) == ("127.0.0.1", 8001)
    assert settings.limits.max_page_size == 1000


def test_each_source_wins_over_the_one_before(tmp_path, monkeypatch):
    home = tmp_path / "home"
    write(home, "[server]\nport = 1\nhost = '127.0.0.2'\n[limits]\nmax_depth = 3\nmax_aliases = 4")
    write(tmp_path, "[server]\nport = 2\n[limits]\nmax_depth = 5")
    monkeypatch.setenv("STRATUMIOPS_LIMITS__MAX_DEPTH", "6")
    settings = load_settings(home, overrides={"server.port": 7, "server.host": None})
    assert (settings.server.host, settings.server.port) == ("127.0.0.2", 7)
    assert (settings.limits.max_depth, settings.limits.max_aliases) == (6, 4)


def test_a_named_file_replaces_the_others(tmp_path, monkeypatch):
    write(tmp_path, "[server]\nport = 1")
    other = tmp_path / "other.toml"
    other.write_text("[logging]\nlevel = 'error'")
    monkeypatch.setenv("STRATUMIOPS_CONFIG", str(other))
    settings = load_settings()
    assert (settings.server.port, settings.logging.level) == (8001, "error")


@pytest.mark.parametrize(
    ("text", "said", "hint"),
    [
        ("[server]\nprot = 1", "no setting server.prot", "did you mean port?"),
        ("[sever]\nport = 1", "no section [sever]", "did you mean server?"),
        ("[zzz]\nport = 1", "no section [zzz]", "known: ask, auth, cache"),
        ("server = 1", "server is a section", None),
        ("[server", "not valid TOML", None),
    ],
)
def test_a_wrong_key_names_the_file_and_the_nearest(tmp_path, text, said, hint):
    path = write(tmp_path, text)
    with pytest.raises(BadInput) as caught:
        load_settings()
    assert said in caught.value.message
    assert str(path) in caught.value.message
    assert hint is None or hint in caught.value.hint


@pytest.mark.parametrize("name", ["STRATUMIOPS_SERVER__PROT", "STRATUMIOPS_SERVR__PORT", "STRATUMIOPS_SERVER_PORT"])
def test_a_wrong_variable_names_the_nearest(monkeypatch, name):
    monkeypatch.setenv(name, "1")
    with pytest.raises(BadInput, match=name) as caught:
        load_settings()
    assert caught.value.hint == "did you mean STRATUMIOPS_SERVER__PORT?"


def test_a_wrong_value_names_the_setting_or_the_variable(tmp_path, monkeypatch):
    write(tmp_path, "[server]\nport = 70000")
    with pytest.raises(BadInput, match=r"setting server\.port: input should be less than or equal to 65535"):
        load_settings()
    monkeypatch.setenv("STRATUMIOPS_SERVER__PORT", "many")
    with pytest.raises(BadInput, match="environment variable STRATUMIOPS_SERVER__PORT"):
        load_settings()


def test_a_password_is_shown_nowhere(tmp_path, monkeypatch):
    write(tmp_path, "[neo4j]\nuri = 'bolt://x'\npassword = 'hush'")
    assert "hush" not in repr(load_settings())
    monkeypatch.setenv("STRATUMIOPS_NEO4J__POOL_SIZE", "none")
    with pytest.raises(BadInput) as caught:
        load_settings()
    assert "hush" not in str(caught.value)


def test_the_named_file_has_to_exist(monkeypatch):
    monkeypatch.setenv("STRATUMIOPS_CONFIG", "nowhere.toml")
    with pytest.raises(BadInput, match=r"nowhere\.toml cannot be read"):
        load_settings()


def test_every_setting_is_described_and_in_the_reference():
    table = reference_table()
    for section, info in Settings.model_fields.items():
        for key, setting in info.annotation.model_fields.items():
            assert setting.description, f"{section}.{key}"
            assert f"| `{section}.{key}` |" in table
