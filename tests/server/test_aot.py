"""The ahead-of-time cache: built once, by one, and usable."""

import os
import subprocess
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from stratumiops.graph.errors import Unavailable
from stratumiops.graph.server import aot, java
from stratumiops.graph.server.cache import JarCache
from stratumiops.graph.server.locks import try_lock
from stratumiops.graph.server.settings import AotMode, MemorySize, ServerSettings


@pytest.fixture
def settings(server_settings: ServerSettings, tmp_path: Path) -> ServerSettings:
    """A cache with the fetched files and nothing built."""
    there = JarCache.of(server_settings)
    found = replace(server_settings, cache=tmp_path, aot=AotMode.AUTO)
    here = JarCache.of(found)
    here.root.mkdir()
    here.jars.symlink_to(there.jars)
    here.marker.write_text(there.marker.read_text())
    return found


@pytest.mark.parametrize("mode", [AotMode.USE, AotMode.OFF])
def test_it_is_not_built_where_that_is_turned_off(settings: ServerSettings, mode: AotMode) -> None:
    off = replace(settings, aot=mode)
    assert not aot.wanted(off)
    assert not aot.build(off, threading.Event())
    assert aot.wanted(settings)


def test_an_existing_one_is_used_unless_turned_off(settings: ServerSettings) -> None:
    cache = JarCache.of(settings)
    assert java.aot_options(cache, AotMode.AUTO) == []
    java.aot_cache(cache).write_bytes(b"")
    assert not aot.wanted(settings)
    assert java.aot_options(cache, AotMode.USE)[0] == f"-XX:AOTCache={java.aot_cache(cache)}"
    assert java.aot_options(cache, AotMode.OFF) == []


def test_one_that_failed_is_not_tried_again(settings: ServerSettings) -> None:
    aot.failure(JarCache.of(settings)).write_text("no room")
    assert not aot.wanted(settings)


def test_only_one_process_builds(settings: ServerSettings) -> None:
    lock = try_lock(JarCache.of(settings).root / "aot.lock")
    assert lock is not None
    assert not aot.build(settings, threading.Event())
    os.close(lock)


def test_a_stop_leaves_nothing_behind(settings: ServerSettings) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(Unavailable):
        aot.build(settings, stop)
    cache = JarCache.of(settings)
    assert not java.aot_cache(cache).exists()
    assert not (cache.root / "aot-build").exists()


@pytest.mark.timeout(600)
@pytest.mark.usefixtures("neo4j_settings")
def test_it_is_built_and_java_takes_it(server_settings: ServerSettings) -> None:
    """The shared server's start has built it, where it was not there; a server given by name does not need it."""
    settings = replace(server_settings, aot=AotMode.AUTO)
    missing = "NEO4J_TEST_URI" in os.environ and aot.wanted(settings)
    assert aot.build(settings, threading.Event()) == missing
    cache = JarCache.of(settings)
    assert not (cache.root / "aot-build").exists()
    options = java.options(cache, MemorySize.SMALL)
    strict = [java.java(), *options, f"-XX:AOTCache={java.aot_cache(cache)}", "-XX:AOTMode=on", "-version"]
    done = subprocess.run(strict, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
