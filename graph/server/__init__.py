"""The managed local Neo4j (files, home, process), and where to find whichever Neo4j is used."""
