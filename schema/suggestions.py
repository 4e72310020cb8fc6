"""Suggestions: relations and tags that a person may accept."""

import strawberry
from strawberry import UNSET

from stratumiops.ingest.suggest.models import SuggestionKind, SuggestionState
from stratumiops.schema.connections import PageInfo
from stratumiops.schema.enums import RelationType, described
from stratumiops.schema.knowledge import KnowledgeNode
from stratumiops.schema.scalars import DateTime

described(
    SuggestionKind,
    "Where a suggestion comes from.",
    {
        "MENTION": "The source's text has the title or an alias of the target, and no link to it.",
        "SIMILAR": "Both texts use the same distinctive words.",
        "RELATION": "A language model reads a relation in the source's text; `quote` is its evidence.",
        "TAG": "A language model proposes a tag; `quote` is its evidence.",
    },
)
described(
    SuggestionState,
    "What a person said to a suggestion.",
    {
        "OPEN": "Nothing yet.",
        "ACCEPTED": "Yes: the nodes are joined, or the tag is set.",
        "DISMISSED": "No: it is not suggested again.",
    },
)


@strawberry.type(description="A relation or a tag that a person may accept.")
class Suggestion:
    """A relation or a tag that a person may accept."""

    id: strawberry.ID = strawberry.field(description="Identifies it in its graph.")
    graph: str = strawberry.field(description="The named graph.")
    kind: SuggestionKind = strawberry.field(description="Where it comes from.")
    source: KnowledgeNode = strawberry.field(description="The node at which it begins.")
    target: KnowledgeNode | None = strawberry.field(description="The node at which it ends; null for a tag.")
    relation: RelationType | None = strawberry.field(description="What would join them; null for a tag.")
    tag: str | None = strawberry.field(description="The tag, if it is one.")
    score: float = strawberry.field(description="How sure it is, 0 to 1.")
    why: str = strawberry.field(description="Why it is suggested, in a sentence.")
    quote: str | None = strawberry.field(description="The part of the source's text that shows it.")
    state: SuggestionState = strawberry.field(description="What a person said to it.")
    created_at: DateTime = strawberry.field(description="When it was found.")
    decided_at: DateTime | None = strawberry.field(description="When it was accepted or dismissed.")
    decided_by: str | None = strawberry.field(description="Who accepted or dismissed it.")


@strawberry.type(description="One place in a page of suggestions.")
class SuggestionEdge:
    """One place in a page of suggestions."""

    cursor: str = strawberry.field(description="Names this place, for `after`.")
    node: Suggestion = strawberry.field(description="What is there.")


@strawberry.type(description="A page of suggestions.")
class SuggestionConnection:
    """A page of suggestions."""

    edges: list[SuggestionEdge] = strawberry.field(description="The page, with cursors.")
    nodes: list[Suggestion] = strawberry.field(description="The page.")
    page_info: PageInfo = strawberry.field(description="Where it stands.")


@strawberry.input(description="Where to look for suggestions.")
class RefreshSuggestionsInput:
    """Where to look for suggestions."""

    graph: str = strawberry.field(default="default", description="The named graph.")
    limit: int = strawberry.field(
        default=500, description="How many nodes are looked at in this call: 1 to 2,000, and 1 to 50 with `useModel`."
    )
    use_model: bool = strawberry.field(
        default=False,
        description="Ask the language model of the setting `suggest.model` instead of comparing names and words.",
    )
    node: strawberry.ID | None = strawberry.field(
        default=UNSET, description="With `useModel`: this node only, if the model has not read its present revision."
    )


@strawberry.input(description="Which suggestion is meant.")
class DecideSuggestionInput:
    """Which suggestion is meant."""

    id: strawberry.ID = strawberry.field(description="Its id.")
    graph: str = strawberry.field(default="default", description="The named graph.")


@strawberry.type(description="What looking for suggestions came to.")
class RefreshSuggestionsPayload:
    """What looking for suggestions came to."""

    scanned: int = strawberry.field(description="How many nodes were looked at.")
    remaining: int = strawberry.field(description="How many changed and are still to be looked at: call again.")
    created: int = strawberry.field(description="How many suggestions are new.")
    withdrawn: int = strawberry.field(description="How many open ones are no longer so.")
    refused: int = strawberry.field(description="How much of what the model answered was of no use.")


@strawberry.type(description="The suggestion as it is now.")
class SuggestionPayload:
    """The suggestion as it is now."""

    suggestion: Suggestion = strawberry.field(description="The suggestion.")
