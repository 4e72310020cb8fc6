"""The GraphQL schema, put together from the domains."""

import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types

from stratumiops.resolvers.catalogue.mutation import CatalogueMutation
from stratumiops.resolvers.catalogue.query import CatalogueQuery
from stratumiops.resolvers.ingest import IngestMutation, IngestQuery
from stratumiops.resolvers.knowledge.mutation import KnowledgeMutation
from stratumiops.resolvers.knowledge.query import KnowledgeQuery
from stratumiops.resolvers.knowledge.subscription import KnowledgeSubscription
from stratumiops.schema.knowledge import NODE_TYPES
from stratumiops.schema.scalars import SCALARS

Query = merge_types("Query", (KnowledgeQuery, CatalogueQuery, IngestQuery))
Mutation = merge_types("Mutation", (KnowledgeMutation, CatalogueMutation, IngestMutation))
Subscription = merge_types("Subscription", (KnowledgeSubscription,))

schema = strawberry.Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    types=list(NODE_TYPES.values()),
    config=StrawberryConfig(scalar_map=SCALARS),
)
