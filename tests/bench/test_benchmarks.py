"""The benchmark runs: everything but its length and the peer from npm."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.own_server
def test_quick_run_writes_a_report(tmp_path: Path) -> None:
    results = tmp_path / "RESULTS.md"
    command = [sys.executable, "-m", "benchmarks", "--quick", "--only", "filtered", "--contenders", "ours,bare"]
    command += ["--parts", "operations,hits,slice", "--results", str(results)]
    environ = os.environ | {"PYTHONSAFEPATH": ""}
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    report = results.read_text(encoding="utf-8")
    assert "| operation | × peer | of limit | × DataLoaders | ours | bare |" in report
    assert "2 pairs of answers were compared deeply and were equal" in report
    assert "## Database hits (statements)" in report
    assert "| graphSlice with positions of 600 nodes and 1,800 relations ≤ 1 MB gzipped |" in report
    assert re.search(r"^\| graphSlice with positions \| \d+ \| \d+\.\d\d \| \d+ \| \d+ \|$", report, re.M)


@pytest.mark.own_server
def test_quick_run_puts_svault_beside_openbao(tmp_path: Path) -> None:
    results = tmp_path / "RESULTS.md"
    command = [sys.executable, "-m", "benchmarks", "--quick", "--parts", "vault", "--results", str(results)]
    command += ["--only", "read", "--only", "token"]
    environ = os.environ | {"PYTHONSAFEPATH": ""}
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    report = results.read_text(encoding="utf-8")
    for state in ("off", "on"):
        assert f"| file audit {state} | × OpenBao | svault | openbao | bare | primitive |" in report
    assert report.count("| KV2 read |") == report.count("| token create |") == 2
    assert "| svault idle < 200 MB resident |" in report
