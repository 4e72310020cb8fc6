"""The bearer token of the HTTP transport: from the environment, from a file, or made once and kept."""

import os
import secrets
import stat
from pathlib import Path

from stratumiops.graph.errors import BadInput

VARIABLE = "KOGRAL_MCP_TOKEN"
LEAST = 16
"""Characters that a token needs; made ones have 43."""
_MOST = 1_000


def default_file() -> Path:
    """Where a token is kept when nobody says where: in the platform's data directory."""
    home = os.environ.get("STRATUMIOPS_HOME")
    return (Path(home).expanduser() if home else Path.home() / ".local" / "share" / "stratumiops") / "mcp-token"


def read_token(file: Path | None) -> tuple[str, str]:
    """The token, and where it is from. A file that does not exist is made, readable by its owner only.

    Raises:
        BadInput: it is too short, or others may read the file.
    """
    named = os.environ.get(VARIABLE)
    if named and file is None:
        return _checked(named, VARIABLE), VARIABLE
    path = file or default_file()
    try:
        return _checked(_kept(path), str(path)), str(path)
    except FileNotFoundError:
        return _make(path), str(path)
    except OSError as error:
        raise BadInput(f"The token file {path} cannot be read: {error.strerror}.", field="token-file") from None


def _kept(path: Path) -> str:
    with path.open("rb") as file:
        if os.name == "posix" and stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
            hint = f"Run `chmod 600 {path}`."
            raise BadInput(f"Others may read the token file {path}.", hint=hint, field="token-file")
        return file.read(_MOST + 1).decode("utf-8", "replace")


def _make(path: Path) -> str:
    token = secrets.token_urlsafe(32)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(token + "\n")
        try:
            path.hardlink_to(temporary)  # of two servers that start at once, the first one's token counts
        except FileExistsError:
            token = _checked(_kept(path), str(path))
        finally:
            temporary.unlink()
    except OSError as error:
        raise BadInput(f"The token file {path} cannot be written: {error.strerror}.", field="token-file") from None
    return token


def _checked(text: str, source: str) -> str:
    token = text.strip()
    if not LEAST <= len(token) <= _MOST or not token.isascii() or not token.isprintable() or " " in token:
        hint = 'Make one with python3 -c "import secrets; print(secrets.token_urlsafe(32))".'
        raise BadInput(f"The token in {source} is no token of {LEAST} or more characters.", hint=hint)
    return token
