"""`kogral add`: new nodes, by options, by questions, from a file, or in an editor."""

from typing import Annotated

import typer

from stratumiops.graph.models import NodeType
from stratumiops.ui.cli.kogral.app import app
from stratumiops.ui.cli.kogral.options import Content, ContentFile, DryRun, Json, ProjectGraph, Server

add = typer.Typer(
    name="add",
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""Add a note, a decision, a guideline, a pattern or a journal entry.

On a terminal it asks for what is missing. Texts begin with a template, your own from .kogral/templates
(note.md.j2, decision.md.j2 …) where there is one.

\b
Examples:
  kogral add note "How we deploy" --tag ops --content-file deploy.md
  kogral add decision "Use NATS" --edit
  git log -1 --format=%B | kogral add journal --content-file -""",
)
app.add_typer(add)

Title = Annotated[str | None, typer.Argument(help="Its title, one line; asked for on a terminal.")]
NewTags = Annotated[list[str] | None, typer.Option("--tag", metavar="TAG", help="A tag; may be repeated.")]
NewAliases = Annotated[
    list[str] | None, typer.Option("--alias", metavar="NAME", help="Another name of it; may be repeated.")
]
NewStatus = Annotated[str | None, typer.Option("--status", metavar="WORD", help="Where it stands.")]
Day = Annotated[str | None, typer.Option("--date", metavar="YYYY-MM-DD", help="The date it carries.")]
Id = Annotated[str | None, typer.Option("--id", metavar="ID", help="Its id; without one the server makes one.")]
Edit = Annotated[bool, typer.Option("--edit", "-e", help="Write the text in VISUAL or EDITOR.")]


def _plain(kind: NodeType, help_text: str) -> None:
    """The command that adds a node of a type which has no fields of its own."""

    @add.command(kind.value, help=help_text)
    def plain(
        title: Title = None,
        *,
        content: Content = None,
        content_file: ContentFile = None,
        edit: Edit = False,
        tags: NewTags = None,
        aliases: NewAliases = None,
        status: NewStatus = None,
        day: Day = None,
        node_id: Id = None,
        graph: ProjectGraph = None,
        dry_run: DryRun = False,
        as_json: Json = False,
        server: Server = None,
    ) -> None:
        from stratumiops.ui.cli.kogral.adding import Draft
        from stratumiops.ui.cli.kogral.adding import add as run

        draft = Draft(kind, title, content, content_file, tags or [], aliases or [], status, day, node_id)
        run(draft, graph=graph, edit=edit, dry_run=dry_run, as_json=as_json, server=server)


_plain(
    NodeType.NOTE,
    """Add a note.

    \b
    Examples:
      kogral add note "How we deploy" --content "With one command." --tag ops
      kogral add note "How we deploy" --edit --graph project
    """,
)


@add.command()
def decision(
    title: Title = None,
    *,
    context: Annotated[str | None, typer.Option("--context", help="What made it necessary.")] = None,
    decided: Annotated[str | None, typer.Option("--decision", help="What was decided.")] = None,
    consequences: Annotated[str | None, typer.Option("--consequences", help="What follows from it.")] = None,
    alternatives: Annotated[str | None, typer.Option("--alternatives", help="What else was considered.")] = None,
    deciders: Annotated[
        list[str] | None, typer.Option("--decider", metavar="NAME", help="Who decided; may be repeated.")
    ] = None,
    content: Content = None,
    content_file: ContentFile = None,
    edit: Edit = False,
    tags: NewTags = None,
    aliases: NewAliases = None,
    status: NewStatus = None,
    day: Day = None,
    node_id: Id = None,
    graph: ProjectGraph = None,
    dry_run: DryRun = False,
    as_json: Json = False,
    server: Server = None,
) -> None:
    """Add a decision (ADR). On a terminal you are asked for each of its sections.

    \b
    Examples:
      kogral add decision "Use NATS" --context "Polling is slow." --decision "A broker." --status accepted
      kogral add decision "Use NATS" --edit
    """
    from stratumiops.ui.cli.kogral.adding import Draft
    from stratumiops.ui.cli.kogral.adding import add as run

    sections = {
        "context": context,
        "decision": decided,
        "consequences": consequences,
        "alternatives": alternatives,
    }
    more = {"deciders": deciders} if deciders else {}
    draft = Draft(
        NodeType.DECISION, title, content, content_file, tags or [], aliases or [], status, day, node_id, sections, more
    )
    run(draft, graph=graph, edit=edit, dry_run=dry_run, as_json=as_json, server=server)


@add.command()
def guideline(
    title: Title = None,
    *,
    priority: Annotated[int | None, typer.Option("--priority", help="Of two on one topic the higher wins.")] = None,
    content: Content = None,
    content_file: ContentFile = None,
    edit: Edit = False,
    tags: NewTags = None,
    aliases: NewAliases = None,
    status: NewStatus = None,
    day: Day = None,
    node_id: Id = None,
    graph: ProjectGraph = None,
    dry_run: DryRun = False,
    as_json: Json = False,
    server: Server = None,
) -> None:
    """Add a guideline.

    \b
    Examples:
      kogral add guideline "Errors say what to do" --priority 150 --content-file errors.md
    """
    from stratumiops.ui.cli.kogral.adding import Draft
    from stratumiops.ui.cli.kogral.adding import add as run

    more = {} if priority is None else {"priority": priority}
    draft = Draft(
        NodeType.GUIDELINE, title, content, content_file, tags or [], aliases or [], status, day, node_id, more=more
    )
    run(draft, graph=graph, edit=edit, dry_run=dry_run, as_json=as_json, server=server)


_plain(
    NodeType.PATTERN,
    """Add a pattern.

    \b
    Examples:
      kogral add pattern "Retry with limits" --edit
    """,
)
_plain(
    NodeType.JOURNAL,
    """Add an entry of the journal; its title is today's date unless you say otherwise.

    \b
    Examples:
      kogral add journal --content "Moved the queue to NATS."
      git log -1 --format=%B | kogral add journal --content-file -
    """,
)
