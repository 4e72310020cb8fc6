"""The folder of fetched files, shared by every home of a user."""

from dataclasses import dataclass
from pathlib import Path

from stratumiops.graph.server.jars import Jar, JarLock, file_sha256, load_lock
from stratumiops.graph.server.settings import ServerSettings


@dataclass(frozen=True, slots=True)
class JarCache:
    """`<root>/jars/*.jar` and `<root>/.complete`, which holds the digest of the lock that was fetched."""

    root: Path
    lock: JarLock

    @classmethod
    def of(cls, settings: ServerSettings) -> "JarCache":
        """The cache of this release's server version."""
        lock = load_lock()
        return cls(settings.cache / f"neo4j-{lock.version}", lock)

    @property
    def jars(self) -> Path:
        """Where the files are."""
        return self.root / "jars"

    @property
    def marker(self) -> Path:
        """Written last, after every sum was right."""
        return self.root / ".complete"

    @property
    def lock_file(self) -> Path:
        """Held by whoever writes here."""
        return self.root.with_name(f"{self.root.name}.lock")

    def path(self, jar: Jar) -> Path:
        """Where this file belongs."""
        return self.jars / jar.name

    def complete(self) -> bool:
        """Fetched, checked once, and still of the right sizes. Reads no file's content."""
        try:
            fetched = self.marker.read_text(encoding="ascii")
        except FileNotFoundError:
            return False
        return fetched == self.lock.digest and not self.wrong_size()

    def wrong_size(self) -> list[Jar]:
        """Missing files, and files of another size than the lock says."""
        return [jar for jar in self.lock.jars if _size(self.path(jar)) != jar.size]

    def damaged(self) -> list[Jar]:
        """Missing files, and files with another sha256 than the lock says; reads everything (about 1 s)."""
        return [jar for jar in self.lock.jars if not self._intact(jar)]

    def class_path(self) -> str:
        """All files in a fixed order: the ahead-of-time cache is bound to exactly this text."""
        return ":".join(sorted(str(self.path(jar)) for jar in self.lock.jars))

    def _intact(self, jar: Jar) -> bool:
        path = self.path(jar)
        return _size(path) == jar.size and file_sha256(path) == jar.sha256


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return None
