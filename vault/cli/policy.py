"""`svault policy`: what tokens may do, and why they may not."""

import sys
from typing import Annotated, Any

import typer

from stratumiops.vault.cli.context import Form, client, group
from stratumiops.vault.cli.failures import Failed
from stratumiops.vault.cli.output import Format, print_keys, print_value, told
from stratumiops.vault.cli.values import content, flag_fields

app = group("What tokens may do; and why one may not.")
Name = Annotated[str, typer.Argument(help="The policy's name.")]
Cedar = Annotated[bool, typer.Option("--cedar", help="A Cedar policy instead of one of paths.")]


def _kind(cedar: bool) -> str:
    return "cedar" if cedar else "acl"


@app.command("list")
def list_(cedar: Cedar = False, form: Form = Format.TABLE) -> None:
    """List the policies."""
    print_keys(client().names(f"sys/policies/{_kind(cedar)}"), form)


@app.command("read")
def read(name: Name, cedar: Cedar = False) -> None:
    """Print a policy."""
    sys.stdout.write(client().read(f"sys/policies/{_kind(cedar)}/{name}")["data"]["policy"].rstrip("\n") + "\n")


@app.command("write")
def write(name: Name, text: Annotated[str, typer.Argument(help="A file, or -.")], cedar: Cedar = False) -> None:
    """Write a policy. It holds for living tokens at once.

    Example:

      svault policy write app app.hcl
    """
    policy = content(text if text == "-" or text.startswith("@") else f"@{text}")
    client().write(f"sys/policies/{_kind(cedar)}/{name}", {"policy": policy})
    sys.stdout.write(f"Success! Uploaded policy: {name}\n")


@app.command("delete")
def delete(name: Name, cedar: Cedar = False) -> None:
    """Delete a policy. Tokens that have it lose what it allowed."""
    client().delete(f"sys/policies/{_kind(cedar)}/{name}")
    sys.stdout.write(f"Success! Deleted policy: {name}\n")


@app.command("explain")
def explain(
    operation: Annotated[str, typer.Argument(help="read, create, update, patch, delete, list or sudo.")],
    path: Annotated[str, typer.Argument(help="The path, such as secret/data/myapp.")],
    token: Annotated[str | None, typer.Option("--token", help="@file or -; else your own.")] = None,
    accessor: Annotated[str | None, typer.Option("--accessor", help="The token with this accessor.")] = None,
    policies: Annotated[list[str] | None, typer.Option("--policy", help="These policies instead of a token's.")] = None,
    form: Form = Format.TABLE,
) -> None:
    """Why a request would be allowed or refused. Exit status 0: allowed; 2: refused.

    Example:

      svault policy explain read secret/data/myapp --policy app
    """
    given = flag_fields(
        [
            ("operation", operation), ("path", path), ("token", content(token).strip() if token else None),
            ("accessor", accessor), ("policies", policies or None),
        ]
    )  # fmt: skip
    found: dict[str, Any] = client().write("sys/policies/explain", given)["data"]
    if form is not Format.TABLE:
        print_value(found, form)
    else:
        sys.stdout.write(f"{'allowed' if found['allowed'] else 'refused'}: {found.get('why') or ''}\n")
        for name in ("capabilities", "decided_by"):
            sys.stdout.write(f"{name}: {told(found.get(name))}\n")
    if not found["allowed"]:
        raise typer.Exit(2)


@app.command("fmt")
def fmt(file: Annotated[str, typer.Argument(help="A file.")]) -> None:
    """Check that a file is a policy."""
    from stratumiops.vault.errors import BadRequest
    from stratumiops.vault.policies.acl_policy import parse

    try:
        parse(content(f"@{file}"))
    except BadRequest as error:
        raise Failed(f"error: {file}: {error}", 1) from None
    sys.stdout.write(f"Success! {file} is a policy.\n")
