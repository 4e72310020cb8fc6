"""All commands, and the options that hold for each of them."""

from typing import Annotated

import typer

from stratumiops.vault.cli.audit import app as audit
from stratumiops.vault.cli.auth import app as auth
from stratumiops.vault.cli.auth import login
from stratumiops.vault.cli.context import GIVEN, Options
from stratumiops.vault.cli.database import app as database
from stratumiops.vault.cli.kv import app as kv
from stratumiops.vault.cli.lease import app as lease
from stratumiops.vault.cli.operator import app as operator
from stratumiops.vault.cli.operator import status
from stratumiops.vault.cli.pki import app as pki
from stratumiops.vault.cli.policy import app as policy
from stratumiops.vault.cli.secret import app as secret
from stratumiops.vault.cli.secret import delete_path, list_path, mounts_app, read_path, write_path
from stratumiops.vault.cli.server import server
from stratumiops.vault.cli.token import app as token
from stratumiops.vault.cli.transit import app as transit
from stratumiops.vault.cli.wrapping import unwrap, wrap

app = typer.Typer(
    name="svault",
    help="Runs a secrets server that Vault's clients can talk to, and talks to one.\n\n"
    "Examples:\n\n"
    "  svault server --dev\n\n"
    "  svault operator init --shares 5 --threshold 3\n\n"
    "  svault secret write secret/myapp password=-\n\n"
    "  svault secret read secret/myapp --field password",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def _options(
    address: Annotated[
        str | None, typer.Option("--address", help="The server; else VAULT_ADDR, else http://127.0.0.1:8200.")
    ] = None,
    namespace: Annotated[str | None, typer.Option("--namespace", help="The namespace; else VAULT_NAMESPACE.")] = None,
) -> None:
    GIVEN.set(Options(address, namespace))


app.command("server")(server)
app.command("status")(status)
app.command("login")(login)
app.command("read")(read_path)
app.command("write")(write_path)
app.command("delete")(delete_path)
app.command("list")(list_path)
app.command("unwrap")(unwrap)
app.command("wrap")(wrap)
for name, group in (
    ("operator", operator), ("secret", secret), ("kv", kv), ("transit", transit), ("pki", pki),
    ("database", database), ("policy", policy), ("token", token), ("lease", lease),
    ("audit", audit), ("auth", auth), ("secrets", mounts_app),
):  # fmt: skip
    app.add_typer(group, name=name)
