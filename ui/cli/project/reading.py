"""Reads `.kogral/config.toml`. An unknown key is an error that names the nearest one."""

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from stratumiops.graph.errors import BadInput
from stratumiops.ui.cli.project.directory import config_file, find_directory
from stratumiops.ui.cli.project.model import TOOLS, ProjectConfig

MAX_BYTES = 1_000_000


def load(directory: Path | None = None) -> ProjectConfig:
    """The configuration of a `.kogral` directory, by default the nearest; all defaults without a file.

    Raises:
        BadInput: it cannot be read, a key is unknown, or a value is wrong.
    """
    path = config_file(directory or find_directory())
    return ProjectConfig() if path is None else checked(raw(path), path)


def section(name: str, directory: Path | None = None) -> Any:
    """One section. Mistakes in the others do not matter here.

    Raises:
        BadInput: see `load`.
    """
    path = config_file(directory or find_directory())
    if path is None:
        return getattr(ProjectConfig(), name)
    values = raw(path)
    return getattr(checked({name: values[name]} if name in values else {}, path), name)


def graph_name(directory: Path | None = None) -> str | None:
    """The named graph that the file gives; None when it gives none.

    Raises:
        BadInput: the file cannot be read.
    """
    path = config_file(directory or find_directory())
    values = raw(path).get("graph") if path else None
    name = values.get("name") if isinstance(values, dict) else None
    return name if isinstance(name, str) and name else None


def raw(path: Path) -> dict[str, Any]:
    """What a file holds.

    Raises:
        BadInput: it cannot be read, or is no TOML.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise BadInput(f"{path} is longer than {MAX_BYTES:,} bytes.")
        return tomllib.loads(data.decode("utf-8"))
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} is not valid TOML: {error}.") from None


def checked(values: Mapping[str, Any], path: Path) -> ProjectConfig:
    """The values as a configuration.

    Raises:
        BadInput: a key is unknown (the nearest is named), or a value is wrong.
    """
    for name, keys in values.items():
        known(name, ProjectConfig.model_fields, f"{path}: no section [{name}]")
        if not isinstance(keys, dict):
            raise BadInput(f"{path}: {name} is a section.", hint=f"Write [{name}] above its keys.", field=name)
        for key in keys:
            known(key, fields_of(name), f"{path}: no key {name}.{key}")
    for tool in _switches(values):
        known(tool, TOOLS, f"{path}: no tool {tool}")
    try:
        return ProjectConfig.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        message = f"{path}: {name}: {first['msg'][:1].lower()}{first['msg'][1:]}."
        raise BadInput(message, hint="`kogral config` lists what is expected.", field=name) from None


def fields_of(name: str) -> Mapping[str, FieldInfo]:
    """The keys of a section, by name."""
    fields: Mapping[str, FieldInfo] = type(getattr(ProjectConfig(), name)).model_fields
    return fields


def known(name: str, names: Iterable[str], complaint: str) -> None:
    """Do nothing when the name is one of these.

    Raises:
        BadInput: it is not; the hint names the nearest.
    """
    all_names = list(names)
    if name in all_names:
        return
    near = difflib.get_close_matches(name, all_names, n=1, cutoff=0.5)
    hint = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(all_names)}."
    raise BadInput(f"{complaint}.", hint=hint, field=name)


def _switches(values: Mapping[str, Any]) -> Iterable[str]:
    mcp = values.get("mcp")
    tools = mcp.get("tools") if isinstance(mcp, dict) else None
    return tools if isinstance(tools, dict) else ()
