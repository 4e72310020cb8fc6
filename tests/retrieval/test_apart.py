"""A local model in a process of its own."""

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from stratumiops.graph.errors import BadInput, Unavailable
from stratumiops.ingest.embedding.apart import ApartEmbedder
from stratumiops.ingest.embedding.opening import open_embedder
from stratumiops.ingest.embedding.ports import ModelSpec

TEXTS = ["a cat on the sill", "share prices fell", "", "x " * 900, *(f"note {number}" for number in range(40))]


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def worked(apart: ApartEmbedder) -> float:
    """Processor time that the process has used."""
    assert apart.pid is not None
    return psutil.Process(apart.pid).cpu_times().user


def test_it_gives_what_the_model_gives_here() -> None:
    here, apart = open_embedder(ModelSpec()), ApartEmbedder(ModelSpec())
    assert (apart.provider, apart.model, apart.dimensions) == (here.provider, here.model, here.dimensions)
    assert apart.embed("a cat") == pytest.approx(here.embed("a cat"), abs=1e-6)
    for mine, theirs in zip(apart.embed_batch(TEXTS), here.embed_batch(TEXTS), strict=True):
        assert sum(a * b for a, b in zip(mine, theirs, strict=True)) > 0.99  # batches differ, and with them rounding
    assert apart.tokens("windowsill") == list(here.tokens("windowsill"))
    assert apart.embed_batch([]) == []
    apart.close()


def test_it_ends_when_nothing_comes_and_starts_again() -> None:
    apart = ApartEmbedder(ModelSpec(), idle_s=0.2)
    pid = apart.pid
    assert pid is not None
    until(lambda: apart.pid is None)
    until(lambda: gone(pid))
    assert len(apart.embed("again")) == apart.dimensions
    apart.close()


def test_a_process_that_is_killed_is_told_and_made_anew() -> None:
    apart = ApartEmbedder(ModelSpec())
    assert apart.pid is not None
    os.kill(apart.pid, signal.SIGKILL)
    with pytest.raises(Unavailable, match="ended"):
        apart.embed("x")
    assert len(apart.embed("x")) == apart.dimensions
    apart.close()


def test_errors_of_the_model_come_over(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        ApartEmbedder(ModelSpec(model=str(tmp_path)))
    assert caught.value.field == "embeddings.model"
    assert caught.value.hint


def test_a_question_does_not_wait_for_all_of_a_batch() -> None:
    apart = ApartEmbedder(ModelSpec())
    batch = threading.Thread(target=apart.embed_batch, args=(["word " * 200] * 200,))
    before = worked(apart)
    batch.start()
    until(lambda: worked(apart) > before)
    apart.embed("a question")
    assert batch.is_alive()
    batch.join()
    apart.close()
