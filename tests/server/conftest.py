"""A managed Neo4j of these tests' own, and what is needed to fetch files from nowhere but here."""

import threading
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.ports import unused_port

from stratumiops.graph.server.cache import JarCache
from stratumiops.graph.server.download import ensure_jars
from stratumiops.graph.server.home import Home
from stratumiops.graph.server.process import ManagedNeo4j
from stratumiops.graph.server.settings import AotMode, ServerSettings
from stratumiops.graph.store.database import Database
from stratumiops.graph.store.migrations import migrate


def never(_seconds: float) -> bool:
    """A pause that waits and never gives up."""
    threading.Event().wait(_seconds)
    return False


@pytest.fixture(scope="session")
def server_settings() -> ServerSettings:
    """Settings over the machine's file cache, which is filled when it is not."""
    found = ServerSettings.from_env()
    ensure_jars(JarCache.of(found), found.maven)
    return replace(found, aot=AotMode.USE, bolt_port=unused_port())


@pytest.fixture
def make_server(server_settings: ServerSettings) -> Iterator[Callable[..., ManagedNeo4j]]:
    """Makes servers of prepared homes; whatever runs at the end is stopped."""
    made: list[ManagedNeo4j] = []

    def make(root: Path, port: int | None = None) -> ManagedNeo4j:
        home = Home(root)
        home.prepare()
        settings = replace(server_settings, bolt_port=port or unused_port())
        made.append(ManagedNeo4j(home, settings))
        return made[-1]

    yield make
    for server in made:
        server.stop()


@pytest.fixture(scope="module")
def running(
    server_settings: ServerSettings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Home, ManagedNeo4j]]:
    """One started server for a module, and its home."""
    home = Home(tmp_path_factory.mktemp("home"))
    home.prepare()
    server = ManagedNeo4j(home, server_settings)
    server.start()
    server.wait_ready(never)
    yield home, server
    server.stop()


@pytest.fixture
async def own_database(running: tuple[Home, ManagedNeo4j]) -> AsyncIterator[Database]:
    """The module's server with the newest schema; tests may delete everything in it."""
    database = Database(running[1].connection())
    await database.connect()
    await migrate(database)
    yield database
    await database.close()


class Repository:
    """A Maven repository on this machine: `files` by path; `asked` lists the paths that were requested."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[str] = []
        self.gate = threading.Event()
        """While cleared, answers wait."""
        self.gate.set()
        handler = partial(_Handler, self, directory=str(folder))
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.base = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def put(self, path: str, content: bytes) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, repository: Repository, *args: object, **options: object) -> None:
        self._repository = repository
        super().__init__(*args, **options)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        self._repository.asked.append(self.path.lstrip("/"))
        self._repository.gate.wait(30)
        super().do_GET()

    def log_message(self, *_: object) -> None:
        """Tests look at `asked` instead."""


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[Repository]:
    folder = tmp_path / "maven"
    folder.mkdir()
    found = Repository(folder)
    yield found
    found.close()
