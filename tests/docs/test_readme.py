"""The README is true: its blocks are run in order, as a reader would, and its answers are compared."""

import asyncio
import json
import os
import shutil
import sys
import threading
import time
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from gql import Client, gql
from gql.transport.httpx import HTTPXAsyncTransport
from gql.transport.websockets import WebsocketsTransport
from pydantic import SecretStr

from stratumiops.resolvers.auth import read_tokens
from stratumiops.resolvers.configuration import load_settings

from .blocks import README, Block, blocks, differs, text_matches, without
from .conftest import Reader

PAGE = without(README.read_text(encoding="utf-8"), "Your secrets")
"""That chapter is run by `tests/vault/test_readme.py`, beside a PostgreSQL."""
NOT_RUN = ["make run", "make test", "needs a language model", "a Neo4j of your own", "docker compose"]
"""Blocks that cannot run inside a test; the first two are what runs the tests."""
SHOWN_ORIGIN = "http://127.0.0.1:8001"
SHOWN_INSTANT = "2026-11-24T08:30:00Z"
"""Stands in the README for an instant of the reader's own."""
DEADLINE_S = 60
CHANGE = """mutation { createNote(input: {graph: "shop", title: "Seen"}) { note { id } } }"""
FIRST_STATE = """{ history(graph: "shop", id: "jobs-in-postgres") { rev validFrom } }"""


def test_few_blocks_are_not_run() -> None:
    assert [block.why for block in blocks(PAGE) if block.why] == NOT_RUN


def test_every_block_is_of_a_kind_that_is_checked() -> None:
    unknown = [block for block in blocks(PAGE) if block.kind not in {*RUNNERS, "text"}]
    assert not unknown, unknown
    assert len(blocks(PAGE)) > 30


@pytest.mark.own_server
@pytest.mark.node
@pytest.mark.timeout(900)
@pytest.mark.xdist_group("readme")
def test_blocks_run_and_answer_as_shown(reader: Reader, javascript_packages: Path) -> None:
    provide_curl(reader)
    (reader.folder / "node_modules").symlink_to(javascript_packages)
    for block in blocks(PAGE):
        if block.why is None and block.kind in RUNNERS:
            try:
                RUNNERS[block.kind](reader, block)
            except AssertionError as error:
                pytest.fail(f"README.md, line {block.line}: {error}")
    assert read_tokens(reader.folder / "tokens.toml")[0].principal.name == "ci"
    assert "digraph" in (reader.folder / "decisions.dot").read_text()
    assert (reader.folder / "graph.backup").stat().st_size > 0


def provide_curl(reader: Reader) -> None:
    if shutil.which("curl", path=reader.environ["PATH"]) is None:
        tools = reader.folder / "tools"
        tools.mkdir()
        script = Path(__file__).with_name("curl.py")
        (tools / "curl").write_text(f'#!/bin/sh\nexec "{sys.executable}" "{script}" "$@"\n')
        (tools / "curl").chmod(0o755)
        reader.environ["PATH"] = f"{tools}{os.pathsep}{reader.environ['PATH']}"


def run_bash(reader: Reader, block: Block) -> None:
    script = substituted(reader, block.text)
    compare(block, reader.run("bash", "-euo", "pipefail", "-c", script))
    if "stratumiops restore" in script:
        wait_until_it_answers(reader)


def wait_until_it_answers(reader: Reader) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while "errors" in (answer := execute(reader, "{ serverInfo { version } }")):
        assert time.monotonic() < deadline, answer
        threading.Event().wait(0.1)


def run_python(reader: Reader, block: Block) -> None:
    said = reader.run(sys.executable, "-c", substituted(reader, block.text))
    if block.answer is None:
        assert len(said.splitlines()) > 20, said
    compare(block, said)


def run_javascript(reader: Reader, block: Block) -> None:
    (reader.folder / "client.mjs").write_text(substituted(reader, block.text))
    said = reader.run("node", "client.mjs").splitlines()
    assert said[0].startswith("The shop "), said
    assert "NODE_CREATED" in "".join(said[1:]) or "GRAPH_CHANGED" in "".join(said[1:]), said


def run_graphql(reader: Reader, block: Block) -> None:
    text = substituted(reader, block.text)
    if text.startswith("subscription"):
        assert asyncio.run(first_change(reader, text))["op"] == "NODE_CREATED"
        return
    if SHOWN_INSTANT in text:
        states = execute(reader, FIRST_STATE)["data"]["history"]
        text = text.replace(SHOWN_INSTANT, states[-1]["validFrom"])
    answer = execute(reader, text)
    assert block.answer is not None or "errors" not in answer, answer
    compare(block, json.dumps(answer))


async def first_change(reader: Reader, text: str) -> dict[str, Any]:
    """The first change that a subscription tells of; changes are made until it does."""
    url = f"{reader.origin}/graphql"
    async with (
        Client(transport=WebsocketsTransport(url.replace("http", "ws", 1))) as listener,
        Client(transport=HTTPXAsyncTransport(url)) as writer,
        asyncio.timeout(DEADLINE_S),
    ):
        stream = listener.subscribe(gql(text))
        event = asyncio.ensure_future(anext(stream))
        while not event.done():
            await writer.execute(gql(CHANGE))
            await asyncio.wait([event], timeout=0.1)
        await stream.aclose()
        change: dict[str, Any] = event.result()["nodeChanged"]
        return change


def check_toml(reader: Reader, block: Block) -> None:
    assert block.text.startswith("# stratumiops.toml\n"), "say which file it is"
    home = reader.folder / "settings"
    home.mkdir(exist_ok=True)
    (home / "stratumiops.toml").write_text(block.text)
    settings = load_settings(home).model_dump()
    for section, keys in tomllib.loads(block.text).items():
        for key, value in keys.items():
            assert as_written(settings[section][key], value) == value


def as_written(found: Any, value: Any) -> Any:
    """A setting as the page writes it: secrets in plain text, paths as text."""
    if isinstance(found, tuple):
        return [as_written(one, value[0]) for one in found]
    return found.get_secret_value() if isinstance(found, SecretStr) else type(value)(found)


RUNNERS: dict[str, Callable[[Reader, Block], None]] = {
    "bash": run_bash,
    "graphql": run_graphql,
    "python": run_python,
    "js": run_javascript,
    "toml": check_toml,
}


def substituted(reader: Reader, text: str) -> str:
    return text.replace(SHOWN_ORIGIN, reader.origin)


def execute(reader: Reader, text: str) -> dict[str, Any]:
    answer = httpx.post(f"{reader.origin}/graphql", json={"query": text}, timeout=DEADLINE_S)
    found: dict[str, Any] = answer.json()
    return found


def compare(block: Block, said: str) -> None:
    """Fail when the page shows an answer and this is another one."""
    if block.answer is None:
        return
    if block.answer.lstrip().startswith("{"):
        difference = differs(json.loads(block.answer), json.loads(said))
        assert difference is None, difference
    else:
        assert text_matches(block.answer, said), said
