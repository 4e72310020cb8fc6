"""`kogral edit`: a change from one revision to the next, and what to do when somebody was faster."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stratumiops.graph.errors import BadInput, Conflict
from stratumiops.ui.cli.kogral.asking import can_ask
from stratumiops.ui.cli.kogral.comparing import difference, print_difference
from stratumiops.ui.cli.kogral.node_documents import EDITED, UPDATE
from stratumiops.ui.cli.kogral.nodes import find, summary
from stratumiops.ui.cli.kogral.options import client
from stratumiops.ui.cli.kogral.texts import given_text
from stratumiops.ui.cli.output import print_json, print_note, print_text

_CLEARABLE = ("status", "date")


@dataclass(frozen=True, slots=True)
class Listed:
    """A change of a list of words: all of them from now on, or some more and some fewer."""

    all: Sequence[str] | None = None
    more: Sequence[str] = ()
    fewer: Sequence[str] = ()

    def of(self, there: Sequence[str]) -> list[str] | None:
        """The list from now on; None: it stays as it is."""
        if self.all is None and not self.more and not self.fewer:
            return None
        begin = list(there) if self.all is None else [word for word in self.all if word]
        return [word for word in dict.fromkeys([*begin, *self.more]) if word not in self.fewer]


def edit(
    reference: str,
    changes: Mapping[str, str | None],
    *,
    content: str | None,
    content_file: Path | None,
    tags: Listed,
    aliases: Listed,
    rev: int | None,
    graph: str | None,
    in_editor: bool,
    dry_run: bool,
    as_json: bool,
    server: str | None,
) -> None:
    """Change a node, or say what would change.

    Args:
        reference: the node's id, path or title.
        changes: title, status, date as given; empty text clears status and date.
        content: the new text.
        content_file: a file with it.
        tags: what becomes of its tags.
        aliases: what becomes of its other names.
        rev: the revision that the change was made from; without it the one that is read now.
        graph: its named graph.
        in_editor: the text is written in an editor.
        dry_run: only say it.
        as_json: for programs.
        server: the server's address.

    Raises:
        BadInput: nothing is to be changed.
        Conflict: the node has another revision by now. What was written is kept in a file.
    """
    text = given_text(content, content_file)
    with client(server) as api:
        found = find(api, reference, graph)
        node = api.execute(EDITED, {"id": found["id"], "graph": found["graph"]})["node"]
        given = _given(changes)
        for name, change in (("tags", tags), ("aliases", aliases)):
            wanted = change.of(node[name])
            if wanted is not None:
                given[name] = wanted
        if text is None and (in_editor or (not given and can_ask())):
            from stratumiops.ui.cli.kogral.editor import edit as open_editor

            text = open_editor(node["content"], node["title"])
        if text is not None:
            given["content"] = text
        if not given:
            raise BadInput("Nothing is to be changed.", hint="Give --title, --content-file, --tag …, or --edit.")
        given = {name: value for name, value in given.items() if node[name] != value}
        if dry_run:
            print_difference(difference(node, {**node, **given}, "now", "then"), as_json=as_json)
            return
        if given:
            node = _send(api, node, given, rev)
        elif rev is not None and rev != node["rev"]:
            raise _conflict(node, None)
    if as_json:
        print_json(summary(node))
    elif given:
        print_text(f"{node['id']} has revision {node['rev']}: {', '.join(given)} changed")
    else:
        print_note(f"{node['id']} says so already; nothing was changed")


def _given(changes: Mapping[str, str | None]) -> dict[str, Any]:
    """What is to be changed; empty text clears what may be missing."""
    return {
        name: None if name in _CLEARABLE and value == "" else value
        for name, value in changes.items()
        if value is not None
    }


def _send(api: Any, node: dict[str, Any], given: dict[str, Any], rev: int | None) -> dict[str, Any]:
    sent = {"id": node["id"], "graph": node["graph"], "rev": node["rev"] if rev is None else rev, **given}
    try:
        changed: dict[str, Any] = api.execute(UPDATE, {"input": sent})["updateNode"]["node"]
    except Conflict:
        now = api.execute(EDITED, {"id": node["id"], "graph": node["graph"]})["node"] or node
        raise _conflict({**now, "base": sent["rev"]}, given.get("content")) from None
    return changed


def _conflict(node: dict[str, Any], text: str | None) -> Conflict:
    """Somebody was faster: what they did, where the own text is, how to go on."""
    from stratumiops.ui.cli.kogral.editor import keep

    base = node.get("base")
    message = f"{node['title']!r} has revision {node['rev']} by now; yours was made from {base or 'another'}."
    steps = [f"`kogral diff {node['id']} {base} {node['rev']}` shows what changed meanwhile"] if base else []
    if text is not None:
        path = keep(text, node["title"])
        steps.append(f"your text is in {path}")
        steps.append(f"merge it there, then `kogral edit {node['id']} --content-file {path} --rev {node['rev']}`")
    else:
        steps.append("look at it, then repeat your change")
    return Conflict(message, hint="; ".join(steps) + ".")
