"""Fetching: only what is pinned gets in, only what is missing is asked for."""

import hashlib
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from stratumiops.graph.errors import Unavailable
from stratumiops.graph.server.cache import JarCache
from stratumiops.graph.server.download import ensure_jars
from stratumiops.graph.server.jars import Jar, JarLock, format_lock, load_lock, parse_lock

from .conftest import Repository

CHILD = Path(__file__).with_name("fetch_child.py")
CONTENTS = {name: name.encode() * 5_000 for name in ("alpha", "beta", "gamma", "delta")}


@pytest.fixture
def lock() -> JarLock:
    jars = [
        Jar("org.example", name, "1.0", "", len(content), hashlib.sha256(content).hexdigest())
        for name, content in CONTENTS.items()
    ]
    return parse_lock(format_lock("1.0", jars))


@pytest.fixture
def cache(tmp_path: Path, lock: JarLock) -> JarCache:
    return JarCache(tmp_path / "cache" / "neo4j-1.0", lock)


@pytest.fixture
def filled(repository: Repository, lock: JarLock) -> Repository:
    for jar in lock.jars:
        repository.put(jar.path, CONTENTS[jar.artifact])
    return repository


def test_a_first_start_fetches_everything_and_reports_every_byte(filled: Repository, cache: JarCache) -> None:
    seen: list[tuple[int, int]] = []
    assert ensure_jars(cache, filled.base, progress=lambda done, total: seen.append((done, total))) == 4
    assert cache.complete()
    assert not cache.damaged()
    assert seen[-1] == (cache.lock.size, cache.lock.size)
    assert [path.name for path in cache.root.rglob("*.part")] == []


def test_a_second_start_needs_no_network(filled: Repository, cache: JarCache) -> None:
    ensure_jars(cache, filled.base)
    filled.close()
    asked = len(filled.asked)
    assert ensure_jars(cache, filled.base) == 0
    assert len(filled.asked) == asked


def test_offline_says_how_many_are_missing_and_what_to_set(cache: JarCache) -> None:
    with pytest.raises(Unavailable, match="4 of the 4 files of Neo4j are still missing") as raised:
        ensure_jars(cache, "http://127.0.0.1:9")
    assert "STRATUMIOPS_MAVEN" in (raised.value.hint or "")
    assert not cache.complete()


@pytest.mark.parametrize("cut", [0, 10, 19_999])
def test_a_truncated_file_is_fetched_again_and_alone(filled: Repository, cache: JarCache, cut: int) -> None:
    ensure_jars(cache, filled.base)
    victim = next(jar for jar in cache.lock.jars if jar.artifact == "beta")
    os.truncate(cache.path(victim), cut)
    filled.asked.clear()
    assert not cache.complete()
    assert ensure_jars(cache, filled.base) == 1
    assert filled.asked == [victim.path]
    assert not cache.damaged()


def test_a_file_with_wrong_content_of_the_right_size_is_found_by_verify(filled: Repository, cache: JarCache) -> None:
    ensure_jars(cache, filled.base)
    victim = cache.lock.jars[0]
    cache.path(victim).write_bytes(b"x" * victim.size)
    assert cache.damaged() == [victim]


def test_a_repository_that_sends_something_else_is_refused(filled: Repository, cache: JarCache) -> None:
    victim = cache.lock.jars[1]
    filled.put(victim.path, b"<html>log in first</html>")
    with pytest.raises(Unavailable, match=f"{victim.name} is damaged"):
        ensure_jars(cache, filled.base)
    assert not cache.path(victim).exists()
    assert not cache.complete()


def test_a_repository_without_a_file_is_named(filled: Repository, cache: JarCache) -> None:
    victim = cache.lock.jars[2]
    (filled.folder / victim.path).unlink()
    with pytest.raises(Unavailable, match=f"answered 404 for {victim.path}"):
        ensure_jars(cache, filled.base)
    filled.put(victim.path, CONTENTS[victim.artifact])
    ensure_jars(cache, filled.base)
    assert cache.complete()


def test_a_new_lock_makes_an_old_cache_incomplete(filled: Repository, cache: JarCache) -> None:
    ensure_jars(cache, filled.base)
    other = parse_lock(format_lock("1.0", cache.lock.jars[:3]))
    assert not JarCache(cache.root, other).complete()


def test_a_stop_leaves_nothing_half_done(filled: Repository, cache: JarCache) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(Unavailable, match="stopped"):
        ensure_jars(cache, filled.base, stop=stop)
    assert not cache.complete()
    assert list(cache.root.rglob("*.part")) == []


def _start(cache: JarCache, base: str, *more: str) -> "subprocess.Popen[str]":
    lock_file = cache.root.parent.parent / "lock.toml"
    lock_file.write_text(format_lock(cache.lock.version, cache.lock.jars), encoding="utf-8")
    command = [sys.executable, str(CHILD), str(cache.root), str(lock_file), base, *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_two_first_starts_at_once_fetch_every_file_once(filled: Repository, cache: JarCache) -> None:
    filled.gate.clear()
    both = [_start(cache, filled.base) for _ in range(2)]
    assert [process.stdout and process.stdout.readline() for process in both] == ["started\n"] * 2
    filled.gate.set()
    assert [process.communicate(timeout=60)[1] for process in both] == ["", ""]
    assert [process.returncode for process in both] == [0, 0]
    assert sorted(filled.asked) == sorted(jar.path for jar in cache.lock.jars)


def test_a_full_disk_is_said_so(filled: Repository, cache: JarCache) -> None:
    process = _start(cache, filled.base, "10000")
    assert "no space left" in process.communicate(timeout=60)[1]
    assert process.returncode == 1
    assert list(cache.root.rglob("*.part")) == []


def test_the_lock_of_this_release() -> None:
    lock = load_lock()
    assert len({jar.name for jar in lock.jars}) == len(lock.jars) == 237
    assert all(len(jar.sha256) == 64 and jar.size > 0 for jar in lock.jars)
    native = next(jar for jar in lock.jars if jar.classifier == "linux-x86_64")
    assert native.path.endswith(f"/{native.artifact}/{native.version}/{native.name}")
    assert native.name.endswith("-linux-x86_64.jar")
