"""Properties of Logseq: `key:: value`, one a line; names without case, `_` and `-` the same."""

import re
from collections.abc import Iterator
from typing import Any, Final

LINE: Final = re.compile(r"[ \t]*(?:-[ \t]+)?(?P<name>[^\W\d][^\s:,;\"'`()\[\]{}#^@~]*)::(?:[ \t]+(?P<value>.*))?$")
"""A line that is a property, also one right after a bullet."""

_PART = re.compile(r"\[\[[^\[\]]*\]\]|[,，]|[^,，\[]+|\[")
_INTEGER = re.compile(r"-?\d{1,15}")
_NUMBER = re.compile(r"-?\d{1,15}\.\d{1,15}")


def fold(name: str) -> str:
    """A name as it is compared."""
    return name.lower().replace("_", "-")


def names_in(value: str) -> list[str]:
    """Several names in one value: parted by commas, without `[[ ]]` and `#`."""
    parts: list[str] = [""]
    for part in _PART.findall(value):
        if part in ",，":
            parts.append("")
        else:
            parts[-1] += part
    bare = (part.strip().removeprefix("#").removeprefix("[[").removesuffix("]]").strip() for part in parts)
    return [name for name in bare if name]


def typed(value: str) -> Any:
    """A value as data for queries: numbers and booleans as such, everything else as text without quotes around."""
    if value in ("true", "false"):
        return value == "true"
    if _INTEGER.fullmatch(value):
        return int(value)
    if _NUMBER.fullmatch(value):
        return float(value)
    quoted = len(value) > 1 and value[0] == value[-1] == '"'
    return value[1:-1] if quoted else value


def facts(properties: dict[str, str]) -> Iterator[str]:
    """`name=value` in lower case for the whole value and for each of several in it, as they are looked up."""
    for name, value in properties.items():
        seen = dict.fromkeys((value, *names_in(value)) if value else ("",))
        yield from (f"{name}={one.lower()}" for one in seen)
