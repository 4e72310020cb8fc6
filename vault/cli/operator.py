"""`svault operator`: what those do who hold the shares."""

import base64
import getpass
import sys
from typing import Annotated, Any

import typer

from stratumiops.vault.cli.context import Form, client, group
from stratumiops.vault.cli.failures import Failed
from stratumiops.vault.cli.output import Format, print_pairs, print_value, show
from stratumiops.vault.cli.values import content, flag_fields

app = group("Initialise, unseal and seal the vault; change its keys.")
SEALED = 2
_STATUS = (
    ("type", "Seal Type"), ("initialized", "Initialized"), ("sealed", "Sealed"), ("n", "Total Shares"),
    ("t", "Threshold"), ("progress", "Unseal Progress"), ("nonce", "Unseal Nonce"), ("version", "Version"),
    ("storage_type", "Storage Type"), ("cluster_name", "Cluster Name"), ("cluster_id", "Cluster ID"),
)  # fmt: skip
Share = Annotated[
    str | None,
    typer.Option("--share", "--key", help="A share; @file and - read it from there. Without it, it is asked for."),
]


@app.command("init")
def init(
    shares: Annotated[int | None, typer.Option("--shares", "--key-shares", "-n", help="How many shares.")] = None,
    threshold: Annotated[
        int | None, typer.Option("--threshold", "--key-threshold", "-t", help="How many of them unseal.")
    ] = None,
    pgp_keys: Annotated[
        list[str] | None, typer.Option("--pgp-key", help="@file with a public key, one for each share.")
    ] = None,
    root_token_pgp_key: Annotated[str | None, typer.Option("--root-token-pgp-key", help="@file.")] = None,
    form: Form = Format.TABLE,
) -> None:
    """Make the keys, their shares and the first root token. They are shown once.

    Example:

      svault operator init --shares 5 --threshold 3
    """
    given = flag_fields(
        [
            ("secret_shares", shares),
            ("secret_threshold", threshold),
            ("pgp_keys", [content(one) for one in pgp_keys or ()]),
            ("root_token_pgp_key", content(root_token_pgp_key) if root_token_pgp_key else None),
        ]
    )
    found = client().write("sys/init", given)
    if form is not Format.TABLE:
        print_value(found, form)
        return
    for number, key in enumerate(found["keys_base64"], 1):
        sys.stdout.write(f"Unseal Key {number}: {key}\n")
    sys.stdout.write(f"\nInitial Root Token: {found['root_token']}\n\n")
    sys.stdout.write("Give each share to someone else. They are not kept, and nobody can make them again.\n")


@app.command("unseal")
def unseal(
    share: Share = None,
    key: Annotated[str | None, typer.Argument(help="The share; better leave it out, and be asked.")] = None,
    reset: Annotated[bool, typer.Option("--reset", help="Forget the shares given so far.")] = False,
    accept_rollback: Annotated[
        bool, typer.Option("--accept-rollback", help="Open a storage that was put back to an older state.")
    ] = False,
    form: Form = Format.TABLE,
) -> None:
    """Give one share. The vault opens with enough of them.

    Example:

      svault operator unseal
    """
    given: dict[str, Any] = {"reset": True} if reset else {"key": _share(share or key)}
    if accept_rollback:
        given["accept_rollback"] = True
    _print_status(client().write("sys/unseal", given), form)


@app.command("seal")
def seal() -> None:
    """Seal the vault: its keys leave memory."""
    client().write("sys/seal")
    sys.stdout.write("Success! The vault is sealed.\n")


@app.command("status")
def status(form: Form = Format.TABLE) -> None:
    """How the vault is. Exit status 0: open, 2: sealed, 1: it cannot be told."""
    try:
        found = client().read("sys/seal-status")
    except Failed as failed:
        raise Failed(str(failed), 1) from None
    _print_status(found, form)
    raise typer.Exit(SEALED if found.get("sealed") else 0)


@app.command("rotate")
def rotate() -> None:
    """Begin a new term of the key that encrypts the storage."""
    client().write("sys/rotate")
    show(client().read("sys/key-status"), Format.TABLE)


@app.command("rekey")
def rekey(
    init_: Annotated[bool, typer.Option("--init", help="Begin.")] = False,
    cancel: Annotated[bool, typer.Option("--cancel", help="Give it up.")] = False,
    verify: Annotated[bool, typer.Option("--verify", help="Or begin with it, or give a new share to verify.")] = False,
    shares: Annotated[int, typer.Option("--shares", "--key-shares", "-n", help="How many new shares.")] = 5,
    threshold: Annotated[int, typer.Option("--threshold", "--key-threshold", "-t", help="How many unseal.")] = 3,
    share: Share = None,
    nonce: Annotated[str | None, typer.Option("--nonce", help="Which run; else that which is running.")] = None,
    form: Form = Format.TABLE,
) -> None:
    """Make new shares. Begin with --init, then give old shares; with --verify the new ones count once they are given.

    Example:

      svault operator rekey --init --shares 3 --threshold 2
    """
    to = client()
    part = "verify" if verify and not init_ else "init"
    if cancel:
        to.delete(f"sys/rekey/{part}")
        sys.stdout.write("Success! Cancelled.\n")
    elif init_:
        given = {"secret_shares": shares, "secret_threshold": threshold, "require_verification": verify}
        _print_run(to.write("sys/rekey/init", given), form)
    else:
        where = "sys/rekey/verify" if verify else "sys/rekey/init"
        run = nonce or to.read(where).get("nonce", "")
        target = "sys/rekey/verify" if verify else "sys/rekey/update"
        _print_run(to.write(target, {"key": _share(share), "nonce": run}), form)


@app.command("generate-root")
def generate_root(
    init_: Annotated[bool, typer.Option("--init", help="Begin; shows the one-time password.")] = False,
    cancel: Annotated[bool, typer.Option("--cancel", help="Give it up.")] = False,
    decode: Annotated[str | None, typer.Option("--decode", help="The encoded token, to be decoded with --otp.")] = None,
    otp: Annotated[str | None, typer.Option("--otp", help="The one-time password.")] = None,
    share: Share = None,
    nonce: Annotated[str | None, typer.Option("--nonce", help="Which run.")] = None,
    form: Form = Format.TABLE,
) -> None:
    """Make a root token with the shares.

    Examples:

      svault operator generate-root --init

      svault operator generate-root --decode TOKEN --otp OTP
    """
    to = client()
    if decode:
        sys.stdout.write(_decoded(decode, otp or "") + "\n")
    elif cancel:
        to.delete("sys/generate-root/attempt")
        sys.stdout.write("Success! Cancelled.\n")
    elif init_:
        _print_run(to.write("sys/generate-root/attempt", flag_fields([("otp", otp)])), form)
    else:
        run = nonce or to.read("sys/generate-root/attempt").get("nonce", "")
        _print_run(to.write("sys/generate-root/update", {"key": _share(share), "nonce": run}), form)


def _share(given: str | None) -> str:
    if given is not None:
        return content(given).strip()
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    return getpass.getpass("Share (hidden): ").strip()


def _decoded(encoded: str, otp: str) -> str:
    try:
        data = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except ValueError:
        raise Failed("error: the encoded token is no base64", 1) from None
    if len(data) != len(otp):
        raise Failed(f"error: the one-time password has {len(otp)} characters, not {len(data)}", 1)
    return bytes(one ^ other for one, other in zip(data, otp.encode(), strict=True)).decode()


def _print_status(found: dict[str, Any], form: Format) -> None:
    if form is not Format.TABLE:
        print_value(found, form)
        return
    rows = [(words, found[name]) for name, words in _STATUS if found.get(name) not in (None, "")]
    if found.get("sealed") and found.get("initialized"):
        rows = [
            (words, f"{found['progress']}/{found['t']}" if words == "Unseal Progress" else it) for words, it in rows
        ]
    print_pairs(rows)
    for warning in found.get("warnings") or ():
        sys.stderr.write(f"WARNING! {warning}\n")


def _print_run(found: dict[str, Any], form: Format) -> None:
    if form is not Format.TABLE:
        print_value(found, form)
        return
    print_pairs([(name, value) for name, value in found.items() if value not in (None, "", [])])
