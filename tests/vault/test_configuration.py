"""`svault.toml`: the page that describes it names every key with its default; mistakes are told."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from stratumiops.vault.config import Config, load, parse
from stratumiops.vault.errors import ConfigError

PAGE = Path(__file__).parents[2] / "docs" / "svault.md"


def shown() -> str:
    found = re.search(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    assert found is not None
    return found[1]


def test_the_page_shows_the_defaults(tmp_path: Path) -> None:
    file = tmp_path / "svault.toml"
    file.write_text(shown())
    config = load(file)
    files = config.storage.filesystem
    assert files.path == tmp_path / "svault-data"
    plain = config.storage.model_copy(update={"filesystem": Config().storage.filesystem})
    assert config.model_copy(update={"storage": plain}) == Config()


def test_the_page_names_every_key() -> None:
    named = set(re.findall(r"^(?:# )?(\w+) =", shown(), re.M)) | set(re.findall(r"(\w+) =", shown()))
    sections = set(re.findall(r"^\[([\w.]+)\]", shown(), re.M))

    def keys(model: type[BaseModel], prefix: str = "") -> None:
        for name, field in model.model_fields.items():
            inner = field.annotation
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                assert f"{prefix}{name}" in sections, f"[{prefix}{name}]"
                keys(inner, f"{prefix}{name}.")
            else:
                assert name in named, f"{prefix}{name}"

    keys(Config)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[servr]", "servr: unknown key; did you mean server?"),
        ('[storage.filesystem]\npth = "x"', "storage.filesystem.pth: unknown key; did you mean path?"),
        ('[storage]\nbackend = "surrealdb"', 'use "neo4j"'),
        ("[seal.shamir]\nshares = 2\nthreshold = 3", "threshold 3 is more than the 2 shares"),
        ('[server]\naddress = "somewhere"', "has no port"),
        ('[server]\ntls_cert = "a.pem"', "tls_cert and tls_key belong together"),
        ('[auth]\ntoken_ttl = "soon"', "is no duration"),
        ("[vault\n", "is no TOML"),
    ],
)
def test_mistakes_are_told(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "svault.toml"
    file.write_text(text)
    with pytest.raises(ConfigError, match=re.escape(said)) as told:
        load(file)
    assert str(file) in str(told.value)


def test_the_example_of_the_specification_can_be_read() -> None:
    config = parse(
        {
            "vault": {"crypto_backend": "oqs"},
            "server": {"address": "0.0.0.0:8200", "tls_cert": "cert.pem", "tls_key": "key.pem"},
            "storage": {"backend": "etcd", "etcd": {"endpoints": ["http://localhost:2379"]}},
            "seal": {"shamir": {"shares": 5, "threshold": 3}},
            "auth": {"token_ttl": "24h"},
        }
    )
    assert (config.auth.token_ttl, config.storage.backend) == (86_400, "etcd")
