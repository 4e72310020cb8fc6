"""Which server or directory a command works on.

What is said counts first: an option before a variable, a server before a directory. When nothing is said, it is the
server at the default address if one answers, else the nearest `.kogral` upwards from here.
"""

import socket
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from stratumiops.graph.errors import BadInput, NotFound, Unavailable

DEFAULT_SERVER = "http://127.0.0.1:8001"
FOLDER = ".kogral"
CONNECT_S = 0.25
"""How long a server at the default address has to take a connection, in seconds."""
ANSWER_S = 2.0
"""How long one that took it has to say what it is."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A server's address, or a directory; `note` tells which one it is when that is not obvious."""

    server: str | None = None
    directory: Path | None = None
    note: str = ""


def choose(
    server: str | None, directory: str | None, *, server_said: bool = True, directory_said: bool = True
) -> Choice:
    """What a command works on.

    Args:
        server: the value of `--server` or STRATUMIOPS_URL.
        directory: the value of `--dir` or KOGRAL_DIR.
        server_said, directory_said: the value is that of the option, not of the variable.

    Raises:
        BadInput: both options are given.
        NotFound: there is no such directory.
        Unavailable: there is neither a server nor a directory.
    """
    if server and directory:
        if server_said and directory_said:
            message = "--server and --dir exclude each other."
            raise BadInput(message, hint="Give one of them.", field="dir")
        if directory_said and not server_said:
            server = None
        else:
            directory = None
    if server:
        return Choice(server=server)
    if directory:
        return Choice(directory=named(Path(directory)))
    found = nearest(Path.cwd())
    if answers(DEFAULT_SERVER):
        note = f"using the server at {DEFAULT_SERVER}, not {found} (--dir {found} does)" if found else ""
        return Choice(server=DEFAULT_SERVER, note=note)
    if found is not None:
        return Choice(directory=found, note=f"using {found} (no server answers at {DEFAULT_SERVER})")
    message = f"No server answers at {DEFAULT_SERVER}, and there is no {FOLDER} directory here or above."
    hint = "Start a server with `stratumiops up` or name one with --server, or make a directory with `kogral init`"
    raise Unavailable(message, hint=f"{hint} or name one with --dir.")


def named(place: Path) -> Path:
    """The directory that is meant: the place itself, or the `.kogral` in it.

    Raises:
        NotFound: there is none.
    """
    inside = place / FOLDER
    if inside.is_dir():
        return inside
    if place.is_dir() and (place.name == FOLDER or (place / "config.toml").is_file()):
        return place
    message = f"There is no {FOLDER} directory at {place}."
    raise NotFound(message, hint=f"Make one with `kogral init {place}`.", field="dir")


def nearest(here: Path) -> Path | None:
    """The `.kogral` of a folder or of the nearest one above it."""
    return next((folder / FOLDER for folder in (here, *here.parents) if (folder / FOLDER).is_dir()), None)


def answers(address: str) -> bool:
    """Whether a StratumIOps server answers at an address, ready or not.

    Something that takes the connection and says nothing counts as one: to work on files beside a busy server
    would be worse than to wait for it.
    """
    parts = urlsplit(address)
    try:
        connection = socket.create_connection((parts.hostname or "", parts.port or 80), CONNECT_S)
    except OSError:
        return False
    with connection:
        try:
            connection.settimeout(ANSWER_S)
            connection.sendall(f"GET /health HTTP/1.0\r\nHost: {parts.netloc}\r\n\r\n".encode())
            return b'"version"' in _whole(connection)
        except TimeoutError:
            return True
        except OSError:
            return False


def _whole(connection: socket.socket) -> bytes:
    answer = b""
    while len(answer) < 65_536 and (part := connection.recv(4_096)):
        answer += part
    return answer
