"""The GraphQL schema, put together from the domains."""

import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types

from stratumiops.resolvers.catalogue.mutation import CatalogueMutation
from stratumiops.resolvers.catalogue.query import CatalogueQuery
from stratumiops.resolvers.import_jobs import ImportJobMutation, ImportJobQuery, ImportJobSubscription
from stratumiops.resolvers.ingest import IngestMutation, IngestQuery
from stratumiops.resolvers.knowledge.blocks import BlockQuery
from stratumiops.resolvers.knowledge.mutation import KnowledgeMutation
from stratumiops.resolvers.knowledge.query import KnowledgeQuery
from stratumiops.resolvers.knowledge.subscription import KnowledgeSubscription
from stratumiops.resolvers.rules.guidelines import GuidelineQuery
from stratumiops.resolvers.rules.lint import LintMutation, LintQuery
from stratumiops.resolvers.rules.suggestions import SuggestionMutation, SuggestionQuery
from stratumiops.resolvers.search.query import SearchQuery
from stratumiops.resolvers.sync import SyncMutation, SyncQuery
from stratumiops.resolvers.vault import roots as vault
from stratumiops.resolvers.views import ViewMutation, ViewQuery
from stratumiops.schema.knowledge import NODE_TYPES
from stratumiops.schema.scalars import SCALARS


def _root(name: str, description: str, *parts: type) -> type:
    """One of the three root types, put together of what the domains offer."""
    merged = merge_types(name, parts)
    merged.__strawberry_definition__.description = description  # type: ignore[attr-defined]
    return merged


Query = _root(
    "Query",
    "What can be read.",
    KnowledgeQuery,
    SearchQuery,
    BlockQuery,
    CatalogueQuery,
    IngestQuery,
    SyncQuery,
    GuidelineQuery,
    LintQuery,
    SuggestionQuery,
    ImportJobQuery,
    ViewQuery,
    *vault.QUERIES,
)
Mutation = _root(
    "Mutation",
    "What can be changed.",
    KnowledgeMutation,
    CatalogueMutation,
    IngestMutation,
    SyncMutation,
    LintMutation,
    SuggestionMutation,
    ImportJobMutation,
    ViewMutation,
    *vault.MUTATIONS,
)
Subscription = _root("Subscription", "What can be watched.", KnowledgeSubscription, ImportJobSubscription)

schema = strawberry.Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    types=list(NODE_TYPES.values()),
    config=StrawberryConfig(scalar_map=SCALARS),
)
