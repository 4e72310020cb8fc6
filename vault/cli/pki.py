"""`svault pki`: certificates."""

import sys
from pathlib import Path as File
from typing import Annotated, Any

import typer

from stratumiops.vault.cli.context import Field, Form, Mount, Pairs, client, group
from stratumiops.vault.cli.failures import Failed
from stratumiops.vault.cli.output import Format, print_keys, print_rows, print_value, show
from stratumiops.vault.cli.values import content, fields

app = group("Certificates: roots, roles, issuing, revoking.")
Role = Annotated[str, typer.Argument(help="The role's name.")]
_ROOT = "root/generate/internal"
Name = Annotated[str, typer.Argument(help="The common name, such as app.example.com.")]


@app.command("root")
def root(name: Name, pairs: Pairs = None, mount: Mount = "pki", field: Field = "", form: Form = Format.TABLE) -> None:
    """Make a root whose key stays in the vault.

    Example:

      svault pki root "Example Root" key_type=ec ttl=87600h
    """
    show(client().write(f"{mount}/{_ROOT}", {"common_name": name, **fields(pairs or [])}), form, field)


@app.command("role")
def role(name: Role, pairs: Pairs = None, mount: Mount = "pki") -> None:
    """Say what a role may issue.

    Example:

      svault pki role web allowed_domains=example.com allow_subdomains=true max_ttl=72h
    """
    client().write(f"{mount}/roles/{name}", fields(pairs or []))
    sys.stdout.write(f"Success! Data written to: {mount}/roles/{name}\n")


@app.command("issue")
def issue(
    role: Role,
    name: Name,
    pairs: Pairs = None,
    out: Annotated[File | None, typer.Option("--out", help="A folder for cert.pem, key.pem and chain.pem.")] = None,
    mount: Mount = "pki",
    field: Field = "",
    form: Form = Format.TABLE,
) -> None:
    """Issue a certificate with a key.

    Example:

      svault pki issue web app.example.com ttl=24h --out tls
    """
    found = client().write(f"{mount}/issue/{role}", {"common_name": name, **fields(pairs or [])})
    if out is None:
        show(found, form, field)
        return
    _keep(out, found["data"])
    sys.stdout.write(f"Success! {found['data']['serial_number']} is in {out}\n")


@app.command("sign")
def sign(
    role: Role,
    csr: Annotated[str, typer.Argument(help="@file with the request.")],
    name: Name,
    pairs: Pairs = None,
    mount: Mount = "pki",
    field: Field = "certificate",
) -> None:
    """Sign a request."""
    given = {"csr": content(csr), "common_name": name, **fields(pairs or [])}
    show(client().write(f"{mount}/sign/{role}", given), Format.TABLE, field)


@app.command("revoke")
def revoke(serial: Annotated[str, typer.Argument(help="The serial number.")], mount: Mount = "pki") -> None:
    """Revoke a certificate."""
    show(client().write(f"{mount}/revoke", {"serial_number": serial}), Format.TABLE)


@app.command("list")
def list_(mount: Mount = "pki", form: Form = Format.TABLE) -> None:
    """List the serial numbers of what was issued."""
    print_keys(client().names(f"{mount}/certs"), form)


@app.command("issuers")
def issuers(mount: Mount = "pki", form: Form = Format.TABLE) -> None:
    """List the issuers."""
    found: dict[str, Any] = client().names(f"{mount}/issuers")["data"]["key_info"]
    if form is not Format.TABLE:
        print_value(found, form)
        return
    rows = [
        [one, it["issuer_name"] or "n/a", it["serial_number"], str(it["is_default"]).lower()]
        for one, it in found.items()
    ]
    print_rows(("Issuer", "Name", "Serial", "Default"), rows)


def _keep(folder: File, data: dict[str, Any]) -> None:
    chain = "\n".join(data.get("ca_chain") or [data["issuing_ca"]])
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, text, mode in (
            ("cert.pem", data["certificate"], 0o644),
            ("chain.pem", chain, 0o644),
            ("key.pem", data["private_key"], 0o600),
        ):
            fresh = folder / f".{name}"
            fresh.unlink(missing_ok=True)
            fresh.touch(mode=mode)
            fresh.write_text(text.rstrip("\n") + "\n")
            fresh.replace(folder / name)
    except OSError as error:
        raise Failed(f"error: {folder} cannot be written: {error}", 1) from None
