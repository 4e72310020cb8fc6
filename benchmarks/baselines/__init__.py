"""What the API is compared with: bare hand-written Cypher, and plain strawberry with DataLoaders."""
