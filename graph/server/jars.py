"""Which files make up the server: the lock that ships with this package."""

import hashlib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

NEO4J_VERSION = "2026.08.1"
"""Neo4j Community, GPL-3.0: fetched by the user's machine, not part of this package."""


@dataclass(frozen=True, slots=True)
class Jar:
    """One pinned file. `size` is in bytes, `sha256` in hexadecimal."""

    group: str
    artifact: str
    version: str
    classifier: str
    size: int
    sha256: str

    @property
    def name(self) -> str:
        """File name in the cache, the same as in the repository."""
        tail = f"-{self.classifier}" if self.classifier else ""
        return f"{self.artifact}-{self.version}{tail}.jar"

    @property
    def path(self) -> str:
        """Path in a Maven repository, without a leading slash."""
        return f"{self.group.replace('.', '/')}/{self.artifact}/{self.version}/{self.name}"

    @property
    def coordinates(self) -> str:
        """`group:artifact:version[:classifier]`."""
        return ":".join(filter(None, (self.group, self.artifact, self.version, self.classifier)))


@dataclass(frozen=True, slots=True)
class JarLock:
    """All files of one server version. `digest` is the sha256 of the lock itself."""

    version: str
    jars: tuple[Jar, ...]
    digest: str

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(jar.size for jar in self.jars)


@cache
def load_lock() -> JarLock:
    """The lock of this release."""
    file = resources.files(__package__) / f"neo4j-{NEO4J_VERSION}.lock.toml"
    return parse_lock(file.read_text(encoding="utf-8"))


def parse_lock(text: str) -> JarLock:
    """Read a lock: `version`, and `jars` with `"group:artifact:version[:classifier]" = [size, sha256]`."""
    data = tomllib.loads(text)
    jars = tuple(_jar(coordinates, *pinned) for coordinates, pinned in data["jars"].items())
    return JarLock(version=data["version"], jars=jars, digest=hashlib.sha256(text.encode()).hexdigest())


def format_lock(version: str, jars: Iterable[Jar]) -> str:
    """Write what `parse_lock` reads, sorted by coordinates."""
    lines = [f'"{jar.coordinates}" = [{jar.size}, "{jar.sha256}"]' for jar in jars]
    return f'version = "{version}"\n\n[jars] # size in bytes, sha256\n' + "\n".join(sorted(lines)) + "\n"


def file_sha256(path: Path) -> str:
    """Hexadecimal sha256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _jar(coordinates: str, size: int, sha256: str) -> Jar:
    group, artifact, version, *classifier = coordinates.split(":")
    return Jar(group, artifact, version, classifier[0] if classifier else "", size, sha256)
