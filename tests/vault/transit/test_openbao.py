"""The engine answers as OpenBao does: the same statuses, shapes and texts."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from stratumiops.vault.crypto.backends import crypto
from stratumiops.vault.engines.transit.backend import TransitBackend

from ..mounted import Mounted, mounted  # noqa: TID252 - the harness of all engines
from . import steps
from .openbao import OpenBao, Seen, openbao, ours

_TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
_RANDOM = {"public_key", "publickey", "random_bytes", "backup"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenBao]:
    with openbao(tmp_path_factory.mktemp("openbao")) as server:
        yield server


@pytest.fixture(scope="module")
def engine() -> Mounted:
    return mounted(TransitBackend, "transit/", crypto=crypto("openssl"))


@pytest.mark.parametrize("part", ["KEYS", "ENCRYPTION", "SIGNATURES", "TOOLS", "TRANSFER"])
async def test_the_same_as_openbao(server: OpenBao, engine: Mounted, part: str) -> None:
    theirs_known: dict[str, Any] = {}
    our_known: dict[str, Any] = {}
    differences = []
    for step in getattr(steps, part):
        theirs = server.ask(step.operation, step.path, _filled(step.data, theirs_known))
        mine = await ours(engine, step.operation, step.path, _filled(step.data, our_known))
        for name, field in step.remember.items():
            theirs_known[name], our_known[name] = theirs.data[field], mine.data[field]
        left, right = _comparable(theirs, step.texts), _comparable(mine, step.texts)
        if left != right:
            differences.append(f"{step.operation} {step.path} {step.data}\n  OpenBao {left}\n  we      {right}")
    assert not differences, "\n".join(differences)


def _filled(value: Any, known: dict[str, Any]) -> Any:
    if isinstance(value, str) and value.startswith("$"):
        return known[value[1:]]
    if isinstance(value, dict):
        return {name: _filled(one, known) for name, one in value.items()}
    return [_filled(one, known) for one in value] if isinstance(value, list) else value


def _comparable(seen: Seen, texts: bool) -> Seen:
    status = seen.status
    if status == 500 and not any(text in error for error in seen.errors for text in steps.KEPT_500):
        status = 400
    errors = seen.errors if texts else ("…",) * bool(seen.errors)
    return Seen(status, _shape(seen.data, texts), errors)


def _shape(value: Any, texts: bool, name: str = "") -> Any:
    """What does not differ from run to run."""
    if isinstance(value, dict):
        return {
            key: "…" if key in _RANDOM or (key == "error" and not texts) else _shape(one, texts, key)
            for key, one in value.items()
            if not (key == "valid" and one is False)  # OpenBao leaves it out of the results of HMACs
        }
    if isinstance(value, list):
        return [_shape(one, texts) for one in value]
    if isinstance(value, str) and value.startswith("vault:v"):
        return value[: value.index(":", 6)]
    if isinstance(value, str):
        if name.isdecimal() or name == "plaintext":
            return len(value) if "KEY" not in value else value.split("\n")[0]
        return _TIME.sub("<time>", value)
    return "<unix>" if isinstance(value, int) and value > 1_700_000_000 else value
