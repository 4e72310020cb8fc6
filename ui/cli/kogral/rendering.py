"""What a new node says: templates that come with the command, or the project's own in `.kogral/templates`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stratumiops.graph.errors import BadInput
from stratumiops.graph.models import NodeType
from stratumiops.ui.cli.project.directory import find_directory

BUILT_IN = Path(__file__).with_name("templates")
SECTIONS = {
    "context": ("Context", "What made a decision necessary?"),
    "decision": ("Decision", "What was decided?"),
    "consequences": ("Consequences", "What follows from it, good and bad?"),
    "alternatives": ("Alternatives", "What else was considered, and why not?"),
}
"""The sections of a decision: their headings, and what a person is asked."""


def template_name(node_type: NodeType) -> str:
    """The file's name."""
    return f"{node_type.value}.md.j2"


def render(node_type: NodeType, values: Mapping[str, Any], *, directory: Path | None = None) -> str:
    """The text of a new node.

    Templates see `title`, `content`, `date`, `tags`, `status`, `graph`, `editing` (whether a person goes on in an
    editor), the sections of a decision by name, and `sections`: heading, text and question of each. They run in a
    sandbox, since a project's come with its repository.

    Raises:
        BadInput: the template is wrong; it says where.
    """
    from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError
    from jinja2.sandbox import SandboxedEnvironment

    own = _own_directory(directory)
    environment = SandboxedEnvironment(
        loader=ChoiceLoader([FileSystemLoader(folder) for folder in (own, BUILT_IN) if folder]),
        undefined=StrictUndefined,
        autoescape=False,  # markdown, not HTML
        trim_blocks=True,
        lstrip_blocks=True,
    )
    name = template_name(node_type)
    sections = [(heading, values.get(key, ""), question) for key, (heading, question) in SECTIONS.items()]
    known = dict.fromkeys(("content", "status", "date", *SECTIONS), "") | {"tags": [], "editing": False}
    try:
        text = environment.get_template(name).render({**known, **values, "sections": sections})
    except TemplateSyntaxError as error:
        raise BadInput(f"The template {error.filename or name}, line {error.lineno}: {error.message}.") from None
    except (TemplateError, UnicodeDecodeError, TypeError, ValueError, OverflowError) as error:
        hint = f"Templates are looked for in {own}, then in the command itself." if own else None
        raise BadInput(f"The template {name} cannot be used: {error}.", hint=hint) from None
    return text.strip("\n") + "\n" if text.strip() else ""


def _own_directory(directory: Path | None) -> Path | None:
    from stratumiops.ui.cli.project.reading import section

    found = directory or find_directory()
    if found is None:
        return None
    folder = found / section("templates", found).directory
    return folder if folder.is_dir() else None
