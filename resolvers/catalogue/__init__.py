"""Resolvers of what there is: named graphs, tags, the server itself."""
