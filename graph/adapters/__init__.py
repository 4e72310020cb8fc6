"""Stores of knowledge behind one port: Neo4j, a folder of markdown, memory."""
