"""Guidelines that apply in a graph, with where each comes from."""

import strawberry

from stratumiops.schema.knowledge import Guideline


@strawberry.type(description="A guideline that applies in a graph, or that another one overrides there.")
class ApplicableGuideline:
    """A guideline that applies in a graph."""

    guideline: Guideline = strawberry.field(description="The guideline; `guideline.graph` is where it comes from.")
    inherited_from: str | None = strawberry.field(
        description="The graph that it is inherited from; null: it is the graph's own."
    )
    priority: int = strawberry.field(
        description="What it was weighed by: its own priority; without one that of its graph, 50 more when it is the "
        "graph's own and 50 less when it is inherited: 150 and 50 unless the graphs say otherwise."
    )
    topic: str = strawberry.field(
        description="What it was compared by: its topic, or its title, in lower case with dashes."
    )
    score: float | None = strawberry.field(
        description="How well it fits the topic that was asked for; null when none was."
    )
    applies: bool = strawberry.field(description="false: another one overrides it, or its status says that it is over.")
    overridden_by: Guideline | None = strawberry.field(description="The guideline that took its place.")
    overrides: list[Guideline] = strawberry.field(description="The guidelines whose place it took.")
