"""`kogral config`: what holds, where it comes from, and how to change it without losing a comment."""

import contextlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stratumiops.graph.errors import BadInput, NotFound
from stratumiops.ui.cli.project.directory import CONFIG, NAME, VARIABLE, find_directory
from stratumiops.ui.cli.project.model import TOOLS, ProjectConfig
from stratumiops.ui.cli.project.reading import checked, fields_of, known, raw


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting: its value, where that is from, and what it means."""

    key: str
    value: Any
    origin: str
    meaning: str


def effective() -> list[Setting]:
    """All settings of the command and of the project.

    Raises:
        BadInput: the file is wrong; see `reading.checked`.
    """
    return [*_of_command(), *_of_project()]


def one(key: str) -> Setting:
    """One setting by its key.

    Raises:
        BadInput: there is no such key; the nearest is named.
    """
    settings = {setting.key: setting for setting in effective()}
    known(key, settings, f"There is no key {key}")
    return settings[key]


def change(key: str, text: str | None, *, dry_run: bool) -> tuple[Path, Any]:
    """Set a key of `config.toml`, or take it out when there is no text. Comments and order stay.

    Returns:
        The file, and the value as it is stored.

    Raises:
        NotFound: there is no project here.
        BadInput: the key is unknown, or the value is wrong.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    path = _file()
    section, name, switch = _split(key)
    old = path.read_bytes().decode("utf-8") if path.is_file() else ""
    try:
        document = tomlkit.parse(old)
    except (TOMLKitError, ValueError) as error:
        raise BadInput(f"{path} is not valid TOML: {error}.") from None
    table: Any = document.setdefault(section, tomlkit.table())
    if switch:
        table = table.setdefault("tools", tomlkit.table())
    value = None if text is None else _value(section, name, text)
    if text is None:
        with contextlib.suppress(KeyError):
            table.remove(name)
    else:
        table[name] = value
    new = tomlkit.dumps(document)
    checked(document.unwrap(), path)
    if not dry_run and new != old:
        _write(path, new)
    return path, value


def _of_command() -> list[Setting]:
    from stratumiops.ui.cli.client import DEFAULT_SERVER

    directory = find_directory()
    found = [
        _from_environ("server", "STRATUMIOPS_URL", DEFAULT_SERVER, "Address of the API."),
        _from_environ("graph", "KOGRAL_GRAPH", None, "Named graph of the commands; empty: see graph.name."),
        Setting(
            "directory",
            str(directory) if directory else None,
            VARIABLE if os.environ.get(VARIABLE) else "found" if directory else "none here",
            "The project's .kogral directory.",
        ),
        Setting(
            "token",
            "set" if os.environ.get("STRATUMIOPS_TOKEN") else None,
            "STRATUMIOPS_TOKEN" if os.environ.get("STRATUMIOPS_TOKEN") else "default",
            "Token that is sent to the API; never shown.",
        ),
    ]
    editor = next((name for name in ("VISUAL", "EDITOR") if os.environ.get(name)), "EDITOR")
    pager = next((name for name in ("KOGRAL_PAGER", "PAGER") if name in os.environ), "PAGER")
    return [
        *found,
        _from_environ("editor", editor, None, "Editor for --edit."),
        _from_environ("pager", pager, "less", "Pager for long output on a terminal."),
        _from_environ("color", "NO_COLOR", "auto", "NO_COLOR set: no colours."),
    ]


def _from_environ(key: str, variable: str, default: str | None, meaning: str) -> Setting:
    if variable in os.environ:
        return Setting(key, os.environ[variable], variable, meaning)
    return Setting(key, default, "default", meaning)


def _of_project() -> list[Setting]:
    directory = find_directory()
    path = directory / CONFIG if directory else None
    values = raw(path) if path is not None and path.is_file() else {}
    config = checked(values, path or Path(CONFIG))
    found = []
    for section in ProjectConfig.model_fields:
        for name, info in fields_of(section).items():
            given = name in values.get(section, {})
            value = getattr(getattr(config, section), name)
            origin = str(path) if given else "default"
            if (section, name) == ("mcp", "tools"):
                found += [
                    Setting(
                        f"mcp.tools.{tool}",
                        value.get(tool, True),
                        str(path) if tool in value else "default",
                        f"Whether the MCP tool {tool} is offered.",
                    )
                    for tool in TOOLS
                ]
                continue
            shown = list(value) if isinstance(value, tuple) else value
            found.append(Setting(f"{section}.{name}", shown, origin, info.description or ""))
    return found


def _file() -> Path:
    directory = find_directory()
    if directory is None:
        raise NotFound(f"There is no {NAME} directory here or above.", hint="Make one with `kogral init`.")
    return directory / CONFIG


def _split(key: str) -> tuple[str, str, bool]:
    """Section, key, and whether it is a switch of a tool.

    Raises:
        BadInput: there is no such key; the nearest is named.
    """
    stored = [f"{section}.{name}" for section in ProjectConfig.model_fields for name in fields_of(section)]
    stored.remove("mcp.tools")
    stored += [f"mcp.tools.{tool}" for tool in TOOLS]
    known(key, stored, f"There is no key {key} in {CONFIG}")
    section, _, name = key.partition(".")
    switch = name.startswith("tools.")
    return section, name.removeprefix("tools.") if switch else name, switch


def _value(section: str, name: str, text: str) -> Any:
    """The text as what the key holds: a number, true or false, a list with commas, or text."""
    fields = fields_of(section)
    default = fields[name].default if name in fields else True
    if isinstance(default, bool):
        if text.lower() not in {"true", "false"}:
            raise BadInput(f"{section}.{name} is true or false, not {text!r}.", field=name)
        return text.lower() == "true"
    for kind in (int, float):
        if isinstance(default, kind):
            try:
                return kind(text)
            except ValueError:
                raise BadInput(f"{section}.{name} is a number, not {text!r}.", field=name) from None
    if isinstance(default, tuple):
        return [part.strip() for part in text.split(",") if part.strip()]
    return text


def _write(path: Path, text: str) -> None:
    """All of it, or nothing."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with temporary.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            temporary.chmod(path.stat().st_mode & 0o777)
        temporary.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise BadInput(f"{path} cannot be written: {error.strerror}.") from None
