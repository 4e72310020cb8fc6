"""Settings of the managed server, all from the environment."""

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from stratumiops.graph.errors import BadInput

E = TypeVar("E", bound=StrEnum)

MAVEN_CENTRAL = "https://repo.maven.apache.org/maven2"
DEFAULT_BOLT_PORT = 17687
"""Below 32768: the kernel hands ports above to clients, so one would be in the way sooner or later."""

VARIABLES = {
    "STRATUMIOPS_CACHE": "Folder of fetched Neo4j files, and of files once read. Default `~/.cache/stratumiops`.",
    "STRATUMIOPS_MAVEN": f"Repository they are fetched from, such as a mirror. Default `{MAVEN_CENTRAL}`.",
    "STRATUMIOPS_AOT": "Java's start-up cache: `auto` (build and use), `use` (never build) or `off`.",
    "STRATUMIOPS_NEO4J_MEMORY": "Memory of the managed Neo4j: `small` (384 MB heap) or `medium` (1 GB).",
    "STRATUMIOPS_JAVA_OPTIONS": "More options of the managed Neo4j's Java, such as `-Xmx2g`, with blanks between them.",
    "STRATUMIOPS_BOLT_PORT": f"Port of the managed Neo4j, or the next free one. Default {DEFAULT_BOLT_PORT}.",
}
"""Every variable that is read here, beside `STRATUMIOPS_HOME`, for the configuration reference."""


class AotMode(StrEnum):
    """What to do with Java's ahead-of-time cache, which halves the start of Neo4j."""

    AUTO = "auto"
    """Use it, and build it in the background when there is none."""
    USE = "use"
    """Use it when it is there; never build one."""
    OFF = "off"
    """Neither."""


class MemorySize(StrEnum):
    """How much memory Neo4j gets."""

    SMALL = "small"
    """384 MB heap, 64 MB page cache: a laptop, some 100,000 nodes."""
    MEDIUM = "medium"
    """1 GB heap, 256 MB page cache."""


def default_home(environ: Mapping[str, str] | None = None) -> Path:
    """The data directory: `STRATUMIOPS_HOME`, else `~/.local/share/stratumiops`; absolute."""
    env = os.environ if environ is None else environ
    named = env.get("STRATUMIOPS_HOME")
    return Path(named).expanduser().absolute() if named else Path.home() / ".local" / "share" / "stratumiops"


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """Where the server's files come from and how it runs.

    `cache` is the folder shared by all homes (`STRATUMIOPS_CACHE`, else `$XDG_CACHE_HOME/stratumiops`, else
    `~/.cache/stratumiops`); `maven` the repository the files are fetched from (`STRATUMIOPS_MAVEN`);
    `aot` and `memory` are `STRATUMIOPS_AOT` and `STRATUMIOPS_NEO4J_MEMORY`; `java_options` come after the options that
    these stand for (`STRATUMIOPS_JAVA_OPTIONS`); `bolt_port` is the port tried first (`STRATUMIOPS_BOLT_PORT`).
    """

    cache: Path
    maven: str = MAVEN_CENTRAL
    aot: AotMode = AotMode.AUTO
    memory: MemorySize = MemorySize.SMALL
    bolt_port: int = DEFAULT_BOLT_PORT
    java_options: tuple[str, ...] = ()

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "ServerSettings":
        """Read the environment.

        Raises:
            BadInput: a setting has a value that is not one of its kind; the sentence lists them.
        """
        env = os.environ if environ is None else environ
        return cls(
            cache=_cache(env),
            maven=_maven(env),
            aot=_choice(env, "STRATUMIOPS_AOT", AotMode, AotMode.AUTO),
            memory=_choice(env, "STRATUMIOPS_NEO4J_MEMORY", MemorySize, MemorySize.SMALL),
            bolt_port=_port(env),
            java_options=_java_options(env),
        )


def _cache(env: Mapping[str, str]) -> Path:
    if named := env.get("STRATUMIOPS_CACHE"):
        return Path(named).expanduser().absolute()
    base = env.get("XDG_CACHE_HOME")
    return (Path(base).expanduser().absolute() if base else Path.home() / ".cache") / "stratumiops"


def _maven(env: Mapping[str, str]) -> str:
    url = (env.get("STRATUMIOPS_MAVEN") or MAVEN_CENTRAL).rstrip("/")
    if not url.startswith(("https://", "http://")):
        raise BadInput(
            f"STRATUMIOPS_MAVEN is {url!r}; expected the http(s) address of a Maven repository",
            hint=f"leave it unset for {MAVEN_CENTRAL}",
            field="STRATUMIOPS_MAVEN",
        )
    return url


def _choice(env: Mapping[str, str], name: str, kind: type[E], default: E) -> E:
    value = env.get(name) or default.value
    try:
        return kind(value)
    except ValueError:
        known = ", ".join(kind)
        raise BadInput(f"{name} is {value!r}; expected one of {known}", field=name) from None


def _java_options(env: Mapping[str, str]) -> tuple[str, ...]:
    name = "STRATUMIOPS_JAVA_OPTIONS"
    try:
        options = tuple(shlex.split(env.get(name) or ""))
    except ValueError as error:
        raise BadInput(f"{name} cannot be read: {error}", field=name) from None
    for option in options:
        if not option.startswith(("-X", "-D")):
            raise BadInput(f"{name} has {option!r}; expected options that begin with -X or -D", field=name)
    return options


def _port(env: Mapping[str, str]) -> int:
    text = env.get("STRATUMIOPS_BOLT_PORT") or str(DEFAULT_BOLT_PORT)
    if not text.isdecimal() or not 1024 <= int(text) <= 65535:
        raise BadInput(
            f"STRATUMIOPS_BOLT_PORT is {text!r}; expected a port from 1024 to 65535",
            field="STRATUMIOPS_BOLT_PORT",
        )
    return int(text)
