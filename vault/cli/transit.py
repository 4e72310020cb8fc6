"""`svault transit`: encryption and signatures by keys that stay in the vault."""

import base64
import binascii
import sys
from typing import Annotated, Any

import typer

from stratumiops.vault.cli.context import Field, Form, Mount, client, group
from stratumiops.vault.cli.failures import Failed
from stratumiops.vault.cli.output import Format, print_keys, show
from stratumiops.vault.cli.values import content, flag_fields

app = group("Encrypt, decrypt, sign and verify with keys that stay in the vault.")
key = group("The keys.")
app.add_typer(key, name="key")
Key = Annotated[str, typer.Argument(help="The key's name.")]
Text = Annotated[str, typer.Argument(help="The text; @file and - read it from there.")]
Context = Annotated[str | None, typer.Option("--context", help="Base64; for derived keys.")]


@key.command("create")
def create(
    name: Key,
    kind: Annotated[
        str, typer.Option("--type", help="aes256-gcm96, ed25519, ecdsa-p256, ml-dsa-65, ml-kem-768, hybrid …")
    ] = "aes256-gcm96",
    exportable: Annotated[bool, typer.Option("--exportable", help="It may leave the vault.")] = False,
    derived: Annotated[bool, typer.Option("--derived", help="A key for each context.")] = False,
    mount: Mount = "transit",
    form: Form = Format.TABLE,
) -> None:
    """Make a key."""
    given = {"type": kind, "exportable": exportable, "derived": derived}
    show(client().write(f"{mount}/keys/{name}", given), form)


@key.command("list")
def list_(mount: Mount = "transit", form: Form = Format.TABLE) -> None:
    """List the keys."""
    print_keys(client().names(f"{mount}/keys"), form)


@key.command("read")
def read(name: Key, mount: Mount = "transit", form: Form = Format.TABLE) -> None:
    """Show a key: its type, its versions, its public parts."""
    show(client().read(f"{mount}/keys/{name}"), form)


@key.command("rotate")
def rotate(name: Key, mount: Mount = "transit", form: Form = Format.TABLE) -> None:
    """Make a new version, with which is encrypted and signed from now on."""
    show(client().write(f"{mount}/keys/{name}/rotate"), form)


@app.command("encrypt")
def encrypt(
    name: Key, text: Text, context: Context = None, mount: Mount = "transit", field: Field = "ciphertext"
) -> None:
    """Encrypt a text.

    Example:

      svault transit encrypt orders @order.json
    """
    _run(f"{mount}/encrypt/{name}", {"plaintext": _base64(text)}, context, field)


@app.command("decrypt")
def decrypt(name: Key, ciphertext: Text, context: Context = None, mount: Mount = "transit") -> None:
    """Decrypt what `encrypt` gave."""
    given = flag_fields([("ciphertext", content(ciphertext).strip()), ("context", context)])
    found = client().write(f"{mount}/decrypt/{name}", given)
    sys.stdout.buffer.write(base64.b64decode(found["data"]["plaintext"]))


@app.command("rewrap")
def rewrap(
    name: Key, ciphertext: Text, context: Context = None, mount: Mount = "transit", field: Field = "ciphertext"
) -> None:
    """Encrypt anew with the newest version, without seeing the text."""
    _run(f"{mount}/rewrap/{name}", {"ciphertext": content(ciphertext).strip()}, context, field)


@app.command("sign")
def sign(name: Key, text: Text, context: Context = None, mount: Mount = "transit", field: Field = "signature") -> None:
    """Sign a text."""
    _run(f"{mount}/sign/{name}", {"input": _base64(text)}, context, field)


@app.command("verify")
def verify(
    name: Key, text: Text, signature: Annotated[str, typer.Argument(help="The signature.")], mount: Mount = "transit"
) -> None:
    """Verify a signature. Exit status 0: it is good; 2: it is not."""
    given = {"input": _base64(text), "signature": content(signature).strip()}
    if not client().write(f"{mount}/verify/{name}", given)["data"]["valid"]:
        raise Failed("The signature is not good.")
    sys.stdout.write("The signature is good.\n")


@app.command("hmac")
def hmac(name: Key, text: Text, mount: Mount = "transit", field: Field = "hmac") -> None:
    """The HMAC of a text."""
    _run(f"{mount}/hmac/{name}", {"input": _base64(text)}, None, field)


@app.command("encapsulate")
def encapsulate(name: Key, mount: Mount = "transit", form: Form = Format.TABLE) -> None:
    """A shared secret by ML-KEM, and the ciphertext that gives it to the key's owner."""
    show(client().write(f"{mount}/encapsulate/{name}"), form)


@app.command("decapsulate")
def decapsulate(name: Key, ciphertext: Text, mount: Mount = "transit", form: Form = Format.TABLE) -> None:
    """The shared secret of a ciphertext."""
    show(client().write(f"{mount}/decapsulate/{name}", {"ciphertext": content(ciphertext).strip()}), form)


def _run(path: str, given: dict[str, Any], context: str | None, field: str) -> None:
    show(client().write(path, given | flag_fields([("context", context)])), Format.TABLE, field)


def _base64(text: str) -> str:
    try:
        return base64.b64encode(content(text).encode()).decode()
    except (binascii.Error, UnicodeEncodeError):
        raise Failed("error: the text cannot be read", 1) from None
