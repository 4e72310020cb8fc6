"""The benchmark of pictures runs: everything but its size."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import ROOT


@pytest.mark.own_server
@pytest.mark.node
def test_pictures_are_measured_in_a_browser(tmp_path: Path) -> None:
    results = tmp_path / "RESULTS.md"
    command = [sys.executable, "-m", "benchmarks", "--quick", "--contenders", "ours", "--parts", "browser"]
    command += ["--results", str(results)]
    environ = os.environ | {"PYTHONSAFEPATH": ""}
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    report = results.read_text(encoding="utf-8")
    assert "## Pictures in Chromium" in report
    assert "2,500 / 7,500: CPU of a frame, communities open" in report
