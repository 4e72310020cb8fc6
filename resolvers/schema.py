"""The GraphQL schema, put together from the domains."""

import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types

from stratumiops.resolvers.knowledge.query import KnowledgeQuery
from stratumiops.schema.knowledge import NODE_TYPES
from stratumiops.schema.scalars import SCALARS

Query = merge_types("Query", (KnowledgeQuery,))

schema = strawberry.Schema(
    query=Query,
    types=list(NODE_TYPES.values()),
    config=StrawberryConfig(scalar_map=SCALARS),
)
