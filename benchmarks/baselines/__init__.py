"""What the API is compared with: bare hand-written Cypher, and plain strawberry with DataLoaders."""

import os


def connection_from_env() -> tuple[str, tuple[str, str]]:
    """Address of the store and (user, password), from NEO4J_URI, NEO4J_USER and NEO4J_PASSWORD."""
    return os.environ["NEO4J_URI"], (os.environ["NEO4J_USER"], os.environ["NEO4J_PASSWORD"])
