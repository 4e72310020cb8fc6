"""Saved views of the web app."""

import strawberry
from strawberry import UNSET

from stratumiops.schema.scalars import DateTime


@strawberry.type(description="A view of the web app under a name: its address.")
class SavedView:
    """A view of the web app under a name."""

    id: strawberry.ID = strawberry.field(description="Identifies it.")
    graph: str | None = strawberry.field(description="The named graph it belongs to; null: it is for all.")
    name: str = strawberry.field(description="What people call it; once in its graph.")
    address: str = strawberry.field(description="Path and query in the web app.")
    created_at: DateTime = strawberry.field(description="When it was first saved.")
    created_by: str = strawberry.field(description="Who first saved it.")
    updated_at: DateTime = strawberry.field(description="When it last changed.")
    updated_by: str = strawberry.field(description="Who changed it last.")
    rev: int = strawberry.field(description="Its revision, 1 at first.")


@strawberry.input(description="A view that is to be saved.")
class SaveViewInput:
    """A view that is to be saved."""

    id: strawberry.ID | None = strawberry.field(
        default=UNSET, description="The view that is to be changed; without it, a new one is saved."
    )
    rev: int | None = strawberry.field(
        default=UNSET, description="The revision that the change was made from; needed with `id`."
    )
    graph: str | None = strawberry.field(
        default=UNSET,
        description="The named graph of a new view. Without it, it is for all graphs: everybody sees it, and only an "
        "admin may save it. A view stays where it is.",
    )
    name: str = strawberry.field(description="What people are to call it, up to 100 characters.")
    address: str = strawberry.field(
        description="Path and query in the web app, such as `/graph?type=DECISION`, up to 4,000 characters."
    )


@strawberry.type(description="The view as it is now.")
class SaveViewPayload:
    """The view as it is now."""

    view: SavedView = strawberry.field(description="The view.")


@strawberry.type(description="The view that is gone.")
class DeleteViewPayload:
    """The view that is gone."""

    id: strawberry.ID = strawberry.field(description="Its id.")
