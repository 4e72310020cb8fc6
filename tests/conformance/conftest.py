"""Node.js with the packages of `node/package-lock.json`, and the real application on a free port."""

import asyncio
import fcntl
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent / "node"
BIN = Path(sys.executable).parent
DEADLINE_S = 120

RunNode = Callable[..., Awaitable[Any]]


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """The folder with the packages installed, once for a lock file and all test processes."""
    wanted = hashlib.sha256((FOLDER / "package-lock.json").read_bytes()).hexdigest()
    modules = FOLDER / "node_modules"
    stamp = modules / ".lock.sha256"
    with (FOLDER / ".gitignore").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.is_file() or stamp.read_text() != wanted:
            subprocess.run(
                [BIN / "npm", "ci", "--silent"], cwd=FOLDER, env=_environment(), check=True, timeout=DEADLINE_S
            )
            stamp.write_text(wanted)
    return FOLDER


@pytest.fixture(scope="session")
def run_node(node_modules: Path) -> RunNode:
    """Runs a script of the folder: `await run_node("audits.mjs", url)`; gives what it printed as JSON."""

    async def run(script: str, *arguments: str, stdin: object = None) -> Any:
        process = await asyncio.create_subprocess_exec(
            BIN / "node",
            script,
            *arguments,
            cwd=node_modules,
            env=_environment(),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(DEADLINE_S):
                out, err = await process.communicate(json.dumps(stdin).encode())
        finally:
            if process.returncode is None:
                process.kill()
        assert process.returncode == 0, err.decode()
        return json.loads(out)

    return run


def _environment() -> dict[str, str]:
    return {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
