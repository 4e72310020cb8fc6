"""What differs between two states of a node, as a unified diff."""

import difflib
from collections.abc import Mapping
from typing import Any

from stratumiops.ui.cli.output import console, one_line, print_json, print_note, terminal_safe

_HEAD = ("title", "aliases", "type", "status", "date", "tags")
_STYLES = {"+": "green", "-": "red", "@": "cyan"}
CONTEXT = 3


def difference(old: Mapping[str, Any], new: Mapping[str, Any], old_name: str, new_name: str) -> list[str]:
    """The lines of a unified diff of two states; empty when they say the same."""
    return list(difflib.unified_diff(_lines(old), _lines(new), old_name, new_name, lineterm="", n=CONTEXT))


def changed_parts(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """What differs, in words: `title`, `status proposed → accepted`, `content +3 −1`."""
    parts = [
        f"{name} {_shown(old[name]) or '–'} → {_shown(new[name]) or '–'}" if name in {"status", "date"} else name
        for name in _HEAD
        if old[name] != new[name]
    ]
    if old["content"] != new["content"]:
        lines = list(difflib.ndiff(old["content"].split("\n"), new["content"].split("\n")))
        added = sum(line.startswith("+ ") for line in lines)
        parts.append(f"content +{added} −{sum(line.startswith('- ') for line in lines)}")
    return parts


def print_difference(lines: list[str], *, as_json: bool) -> None:
    """A diff, coloured on a terminal."""
    if as_json:
        print_json({"diff": lines})
        return
    if not lines:
        print_note("No difference.")
        return
    out = console()
    for line in lines:
        style = "bold" if line.startswith(("---", "+++")) else _STYLES.get(line[:1])
        out.print(terminal_safe(line), style=style, markup=False, soft_wrap=True)


def _lines(state: Mapping[str, Any]) -> list[str]:
    text = "".join(f"{name}: {_shown(state[name])}\n" for name in _HEAD if state[name]) + f"\n{state['content']}"
    return text.split("\n")


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    return one_line(str(value)) if value else ""
