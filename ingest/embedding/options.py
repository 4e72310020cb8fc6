"""What the embedding job is told: which model, of which graphs, under which name."""

import re
from dataclasses import dataclass, field
from typing import Final

from stratumiops.graph.errors import BadInput
from stratumiops.ingest.chunks import ChunkOptions
from stratumiops.ingest.embedding.ports import ModelSpec

FAMILY: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddingOptions:
    """Settings of embeddings.

    Args:
        graphs: the named graphs whose nodes are embedded; empty: all.
        family: the name that vector indexes begin with. Servers that want different models on one database
            need different ones, else each would replace what the other made.

    Raises:
        BadInput: the family is no name.
    """

    enabled: bool = True
    spec: ModelSpec = field(default_factory=ModelSpec)
    graphs: tuple[str, ...] = ()
    family: str = "chunks"
    chunking: ChunkOptions = field(default_factory=ChunkOptions)

    def __post_init__(self) -> None:
        if not FAMILY.fullmatch(self.family):
            message = f"{self.family[:60]!r} is no name of indexes"
            hint = "use a letter, then letters, digits and underscores, in lower case, at most 40"
            raise BadInput(message, hint=hint, field="embeddings.index")
