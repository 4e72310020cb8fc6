"""Coverage-guided fuzzing of every parser, for seconds: `make fuzz` does it for longer."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from .harnesses import HARNESSES, seeds

SECONDS = 3
GROUPS = (
    "policies,cedar,passwords,values,statements,bodies",
    "shares,recipients,acme,jwt,requests,bundles,transit,backups",
    "http,dns",
)
"""Those of a group share a process, which takes longer to start than to find what is easy to find."""
ABOVE = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("name", HARNESSES)
def test_seeds(name: str) -> None:
    for seed in [*seeds(name), b"", b"\0", b"\xff" * 70]:
        HARNESSES[name](seed)


@pytest.mark.parametrize("names", GROUPS, ids=[names.partition(",")[0] for names in GROUPS])
def test_fuzzed(names: str, tmp_path: Path) -> None:
    if importlib.util.find_spec("atheris") is None:
        pytest.skip("atheris has no wheel for this platform")
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    command = [
        sys.executable, "-m", "fuzz.run", names, str(corpus), f"-max_total_time={SECONDS}",
        f"-artifact_prefix={tmp_path}/",
    ]  # fmt: skip
    path = os.pathsep.join([str(ABOVE), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr[-4_000:]
    assert "DONE" in done.stderr


def test_make_fuzz_knows_all_parsers() -> None:
    makefile = (ABOVE.parents[1] / "Makefile").read_text()
    (line,) = [line for line in makefile.splitlines() if line.startswith("FUZZED = ")]
    assert line.split()[2:] == list(HARNESSES)


def test_every_parser_is_in_a_group() -> None:
    assert sorted(",".join(GROUPS).split(",")) == sorted(HARNESSES)
