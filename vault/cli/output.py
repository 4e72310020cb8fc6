"""What commands print: tables for people, JSON and YAML for programs, one field for shells."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from stratumiops.vault.cli.failures import Failed

_AUTH: Final = {
    "token": "client_token", "token_accessor": "accessor", "token_duration": "lease_duration",
    "token_renewable": "renewable",
}  # fmt: skip
"""How tables call the fields of a new token."""


class Format(StrEnum):
    """How an answer is printed."""

    TABLE = "table"
    JSON = "json"
    YAML = "yaml"


def show(answer: Mapping[str, Any], form: Format, field: str = "") -> None:
    """An answer of the server: its auth, its wrapping, or its data with the lease."""
    if field:
        print_field(answer, field)
    elif form is not Format.TABLE:
        print_value(answer, form)
    else:
        rows = list(_rows(answer))
        if rows:
            print_pairs(rows)
        for warning in answer.get("warnings") or ():
            sys.stderr.write(f"WARNING! {warning}\n")


def print_value(value: Any, form: Format) -> None:
    """A value as JSON or YAML."""
    if form is Format.YAML:
        import yaml

        sys.stdout.write(yaml.safe_dump(value, sort_keys=False, allow_unicode=True))
    else:
        sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def print_field(answer: Mapping[str, Any], field: str) -> None:
    """One field, with nothing around it.

    Raises:
        Failed: the answer has no such field.
    """
    places = (
        (answer.get("auth"), _AUTH.get(field, field)), (answer.get("wrap_info"), field.removeprefix("wrapping_")),
        (answer.get("data"), field), (answer, field),
    )  # fmt: skip
    for part, name in places:
        if isinstance(part, Mapping) and name in part:
            value = part[name]
            break
    else:
        raise Failed(f"error: the answer has no field {field!r}", 1)
    text = value if isinstance(value, str) else json.dumps(value)
    sys.stdout.write(text + ("\n" if sys.stdout.isatty() else ""))


def print_keys(answer: Mapping[str, Any], form: Format) -> None:
    """The keys of a list."""
    keys = list((answer.get("data") or {}).get("keys") or ())
    if form is not Format.TABLE:
        print_value(keys, form)
        return
    sys.stdout.write("Keys\n----\n" if sys.stdout.isatty() else "")
    sys.stdout.write("".join(f"{key}\n" for key in keys))


def print_pairs(rows: Iterable[tuple[str, Any]], head: tuple[str, str] = ("Key", "Value")) -> None:
    """Names and values in two columns."""
    print_rows(head, [(name, told(value)) for name, value in rows])


def print_rows(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table; in a pipe the same, so that scripts that read Vault's tables read these."""
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    lines = [head, ["-" * len(name) for name in head], *rows]
    for line in lines:
        cells = [cell.ljust(width) for cell, width in zip(line, widths, strict=True)]
        sys.stdout.write("    ".join(cells).rstrip() + "\n")


def told(value: Any) -> str:
    """A value in a cell."""
    if value is None:
        return "n/a"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "map[" + " ".join(f"{name}:{told(each)}" for name, each in value.items()) + "]"
    if isinstance(value, list | tuple):
        return "[" + " ".join(told(each) for each in value) + "]"
    return str(value)


def _rows(answer: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    auth, wrapped, data = answer.get("auth"), answer.get("wrap_info"), answer.get("data")
    if auth:
        yield "token", auth["client_token"]
        yield "token_accessor", auth["accessor"]
        yield "token_duration", _seconds(auth["lease_duration"])
        yield "token_renewable", auth["renewable"]
        yield "token_policies", auth["token_policies"]
        yield "policies", auth["policies"]
        yield from ((f"token_meta_{name}", value) for name, value in (auth.get("metadata") or {}).items())
    elif wrapped:
        yield "wrapping_token", wrapped["token"]
        yield "wrapping_accessor", wrapped["accessor"]
        yield "wrapping_token_ttl", _seconds(wrapped["ttl"])
        yield "wrapping_token_creation_time", wrapped["creation_time"]
        yield "wrapping_token_creation_path", wrapped["creation_path"]
    elif data is not None:
        if answer.get("lease_id"):
            yield "lease_id", answer["lease_id"]
            yield "lease_duration", _seconds(answer["lease_duration"])
            yield "lease_renewable", answer["renewable"]
        yield from data.items()
    elif "request_id" not in answer:
        yield from answer.items()


def _seconds(value: int) -> str:
    from stratumiops.vault.durations import in_go_form

    return in_go_form(value) if value else "∞"
