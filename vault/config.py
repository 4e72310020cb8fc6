"""`svault.toml`: what the server is to be. Unknown keys are refused, and the nearest known one is named."""

import difflib
import tomllib
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from stratumiops.vault import durations
from stratumiops.vault.errors import BadRequest, ConfigError
from stratumiops.vault.section import Section
from stratumiops.vault.storage.options import StorageSection

MOST_SHARES: Final = 255


def _seconds(value: Any) -> int:
    try:
        return durations.parse(value, "duration")
    except BadRequest:
        raise ValueError(f'{value!r} is no duration; write 90, "90s", "1h30m" or "2d"') from None


Seconds = Annotated[int, BeforeValidator(_seconds)]


class VaultSection(Section):
    """`[vault]`."""

    crypto_backend: Literal["openssl", "oqs", "aws-lc", "rustcrypto"] = "openssl"
    cluster_name: str = "svault"


class ServerSection(Section):
    """`[server]`: where it listens. Without a certificate it speaks plain HTTP, and says so."""

    address: str = "127.0.0.1:8200"
    tls_cert: Path | None = None
    tls_key: Path | None = None
    tls_client_ca: Path | None = None
    max_request_size: int = Field(default=32 * 1024**2, ge=1024, le=1024**3)

    @property
    def host(self) -> str:
        """The address without its port."""
        return self.address.rpartition(":")[0].strip("[]") or "127.0.0.1"

    @property
    def port(self) -> int:
        """The port; 0 lets the system choose one."""
        return int(self.address.rpartition(":")[2])

    @model_validator(mode="after")
    def _whole(self) -> "ServerSection":
        port = self.address.rpartition(":")[2]
        if not port.isdecimal() or int(port) > 65_535:
            raise ValueError(f"address {self.address!r} has no port; write host:port, such as 127.0.0.1:8200")
        if (self.tls_cert is None) != (self.tls_key is None):
            raise ValueError("tls_cert and tls_key belong together")
        if self.tls_client_ca is not None and self.tls_cert is None:
            raise ValueError("tls_client_ca needs tls_cert and tls_key")
        return self


class ShamirSection(Section):
    """`[seal.shamir]`: how many shares init makes, and how many of them unseal, unless its request says otherwise."""

    shares: int = Field(default=5, ge=1, le=MOST_SHARES)
    threshold: int = Field(default=3, ge=1, le=MOST_SHARES)

    @model_validator(mode="after")
    def _reachable(self) -> "ShamirSection":
        if self.threshold > self.shares:
            raise ValueError(f"threshold {self.threshold} is more than the {self.shares} shares")
        if self.threshold == 1 and self.shares > 1:
            raise ValueError("threshold 1 of several shares protects nothing; use one share, or a higher threshold")
        return self


class SealSection(Section):
    """`[seal]`. `anchor` is a file beside the storage; it tells when the storage was put back to an older state."""

    seal_type: Literal["shamir"] = "shamir"
    anchor: Path | None = None
    shamir: ShamirSection = ShamirSection()


class KvSection(Section):
    """`[engines.kv]`: a mount that init makes."""

    path: str = "secret/"
    versioned: bool = True


class PathSection(Section):
    """`[engines.transit]` and the like: a mount that init makes."""

    path: str


class EnginesSection(Section):
    """`[engines]`: what init mounts."""

    kv: KvSection | None = None
    transit: PathSection | None = None
    pki: PathSection | None = None
    database: PathSection | None = None


class AuthSection(Section):
    """`[auth]`: how long tokens and leases live, in seconds or as `"24h"`."""

    token_ttl: Seconds = 32 * 86_400
    max_token_ttl: Seconds = 32 * 86_400

    @model_validator(mode="after")
    def _ordered(self) -> "AuthSection":
        if self.token_ttl > self.max_token_ttl:
            raise ValueError(f"token_ttl {self.token_ttl} s is more than max_token_ttl {self.max_token_ttl} s")
        return self


class TelemetrySection(Section):
    """`[telemetry]`."""

    metrics: bool = True
    unauthenticated_metrics: bool = False
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["json", "text"] = "json"


class Config(Section):
    """The whole file."""

    vault: VaultSection = VaultSection()
    server: ServerSection = ServerSection()
    storage: StorageSection = StorageSection()
    seal: SealSection = SealSection()
    engines: EnginesSection = EnginesSection()
    auth: AuthSection = AuthSection()
    telemetry: TelemetrySection = TelemetrySection()


def load(path: Path) -> Config:
    """The configuration of a file; relative paths in it are relative to its folder.

    Raises:
        ConfigError: it cannot be read, or says something that cannot be; the text names file, key and way out.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from None
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: is no TOML: {error}") from None
    return _rooted(parse(given, str(path)), path.resolve().parent)


def parse(given: dict[str, Any], name: str = "configuration") -> Config:
    """The configuration that a document says.

    Raises:
        ConfigError: a key is unknown, or a value cannot be.
    """
    backend = given.get("storage", {}).get("backend") if isinstance(given.get("storage"), dict) else None
    if backend == "surrealdb":
        raise ConfigError(
            f'{name}: storage.backend "surrealdb" is not offered: use "neo4j", or the default "filesystem"'
        )
    try:
        return Config.model_validate(given)
    except ValidationError as error:
        raise ConfigError(f"{name}: " + "; ".join(_told(one) for one in error.errors(include_url=False))) from None


def _told(problem: Any) -> str:
    where = ".".join(str(part) for part in problem["loc"])
    if problem["type"] != "extra_forbidden":
        return f"{where or 'file'}: {problem['msg'].removeprefix('Value error, ')}"
    model: Any = Config
    for part in problem["loc"][:-1]:
        kind = model.model_fields[part].annotation
        model = next(one for one in (kind, *getattr(kind, "__args__", ())) if hasattr(one, "model_fields"))
    near = difflib.get_close_matches(str(problem["loc"][-1]), model.model_fields, n=1, cutoff=0.5)
    known = f"did you mean {near[0]}?" if near else f"known are {', '.join(model.model_fields)}"
    return f"{where}: unknown key; {known}"


def _rooted(config: Config, folder: Path) -> Config:
    """The same with absolute paths."""
    server = config.server.model_copy(
        update={
            name: folder / value
            for name in ("tls_cert", "tls_key", "tls_client_ca")
            if (value := getattr(config.server, name)) is not None
        }
    )
    anchor = config.seal.anchor
    seal = config.seal.model_copy(update={"anchor": folder / anchor if anchor is not None else None})
    return config.model_copy(update={"server": server, "storage": config.storage.rooted(folder), "seal": seal})
