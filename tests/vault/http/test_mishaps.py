"""A mistake in an engine: the client learns that there was one, the log where, and nobody what it said."""

import io

import pytest
import structlog

from stratumiops.vault.backend import Match
from stratumiops.vault.core import mishaps
from stratumiops.vault.engines.kv1 import Kv1Backend
from stratumiops.vault.request import Request, Response

from .live import open_core


async def broken(self: Kv1Backend, request: Request, match: Match) -> Response:
    raise ValueError("the secret is in the text of the mistake")


async def test_a_mistake_is_told_without_what_it_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("audit") / "log"
    told = io.StringIO()
    renderer = structlog.processors.JSONRenderer()
    logger = structlog.wrap_logger(structlog.PrintLogger(told), processors=[renderer])
    monkeypatch.setattr(mishaps, "_log", logger)
    monkeypatch.setattr(Kv1Backend, "_read", broken)
    live = await open_core()
    device = {"type": "file", "options": {"file_path": str(file)}}
    assert (await live.ask("PUT", "sys/audit/file", device)).status == 204
    found = await live.ask("GET", "kv1/a")
    assert found.status == 500
    assert b"internal error" in found.body
    for text in (found.body.decode(), told.getvalue(), file.read_text()):
        assert "the secret" not in text
    assert "test_mishaps.py" in told.getvalue()
    assert file.read_text().count('"path":"kv1/a"') == 2
    await live.core.stop()
