"""Checks of the machine, the installation and the data directory; nothing has to run."""

import os
import re
import shutil
import stat
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path

from stratumiops.graph.server import aot, java
from stratumiops.graph.server.cache import JarCache
from stratumiops.graph.server.home import Home
from stratumiops.graph.server.settings import AotMode, ServerSettings
from stratumiops.ui.cli.platform.doctor.check import Check, fine, note, wrong

_REQUIREMENT = re.compile(r"([\w.-]+)(?:\[[^]]*\])?(?:==([^;,\s]+))?")
_LEAST_FREE_MB = 500
_FEW_FREE_MB = 2_000
_REINSTALL = "install the locked packages again: `make install` in a checkout, else `pip install stratumiops`"


def python(home: Home) -> Check:
    """The interpreter's version."""
    found = f"Python {sys.version.split()[0]} at {sys.executable}"
    if (3, 11) <= sys.version_info < (3, 14):
        return fine(found)
    return wrong(found, "use Python 3.11, 3.12 or 3.13")


def packages(home: Home) -> Check:
    """Whether what is installed is what this package asks for."""
    broken = []
    asked = distribution("stratumiops").requires or ()
    wanted = [line for line in asked if "sys_platform" not in line and "extra ==" not in line]
    for line in wanted:
        name, pinned = _REQUIREMENT.match(line).groups()  # type: ignore[union-attr]  # matches anything named
        try:
            installed = version(name)
        except PackageNotFoundError:
            broken.append(f"{name} is missing")
            continue
        if pinned and pinned != installed:
            broken.append(f"{name} is {installed}, not {pinned}")
    if broken:
        return wrong(", ".join(broken), _REINSTALL)
    return fine(f"{len(wanted)} required packages are installed")


def java_runtime(home: Home) -> Check:
    """Whether Java runs."""
    path = java.java()
    try:
        answer = subprocess.run([path, "-version"], capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        return wrong(f"{path} does not run: {error}", _REINSTALL)
    return fine(answer.stderr.splitlines()[0])


def jars(home: Home) -> Check:
    """Whether the files of Neo4j are there, by size; `neo4j verify` reads them."""
    cache = JarCache.of(ServerSettings.from_env())
    total, missing = len(cache.lock.jars), len(cache.wrong_size())
    if cache.complete():
        return fine(f"{total} files of Neo4j {cache.lock.version} in {cache.jars}")
    if missing == total:
        return note(f"not fetched yet into {cache.jars}", "`stratumiops neo4j fetch`, or the next `up`, does")
    return wrong(f"{missing} of {total} files are missing or cut in {cache.jars}", "`stratumiops neo4j fetch`")


def aot_cache(home: Home) -> Check:
    """Whether the next start will be a fast one."""
    settings = ServerSettings.from_env()
    cache = JarCache.of(settings)
    file = java.aot_cache(cache)
    if settings.aot is AotMode.OFF:
        return note("turned off by STRATUMIOPS_AOT", "unset it: a start takes half the CPU with the cache")
    if file.exists():
        return fine(f"{file.stat().st_size / 1e6:.0f} MB at {file}")
    if aot.failure(cache).exists():
        reason = aot.failure(cache).read_text(encoding="utf-8").strip()
        return note(f"could not be made: {reason}", f"delete {aot.failure(cache)} to have it tried again")
    return note("not made yet", "it is made in the background after `stratumiops up`")


def home_folder(home: Home) -> Check:
    """Whether the data directory is this user's, and only theirs."""
    root = home.root
    if not root.exists():
        return note(f"{root} does not exist yet", "`stratumiops up` makes it")
    info = root.stat()
    mode = stat.S_IMODE(info.st_mode)
    if info.st_uid != os.getuid():
        return wrong(f"{root} belongs to user {info.st_uid}", f"`sudo chown -R {os.getuid()} {root}`")
    if mode & 0o077:
        return wrong(f"{root} is open to others (mode {mode:04o})", f"`chmod 700 {root}`")
    if not os.access(root, os.W_OK | os.X_OK):
        return wrong(f"{root} cannot be written", f"`chmod 700 {root}`")
    return fine(f"{root}, mode {mode:04o}")


def disk(home: Home) -> Check:
    """Space left for data, logs and backups."""
    folder = _existing(home.root)
    free_mb = shutil.disk_usage(folder).free // 1_000_000
    found = f"{free_mb:,} MB free for {home.root}"
    if free_mb < _LEAST_FREE_MB:
        return wrong(found, "free some space, or move the home with --home; a full disk stops Neo4j")
    return note(found, "keep at least 2 GB free") if free_mb < _FEW_FREE_MB else fine(found)


def credentials(home: Home) -> Check:
    """Whether the generated password is there and readable by its owner only."""
    file = home.credentials
    if not file.exists():
        has_data = (home.data / "databases" / "neo4j").exists()
        if has_data:
            return wrong(f"{file} is gone, but there is data", "put a copy of it back: it opens the data")
        return note("none yet", "`stratumiops up` makes them")
    home.password()
    mode = stat.S_IMODE(file.stat().st_mode)
    if mode & 0o077:
        return wrong(f"{file} is open to others (mode {mode:04o})", f"`chmod 600 {file}`")
    return fine(f"{file}, mode {mode:04o}")


def _existing(folder: Path) -> Path:
    return folder if folder.exists() else _existing(folder.parent)
