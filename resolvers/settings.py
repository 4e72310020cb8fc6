"""Every setting of the server, with its default; `configuration.py` reads files and variables."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

ENV_PREFIX = "STRATUMIOPS_"
ENV_DELIMITER = "__"
HELD = "env:NAME or vault:<mount>/<path>#<key>"
"""The references to secrets."""

Seconds = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(ge=1)]


class Section(BaseModel):
    """One table of `stratumiops.toml`."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


class ServerSettings(Section):
    """Where the API listens, and which browsers may speak to it."""

    host: str = Field("127.0.0.1", description="Address to listen on; beyond loopback it needs auth.token_file.")
    port: int = Field(8001, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    allowed_hosts: tuple[str, ...] = Field(
        (), description="Host names this server is reached by, beside localhost; empty with tokens: any."
    )
    allowed_origins: tuple[str, ...] = Field(
        (), description="Origins of web pages elsewhere that may call the API, such as https://app.example."
    )
    shutdown_s: Seconds = Field(5.0, le=5.0, description="How long running requests may take after a stop.")


class Neo4jSection(Section):
    """Which Neo4j holds the graph; left empty, the one that `stratumiops up` manages."""

    uri: str | None = Field(None, description="bolt:// or neo4j:// address of a server of your own.")
    user: str = Field("neo4j", description="User name there.")
    password: SecretStr | None = Field(None, description=f"Password, or where it is: {HELD}.")
    database: str = Field("neo4j", description="Database name there.")
    pool_size: Count = Field(100, description="Most connections to Neo4j at a time.")


class Limits(Section):
    """What one request, connection or statement may cost."""

    max_depth: Count = Field(15, description="Deepest nesting of fields in a document.")
    max_aliases: Count = Field(100, description="Most aliased fields in a document.")
    max_tokens: Count = Field(10_000, description="Most lexical tokens in a document.")
    max_cost: Count = Field(250_000, description="Most objects a document may ask for, pages multiplied.")
    max_page_size: Count = Field(1_000, description="Largest `first` of a list.")
    max_body_bytes: Count = Field(16 * 1024 * 1024, description="Largest request body or message, in bytes.")
    statement_timeout_s: Seconds = Field(30.0, description="Longest run of one Cypher statement, in seconds.")
    event_days: Count = Field(7, description="Days for which a subscription can resume from a cursor.")
    max_connections: Count = Field(1_000, description="Most WebSocket connections at a time.")
    max_subscriptions: Count = Field(100, description="Most running operations on one WebSocket connection.")
    connection_init_s: Seconds = Field(10.0, description="Seconds a WebSocket client has to say who it is.")
    slow_consumer_s: Seconds = Field(10.0, description="Seconds a WebSocket client has to take a message.")


class AuthSettings(Section):
    """Who may call; without a token file there is one implicit admin, on loopback only."""

    token_file: Path | None = Field(None, description="TOML file with tables [[token]]: name, sha256, role, graphs.")


class LoggingSettings(Section):
    """What is written to standard output."""

    level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least severe level written.")
    format: Literal["auto", "json", "console"] = Field(
        "auto", description="json, console, or auto: console on a terminal and json elsewhere."
    )
    requests: Literal["all", "failed", "none"] = Field("all", description="Which requests get a line.")


class TelemetrySettings(Section):
    """OpenTelemetry traces; nothing is loaded and nothing is sent without an endpoint."""

    endpoint: str | None = Field(
        None,
        description="OTLP/HTTP collector; also OTEL_EXPORTER_OTLP_ENDPOINT.",
    )
    service_name: str = Field("stratumiops", description="Name of this service in traces.")
    sample_ratio: float = Field(1.0, ge=0, le=1, description="Share of requests that are traced.")


class GraphQLSettings(Section):
    """Which documents are executed."""

    trusted_documents: Literal["off", "allow", "only"] = Field(
        "off", description="off; allow: documents may be named by hash; only: no others are executed."
    )
    manifest: Path | None = Field(None, description='JSON file {"sha256 of the document": "document"}.')
    introspection: bool = Field(True, description="Whether clients may read the schema.")


class CacheSettings(Section):
    """What is kept in memory between requests."""

    documents: Count = Field(1_000, description="Parsed and validated documents that are kept.")
    response_bytes: int = Field(
        32 * 1024 * 1024,
        ge=0,
        description="Memory for responses kept while they are unchanged; 0 is off.",
    )


class WatchPath(Section):
    """A folder that is kept in step with a graph."""

    path: str = Field(min_length=1)
    graph: str = Field(min_length=1)
    source: str | None = None

    @classmethod
    def of(cls, given: "WatchPath | str") -> "WatchPath":
        """From either form; `PATH=GRAPH` is cut at its last `=`."""
        if isinstance(given, WatchPath):
            return given
        path, _, graph = given.rpartition("=")
        return cls(path=path, graph=graph)


def _folder_and_graph(given: WatchPath | str) -> WatchPath | str:
    if isinstance(given, str) and not all(given.rpartition("=")[::2]):
        message = f"{given!r} names no folder and graph: write PATH=GRAPH"
        raise ValueError(message)
    return given


class SyncSettings(Section):
    """Folders that are kept in step with graphs while the server runs."""

    auto_index: bool = Field(True, description="Whether the folders of watch_paths are synced when something changes.")
    watch_paths: tuple[Annotated[WatchPath | str, AfterValidator(_folder_and_graph)], ...] = Field(
        (),
        description="Folders to keep in step with graphs: `PATH=GRAPH`, or tables of path, graph and, where the name "
        "is to stay when the folder moves, source.",
    )
    debounce_ms: int = Field(
        500, ge=50, le=60_000, description="How long nothing must have changed before a sync begins, in milliseconds."
    )


class SuggestSettings(Section):
    """A language model that may suggest relations and tags; without a name none is asked."""

    model: str | None = Field(None, description="Model as litellm names it, such as openai/gpt-4.1-mini.")
    api_key: SecretStr | None = Field(None, description=f"Its key, best where it is: {HELD}.")
    api_base: str | None = Field(None, description="Address of a provider of your own.")
    timeout_s: Seconds = Field(60.0, description="Longest wait for one answer, in seconds.")


class IngestSettings(Section):
    """What the server itself may read."""

    roots: tuple[Path, ...] = Field(
        (), description="Folders from which startImport may read; empty: the server reads no files."
    )


class EmbeddingSettings(Section):
    """Which model makes vectors of texts, for search by meaning."""

    enabled: bool = Field(True, description="Whether nodes are embedded; without it search goes by words alone.")
    provider: Literal["onnx", "sentence-transformers", "fastembed", "openai", "ollama"] = Field(
        "onnx", description="Who runs the model; onnx needs no network and no torch."
    )
    model: str | None = Field(
        None, description="Its name, or for onnx a folder with model.onnx and tokenizer.json; left out: the default."
    )
    dimensions: Count | None = Field(None, description="Length of vectors, for models that offer several.")
    url: str | None = Field(None, description="Base address of openai (or a server that speaks like it) and ollama.")
    api_key: SecretStr | None = Field(None, description=f"Key of the provider, by reference: {HELD}.")
    batch: Count = Field(32, le=2048, description="Texts that go to the model together.")
    threads: Count = Field(1, le=256, description="Processor threads that a local model may use.")
    graphs: tuple[str, ...] = Field((), description="Named graphs that are embedded; empty: all.")
    index: str = Field(
        "chunks",
        pattern=r"^[a-z][a-z0-9_]{0,39}$",
        description="First part of the names of vector indexes; servers with different models need different ones.",
    )
    chunk_tokens: int = Field(512, ge=64, le=8_192, description="Largest chunk of a text, in tokens.")
    chunk_overlap: int = Field(50, ge=0, le=1_024, description="How much of a chunk the next one repeats, in tokens.")


class SearchSettings(Section):
    """How nodes are found."""

    language: str = Field(
        "english", description="Language of the texts: decides stems and stop words (an analyzer of Neo4j)."
    )
    rrf_k: int = Field(60, ge=0, le=1_000, description="Constant of rank fusion; larger makes first places count less.")
    candidates: Count = Field(100, le=1_000, description="Nodes that each half of a hybrid search brings.")
    reranker: str | None = Field(
        None, description="Cross-encoder for `rerank`: a name or a folder; needs the extra sentence-transformers."
    )


class AskSettings(Section):
    """Which language model answers `ask`; without one there are no answers, only searches."""

    model: str | None = Field(None, description="Model by litellm's name, such as openai/gpt-4o-mini or ollama/llama3.")
    url: str | None = Field(None, description="Base address of its API, when it is not the provider's own.")
    api_key: SecretStr | None = Field(None, description=f"Key of the provider, by reference: {HELD}.")
    passages: Count = Field(8, le=50, description="Passages that the model is given.")
    max_tokens: Count = Field(800, description="Longest answer, in tokens.")
    timeout_s: Seconds = Field(60.0, description="Longest wait for an answer, in seconds.")


class _SectionedEnvironment(EnvSettingsSource):
    """Variables that name a section and a key; STRATUMIOPS_CACHE alone is a folder, not the section."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[None, str, bool]:
        _, key, is_complex = super().get_field_value(field, field_name)
        return None, key, is_complex


class VaultSection(Section):
    """Which vault holds the secrets; without an address there is none, unless `stratumiops up` looks after one."""

    address: str | None = Field(None, description="URL of a vault, such as https://vault.example:8200.")
    ca_cert: Path | None = Field(None, description="File with the certificate of the authority that signed its own.")
    token: SecretStr | None = Field(
        None, description="Token with which references to secrets are resolved, best env:NAME."
    )
    token_file: Path | None = Field(None, description="File with that token, which an agent may renew.")
    role_id: str | None = Field(None, description="AppRole that logs in for one, with secret_id_file.")
    secret_id_file: Path | None = Field(None, description="File with the secret id of that AppRole.")
    namespace: str = Field("", description="Namespace in the vault that these belong to.")
    timeout_s: Seconds = Field(10.0, description="Longest wait for an answer of the vault, in seconds.")
    supervise: bool = Field(False, description="Whether `stratumiops up` starts a vault and looks after it.")
    config: Path | None = Field(
        None, description="svault.toml of that vault; left out: vault/svault.toml in the data directory."
    )


class Settings(BaseSettings):
    """All settings. Read them with `configuration.load_settings`."""

    model_config = SettingsConfigDict(
        extra="forbid",
        frozen=True,
        env_prefix=ENV_PREFIX,
        env_nested_delimiter=ENV_DELIMITER,
        env_ignore_empty=True,
        hide_input_in_errors=True,
    )

    server: ServerSettings = ServerSettings()
    neo4j: Neo4jSection = Neo4jSection()
    limits: Limits = Limits()
    auth: AuthSettings = AuthSettings()
    logging: LoggingSettings = LoggingSettings()
    telemetry: TelemetrySettings = TelemetrySettings()
    graphql: GraphQLSettings = GraphQLSettings()
    cache: CacheSettings = CacheSettings()
    sync: SyncSettings = SyncSettings()
    suggest: SuggestSettings = SuggestSettings()
    ingest: IngestSettings = IngestSettings()
    embeddings: EmbeddingSettings = EmbeddingSettings()
    search: SearchSettings = SearchSettings()
    ask: AskSettings = AskSettings()
    vault: VaultSection = VaultSection()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment over what the files say; nothing else."""
        return _SectionedEnvironment(settings_cls), init_settings
