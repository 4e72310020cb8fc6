"""Idempotency keys of a directory, kept in its history and written together with what they made."""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import orjson

from stratumiops.graph.adapters.folder import read_plain
from stratumiops.graph.claims import Claim
from stratumiops.graph.ids import format_instant, utc_now
from stratumiops.graph.local.past import HISTORY
from stratumiops.graph.local.work import Work

T = TypeVar("T")
KEYS: Final = f"{HISTORY}/keys"
KEPT: Final = timedelta(days=1)


def once(root: Path, work: Work, mine: Claim | None, do: Callable[[], T]) -> T:
    """The result of `do`, which must be JSON; of the first time when the key was used before.

    Raises:
        Conflict: the key was used with another input or for another operation.
    """
    if mine is None:
        return do()
    name = hashlib.sha256(f"{mine.principal}\0{mine.key}".encode()).hexdigest()
    path = f"{KEYS}/{name}.json"
    known = _known(root / path)
    if known is not None and known["at"] > format_instant(datetime.now(UTC) - KEPT):
        if (known["operation"], known["input_hash"]) != (mine.operation, mine.input_hash):
            raise mine.used_otherwise()
        return cast("T", known["result"])
    result = do()
    fact = {"operation": mine.operation, "input_hash": mine.input_hash, "at": utc_now(), "result": result}
    work.staged.write(path, orjson.dumps(fact))
    _prune(root)
    return result


def _known(file: Path) -> dict[str, Any] | None:
    try:
        found = orjson.loads(read_plain(file))
    except (OSError, orjson.JSONDecodeError):
        return None
    return found if isinstance(found, dict) and {"operation", "input_hash", "at", "result"} <= found.keys() else None


def _prune(root: Path) -> None:
    """Forget keys of yesterday; their files are of no use to anybody."""
    before = (datetime.now(UTC) - KEPT).timestamp()
    with suppress(OSError):
        for file in list((root / KEYS).iterdir()):
            if file.stat(follow_symlinks=False).st_mtime < before:
                file.unlink(missing_ok=True)
