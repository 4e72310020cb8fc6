"""Runs specs in one browser, one after the other, and tells what went wrong in each."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from .conftest import BIN, node

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def outcomes(specs: Sequence[str], report: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """By each spec that ran: its failures, empty where all of its tests passed.

    Args:
        specs: files of ui/web/e2e.
        report: where Playwright writes what it found.
        environ: what the specs are told.
    """
    done = node(
        *(str(BIN / "npx"), "playwright", "test", *specs, "--reporter=json"),
        timeout_s=3_000,
        CI="1",
        PLAYWRIGHT_JSON_OUTPUT_FILE=str(report),
        **environ,
    )
    assert report.exists(), f"{done.stdout[-6000:]}\n{done.stderr[-2000:]}"
    found = json.loads(report.read_text(encoding="utf-8"))
    assert not found["errors"], found["errors"]
    return {suite["file"]: "\n\n".join(_failures(suite)) for suite in found["suites"]}


class Specs:
    """Runs specs of the web app, and tells of each what went wrong.

    The first question runs all that are chosen in one browser, which takes longer to start than some of them. One
    that is asked about again runs again, by itself.
    """

    def __init__(self, chosen: Sequence[str], folder: Path, environ: Mapping[str, str]) -> None:
        self._waiting, self._report, self._environ = list(chosen), folder / "report.json", environ
        self._found: dict[str, str] = {}

    def failures(self, spec: str) -> str:
        """What went wrong in it; empty where all of its tests passed."""
        if spec not in self._found:
            self._report.unlink(missing_ok=True)
            self._found |= outcomes(self._waiting or [spec], self._report, self._environ)
            self._waiting = []
        return self._found.pop(spec, "it did not run")


def _failures(suite: Mapping[str, Any]) -> Iterator[str]:
    for inner in suite.get("suites", ()):
        yield from _failures(inner)
    for spec in suite.get("specs", ()):
        if spec["ok"] and all(test["status"] == "expected" for test in spec["tests"]):
            continue
        errors = [error["message"] for test in spec["tests"] for one in test["results"] for error in one["errors"]]
        said = _COLOUR.sub("", "\n".join(errors) or "it did not run")
        yield f"{spec['file']}:{spec['line']} › {spec['title']}\n{said[:4_000]}"
