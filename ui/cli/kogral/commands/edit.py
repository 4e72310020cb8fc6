"""`kogral edit`: change a node."""

from typing import Annotated

import typer

from stratumiops.ui.cli.kogral.app import app
from stratumiops.ui.cli.kogral.options import Content, ContentFile, DryRun, Json, Node, ReadGraph, Server


@app.command()
def edit(
    node: Node,
    *,
    title: Annotated[str | None, typer.Option("--title", help="Its title from now on.")] = None,
    content: Content = None,
    content_file: ContentFile = None,
    in_editor: Annotated[bool, typer.Option("--edit", "-e", help="Write the text in VISUAL or EDITOR.")] = False,
    tags: Annotated[
        list[str] | None, typer.Option("--tag", metavar="TAG", help="All its tags from now on; may be repeated.")
    ] = None,
    add_tags: Annotated[list[str] | None, typer.Option("--add-tag", metavar="TAG", help="A further tag.")] = None,
    remove_tags: Annotated[
        list[str] | None, typer.Option("--remove-tag", metavar="TAG", help="A tag to take away.")
    ] = None,
    aliases: Annotated[
        list[str] | None, typer.Option("--alias", metavar="NAME", help="All its other names; may be repeated.")
    ] = None,
    add_aliases: Annotated[
        list[str] | None, typer.Option("--add-alias", metavar="NAME", help="A further name.")
    ] = None,
    remove_aliases: Annotated[
        list[str] | None, typer.Option("--remove-alias", metavar="NAME", help="A name to take away.")
    ] = None,
    status: Annotated[str | None, typer.Option("--status", metavar="WORD", help='Its status; "" clears it.')] = None,
    day: Annotated[str | None, typer.Option("--date", metavar="YYYY-MM-DD", help='Its date; "" clears it.')] = None,
    rev: Annotated[
        int | None, typer.Option("--rev", min=1, help="The revision your change was made from, if not the current one.")
    ] = None,
    graph: ReadGraph = None,
    dry_run: DryRun = False,
    as_json: Json = False,
    server: Server = None,
) -> None:
    """Change a node: its text, its title, its tags, its other names, its status. History keeps what it said before.

    Without options, on a terminal, the text is opened in your editor. When somebody else has changed the
    node meanwhile, nothing is overwritten: the command says how to go on.

    \b
    Examples:
      kogral edit 0007-use-nats.md
      kogral edit 0007-use-nats.md --status accepted --add-tag messaging
      kogral edit 0007-use-nats.md --content-file new.md --rev 3
    """
    from stratumiops.ui.cli.kogral.editing import Listed
    from stratumiops.ui.cli.kogral.editing import edit as run

    run(
        node,
        {"title": title, "status": status, "date": day},
        content=content,
        content_file=content_file,
        tags=Listed(tags, add_tags or (), remove_tags or ()),
        aliases=Listed(aliases, add_aliases or (), remove_aliases or ()),
        rev=rev,
        graph=graph,
        in_editor=in_editor,
        dry_run=dry_run,
        as_json=as_json,
        server=server,
    )
