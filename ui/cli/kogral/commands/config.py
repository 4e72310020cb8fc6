"""`kogral config`: show and change settings."""

from typing import Annotated

import typer

from stratumiops.ui.cli.kogral.app import app
from stratumiops.ui.cli.kogral.options import DryRun, Json

config = typer.Typer(
    name="config",
    rich_markup_mode=None,
    invoke_without_command=True,
    help="""Show the settings that hold and where each comes from; get, set and unset those of .kogral/config.toml.

\b
Examples:
  kogral config
  kogral config get graph.name
  kogral config set mcp.tools.add_note false""",
)
app.add_typer(config)

Key = Annotated[str, typer.Argument(help="Section and key, such as graph.name.")]


@config.callback()
def show(context: typer.Context, *, as_json: Json = False) -> None:
    """Show the settings that hold."""
    if context.invoked_subcommand is not None:
        return
    from stratumiops.ui.cli.kogral.configuring import effective
    from stratumiops.ui.cli.output import pager, print_json, print_table

    found = effective()
    if as_json:
        print_json([{"key": one.key, "value": one.value, "origin": one.origin} for one in found])
        return
    with pager():
        rows = [(one.key, _shown(one.value), one.origin, one.meaning) for one in found]
        print_table(("KEY", "VALUE", "FROM", "MEANING"), rows, empty="")


@config.command()
def get(key: Key, *, as_json: Json = False) -> None:
    """Print one setting.

    \b
    Examples:
      kogral config get mcp.max_tokens
    """
    from stratumiops.ui.cli.kogral.configuring import one
    from stratumiops.ui.cli.output import print_json, print_text

    found = one(key)
    if as_json:
        print_json({"key": found.key, "value": found.value, "origin": found.origin})
    else:
        print_text(_shown(found.value))


@config.command("set")
def set_(
    key: Key,
    value: Annotated[str, typer.Argument(help="Its value; a list with commas.")],
    *,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Set a key of .kogral/config.toml; comments stay where they are.

    \b
    Examples:
      kogral config set graph.name project
      kogral config set inheritance.base shared,team
    """
    from stratumiops.ui.cli.kogral.configuring import change
    from stratumiops.ui.cli.output import print_json, print_text

    path, stored = change(key, value, dry_run=dry_run)
    if as_json:
        print_json({"key": key, "value": stored, "file": str(path), "dry_run": dry_run})
    else:
        print_text(f"{key} {'would be' if dry_run else 'is'} {_shown(stored)} in {path}")


@config.command()
def unset(key: Key, *, dry_run: DryRun = False, as_json: Json = False) -> None:
    """Take a key out of .kogral/config.toml, so that its default holds.

    \b
    Examples:
      kogral config unset mcp.max_tokens
    """
    from stratumiops.ui.cli.kogral.configuring import change
    from stratumiops.ui.cli.output import print_json, print_text

    path, _ = change(key, None, dry_run=dry_run)
    if as_json:
        print_json({"key": key, "value": None, "file": str(path), "dry_run": dry_run})
    else:
        print_text(f"{key} {'would be' if dry_run else 'is'} no longer in {path}")


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
