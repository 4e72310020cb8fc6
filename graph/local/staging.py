"""Changes of several files that are made together or not at all, also when the process is killed in the middle.

What is new is written to `.history/.commit/` first; then `plan.json` says what belongs where. From that moment on the
change counts: it is carried out at once, or, when the writer died, by whoever looks at the directory next.
"""

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import orjson

from stratumiops.graph.adapters import folder as disk
from stratumiops.graph.errors import Conflict

STAGE: Final = ".history/.commit"
_PLAN: Final = "plan.json"


class Staged:
    """A change of files below a root, all paths relative to it. Use it with the directory's lock held."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._steps: dict[str, tuple[str, bytes | None]] = {}

    def write(self, path: str, data: bytes) -> None:
        """The file is to hold these bytes."""
        self._steps[path] = ("write", data)

    def append(self, path: str, line: bytes) -> None:
        """The file is to end with this line too."""
        kind, data = self._steps.get(path, ("append", b""))
        self._steps[path] = (kind if data is not None else "write", (data or b"") + line + b"\n")

    def remove(self, path: str) -> None:
        """The file is to be gone."""
        self._steps[path] = ("remove", None)

    def commit(self) -> None:
        """Make the change.

        Raises:
            Conflict: a symbolic link stands in the way; nothing was changed.
            Unavailable: the disk is full or may not be written to. Nothing was changed, or, when all was staged
                already, the next look at the directory completes it.
        """
        if not self._steps:
            return
        for path in self._steps:
            disk.check_inside(self._root, path)
        if len(self._steps) == 1:
            [(path, (kind, data))] = self._steps.items()
            if kind == "write" and data is not None:
                disk.write_whole(self._root / path, data)
                return
        stage = self._root / STAGE
        try:
            self._stage(stage)
        except OSError as error:
            _discard(stage)
            raise disk.unwritable(self._root, error) from error
        finish(self._root)

    def _stage(self, stage: Path) -> None:
        disk.check_inside(self._root, f"{STAGE}/{_PLAN}")
        _discard(stage)
        stage.mkdir(parents=True)
        plan: list[dict[str, Any]] = []
        for number, (path, (kind, data)) in enumerate(self._steps.items()):
            step: dict[str, Any] = {"do": kind, "path": path}
            if data is not None:
                _write(stage / str(number), data)
                step["from"] = str(number)
            if kind == "append":
                step["at"] = _size(self._root / path)
            plan.append(step)
        _write(stage / "plan", orjson.dumps(plan))
        (stage / "plan").replace(stage / _PLAN)
        disk.sync_folder(stage)


def unfinished(root: Path) -> bool:
    """Whether a change was decided and not yet carried out."""
    return (root / STAGE / _PLAN).exists()


def finish(root: Path) -> None:
    """Carry out the change that was decided last, if there is one; take away what a dead writer left.

    Call it with the lock held.

    Raises:
        Unavailable: the disk is full or may not be written to.
    """
    stage = root / STAGE
    if not stage.is_dir() or stage.is_symlink():
        return
    try:
        with suppress(FileNotFoundError):
            _carry_out(root, stage, orjson.loads(disk.read_plain(stage / _PLAN)))
            (stage / _PLAN).unlink()
            disk.sync_folder(stage)
    except (orjson.JSONDecodeError, KeyError, TypeError, Conflict):
        pass  # no plan of ours: it is taken away, never followed
    except OSError as error:
        raise disk.unwritable(root, error) from error
    _discard(stage)


def _carry_out(root: Path, stage: Path, plan: list[dict[str, Any]]) -> None:
    for step in plan:
        disk.check_inside(root, step["path"])
        disk.check_inside(stage, step.get("from", "0"))
    folders = set()
    for step in plan:
        target = root / step["path"]
        target.parent.mkdir(parents=True, exist_ok=True)
        folders.add(target.parent)
        if step["do"] == "remove":
            target.unlink(missing_ok=True)
            continue
        with suppress(FileNotFoundError):  # done already by the writer that died
            if step["do"] == "append":
                _append(target, stage / step["from"], int(step["at"]))
            else:
                (stage / step["from"]).replace(target)
    for folder in folders:
        disk.sync_folder(folder)


def _append(target: Path, staged: Path, at: int) -> None:
    data = disk.read_plain(staged)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o644)
    with open(descriptor, "r+b") as file:  # noqa: PTH123  # a descriptor, not a path
        file.truncate(at)
        file.seek(at)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    staged.unlink()


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _size(path: Path) -> int:
    stamp = disk.Stamp.of(path)
    return 0 if stamp is None else stamp.size


def _discard(stage: Path) -> None:
    shutil.rmtree(stage, ignore_errors=True)
