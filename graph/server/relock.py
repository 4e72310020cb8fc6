"""Write the lock anew from a resolved jgo environment (maintainers, when the Neo4j version moves).

    python -m stratumiops.graph.server.relock 2026.08.1 FOLDER_WITH_jgo.lock.toml > neo4j-2026.08.1.lock.toml

Every sum is checked against the file beside it: jgo records the sum of what it has, even of a truncated file.
Fetch the result once with an empty cache, which compares all sums with the repository's files.
"""

import sys
import tomllib
from pathlib import Path

from stratumiops.graph.errors import BadInput
from stratumiops.graph.server.jars import Jar, file_sha256, format_lock


def relock(version: str, environment: Path) -> str:
    """The text of the lock for one resolved environment.

    Raises:
        BadInput: a file is missing or has another sum than the environment's lock says.
    """
    data = tomllib.loads((environment / "jgo.lock.toml").read_text(encoding="utf-8"))
    files = {path.name: path for path in environment.glob("*/*.jar")}
    jars = [_checked(entry, files) for entry in data["dependencies"]]
    return format_lock(version, jars)


def _checked(entry: dict[str, str], files: dict[str, Path]) -> Jar:
    names = (entry["groupId"], entry["artifactId"], entry["version"], entry.get("classifier", ""))
    jar = Jar(*names, size=0, sha256=entry["sha256"])
    path = files.get(jar.name)
    if path is None:
        raise BadInput(f"{jar.name} is in the lock but not in the environment")
    if file_sha256(path) != jar.sha256:
        raise BadInput(f"{path} has not the sha256 of the environment's lock")
    return Jar(*names, size=path.stat().st_size, sha256=jar.sha256)


if __name__ == "__main__":
    sys.stdout.write(relock(sys.argv[1], Path(sys.argv[2])))
