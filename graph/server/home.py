"""One data directory: where everything of an installation is, who may read it, and what Neo4j is told."""

import hashlib
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stratumiops.graph.errors import BadInput
from stratumiops.graph.server.settings import MemorySize

USER = "neo4j"
_ITERATIONS = 1024
_CONF = """\
# Written anew at every start.
server.bolt.listen_address=127.0.0.1:{port}
server.http.enabled=false
server.https.enabled=false
dbms.usage_report.enabled=false
dbms.fleet_manager.enabled=false
server.fleet_discovery.enabled=false
client.allow_telemetry=false
server.memory.pagecache.size={pagecache}
db.tx_log.preallocate=false
db.tx_log.rotation.size=64m
internal.dbms.bolt.netty_server_shutdown_quiet_period_duration=0s
db.transaction.timeout=60s
db.lock.acquisition.timeout=10s
db.memory.transaction.max={transaction}
dbms.security.allow_csv_import_from_file_urls=false
db.logs.query.enabled=OFF
db.index.fulltext.eventually_consistent_refresh_interval=300ms
internal.dbms.cypher_ip_blocklist=0.0.0.0/0,::/0
"""
_MEMORY = {
    MemorySize.SMALL: {"pagecache": "64m", "transaction": "128m"},
    MemorySize.MEDIUM: {"pagecache": "256m", "transaction": "384m"},
}


@dataclass(frozen=True, slots=True)
class Home:
    """The paths of a data directory. Nothing is made before `prepare`."""

    root: Path

    @property
    def neo4j(self) -> Path:
        """Home of the database server."""
        return self.root / "neo4j"

    @property
    def conf(self) -> Path:
        """Folder of `neo4j.conf`."""
        return self.neo4j / "conf"

    @property
    def data(self) -> Path:
        """The stores and the transaction logs."""
        return self.neo4j / "data"

    @property
    def run(self) -> Path:
        """What describes running processes; nothing here needs to survive a reboot."""
        return self.root / "run"

    @property
    def logs(self) -> Path:
        """Logs of the supervisor and of what it starts; Neo4j's own are in `neo4j/logs`."""
        return self.root / "logs"

    @property
    def credentials(self) -> Path:
        """User and generated password of the managed server."""
        return self.root / "credentials.json"

    @property
    def supervisor_lock(self) -> Path:
        """Held by the one supervisor of this home while it lives."""
        return self.run / "stratumiops.lock"

    def record(self, name: str) -> Path:
        """Where a running process of this home is described."""
        return self.run / f"{name}.json"

    def log(self, name: str) -> Path:
        """What a process of this home writes to its standard output and error."""
        return self.logs / f"{name}.log"

    def prepare(self) -> None:
        """Make the folders, for this user only, and the credentials; harmless when they are there.

        Raises:
            BadInput: the folder cannot be made or belongs to somebody else.
        """
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.root.chmod(0o700)
            for folder in (self.run, self.logs, self.neo4j, self.conf):
                folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise BadInput(
                f"{self.root} cannot be used as data directory: {error.strerror}",
                hint="name another one with --home or STRATUMIOPS_HOME",
                field="home",
            ) from error
        self._prepare_credentials()

    def password(self) -> str:
        """The generated password of the managed server.

        Raises:
            BadInput: the file is damaged.
            FileNotFoundError: this home was never started.
        """
        try:
            return str(json.loads(self.credentials.read_text(encoding="utf-8"))["password"])
        except (ValueError, KeyError, TypeError) as error:
            raise BadInput(
                f"{self.credentials} is damaged: expected an object with user and password",
                hint="put a copy of it back; without the password the data cannot be opened",
            ) from error

    def write_conf(self, port: int, memory: MemorySize) -> None:
        """Write `neo4j.conf` for a start on 127.0.0.1:`port`."""
        write_private(self.conf / "neo4j.conf", _CONF.format(port=port, **_MEMORY[memory]))

    def _prepare_credentials(self) -> None:
        if not self.credentials.exists():
            password = secrets.token_urlsafe(32)
            write_private(self.credentials, json.dumps({"user": USER, "password": password}) + "\n")
        if not (self.data / "databases" / "system").exists():
            folder = self.data / "dbms"
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_private(folder / "auth.ini", auth_line(self.password()))


def auth_line(password: str) -> str:
    """The record of the first user as Neo4j reads it at the first start: salted, iterated SHA-256."""
    salt = secrets.token_bytes(32)
    digest = hashlib.sha256(salt + password.encode()).digest()
    for _ in range(_ITERATIONS - 1):
        digest = hashlib.sha256(digest).digest()
    return f"{USER}:SHA-256,{digest.hex()},{salt.hex()},{_ITERATIONS}:\n"


def write_private(path: Path, text: str) -> None:
    """Replace a file in one step, readable by its owner only."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_record(path: Path, values: dict[str, Any]) -> None:
    """Describe a running process."""
    write_private(path, json.dumps(values, indent=1) + "\n")


def read_record(path: Path) -> dict[str, Any] | None:
    """What `write_record` wrote, or None when there is nothing readable."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return values if isinstance(values, dict) else None
