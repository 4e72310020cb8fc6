"""`svault secret` and the commands that take any path: `read`, `write`, `delete`, `list`; and `svault secrets`."""

import sys
from typing import Annotated, Any

import typer

from stratumiops.vault.cli.client import Client
from stratumiops.vault.cli.context import Field, Form, Pairs, Path, WrapTtl, client, group
from stratumiops.vault.cli.failures import Failed, Refused
from stratumiops.vault.cli.output import Format, print_keys, print_rows, print_value, show
from stratumiops.vault.cli.values import fields, flag_fields

app = group("Read and write secrets, whichever version their engine has.")
mounts_app = group("Enable, list, tune, move and disable secrets engines.")


@app.command("read")
def read(
    path: Path,
    version: Annotated[int | None, typer.Option("--version", help="Of a versioned secret.")] = None,
    field: Field = "",
    form: Form = Format.TABLE,
) -> None:
    """Read a secret.

    Example:

      svault secret read secret/myapp --field password
    """
    to = client()
    where, versioned = place(to, path, "data")
    found = to.read(where, version=version) if versioned else to.read(where)
    _print_secret(found, form, field, versioned=versioned)


@app.command("write")
def write(
    path: Path,
    pairs: Pairs = None,
    cas: Annotated[int | None, typer.Option("--cas", help="Only when this is its version; 0: when it is new.")] = None,
    form: Form = Format.TABLE,
) -> None:
    """Write a secret. What it held before stays as an older version, where its engine keeps versions.

    Example:

      svault secret write secret/myapp user=app password=@password.txt
    """
    to = client()
    where, versioned = place(to, path, "data")
    given: dict[str, Any] = fields(pairs or [])
    if versioned:
        given = {"data": given, **({"options": {"cas": cas}} if cas is not None else {})}
    done(to.write(where, given), f"Success! Data written to: {where}", form)


@app.command("delete")
def delete(path: Path) -> None:
    """Delete a secret; of a versioned one the newest version, which `svault kv undelete` brings back."""
    to = client()
    where, _ = place(to, path, "data")
    to.delete(where)
    sys.stdout.write(f"Success! Data deleted (if it existed) at: {where}\n")


@app.command("list")
def list_(path: Path, form: Form = Format.TABLE) -> None:
    """List the secrets and folders below a path."""
    to = client()
    where, _ = place(to, path, "metadata")
    print_keys(to.names(where), form)


# ---- any path


def read_path(path: Path, pairs: Pairs = None, field: Field = "", form: Form = Format.TABLE) -> None:
    """Read any path of the server, as `svault read sys/mounts`."""
    found = client().read(path, **fields(pairs or []))
    if not found:
        raise Failed(f"No value found at {path}")
    show(found, form, field)


def write_path(
    path: Path,
    pairs: Pairs = None,
    field: Field = "",
    wrap_ttl: WrapTtl = "",
    form: Form = Format.TABLE,
    force: Annotated[bool, typer.Option("--force", "-f", help="Write without values.")] = False,
) -> None:
    """Write to any path of the server, as `svault write auth/approle/role/app token_policies=app`."""
    if not pairs and not force:
        raise Failed("error: there is nothing to write; --force writes without values", 1)
    found = client().write(path, fields(pairs or []), wrap_ttl=wrap_ttl)
    done(found, f"Success! Data written to: {path}", form, field)


def delete_path(path: Path) -> None:
    """Delete at any path of the server."""
    client().delete(path)
    sys.stdout.write(f"Success! Data deleted (if it existed) at: {path}\n")


def list_path(path: Path, form: Form = Format.TABLE) -> None:
    """List any path of the server."""
    print_keys(client().names(path), form)


# ---- engines


@mounts_app.command("list")
def list_mounts(form: Form = Format.TABLE) -> None:
    """List the secrets engines."""
    print_mounts(client().read("sys/mounts"), form)


@mounts_app.command("enable")
def enable(
    kind: Annotated[str, typer.Argument(help="kv, kv-v2, transit, pki or database.")],
    path: Annotated[str | None, typer.Option("--path", help="Where; else its type.")] = None,
    description: Annotated[str | None, typer.Option("--description", help="What it is for.")] = None,
    version: Annotated[str | None, typer.Option("--version", help="Of kv: 1 or 2.")] = None,
    default_ttl: Annotated[str | None, typer.Option("--default-lease-ttl", help="Such as 1h.")] = None,
    max_ttl: Annotated[str | None, typer.Option("--max-lease-ttl", help="Such as 24h.")] = None,
) -> None:
    """Enable a secrets engine."""
    where = (path or kind.partition("-v")[0]).strip("/")
    given: dict[str, Any] = {"type": kind, **flag_fields([("description", description)])}
    given["config"] = flag_fields([("default_lease_ttl", default_ttl), ("max_lease_ttl", max_ttl)])
    if version:
        given["options"] = {"version": version}
    client().write(f"sys/mounts/{where}", given)
    sys.stdout.write(f"Success! Enabled the {kind} secrets engine at: {where}/\n")


@mounts_app.command("disable")
def disable(path: Path, yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False) -> None:
    """Disable a secrets engine. Everything in it is deleted, its leases end."""
    confirm(f"Everything in {path.strip('/')}/ will be deleted.", yes=yes)
    client().delete(f"sys/mounts/{path.strip('/')}")
    sys.stdout.write(f"Success! Disabled the secrets engine (if it existed) at: {path.strip('/')}/\n")


@mounts_app.command("tune")
def tune(
    path: Path,
    description: Annotated[str | None, typer.Option("--description", help="What it is for.")] = None,
    default_ttl: Annotated[str | None, typer.Option("--default-lease-ttl", help="Such as 1h.")] = None,
    max_ttl: Annotated[str | None, typer.Option("--max-lease-ttl", help="Such as 24h.")] = None,
) -> None:
    """Change the settings of a secrets engine."""
    given = flag_fields([("description", description), ("default_lease_ttl", default_ttl), ("max_lease_ttl", max_ttl)])
    client().write(f"sys/mounts/{path.strip('/')}/tune", given)
    sys.stdout.write(f"Success! Tuned the secrets engine at: {path.strip('/')}/\n")


@mounts_app.command("move")
def move(source: Path, target: Path) -> None:
    """Move a secrets engine to another path."""
    client().write("sys/remount", {"from": source, "to": target})
    sys.stdout.write(f"Success! Moved {source.strip('/')}/ to {target.strip('/')}/\n")


# ---- inside


def place(to: Client, path: str, part: str) -> tuple[str, bool]:
    """Where a path of an engine is asked for, and whether the engine keeps versions."""
    path = path.strip("/")
    try:
        mount = (to.read(f"sys/internal/ui/mounts/{path}").get("data")) or {}
    except Refused as refused:
        if refused.code == 403:
            raise
        mount = {}
    if (mount.get("options") or {}).get("version") != "2":
        return path, False
    at = str(mount["path"])
    rest = path[len(at) :] if len(path) >= len(at) else ""
    return f"{at}{part}/{rest}".rstrip("/"), True


def _print_secret(found: dict[str, Any], form: Format, field: str, *, versioned: bool) -> None:
    if not versioned:
        show(found, form, field)
        return
    data = found.get("data") or {}
    if data.get("data") is None:
        state = data.get("metadata") or {}
        word = "destroyed" if state.get("destroyed") else "deleted"
        raise Failed(
            f"error: version {state.get('version')} was {word}; `svault kv undelete` brings a deleted one back"
        )
    if field or form is Format.TABLE:
        show({"data": data["data"]}, form, field)
    else:
        print_value(found, form)


def done(found: dict[str, Any], words: str, form: Format, field: str = "") -> None:
    """Show what a write gave, or that it was done."""
    if found or field:
        show(found, form, field)
    elif form is Format.TABLE:
        sys.stdout.write(words + "\n")


def print_mounts(found: dict[str, Any], form: Format) -> None:
    """Mounts as a table."""
    mounts = found.get("data") or {}
    if form is not Format.TABLE:
        print_value(mounts, form)
        return
    rows = [[path, it["type"], it["accessor"], it["description"] or "n/a"] for path, it in sorted(mounts.items())]
    print_rows(("Path", "Type", "Accessor", "Description"), rows)


def confirm(words: str, *, yes: bool) -> None:
    """Ask before what cannot be taken back.

    Raises:
        Failed: it was not said yes, or nobody can be asked.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise Failed(f"error: {words} Say --yes to do it.", 1)
    if not typer.confirm(f"{words} Go on?"):
        raise Failed("Nothing was changed.", 1)
