"""One vault over one storage, whose server is killed at chosen commits and started again."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from tests.vault.servers import SVAULT, Server, svault
from tests.vault.storage.kept import Kept

DOOMED = [str(Path(__file__).with_name("doomed.py"))]
INIT = {"secret_shares": 3, "secret_threshold": 2}
CONFIG = '[server]\naddress = "127.0.0.1:{port}"\n[seal]\nanchor = "anchor"\n'


class Lives:
    """`shares` and `root` are what was told last; two shares unseal.

    Args:
        doomed: `order` can be given.
        more: of the configuration.
    """

    def __init__(self, folder: Path, kept: Kept, *, doomed: bool = False, more: str = "") -> None:
        self.folder = folder
        self.kept = kept
        self._program = DOOMED if doomed else SVAULT
        self._config = CONFIG + kept.toml + more
        self.shares: list[str] = []
        self.root = ""

    @contextmanager
    def life(self, *, unsealed: bool = True) -> Iterator[Server]:
        """A server; it ends with the block, and another one has the storage at once."""
        (self.folder / "order").unlink(missing_ok=True)
        with svault(self.folder, self._config, self._program) as server:
            server.shares, server.root = self.shares, self.root
            if unsealed:
                server.unseal(2)
            yield server
        log = server.log.read_text()
        assert "Traceback" not in log, log
        self.kept.release()

    def begin(self, server: Server) -> None:
        """Initialise, and unseal."""
        self.initialise(server)
        server.unseal(2)

    def initialise(self, server: Server) -> None:
        made = server.ask("PUT", "sys/init", json=INIT).json()
        self.shares, self.root = made["keys_base64"], made["root_token"]
        server.shares, server.root = self.shares, self.root

    def order(self, moment: str, number: int) -> None:
        """When the server is to die."""
        (self.folder / "order").write_text(f"{moment} {number}")

    def killed(self, server: Server, moment: str, number: int, method: str, path: str, **more: Any) -> bool:
        """Whether the server has died before it answered; otherwise the answer was good."""
        self.order(moment, number)
        try:
            answer = server.ask(method, path, **more)
        except httpx.TransportError:
            assert server.process.wait(30) == -signal.SIGKILL
            return True
        assert answer.is_success, answer.text
        return False
