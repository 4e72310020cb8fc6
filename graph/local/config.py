"""`.kogral/config.toml`: what a directory is called, what it inherits from, and how tools treat it."""

import difflib
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from stratumiops.graph.adapters.folder import read_plain
from stratumiops.graph.errors import BadInput
from stratumiops.graph.validation import check_graph_name

FILE: Final = "config.toml"


class Section(BaseModel):
    """One table of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class GraphSection(Section):
    """The graph that the directory is."""

    name: str = Field("default", description="Name of the graph: a-z, 0-9, dot, dash, underscore.")
    title: str = Field("", description="What people call it.")
    description: str = Field("", description="What it is for.")


class InheritanceSection(Section):
    """What is shared with other directories."""

    base: tuple[str, ...] | str = Field(
        (),
        description="Other `.kogral` directories that are read too, relative to this file; the first counts most.",
    )
    priority: int = Field(100, description="Weight of this graph's guidelines where graphs meet.")


class StorageSection(Section):
    """Where the nodes are."""

    primary: Literal["filesystem"] = Field("filesystem", description="The files of this directory.")
    secondary: Literal["", "server"] = Field(
        "",
        description="`server`: `kogral sync` without a folder keeps the graph of a server in step with this directory.",
    )


class EmbeddingsSection(Section):
    """Vectors for search by meaning."""

    enabled: bool = Field(True, description="Whether nodes of this graph get vectors.")
    provider: str = Field("", description="Who makes them; empty: what the server is set to.")
    model: str = Field("", description="With which model; empty: what the server is set to.")


class TemplatesSection(Section):
    """What new nodes begin with."""

    directory: str = Field("templates", description="Folder of `<type>.md.j2` files, relative to this file.")


class QuerySection(Section):
    """How searches are made when the command does not say."""

    similarity_threshold: float = Field(0.4, ge=0, le=1, description="Least similarity of a hit by meaning.")
    max_results: int = Field(10, ge=1, le=1_000, description="How many hits.")
    cross_graph: bool = Field(True, description="Whether inherited graphs are searched too.")


class McpSection(Section):
    """What the MCP server offers to agents."""

    max_tokens: int = Field(4_000, ge=200, le=200_000, description="Longest result of a tool, in tokens.")
    port: int = Field(8_010, ge=1, le=65_535, description="Port of the HTTP transport.")
    tools: dict[str, bool] = Field(default_factory=dict, description="Switches single tools off: `search = false`.")


class SyncSection(Section):
    """How files and a server's graph are kept the same."""

    auto_index: bool = Field(True, description="Whether a server takes in changed files by itself.")
    watch_paths: tuple[str, ...] = Field(
        (), description="Folders whose changes start a sync, relative to this file; none: all."
    )
    debounce_ms: int = Field(500, ge=0, le=60_000, description="How long to wait for more changes, in milliseconds.")


class Config(Section):
    """The whole file."""

    graph: GraphSection = GraphSection()
    inheritance: InheritanceSection = InheritanceSection()
    storage: StorageSection = StorageSection()
    embeddings: EmbeddingsSection = EmbeddingsSection()
    templates: TemplatesSection = TemplatesSection()
    query: QuerySection = QuerySection()
    mcp: McpSection = McpSection()
    sync: SyncSection = SyncSection()

    @property
    def bases(self) -> tuple[str, ...]:
        """The inherited directories as they are written."""
        base = self.inheritance.base
        return (base,) if isinstance(base, str) else base


def load_config(root: Path) -> Config:
    """The settings of a directory; the defaults where it has no file.

    Raises:
        BadInput: no TOML, an unknown key (the nearest is named), or a value that does not fit.
    """
    file = root / FILE
    try:
        values = tomllib.loads(read_plain(file).decode("utf-8"))
    except FileNotFoundError:
        return Config()
    except OSError as error:
        raise BadInput(f"{file} cannot be read: {error.strerror}.", field="config") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"{file} is no TOML: {error}.", field="config") from None
    _check_keys(file, values)
    try:
        config = Config(**values)
        check_graph_name(config.graph.name)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise BadInput(f"{file}: {name}: {first['msg'][:1].lower()}{first['msg'][1:]}.", field=name) from None
    except BadInput as error:
        raise BadInput(f"{file}: graph.name: {error.message}", hint=error.hint, field="graph.name") from None
    return config


def _check_keys(file: Path, values: dict[str, Any]) -> None:
    for section, keys in values.items():
        _known(section, Config.model_fields, f"{file}: there is no section [{section}].")
        if not isinstance(keys, dict):
            raise BadInput(f"{file}: {section} is a section: write [{section}] above its keys.", field=section)
        model: Any = Config.model_fields[section].annotation
        for key in keys:
            _known(key, model.model_fields, f"{file}: there is no setting {section}.{key}.")


def _known(name: str, names: Iterable[str], complaint: str) -> None:
    if name in names:
        return
    near = difflib.get_close_matches(name, list(names), n=1, cutoff=0.5)
    hint = f"Did you mean {near[0]}?" if near else f"Known are {', '.join(names)}."
    raise BadInput(complaint, hint=hint, field=name)


def reference_table() -> str:
    """Every setting as a Markdown table: name, default, description. The README carries it."""
    rows = ["| setting | default | meaning |", "|---|---|---|"]
    for section, info in Config.model_fields.items():
        model: Any = info.annotation
        for key, field in model.model_fields.items():
            shown = _toml(field.get_default(call_default_factory=True))
            rows.append(f"| `{section}.{key}` | `{shown}` | {field.description} |")
    return "\n".join(rows) + "\n"


def template(name: str, title: str = "") -> str:
    """A new file: the graph's name, and every other setting as a comment with its default."""
    lines = [
        "# A Kogral directory: knowledge as markdown files, for people, editors and git.",
        "# Each folder holds one kind of node: notes, decisions, guidelines, patterns, journal, executions.",
    ]
    for section, info in Config.model_fields.items():
        model: Any = info.annotation
        lines += ["", f"[{section}]  # {(model.__doc__ or '').strip().rstrip('.')}"]
        for key, field in model.model_fields.items():
            default = field.get_default(call_default_factory=True)
            given = {"name": name, "title": title}.get(key) if section == "graph" else None
            mark = "" if given else "# "
            lines.append(f"{mark}{key} = {_toml(given or default)}  # {field.description}")
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            escaped = value.replace("\\", "\\\\").replace('"', '\\"')
            return f'"{escaped}"'
        case tuple():
            return f"[{', '.join(map(_toml, value))}]"
        case dict():
            return "{}"
    return str(value)
