"""What the README says of settings, commands, errors and limits is what the code has."""

import re
import shlex
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
import typer

from stratumiops.graph import models
from stratumiops.graph.errors import EXIT_CODES, ErrorCode
from stratumiops.graph.selection import lucene
from stratumiops.ingest import chunks, items, service
from stratumiops.ingest import models as documents
from stratumiops.ingest.retrieval import models as retrieval
from stratumiops.resolvers.configuration import OTHER_VARIABLES
from stratumiops.resolvers.context import Role
from stratumiops.resolvers.engine import describe, scope
from stratumiops.resolvers.export import with_settings
from stratumiops.resolvers.knowledge import writes
from stratumiops.resolvers.settings import Settings
from stratumiops.ui.cli.kogral import app as kogral
from stratumiops.ui.cli.platform import app as platform

from .blocks import README, ROOT

PAGE = README.read_text(encoding="utf-8")
COMMANDS: dict[str, Any] = {
    "stratumiops": typer.main.get_command(platform),
    "kogral": typer.main.get_command(kogral),
}
SOURCES = [path for folder in ("resolvers", "ui/cli") for path in sorted((ROOT / folder).rglob("*.py"))]


def test_the_table_of_settings_is_the_generated_one() -> None:
    assert with_settings(PAGE) == PAGE, "run `make docs`"


def test_every_setting_and_variable_is_in_the_table() -> None:
    for section, info in Settings.model_fields.items():
        for key in info.annotation.model_fields:
            assert f"| `{section}.{key}` |" in PAGE
    for name in OTHER_VARIABLES:
        assert f"| `{name}` |" in PAGE


def test_every_setting_is_read_by_the_code() -> None:
    code = "\n".join(path.read_text() for path in SOURCES if path.name != "settings.py")
    keys = [key for info in Settings.model_fields.values() for key in info.annotation.model_fields]
    unread = [key for key in keys if not re.search(rf"\.{key}\b", code)]
    assert not unread


def named_commands() -> Iterator[str]:
    """Calls of our commands in code: in blocks, and between backticks in the text."""
    code = [*re.findall(r"^```bash\n(.*?)^```", PAGE, re.M | re.S), *re.findall(r"`([^`\n]+)`", PAGE)]
    for part in code:
        for line in part.splitlines():
            found = re.match(r"(?:[A-Z0-9_]+=\S+ )*((?:stratumiops|kogral) .+)", line)
            if found:
                yield re.split(r" # | > | - <<|\s*\||\s*\\$", found[1])[0].strip()


def find(words: list[str]) -> tuple[Any, list[str]]:
    """The command that the words name, and the words that are left for it."""
    command, rest = COMMANDS[words[0]], words[1:]
    while hasattr(command, "commands") and rest and not rest[0].startswith("-"):
        assert rest[0] in command.commands, f"{' '.join(words)}: no command {rest[0]}"
        command, rest = command.commands[rest[0]], rest[1:]
    return command, rest


@pytest.mark.parametrize("call", sorted(set(named_commands())))
def test_commands_and_options_of_the_readme_exist(call: str) -> None:
    command, rest = find(shlex.split(call))
    options = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    for word in rest:
        assert not word.startswith("-") or word.partition("=")[0] in options | {"--help"}, f"{call}: {word}"


def leaves(name: str, command: Any) -> Iterator[str]:
    if hasattr(command, "commands"):
        for inner, found in command.commands.items():
            yield from leaves(f"{name} {inner}", found)
    elif not command.hidden:
        yield name


@pytest.mark.parametrize("name", [leaf for name, command in COMMANDS.items() for leaf in leaves(name, command)])
def test_every_command_is_in_the_readme(name: str) -> None:
    assert any(call.startswith(name) for call in named_commands()) or re.search(rf"\b{name}\b", PAGE)


def test_make_targets_of_the_readme_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    named = set(re.findall(r"`make ([a-z-]+)`", PAGE)) | set(re.findall(r"^make ([a-z-]+)$", PAGE, re.M))
    assert named <= targets
    assert {"run", "test"} <= named


def test_every_error_code_is_explained_with_its_exit_status() -> None:
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \| [^|]+ \| (\d) \|$", PAGE, re.M))
    for code in ErrorCode:
        if code in {ErrorCode.BUDGET_EXCEEDED, ErrorCode.SEALED}:
            assert f"`{code}`" in PAGE
        else:
            assert int(rows[code]) == EXIT_CODES.get(code, 1)


def test_every_role_is_explained() -> None:
    assert re.findall(r"^\| `(viewer|developer|admin)` \|", PAGE, re.M) == sorted(Role, key=list(Role).index)[::-1]


@pytest.mark.parametrize(
    ("what", "numbers"),
    [
        ("title", [models.MAX_TITLE]),
        ("content", [models.MAX_CONTENT]),
        ("tags of a node; one tag", [models.MAX_TAGS, models.MAX_TAG]),
        ("metadata of a node, as JSON", [models.MAX_METADATA]),
        ("id", [models.MAX_ID]),
        ("nodes; relations in one `createNodes`", [writes.MAX_NODES, writes.MAX_RELATIONS]),
        ("files; bytes in one `importDocuments`", [service.MAX_DOCUMENTS, service.MAX_BATCH_BYTES]),
        ("one imported file", [documents.MAX_DOCUMENT_BYTES]),
        ("blocks of one imported file", [items.MAX_BLOCKS]),
        ("search query", [lucene.MAX_QUERY]),
        ("hits of a search by meaning or both", [retrieval.MAX_FIRST]),
        ("text of a node that is embedded", [chunks.MAX_CHARACTERS]),
        ("`depth`, `maxDepth`", [describe.MAX_HOPS]),
        ("nodes of a `graphSlice`", [scope.MAX_SLICE]),
    ],
)
def test_fixed_limits_are_those_of_the_code(what: str, numbers: list[int]) -> None:
    [row] = re.findall(rf"^\| {re.escape(what)} \| (.+) \|$", PAGE, re.M)
    assert [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", row)] == numbers


def test_links_of_the_pages_lead_to_files_and_headings() -> None:
    for page in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "THIRD_PARTY.md"):
        text = (ROOT / page).read_text(encoding="utf-8")
        for target in re.findall(r"(?:\]\(|src(?:set)?=\")(?!https?:)([^)\s\"]+)", text):
            path, _, heading = target.partition("#")
            assert (ROOT / path).exists(), f"{page}: {target}"
            assert not heading or heading in headings(ROOT / (path or page)), f"{page}: {target}"


def headings(page: Path) -> set[str]:
    """Anchors of a page's headings, as GitHub makes them."""
    found = set()
    inside = False
    for line in page.read_text(encoding="utf-8").splitlines():
        inside ^= line.startswith("```")
        if line.startswith("#") and not inside:
            level = len(list(takewhile(lambda char: char == "#", line)))
            found.add(re.sub(r"[^\w\- ]", "", line[level:].strip().lower()).replace(" ", "-"))
    return found
