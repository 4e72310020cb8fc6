"""Nearest vectors without a server: exact cosine similarity over one matrix."""

from collections.abc import Sequence
from typing import Any


class Vectors:
    """Vectors by id; the matrix is rebuilt when it is searched after a change."""

    def __init__(self) -> None:
        self._vectors: dict[str, Sequence[float]] = {}
        self._matrix: Any = None

    def put(self, node_id: str, vector: Sequence[float] | None) -> None:
        """Add or replace a node's vector; None forgets it."""
        if vector is None:
            self.remove(node_id)
            return
        self._vectors[node_id] = vector
        self._matrix = None

    def remove(self, node_id: str) -> None:
        """Forget a node's vector."""
        if self._vectors.pop(node_id, None) is not None:
            self._matrix = None

    def search(self, vector: Sequence[float], limit: int) -> list[tuple[str, float]]:
        """Ids and scores `(1 + cosine) / 2`, best first; of equal scores the smaller id comes first."""
        if not self._vectors:
            return []
        import numpy as np

        if self._matrix is None:
            rows = np.asarray(list(self._vectors.values()), dtype=np.float64)
            self._matrix = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        query = np.asarray(vector, dtype=np.float64)
        scores = (1.0 + self._matrix @ (query / np.linalg.norm(query))) / 2.0
        hits = sorted(zip(self._vectors, scores.tolist(), strict=True), key=lambda hit: (-hit[1], hit[0]))
        return hits[:limit]
