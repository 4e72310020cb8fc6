"""YAML front matter: where it ends, what it says, and what is wrong with it.

The rules of its extent are those of Obsidian and Jekyll: line 1 is exactly `---`, a later line is exactly
`---` or `...`. `---` followed by a blank line is a rule, and without a closing line there is no front matter.
"""

import base64
import datetime as dt
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml
from frontmatter.default_handlers import YAMLHandler

from stratumiops.ingest.models import Problem

MAX_FRONT_MATTER = 65_536
"""Characters of front matter that are read as YAML; libyaml recurses in C, so depth is bounded as well."""
_MAX_DEPTH = 100
_MAX_VALUES = 20_000

_EXTENT = re.compile(r"---[ \t]*\n(?![ \t]*\n)(?:(.*?)\n)??(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_BLOCK_NESTING = re.compile(rf"^[ \t]*(?:[-?:][ \t]+){{{_MAX_DEPTH},}}", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the front matter says.

    `data` holds values as YAML types that JSON knows (dates as ISO text); `text` the scalars of the top
    level, and of the lists there, exactly as written: in YAML 1.1 `1.10` is the number 1.1, `NO` is false.
    `lines` gives each top-level key's line in the file, from 1. `valid` is False when any of it could not be
    read; what could be read is there all the same.
    """

    data: Mapping[str, Any] = field(default_factory=dict)
    text: Mapping[str, str | list[str]] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    valid: bool = True
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Split:
    """A file cut in two; `block` is None without front matter; `body_line` (from 1) begins the body."""

    block: str | None
    body: str
    body_line: int


def split(text: str) -> Split:
    """Cut the front matter off a text with LF line ends."""
    if not text.startswith("---"):
        return Split(None, text, 1)
    found = _EXTENT.match(text)
    if found is None:
        return Split(None, text, 1)
    return Split(found[1] or "", text[found.end() :], text.count("\n", 0, found.end()) + 1)


def parse(block: str) -> FrontMatter:
    """Read the text between the two marks; never raises."""
    refusal = _refusal(block)
    if refusal is not None:
        return FrontMatter(valid=False, problems=(Problem("FRONT_MATTER_INVALID", refusal, 1),))
    try:
        found = YAMLHandler().load(block, Loader=_Loader)
    except yaml.YAMLError as error:
        return FrontMatter(valid=False, problems=(_yaml_problem(error, block),))
    except RecursionError:
        message = "the front matter refers to itself or is nested too deeply; it was not read"
        return FrontMatter(valid=False, problems=(Problem("FRONT_MATTER_INVALID", message, 1),))
    return found if isinstance(found, FrontMatter) else FrontMatter()


def _refusal(block: str) -> str | None:
    """Why libyaml must not see the text, which overruns its stack on deep nesting; None if it may."""
    if len(block) > MAX_FRONT_MATTER:
        return f"the front matter has {len(block):,} characters; up to {MAX_FRONT_MATTER:,} are read"
    depth = deepest = 0
    if block.count("[") + block.count("{") > _MAX_DEPTH:
        for char in block:
            if char in "[{":
                depth += 1
                deepest = max(deepest, depth)
            elif char in "]}":
                depth = max(0, depth - 1)
    if deepest > _MAX_DEPTH or _BLOCK_NESTING.search(block):
        return f"the front matter is nested deeper than {_MAX_DEPTH} levels; it was not read"
    return None


def _yaml_problem(error: yaml.YAMLError, block: str) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    what = getattr(error, "problem", None) or getattr(error, "reason", None) or "not valid YAML"
    line = min(mark.line, block.count("\n")) + 2 if mark is not None else 1
    message = f"the front matter is not valid YAML ({what}); the body was imported without it"
    return Problem("FRONT_MATTER_INVALID", message, line)


class _Loader(yaml.CSafeLoader):
    """Builds a `FrontMatter` of the node tree, so that lines and the scalars' own text are still known."""

    def get_single_data(self) -> FrontMatter:
        root = self.get_single_node()
        if root is None:
            return FrontMatter()
        if not isinstance(root, yaml.MappingNode):
            message = "the front matter is not a list of `key: value`; the body was imported without it"
            return FrontMatter(valid=False, problems=(Problem("FRONT_MATTER_INVALID", message, 2),))
        return _Reading(self).mapping(root)


class _Reading:
    """One pass over a node tree, bounded in what aliases may unfold; `<<` merges are not followed."""

    def __init__(self, loader: _Loader) -> None:
        self.loader = loader
        self.problems: list[Problem] = []
        self.valid = True
        self.left = _MAX_VALUES

    def mapping(self, root: yaml.MappingNode) -> FrontMatter:
        data: dict[str, Any] = {}
        text: dict[str, str | list[str]] = {}
        lines: dict[str, int] = {}
        for key_node, value_node in root.value:
            line = key_node.start_mark.line + 2
            key = self.key(key_node)
            if key in data:
                message = f"`{key}` is given twice; the last one counts"
                self.problems.append(Problem("DUPLICATE_KEY", message, line))
            data[key] = self.value(value_node, 1)
            lines[key] = line
            text.pop(key, None)
            written = _written(value_node)
            if written is not None:
                text[key] = written
        return FrontMatter(data, text, lines, self.valid, tuple(self.problems))

    def value(self, node: yaml.Node, depth: int) -> Any:
        self.left -= 1
        if depth > _MAX_DEPTH or self.left < 0:
            raise RecursionError
        if isinstance(node, yaml.ScalarNode):
            return self.scalar(node)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, depth + 1) for item in node.value]
        pairs = node.value if isinstance(node, yaml.MappingNode) else []
        return {self.key(key): self.value(item, depth + 1) for key, item in pairs}

    def key(self, node: yaml.Node) -> str:
        """A key as text; `{{title}}` of a template makes a mapping of it, which YAML allows and nobody means."""
        if isinstance(node, yaml.ScalarNode):
            return clean(node.value)
        line = node.start_mark.line + 2
        message = "a key is a list or mapping; is this a template's placeholder?"
        self.problems.append(Problem("FRONT_MATTER_INVALID", message, line))
        self.valid = False
        return str(node.start_mark.line + 1)

    def scalar(self, node: yaml.ScalarNode) -> Any:
        try:
            value = self.loader.construct_object(node)
        except (ValueError, OverflowError, yaml.YAMLError):
            line = node.start_mark.line + 2
            message = f"`{clean(node.value[:60])}` is no valid date, number or YAML type; kept as text"
            self.problems.append(Problem("FRONT_MATTER_INVALID", message, line))
            self.valid = False
            return clean(node.value)
        return _plain(value)


def _written(node: yaml.Node) -> str | list[str] | None:
    if isinstance(node, yaml.ScalarNode):
        empty = node.tag == "tag:yaml.org,2002:null"
        return None if empty else clean(node.value)
    if isinstance(node, yaml.SequenceNode):
        return [
            clean(item.value)
            for item in node.value
            if isinstance(item, yaml.ScalarNode) and item.tag != "tag:yaml.org,2002:null"
        ]
    return None


def _plain(value: Any) -> Any:
    """A YAML scalar as something JSON can say."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value if abs(value) < 2**63 else str(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return value


def clean(text: str) -> str:
    """Without lone surrogates and NUL, which no text may hold (escapes in YAML can make them)."""
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode("utf-8")
    return text.replace("\x00", "\ufffd")
