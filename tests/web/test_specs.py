"""How specs are run for the tests of the web app."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest

from . import specs
from .specs import Specs


def _report(outcome: Mapping[str, bool]) -> dict[str, object]:
    suites = [
        {
            "file": name,
            "specs": [
                {
                    "file": name,
                    "line": 3,
                    "title": "opens",
                    "ok": passed,
                    "tests": [
                        {
                            "status": "expected" if passed else "unexpected",
                            "results": [{"errors": [] if passed else [{"message": "\x1b[31mno button\x1b[0m"}]}],
                        }
                    ],
                }
            ],
        }
        for name, passed in outcome.items()
    ]
    return {"errors": [], "suites": suites}


def test_all_run_at_once_and_what_failed_runs_again_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[Sequence[str]] = []

    def node(*command: str, timeout_s: int, **environ: str) -> SimpleNamespace:
        assert timeout_s > 0
        chosen = command[3:-1]
        outcome = {name: name != "b.spec.ts" or bool(runs) for name in chosen if name != "c.spec.ts"}
        runs.append(chosen)
        Path(environ["PLAYWRIGHT_JSON_OUTPUT_FILE"]).write_text(json.dumps(_report(outcome)))
        return SimpleNamespace(stdout="", stderr="")

    monkeypatch.setattr(specs, "node", node)
    found = Specs(["a.spec.ts", "b.spec.ts", "c.spec.ts"], tmp_path, {})
    assert found.failures("a.spec.ts") == ""
    assert found.failures("b.spec.ts") == "b.spec.ts:3 › opens\nno button"
    assert found.failures("c.spec.ts") == "it did not run"
    assert found.failures("b.spec.ts") == ""
    assert found.failures("c.spec.ts") == "it did not run"
    assert [list(run) for run in runs] == [
        ["a.spec.ts", "b.spec.ts", "c.spec.ts"],
        ["c.spec.ts"],
        ["b.spec.ts"],
        ["c.spec.ts"],
    ]
