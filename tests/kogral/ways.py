"""One command run twice: against a server, and on a directory of files; and what of the answers must be the same."""

import io
import json
import re
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from typing import Any

import pytest

from stratumiops.ui.cli.kogral import main

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
VARYING = {"seconds", "score", "graph_created", "priority", "valid_from"}
"""Values that two stores, or two moments, may have differently: an import joins nodes in pieces of any size."""


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def run(patch: pytest.MonkeyPatch, *arguments: str, **environ: str) -> Ran:
    """Run `kogral` here."""
    out, err = io.StringIO(), io.StringIO()
    status: Any = 0
    with patch.context() as inside, redirect_stdout(out), redirect_stderr(err):
        for name in ("STRATUMIOPS_URL", "KOGRAL_DIR", "KOGRAL_GRAPH"):
            inside.delenv(name, raising=False)
        for name, value in {"COLUMNS": "100", **environ}.items():
            inside.setenv(name, value)
        inside.setattr(sys, "argv", ["kogral", *arguments])
        try:
            main()
        except SystemExit as left:
            status = left.code or 0
    return Ran(status, out.getvalue(), err.getvalue())


@dataclass(frozen=True)
class Both:
    """Runs a command both ways."""

    graph: str
    directory: Path
    server: Callable[..., Ran]
    local: Callable[..., Ran]

    def __call__(self, *arguments: str, graph: bool = True) -> Any:
        """The JSON that both print, after both were found to be the same; the server's."""
        given = (*arguments, *(("--graph", self.graph) if graph else ()), "--json")
        server, local = self.server(*given), self.local(*given)
        assert local.status == server.status, (server, local)
        assert clean(local.json) == clean(server.json), _difference(clean(server.json), clean(local.json))
        return server.json

    def text(self, *arguments: str) -> str:
        """The text that both print; the server's."""
        given = (*arguments, "--graph", self.graph)
        server, local = self.server(*given), self.local(*given)
        assert (local.status, INSTANT.sub("…", local.out)) == (server.status, INSTANT.sub("…", server.out))
        return server.out

    def fails(self, *arguments: str) -> tuple[int, str]:
        """The exit status and code of an error, which both give."""
        given = (*arguments, "--graph", self.graph, "--json")
        server, local = self.server(*given), self.local(*given)
        assert server.status != 0
        assert (local.status, local.json["error"]["code"]) == (server.status, server.json["error"]["code"])
        assert local.json["error"].get("field") == server.json["error"].get("field")
        return server.status, str(server.json["error"]["code"])


def _difference(server: Any, local: Any) -> str:
    whole = [json.dumps(value, indent=1, sort_keys=True).splitlines() for value in (server, local)]
    return "\n".join(list(unified_diff(*whole, "server", "local", n=1))[:60])


def clean(value: Any) -> Any:
    """A value without what may vary, instants by their order of size only."""
    instants = sorted(set(INSTANT.findall(json.dumps(value))))
    places = {instant: f"instant {place}" for place, instant in enumerate(instants)}
    return _clean(value, places)


def _clean(value: Any, places: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _clean(each, places) for name, each in value.items() if name not in VARYING}
    if isinstance(value, list):
        return [_clean(each, places) for each in value]
    return places.get(value, value) if isinstance(value, str) else value
