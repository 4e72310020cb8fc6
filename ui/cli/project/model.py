"""What `.kogral/config.toml` may say. Every key has a description: `kogral config` prints it."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

TOOLS = (
    "search",
    "add_note",
    "add_decision",
    "link",
    "get_guidelines",
    "list_graphs",
    "export",
    "get_blocks",
    "find_todos",
    "update_block",
)
"""The tools of the MCP server, in the order in which it lists them."""

Port = Annotated[int, Field(ge=1, le=65_535)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Graph(_Section):
    """The named graph of this project."""

    name: str = Field("default", description="Its name.", min_length=1, max_length=64)
    title: str = Field("", description="What people call it.")
    description: str = Field("", description="What it is for.")


class Inheritance(_Section):
    """Where shared knowledge comes from."""

    base: tuple[str, ...] = Field((), description="Named graphs that this one inherits from.")
    priority: int = Field(50, description="Priority of what is inherited; the project's own is 150.")


class Storage(_Section):
    """Where nodes live."""

    primary: Literal["neo4j", "filesystem", "memory"] = Field("neo4j", description="The one that is asked.")
    secondary: Literal["", "neo4j", "filesystem"] = Field("", description="A second one that is kept in step.")


class Embeddings(_Section):
    """What makes vectors of texts."""

    enabled: bool = Field(True, description="Whether texts are embedded at all.")
    provider: str = Field("local", description="local, sentence-transformers, fastembed, openai or ollama.")
    model: str = Field("", description="Its model; empty: the provider's default.")
    dimensions: int = Field(384, ge=1, le=8192, description="Length of a vector.")
    url: str = Field("", description="Address of the provider, where it has one.")
    api_key: str = Field("", description="Its key, as env:NAME; never the key itself.")


class Templates(_Section):
    """What new nodes begin with."""

    directory: str = Field("templates", description="Folder of *.md.j2 files, relative to .kogral.")


class Query(_Section):
    """Searching."""

    similarity_threshold: float = Field(0.4, ge=0, le=1, description="Least similarity of a semantic hit.")
    max_results: int = Field(10, ge=1, le=100, description="How many hits at the most.")
    cross_graph: bool = Field(True, description="Whether inherited graphs are searched too.")


class Mcp(_Section):
    """The MCP server, `kogral serve`."""

    max_tokens: int = Field(4_000, ge=200, le=200_000, description="Longest result of a tool, in tokens.")
    port: Port = Field(8_010, description="Port of the HTTP transport.")
    tools: dict[str, bool] = Field(
        default_factory=dict, description="Switches: a tool that is set to false is not offered."
    )


class Sync(_Section):
    """Two-way sync of files and graph."""

    auto_index: bool = Field(True, description="Whether changed files are taken in while the server runs.")
    watch_paths: tuple[str, ...] = Field((".",), description="Folders to watch, relative to .kogral.")
    debounce_ms: int = Field(500, ge=0, le=60_000, description="How long files must be quiet, in milliseconds.")


class ProjectConfig(_Section):
    """All of `.kogral/config.toml`."""

    graph: Graph = Graph()
    inheritance: Inheritance = Inheritance()
    storage: Storage = Storage()
    embeddings: Embeddings = Embeddings()
    templates: Templates = Templates()
    query: Query = Query()
    mcp: Mcp = Mcp()
    sync: Sync = Sync()
