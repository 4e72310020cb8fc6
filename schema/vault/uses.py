"""Which nodes of the graph use which secrets."""

import strawberry

from stratumiops.schema.knowledge import KnowledgeNode
from stratumiops.schema.scalars import DateTime


@strawberry.type(description="A node of the graph uses a secret. The graph knows where the secret is, and no value.")
class SecretUse:
    """A node of the graph uses a secret."""

    id: strawberry.ID = strawberry.field(description="Identifies the use.")
    reference: str = strawberry.field(
        description="What is used: `vault:<mount>/<path>` or `vault:<mount>/<path>#<key>`."
    )
    key: str | None = strawberry.field(description="The part of the secret that is used; null: all of it.")
    node: KnowledgeNode = strawberry.field(description="What uses it.")
    created_at: DateTime = strawberry.field(description="When that was noted.")
    created_by: str = strawberry.field(description="Who noted it.")


@strawberry.input(description="A node of the graph and a secret.")
class SecretUseInput:
    """A node of the graph and a secret."""

    graph: str = strawberry.field(description="The named graph of the node.")
    node: strawberry.ID = strawberry.field(description="The node's id.")
    reference: str = strawberry.field(
        description="The secret: `vault:<mount>/<path>`, with `#<key>` for a part of it. It need not exist."
    )


@strawberry.type(description="The use that is noted.")
class UseSecretPayload:
    """The use that is noted."""

    use: SecretUse = strawberry.field(description="The use.")


@strawberry.type(description="The use that is over.")
class StopUsingSecretPayload:
    """The use that is over."""

    reference: str = strawberry.field(description="The secret that was used.")
