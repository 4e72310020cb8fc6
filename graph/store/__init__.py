"""The Neo4j side of the graph: connection, migrations, writes, history and the outbox of events."""
