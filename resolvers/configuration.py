"""Reads the settings: `stratumiops.toml` in the data directory and here, and `STRATUMIOPS_*` over it."""

import difflib
import os
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from stratumiops.graph.errors import BadInput
from stratumiops.graph.server.settings import VARIABLES as SERVER_VARIABLES
from stratumiops.resolvers.settings import ENV_DELIMITER, ENV_PREFIX, Settings

FILE_NAME = "stratumiops.toml"
OTHER_VARIABLES = {
    "STRATUMIOPS_HOME": "Data directory; `--home` wins. Default `~/.local/share/stratumiops`.",
    **SERVER_VARIABLES,
    "STRATUMIOPS_CONFIG": "A settings file to read instead of the two `stratumiops.toml`.",
    "STRATUMIOPS_URL": "Address of the API for the command lines.",
    "STRATUMIOPS_TOKEN": "Token the command lines send.",
    "KOGRAL_GRAPH": "Named graph of the `kogral` commands, as `--graph`.",
    "KOGRAL_DIR": "Directory of the `kogral` commands, as `--dir`; STRATUMIOPS_URL counts before it.",
    "KOGRAL_MCP_TOKEN": "Token that clients of `kogral serve --transport http` must send.",
    "KOGRAL_PAGER": "Pager of the `kogral` commands on a terminal, before PAGER; empty: none.",
    "NEO4J_URI": "A Neo4j server of your own; also `NEO4J_USER`, `NEO4J_PASSWORD`, `NEO4J_DATABASE`.",
    "OTEL_EXPORTER_OTLP_ENDPOINT": "Same as `telemetry.endpoint`.",
}
"""Variables that are no setting of a file, with what they do."""


def load_settings(home: Path | None = None, *, overrides: Mapping[str, Any] | None = None) -> Settings:
    """All settings: defaults, then `<home>/stratumiops.toml`, `./stratumiops.toml`, the environment.

    Args:
        home: the data directory.
        overrides: what the command line says, by dotted name (`{"server.port": 9000}`); wins over all; None
            values are left out.

    Raises:
        BadInput: a file cannot be read, a key is unknown (the nearest is named), or a value is wrong.
    """
    values: dict[str, Any] = {}
    for path in _files(home):
        _merge(values, _read(path))
    _check_environment()
    try:
        settings = Settings(**values)
        return _with_overrides(settings, overrides or {})
    except ValidationError as error:
        raise _explained(error.errors()[0]) from None


def reference_table() -> str:
    """Every setting as a Markdown table: name, default, description. The README carries it."""
    rows = ["| setting | default | meaning |", "|---|---|---|"]
    for name, section in Settings.model_fields.items():
        for key, info in _section_model(section).model_fields.items():
            rows.append(f"| `{name}.{key}` | {_default_text(info)} | {info.description} |")
    rows += ["", "| variable | meaning |", "|---|---|"]
    rows.append(f"| `{ENV_PREFIX}<SECTION>{ENV_DELIMITER}<KEY>` | Any setting above, over the files. |")
    rows += [f"| `{name}` | {meaning} |" for name, meaning in OTHER_VARIABLES.items()]
    return "\n".join(rows) + "\n"


def _files(home: Path | None) -> list[Path]:
    named = os.environ.get("STRATUMIOPS_CONFIG")
    if named:
        return [Path(named)]
    folders = [folder for folder in (home, Path.cwd()) if folder is not None]
    found = [folder / FILE_NAME for folder in dict.fromkeys(folder.resolve() for folder in folders)]
    return [path for path in found if path.is_file()]


def _read(path: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}", hint="check STRATUMIOPS_CONFIG") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} is not valid TOML: {error}") from None
    for section, keys in values.items():
        _check_known(section, Settings.model_fields, f"{path}: no section [{section}]")
        if not isinstance(keys, dict):
            raise BadInput(f"{path}: {section} is a section; write [{section}] above its keys", field=section)
        known = _section_model(Settings.model_fields[section]).model_fields
        for key in keys:
            _check_known(key, known, f"{path}: no setting {section}.{key}")
    return values


def _check_environment() -> None:
    known = {
        f"{ENV_PREFIX}{section}{ENV_DELIMITER}{key}".upper()
        for section, info in Settings.model_fields.items()
        for key in _section_model(info).model_fields
    }
    known |= OTHER_VARIABLES.keys()
    for name in os.environ:
        if name.upper().startswith(ENV_PREFIX):
            _check_known(name.upper(), known, f"environment: no setting {name}")


def _check_known(name: str, known: Iterable[str], complaint: str) -> None:
    names = list(known)
    if name in names:
        return
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(sorted(names))}"
    raise BadInput(complaint, hint=hint, field=name)


def _merge(into: dict[str, Any], values: Mapping[str, Any]) -> None:
    for section, keys in values.items():
        into[section] = {**into.get(section, {}), **keys}


def _with_overrides(settings: Settings, overrides: Mapping[str, Any]) -> Settings:
    changed: dict[str, dict[str, Any]] = {}
    for name, value in overrides.items():
        section, _, key = name.partition(".")
        _check_known(key, _section_model(Settings.model_fields[section]).model_fields, f"no setting {name}")
        if value is not None:
            changed.setdefault(section, {})[key] = value
    update = {}
    for section, values in changed.items():
        current: BaseModel = getattr(settings, section)
        update[section] = type(current)(**{**dict(current), **values})
    return settings.model_copy(update=update)


def _explained(error: ErrorDetails) -> BadInput:
    name = ".".join(str(part) for part in error["loc"])
    variable = ENV_PREFIX + name.replace(".", ENV_DELIMITER).upper()
    source = f"environment variable {variable}" if variable in os.environ else f"setting {name}"
    return BadInput(f"{source}: {error['msg'][:1].lower()}{error['msg'][1:]}", field=name)


def _section_model(info: FieldInfo) -> type[BaseModel]:
    model = info.annotation
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        msg = f"{model} is no settings section"
        raise TypeError(msg)
    return model


def _default_text(info: FieldInfo) -> str:
    value = info.default
    if value is None or value == ():
        return "–"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"
