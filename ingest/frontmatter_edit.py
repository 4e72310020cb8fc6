"""Edits of front matter that touch one entry and print nothing else anew.

Every function takes the text between the two marks and returns another one, or None when it cannot be done so. The
entry's own style is kept where the new value fits it: quotes, flow or block lists, indentation, comments behind it.
Whether the edit says what was meant is for the caller to see, by reading the result.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from stratumiops.ingest import frontmatter

_INVISIBLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_FLOW_PLAIN = re.compile(r"[^\W_][\w /.+-]*(?<! )")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Entry = tuple[yaml.Node, yaml.Node]


def set_value(block: str, key: str, value: Any, *, as_text: bool = False) -> str | None:
    """The block with another value for a key, or with the key added at its end.

    Args:
        as_text: the value is text that is read as written, so that `1.10` needs no quotes.
    """
    if not _editable(block):
        return None
    entry = _entry(block, key)
    if entry is None:
        return _added(block, f"{_key(key)}: {written(value, as_text=as_text)}")
    _, node = entry
    if isinstance(value, list) and isinstance(node, yaml.SequenceNode):
        return set_items(block, key, value)
    if _is_line(block, node) and isinstance(node, yaml.ScalarNode) and node.style not in ("|", ">"):
        return _sliced(block, node, written(value, node.style, as_text=as_text))
    return _replaced(block, entry, f"{_key(key)}: {written(value, as_text=as_text)}")


def set_items(block: str, key: str, items: Sequence[Any]) -> str | None:
    """The block with other items in a list, or the list added; items that stay keep their lines and order."""
    if not _editable(block):
        return None
    entry = _entry(block, key)
    flow = written(list(items), as_text=True)
    if entry is None:
        return _added(block, f"{_key(key)}: {flow}")
    _, node = entry
    if isinstance(node, yaml.ScalarNode) and _is_line(block, node):
        return _sliced(block, node, _parted(node, items) or flow)
    if not isinstance(node, yaml.SequenceNode):
        return _replaced(block, entry, f"{_key(key)}: {flow}")
    kept = [item for item in node.value if isinstance(item, yaml.ScalarNode) and item.value in _texts(items)]
    added = [item for item in items if str(item) not in {item.value for item in kept}]
    if not node.flow_style:
        return _listed(block, entry, kept, added, flow)
    shown = [block[item.start_mark.index : item.end_mark.index] for item in kept]
    return _sliced(block, node, f"[{', '.join([*shown, *(written(item, flow=True) for item in added)])}]")


def remove(block: str, key: str) -> str | None:
    """The block without a key; comments that follow it stay."""
    entry = _entry(block, key) if _editable(block) else None
    return None if entry is None else _replaced(block, entry, None)


def written(value: Any, style: str | None = None, *, as_text: bool = False, flow: bool = False) -> str:
    """A value as YAML in one line, in the style of the old one (`'`, `"` or plain) when that is possible."""
    if isinstance(value, str):
        return _text(value, style, as_text=as_text, flow=flow)
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, Mapping):
        pairs = [f"{_key(str(key), flow=True)}: {written(item, flow=True)}" for key, item in value.items()]
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join([written(item, flow=True) for item in value]) + "]"
    return str(value)


# ---- inside


def _editable(block: str) -> bool:
    """Whether the block is YAML that can be read."""
    front = frontmatter.parse(block)
    return front.valid or bool(front.data)


def _entry(block: str, key: str) -> Entry | None:
    """The last entry of a key, of a block that can be edited; None: there is none."""
    root = yaml.compose(block, Loader=_Loader)
    pairs: list[Entry] = root.value if isinstance(root, yaml.MappingNode) else []
    found = [pair for pair in pairs if isinstance(pair[0], yaml.ScalarNode) and pair[0].value == key]
    return found[-1] if found else None


def _parted(node: yaml.ScalarNode, items: Sequence[Any]) -> str | None:
    """Items in one text, parted as the old ones were; None when that does not part them."""
    texts = [str(item) for item in items]
    if not texts or any(re.search(r"[,\s]", text) for text in texts):
        return None
    for parting, between in ((",", ", "), (" ", " ")):
        if parting in node.value.strip():
            return written(between.join(texts), node.style, as_text=True)
    return None


def _texts(items: Sequence[Any]) -> set[str]:
    return {str(item) for item in items}


def _added(block: str, line: str) -> str:
    return f"{block}\n{line}" if block else line


def _is_line(block: str, node: yaml.Node) -> bool:
    return "\n" not in block[node.start_mark.index : node.end_mark.index]


def _sliced(block: str, node: yaml.Node, text: str) -> str:
    start, stop = node.start_mark.index, node.end_mark.index
    gap = " " if start and block[start - 1] == ":" else ""
    return block[:start] + gap + text + block[stop:]


def _replaced(block: str, entry: Entry, line: str | None) -> str | None:
    """The block with an entry's lines replaced by one line, or by none."""
    key, node = entry
    start = block.rfind("\n", 0, key.start_mark.index) + 1
    if block[start : key.start_mark.index].strip():
        return None  # inside a flow mapping
    stop = max(node.end_mark.index, key.end_mark.index)
    lines = block[start:].split("\n")
    count = block[start:stop].rstrip("\n").count("\n") + 1
    while count > 1 and (not lines[count - 1].strip() or lines[count - 1].startswith("#")):
        count -= 1  # block collections reach up to the next entry
    if count > 1 and isinstance(node, yaml.CollectionNode) and not node.flow_style:
        ends = block.rfind("\n", 0, stop) + 1
        if ends == stop:
            count = min(count, block[start:stop].count("\n"))
    kept = [*block[:start].split("\n")[:-1], *([line] if line is not None else []), *lines[count:]]
    return "\n".join(kept)


def _listed(block: str, entry: Entry, kept: Sequence[yaml.Node], added: Sequence[Any], flow: str) -> str | None:
    """A block list, with the lines of the items that go taken out and new ones behind the last."""
    _, node = entry
    lines = block.split("\n")
    starts = [block.count("\n", 0, item.start_mark.index) for item in node.value]
    if not kept or any(not _is_line(block, item) for item in node.value) or len(set(starts)) != len(starts):
        return _replaced(block, entry, f"{_key(entry[0].value)}: {flow}")
    first = node.value[0]
    line = lines[starts[0]]
    prefix = line[: first.start_mark.index - block.rfind("\n", 0, first.start_mark.index) - 1]
    if prefix.strip() != "-":
        return None
    stay = {block.count("\n", 0, item.start_mark.index) for item in kept}
    gone = set(starts) - stay
    new = [f"{prefix}{written(item, as_text=True)}" for item in added]
    made: list[str] = []
    for number, text in enumerate(lines):
        if number not in gone:
            made.append(text)
        if number == starts[-1]:
            made += new
    return "\n".join(made)


def _key(key: str, *, flow: bool = False) -> str:
    return _text(key, None, as_text=True, flow=flow)


def _text(value: str, style: str | None, *, as_text: bool, flow: bool) -> str:
    """Text as it stays itself when it is read."""
    single = "'" + value.replace("'", "''") + "'"
    double = _INVISIBLE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))
    if flow and not _FLOW_PLAIN.fullmatch(value):
        return double
    for shown in {"'": (single,), '"': (double,)}.get(style or "", (value, single)):
        if "\n" not in shown and _reads_as(shown, value, as_text=as_text):
            return shown
    return double


def _reads_as(shown: str, value: str, *, as_text: bool) -> bool:
    front = frontmatter.parse(f"k: {shown}")
    if not front.valid or len(front.data) != 1 or front.problems:
        return False
    return front.text.get("k") == value if as_text else front.data["k"] == value and isinstance(front.data["k"], str)


def _float(value: float) -> str:
    if not math.isfinite(value):
        return {"inf": ".inf", "-inf": "-.inf"}.get(str(value), ".nan")
    text = repr(value)
    mantissa, exponent, power = text.partition("e")
    return text if not exponent or "." in mantissa else f"{mantissa}.0e{power}"
