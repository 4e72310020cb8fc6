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
    kind: Annotated[str, typer.Argument(help="file or socket.")],
    pairs: Pairs = None,
    path: Annotated[str | None, typer.Option("--path", help="Its name; else its type.")] = None,
) -> None:
    """Write requests down from now on.

    Example:

      svault audit enable file file_path=/var/log/svault/audit.log
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
    file: Annotated[str | None, typer.Option("--file", help="The file; else that of the device.")] = None,
    form: Form = Format.TABLE,
) -> None:
    """Whether lines were changed, removed or moved. Exit status 0: none; 2: some, and which is the first."""
    found = client().write(f"sys/audit-verify/{device.strip('/')}", {"file": file} if file else {})["data"]
    if form is not Format.TABLE:
        print_value(found, form)
    else:
        sys.stdout.write(f"{'intact' if found['intact'] else 'changed'}: {found['lines']:,} lines\n")
    if not found["intact"]:
        raise Failed(f"error: {found.get('problem')}")
