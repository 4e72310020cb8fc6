"""Runs GraphQL operations: compiled into one Cypher statement where that is possible, else by the executor."""

from stratumiops.resolvers.engine.engine import Engine
from stratumiops.resolvers.engine.request import GraphQLRequest, GraphQLResponse

__all__ = ["Engine", "GraphQLRequest", "GraphQLResponse"]
