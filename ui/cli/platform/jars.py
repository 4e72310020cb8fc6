"""`stratumiops neo4j fetch` and `verify`."""

from stratumiops.graph.errors import StratumError
from stratumiops.graph.server.cache import JarCache
from stratumiops.graph.server.settings import ServerSettings
from stratumiops.ui.cli.output import print_json
from stratumiops.ui.cli.platform import prepare
from stratumiops.ui.cli.platform.screen import say


def fetch_jars() -> None:
    """Make the cache complete.

    Raises:
        Unavailable: see `graph.server.download.ensure_jars`.
    """
    settings = ServerSettings.from_env()
    cache = JarCache.of(settings)
    if cache.marker.exists() and cache.damaged():
        cache.marker.unlink()  # sizes are right, sums are not: look at everything again
    fetched = prepare.fetch_jars(settings)
    say(f"fetched {fetched} files" if fetched else f"all {len(cache.lock.jars)} files are in {cache.jars}")


def verify_jars(*, as_json: bool) -> None:
    """Compare all sums.

    Raises:
        StratumError: files are missing or have another content.
    """
    cache = JarCache.of(ServerSettings.from_env())
    damaged = [jar.name for jar in cache.damaged()]
    total = len(cache.lock.jars)
    if as_json:
        print_json({"version": cache.lock.version, "folder": str(cache.jars), "files": total, "bad": damaged})
    elif not damaged:
        say(f"all {total} files of Neo4j {cache.lock.version} are as pinned, in {cache.jars}")
    if damaged:
        raise StratumError(
            f"{len(damaged)} of {total} files in {cache.jars} are missing or damaged, such as {damaged[0]}",
            hint="`stratumiops neo4j fetch` fetches them anew",
        )
