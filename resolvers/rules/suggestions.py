"""Suggestions: pages, refreshing, accepting and dismissing."""

import asyncio
from typing import Annotated

import strawberry
from strawberry import UNSET

from stratumiops.graph.errors import BadInput
from stratumiops.graph.models import RelationType
from stratumiops.ingest.suggest.extraction import Extraction
from stratumiops.ingest.suggest.litellm_model import LiteLLM
from stratumiops.ingest.suggest.models import SuggestionKind, SuggestionState
from stratumiops.ingest.suggest.refresh import MAX_SCANNED, Refresh
from stratumiops.ingest.suggest.service import StoredSuggestion, Suggestions
from stratumiops.resolvers.context import Role
from stratumiops.resolvers.engine.context import Info
from stratumiops.resolvers.engine.describe import first_of
from stratumiops.resolvers.rules import cursors
from stratumiops.resolvers.secrets import References
from stratumiops.resolvers.settings import SuggestSettings
from stratumiops.schema import suggestions as types
from stratumiops.schema.arguments import After, First, GraphName
from stratumiops.schema.connections import page_info
from stratumiops.schema.knowledge import node_of

MAX_READ = 50
"""Most nodes that a language model reads in one call."""

_INPUT = strawberry.argument(description="What is to be done.")
_Node = Annotated[strawberry.ID | None, strawberry.argument(description="Only those that begin or end at this node.")]
_State = Annotated[SuggestionState, strawberry.argument(description="What was said to them.")]


@strawberry.type
class SuggestionQuery:
    """Root field of suggestions."""

    @strawberry.field(
        description="Relations and tags that a person may accept, best first; `refreshSuggestions` looks for them. "
        "Open ones whose nodes are joined by now are left out."
    )
    async def suggestions(
        self,
        info: Info,
        graph: GraphName = UNSET,
        node: _Node = UNSET,
        state: _State = SuggestionState.OPEN,
        first: First = 50,
        after: After = UNSET,
    ) -> types.SuggestionConnection:
        """Relations and tags that a person may accept."""
        scope = info.context.reader.scope
        limit = first_of({"first": first}, scope)
        score, last = cursors.decode(after, float, str) if after else (0.0, "")
        rows = await Suggestions(info.context.services.db).page(
            scope.graphs(graph or None, inherited=False),
            auth=scope.visible,
            state=state,
            first=limit,
            node=node or None,
            after=(score, last) if after else None,
        )
        found = [_suggestion(row) for row in rows[:limit]]
        ends = [cursors.encode(float(one.score), one.id) for one in found]
        return types.SuggestionConnection(
            edges=[types.SuggestionEdge(cursor=cursor, node=one) for cursor, one in zip(ends, found, strict=True)],
            nodes=found,
            page_info=page_info(ends, more=len(rows) > limit, after=bool(after)),
        )


@strawberry.type
class SuggestionMutation:
    """Mutations of suggestions."""

    @strawberry.mutation(
        description="Look for suggestions in what changed since the last look. It looks at `limit` nodes at the most; "
        "call it again while `remaining` is above 0."
    )
    async def refresh_suggestions(
        self, info: Info, input: Annotated[types.RefreshSuggestionsInput, _INPUT]
    ) -> types.RefreshSuggestionsPayload:
        """Look for suggestions."""
        principal, services = info.context.principal, info.context.services
        principal.require(Role.DEVELOPER, input.graph)
        info.context.scope.graphs(input.graph, inherited=False)
        most = MAX_READ if input.use_model else MAX_SCANNED
        if not 1 <= input.limit <= most:
            raise BadInput(f"limit is {input.limit}; 1 to {most:,} is possible.", field="input.limit")
        if input.use_model:
            extraction = Extraction(services.db, await language_model(services.settings.suggest, services.references))
            done = await extraction.run(input.graph, input.limit, node=input.node or None)
        else:
            done = await Refresh(services.db).run(input.graph, input.limit)
        return types.RefreshSuggestionsPayload(
            scanned=done.scanned,
            remaining=done.remaining,
            created=done.created,
            withdrawn=done.withdrawn,
            refused=done.refused,
        )

    @strawberry.mutation(
        description="Make the relation that is suggested, with the origin `suggestion`, or add the tag. Accepting it "
        "again changes nothing."
    )
    async def accept_suggestion(
        self, info: Info, input: Annotated[types.DecideSuggestionInput, _INPUT]
    ) -> types.SuggestionPayload:
        """Make the relation that is suggested, or add the tag."""
        principal, services = info.context.principal, info.context.services
        principal.require(Role.DEVELOPER, input.graph)
        found = await Suggestions(services.db).accept(input.graph, input.id, actor=principal.name)
        services.events.poke()
        return types.SuggestionPayload(suggestion=_suggestion(found))

    @strawberry.mutation(description="Say no to a suggestion: it is not made again.")
    async def dismiss_suggestion(
        self, info: Info, input: Annotated[types.DecideSuggestionInput, _INPUT]
    ) -> types.SuggestionPayload:
        """Say no to a suggestion."""
        principal, services = info.context.principal, info.context.services
        principal.require(Role.DEVELOPER, input.graph)
        found = await Suggestions(services.db).dismiss(input.graph, input.id, actor=principal.name)
        return types.SuggestionPayload(suggestion=_suggestion(found))


async def language_model(settings: SuggestSettings, references: References) -> LiteLLM:
    """The model that the settings name.

    Raises:
        BadInput: none is named, or its key refers to nothing.
        StratumError: the vault does not give its key.
    """
    if settings.model is None:
        message = "No language model is configured."
        raise BadInput(message, hint="Set suggest.model, such as openai/gpt-4.1-mini.", field="input.useModel")
    key = await asyncio.to_thread(references.value, settings.api_key, "suggest.api_key")
    return LiteLLM(settings.model, key, settings.api_base, settings.timeout_s)


def _suggestion(found: StoredSuggestion) -> types.Suggestion:
    held = found.suggestion
    return types.Suggestion(
        id=held["id"],
        graph=held["graph"],
        kind=SuggestionKind(held["kind"]),
        source=node_of(dict(found.source)),
        target=node_of(dict(found.target)) if found.target is not None else None,
        relation=RelationType(held["relation"]) if held.get("relation") else None,
        tag=held.get("tag"),
        score=held["score"],
        why=held["why"],
        quote=held.get("quote"),
        state=SuggestionState(held["state"]),
        created_at=held["created_at"],
        decided_at=held.get("decided_at"),
        decided_by=held.get("decided_by"),
    )
