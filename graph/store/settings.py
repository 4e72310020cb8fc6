"""How to reach the store."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Neo4jSettings:
    """A Neo4j server and how to speak to it.

    Args:
        uri: `bolt://`, `neo4j://` or one of their TLS forms (`bolt+s://`, `neo4j+ssc://` …).
        statement_timeout_s: seconds after which the server ends a statement, unless a call says otherwise.
        pool_size: most connections held at once; a call beyond that waits for one.
    """

    uri: str
    user: str = "neo4j"
    password: str = field(default="", repr=False)
    database: str = "neo4j"
    statement_timeout_s: float = 30.0
    pool_size: int = 100
