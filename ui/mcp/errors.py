"""Errors as an agent reads them: what went wrong, in one sentence, and what to do."""

import difflib
from collections.abc import Collection

from pydantic import ValidationError

from stratumiops.graph.errors import ErrorCode, StratumError

_SHOWN = 5
_ADVICE = {
    ErrorCode.BAD_INPUT: "correct the arguments and call again.",
    ErrorCode.NOT_FOUND: "look for it with search or list_graphs.",
    ErrorCode.CONFLICT: "read it again, then repeat the change on what you find.",
    ErrorCode.UNAUTHENTICATED: "tell the user: `kogral serve` needs a valid STRATUMIOPS_TOKEN.",
    ErrorCode.FORBIDDEN: "tell the user: the token of `kogral serve` may not do this.",
    ErrorCode.UNAVAILABLE: "try again in a moment.",
    ErrorCode.TIMEOUT: "ask for less, or try again.",
    ErrorCode.TOO_COMPLEX: "ask for less at once.",
    ErrorCode.RATE_LIMITED: "wait a moment, then call again.",
}
"""What to do where an error has no hint of its own."""


def told(error: StratumError) -> str:
    """An error of the platform: its code, its sentence, its hint, and the field at fault."""
    advice = error.hint or _ADVICE.get(error.code, "tell the user; the server's log has the reason.")
    parts = [f"{error.code.value}: {error.message}", f"What to do: {advice}"]
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
