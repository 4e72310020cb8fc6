"""`svault audit`: where requests are written down, and whether anybody changed that."""

import sys
from typing import Annotated, Any

import typer

from stratumiops.vault.cli.context import Form, Pairs, client, group
from stratumiops.vault.cli.failures import Failed
from stratumiops.vault.cli.output import Format, print_rows, print_value
from stratumiops.vault.cli.values import fields

app = group("Where requests are written down, and whether anybody changed that.")
Device = Annotated[str, typer.Argument(help="The device's path, such as file.")]


@app.command("list")
def list_(form: Form = Format.TABLE) -> None:
    """List the devices."""
    found: dict[str, Any] = client().read("sys/audit").get("data") or {}
    if form is not Format.TABLE:
        print_value(found, form)
        return
    print_rows(("Path", "Type", "Options"), [[path, it["type"], str(it["options"])] for path, it in found.items()])


@app.command("enable")
def enable(
    kind: Annotated[str, typer.Argument(help="file, socket or graph.")],
    pairs: Pairs = None,
    path: Annotated[str | None, typer.Option("--path", help="Its name; else its type.")] = None,
) -> None:
    """Write requests down from now on.

    A graph is the Neo4j that uri, user and password name, or NEO4J_URI and its like in the server's environment; it
    gets metadata only.

    Examples:

      svault audit enable file file_path=/var/log/svault/audit.log

      svault audit enable graph keep=90

      svault audit enable graph uri=bolt://127.0.0.1:7687 user=neo4j password=@file
    """
    client().write(f"sys/audit/{(path or kind).strip('/')}", {"type": kind, "options": fields(pairs or [])})
    sys.stdout.write(f"Success! Enabled the {kind} audit device at: {(path or kind).strip('/')}/\n")


@app.command("disable")
def disable(device: Device) -> None:
    """Write to a device no more."""
    client().delete(f"sys/audit/{device.strip('/')}")
    sys.stdout.write(f"Success! Disabled audit device (if it was enabled) at: {device.strip('/')}/\n")


@app.command("verify")
def verify(
    device: Device,
    files: Annotated[
        list[str] | None,
        typer.Option("--file", help="A file that was rotated away, oldest first; the device's own comes last."),
    ] = None,
    form: Form = Format.TABLE,
) -> None:
    """Whether lines were changed, removed or moved. Exit status 0: none; 2: some, and which is the first."""
    found = client().write(f"sys/audit-verify/{device.strip('/')}", {"files": files} if files else {})["data"]
    if form is not Format.TABLE:
        print_value(found, form)
    else:
        sys.stdout.write(f"{'intact' if found['intact'] else 'changed'}: {found['lines']:,} lines\n")
    if not found["intact"]:
        bad = found["first_bad"]
        raise Failed(f"error: {bad['file']}, line {bad['line']}: {bad['why']}")
