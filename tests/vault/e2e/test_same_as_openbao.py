"""The unmodified `bao` command sees the same of svault as of OpenBao, step by step."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from ..servers import openbao, svault  # noqa: TID252 - servers of all tests of the vault
from .running import Run
from .script import SCRIPT

pytestmark = pytest.mark.timeout(600)


def observed(address: str, folder: Path) -> list[dict[str, Any]]:
    run = Run(address, folder)
    return [run.step(step) for step in SCRIPT]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    ours, theirs = tmp_path_factory.mktemp("svault"), tmp_path_factory.mktemp("openbao")
    with svault(ours) as one, openbao(theirs) as other, ThreadPoolExecutor(2) as threads:
        first = threads.submit(observed, one.address, ours)
        second = threads.submit(observed, other.address, theirs)
        return first.result(), second.result()


def test_the_script_is_long_enough() -> None:
    assert len(SCRIPT) >= 150


@pytest.mark.parametrize("place", range(len(SCRIPT)), ids=[f"{n}:{step.line[:50]}" for n, step in enumerate(SCRIPT)])
def test_step(both: tuple[list[dict[str, Any]], list[dict[str, Any]]], place: int) -> None:
    ours, theirs = both
    assert ours[place] == theirs[place], SCRIPT[place].line
