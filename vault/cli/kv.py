"""`svault kv`: secrets with versions."""

import sys
from typing import Annotated, Any

import typer

from stratumiops.vault.cli import secret
from stratumiops.vault.cli.client import Client
from stratumiops.vault.cli.context import Form, Pairs, Path, client, group
from stratumiops.vault.cli.failures import Failed
from stratumiops.vault.cli.output import Format, print_keys, print_rows, show
from stratumiops.vault.cli.values import fields, flag_fields

app = group("Secrets with versions: get, put, patch, and what was before.")
app.command("get")(secret.read)
app.command("put")(secret.write)
app.command("delete")(secret.delete)
app.command("list")(secret.list_)
meta = group("What is known of a secret: its versions and its own fields.")
app.add_typer(meta, name="metadata")
Versions = Annotated[list[int], typer.Option("--version", "--versions", help="Which; may be repeated.")]


@app.command("patch")
def patch(path: Path, pairs: Pairs = None, form: Form = Format.TABLE) -> None:
    """Change some fields of a secret; the others stay."""
    to = client()
    found = to.patch(_versioned(to, path, "data"), {"data": fields(pairs or [])})
    show(found, form)


@app.command("undelete")
def undelete(path: Path, version: Versions) -> None:
    """Bring deleted versions back."""
    _change(path, "undelete", version)


@app.command("destroy")
def destroy(
    path: Path, version: Versions, yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False
) -> None:
    """Destroy versions: their values are gone for good."""
    secret.confirm(f"Versions {', '.join(map(str, version))} of {path} will be gone for good.", yes=yes)
    _change(path, "destroy", version)


@app.command("rollback")
def rollback(path: Path, version: Annotated[int, typer.Option("--version", help="Which becomes the newest.")]) -> None:
    """Write an older version again, as the newest."""
    to = client()
    where = _versioned(to, path, "data")
    newest = to.read(where.replace("/data/", "/metadata/", 1))["data"]["current_version"]
    old = to.read(where, version=version)["data"]
    if old.get("data") is None:
        raise Failed(f"error: version {version} was deleted; `svault kv undelete` brings it back")
    show(to.write(where, {"data": old["data"], "options": {"cas": newest}}), Format.TABLE)


@meta.command("get")
def get_metadata(path: Path, form: Form = Format.TABLE) -> None:
    """Show the versions of a secret."""
    to = client()
    found = to.read(_versioned(to, path, "metadata"))
    if form is not Format.TABLE:
        show(found, form)
        return
    data = dict(found["data"])
    versions: dict[str, Any] = data.pop("versions")
    show({"data": data}, form)
    rows = [
        [number, it["created_time"], it["deletion_time"] or "n/a", str(it["destroyed"]).lower()]
        for number, it in sorted(versions.items(), key=lambda pair: int(pair[0]))
    ]
    sys.stdout.write("\n")
    print_rows(("Version", "Created", "Deleted", "Destroyed"), rows)


@meta.command("put")
def put_metadata(
    path: Path,
    max_versions: Annotated[int | None, typer.Option("--max-versions", help="How many versions are kept.")] = None,
    delete_after: Annotated[str | None, typer.Option("--delete-version-after", help="Such as 72h.")] = None,
    cas: Annotated[bool | None, typer.Option("--cas-required/--no-cas-required", help="Writes must say --cas.")] = None,
    custom: Annotated[list[str] | None, typer.Option("--custom-metadata", help="key=value; may be repeated.")] = None,
) -> None:
    """Set what holds for all versions of a secret."""
    to = client()
    given = flag_fields(
        [
            ("max_versions", max_versions), ("delete_version_after", delete_after), ("cas_required", cas),
            ("custom_metadata", fields(custom) if custom else None),
        ]
    )  # fmt: skip
    to.write(_versioned(to, path, "metadata"), given)
    sys.stdout.write(f"Success! Metadata written for: {path}\n")


@meta.command("delete")
def delete_metadata(path: Path, yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False) -> None:
    """Delete a secret with all its versions, for good."""
    secret.confirm(f"Every version of {path} will be gone for good.", yes=yes)
    to = client()
    to.delete(_versioned(to, path, "metadata"))
    sys.stdout.write(f"Success! Metadata deleted (if it existed) for: {path}\n")


@app.command("search")
def search(
    mount: Annotated[str, typer.Argument(help="The engine, such as secret.")],
    words: Annotated[str, typer.Argument(help="A part of a path, or of a secret's own fields.")],
    form: Form = Format.TABLE,
) -> None:
    """Find secrets by their paths and fields; only those that the token may list."""
    print_keys(client().read(f"{mount.strip('/')}/search", q=words), form)


def _versioned(to: Client, path: str, part: str) -> str:
    where, versioned = secret.place(to, path, part)
    if not versioned:
        raise Failed(f"error: the engine at {path} keeps no versions")
    return where


def _change(path: str, part: str, versions: list[int]) -> None:
    to = client()
    to.write(_versioned(to, path, part), {"versions": versions})
    sys.stdout.write(f"Success! Data written to: {path}\n")
