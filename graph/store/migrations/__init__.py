"""Versioned changes of the schema: `NNNN_name.cypher`, applied in order, recorded as `(:SchemaVersion)`."""

from stratumiops.graph.store.migrations.runner import Migration, applied, available, migrate

__all__ = ["Migration", "applied", "available", "migrate"]
