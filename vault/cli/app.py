"""All commands, and the options that hold for each of them."""

from typing import Annotated

import typer

from stratumiops.vault.cli import (
    audit,
    auth,
    database,
    kv,
    lease,
    operator,
    pki,
    policy,
    secret,
    server,
    token,
    transit,
    wrapping,
)  # fmt: skip
from stratumiops.vault.cli.context import Options

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
    context: typer.Context,
    address: Annotated[
        str | None, typer.Option("--address", help="The server; else VAULT_ADDR, else http://127.0.0.1:8200.")
    ] = None,
    namespace: Annotated[str | None, typer.Option("--namespace", help="The namespace; else VAULT_NAMESPACE.")] = None,
) -> None:
    context.obj = Options(address, namespace)


app.command("server")(server.server)
app.command("status")(operator.status)
app.command("login")(auth.login)
app.command("read")(secret.read_path)
app.command("write")(secret.write_path)
app.command("delete")(secret.delete_path)
app.command("list")(secret.list_path)
app.command("unwrap")(wrapping.unwrap)
app.command("wrap")(wrapping.wrap)
for name, group in (
    ("operator", operator.app), ("secret", secret.app), ("kv", kv.app), ("transit", transit.app), ("pki", pki.app),
    ("database", database.app), ("policy", policy.app), ("token", token.app), ("lease", lease.app),
    ("audit", audit.app), ("auth", auth.app), ("secrets", secret.mounts_app),
):  # fmt: skip
    app.add_typer(group, name=name)
