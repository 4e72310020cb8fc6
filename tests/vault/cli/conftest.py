"""One svault for all tests of the command line, and commands as a shell runs them."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from stratumiops.vault.cli import main

from ..servers import Server, svault  # noqa: TID252 - servers of all tests of the vault


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Done]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with svault(tmp_path_factory.mktemp("cli")) as made:
        made.begin()
        for path, kind in (("secret", "kv-v2"), ("kv1", "kv"), ("transit", "transit"), ("pki", "pki")):
            made.data("POST", f"sys/mounts/{path}", json={"type": kind})
        yield made


@pytest.fixture
def run(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """A command within this process, with the root token."""
    for name in [name for name in os.environ if name.startswith(("VAULT_", "SVAULT_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("VAULT_ADDR", server.address)
    monkeypatch.setenv("VAULT_TOKEN", server.root)
    monkeypatch.setenv("SVAULT_TOKEN_FILE", str(tmp_path / "token"))
    monkeypatch.chdir(tmp_path)

    def command(*words: str, stdin: str = "", **environ: str) -> Done:
        with monkeypatch.context() as patch:
            patch.setattr(sys, "argv", ["svault", *words])
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
            for name, value in environ.items():
                patch.setenv(name, value)
            capsys.readouterr()
            try:
                main()
                status = 0
            except SystemExit as ended:
                status = int(ended.code or 0)
        told = capsys.readouterr()
        return Done(status, told.out, told.err)

    return command


def process(*words: str, stdin: str = "", **environ: str) -> Done:
    """A command as a process of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("VAULT_", "SVAULT_"))}
    command = [sys.executable, "-m", "stratumiops.vault.cli", *words]
    done = subprocess.run(
        command, env=kept | environ, input=stdin, capture_output=True, text=True, timeout=60, check=False
    )
    return Done(done.returncode, done.stdout, done.stderr)
