"""`kogral add`: what a new node says is put together here, from options, questions, templates and an editor."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from stratumiops.graph.errors import BadInput
from stratumiops.graph.models import NodeType
from stratumiops.ui.cli.kogral.asking import ask_line, ask_text, can_ask
from stratumiops.ui.cli.kogral.node_documents import CREATE
from stratumiops.ui.cli.kogral.nodes import summary
from stratumiops.ui.cli.kogral.options import client, project_directory, project_graph
from stratumiops.ui.cli.kogral.rendering import SECTIONS, render
from stratumiops.ui.cli.kogral.texts import given_text
from stratumiops.ui.cli.output import print_json, print_text, terminal_safe


@dataclass(slots=True)
class Draft:
    """A node to be. `sections` are those of a decision; `more` are inputs that only some types have."""

    node_type: NodeType
    title: str | None
    content: str | None = None
    content_file: Path | None = None
    tags: list[str] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    status: str | None = None
    day: str | None = None
    node_id: str | None = None
    sections: dict[str, str | None] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)


def add(draft: Draft, *, graph: str | None, edit: bool, dry_run: bool, as_json: bool, server: str | None) -> None:
    """Ask for what is missing, make the text, create the node, and say so.

    Raises:
        BadInput: there is no title, and nobody to ask; or the text is given in two ways.
    """
    text = given_text(draft.content, draft.content_file)
    asked = text is None and not edit and not any(draft.sections.values()) and can_ask()
    _ask(draft, asked=asked)
    if asked and not draft.sections:
        text = ask_text("Text")
    content = _rendered(draft, text or "", editing=edit, graph=project_graph(graph))
    if edit:
        content = _edited(draft, content)
    given = {
        "graph": project_graph(graph),
        "title": draft.title,
        "content": content,
        "tags": draft.tags or None,
        "aliases": draft.aliases or None,
        "status": draft.status,
        "date": draft.day,
        "id": draft.node_id,
        **draft.more,
    }
    given = {name: value for name, value in given.items() if value is not None}
    if dry_run:
        _preview(draft.node_type, given, as_json=as_json)
        return
    with client(server) as api:
        node = api.execute(CREATE[draft.node_type.value], {"input": given})["made"]["node"]
    if as_json:
        print_json(summary(node))
    else:
        print_text(f"{draft.node_type.value} {node['id']} in {node['graph']}: {node['title']}")


def _ask(draft: Draft, *, asked: bool) -> None:
    if draft.node_type is NodeType.JOURNAL:
        draft.day = draft.day or date.today().isoformat()  # noqa: DTZ011  # a journal's day is the writer's
        draft.title = draft.title or draft.day
    if not draft.title:
        if not can_ask():
            message = f"A new {draft.node_type.value} needs a title."
            raise BadInput(message, hint=f'kogral add {draft.node_type.value} "Its title"', field="title")
        draft.title = ask_line("Title")
    if not asked:
        return
    if not draft.tags:
        draft.tags = [
            tag.strip("# ") for tag in ask_line("Tags, with commas", default="").split(",") if tag.strip("# ")
        ]
    for name in draft.sections:
        heading, question = SECTIONS[name]
        draft.sections[name] = ask_text(f"{heading}: {question}")
    if draft.sections and not draft.status:
        draft.status = ask_line("Status", default="proposed")


def _rendered(draft: Draft, text: str, *, editing: bool, graph: str) -> str:
    values: Mapping[str, Any] = {
        "title": draft.title,
        "content": text.strip("\n"),
        "date": draft.day or date.today().isoformat(),  # noqa: DTZ011
        "tags": draft.tags,
        "status": draft.status or "",
        "graph": graph,
        "editing": editing,
        **{name: (section or "").strip("\n") for name, section in draft.sections.items()},
    }
    return render(draft.node_type, values, directory=project_directory())


def _edited(draft: Draft, content: str) -> str:
    from stratumiops.ui.cli.kogral.editor import edit

    text = edit(content, draft.title or draft.node_type.value)
    if not text.strip():
        raise BadInput("The text is empty; nothing was added.", hint="Write something, and save it.")
    return text


def _preview(node_type: NodeType, given: Mapping[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json({"dry_run": True, "node_type": node_type.value, **given})
        return
    head = {name: value for name, value in given.items() if name != "content"}
    facts = "\n".join(
        f"{name}: {', '.join(value) if isinstance(value, list) else value}" for name, value in head.items()
    )
    print_text(terminal_safe(f"{facts}\n\n{given['content']}".rstrip()))
