"""Errors as an agent reads them: what went wrong, in one sentence, and what to do."""

import difflib
from collections.abc import Collection

from pydantic import ValidationError

from stratumiops.graph.errors import StratumError

_SHOWN = 5


def told(error: StratumError) -> str:
    """An error of the platform: its code, its sentence, its hint, and the field at fault."""
    parts = [f"{error.code.value}: {error.message}"]
    if error.hint:
        parts.append(f"What to do: {error.hint}")
    if error.field:
        parts.append(f"(field: {error.field})")
    return " ".join(parts)


def explained(error: ValidationError) -> str:
    """Arguments that do not fit: each by name, with what was expected, without repeating what was given."""
    problems = []
    for one in error.errors(include_url=False, include_context=False, include_input=False)[:_SHOWN]:
        name = ".".join(str(part) for part in one["loc"]) or "arguments"
        problems.append(f"{name}: {one['msg'][:1].lower()}{one['msg'][1:]}")
    return f"BAD_INPUT: {'; '.join(problems)}. What to do: correct the arguments; the tool's input schema says which."


def unknown_arguments(tool: str, given: Collection[str], expected: Collection[str]) -> str | None:
    """What to say of arguments that a tool does not have; None when it has them all."""
    extra = sorted(set(given) - set(expected))
    if not extra:
        return None
    near = difflib.get_close_matches(extra[0], sorted(expected), n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else f"it takes: {', '.join(sorted(expected)) or 'no arguments'}."
    return f"BAD_INPUT: {tool} has no argument {extra[0][:80]!r}. What to do: {hint}"
