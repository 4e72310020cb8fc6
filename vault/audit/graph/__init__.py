"""The audit device `graph`: a node in Neo4j for each request and each answer, with metadata only."""
