"""Instants and states of the past, as the command line speaks of them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from stratumiops.graph.errors import BadInput, NotFound
from stratumiops.ui.cli.kogral.nodes import find


def instant(text: str) -> str:
    """An instant as the API takes it.

    A date means its end, so that `2026-03-01` shows what was true on that day. Without an offset the time is
    that of this machine.

    Raises:
        BadInput: it is none.
    """
    try:
        day = date.fromisoformat(text.strip())
        at = datetime.combine(day, time.max)
    except ValueError:
        try:
            at = datetime.fromisoformat(text.strip())
        except ValueError:
            message = f"{text!r} is no instant."
            raise BadInput(message, hint="Write 2026-03-01, or 2026-03-01T12:00.", field="instant") from None
    try:
        return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    except (OverflowError, ValueError, OSError):
        raise BadInput(f"{text!r} is too far away.", field="instant") from None


def states(api: Any, reference: str, graph: str | None, first: int) -> list[dict[str, Any]]:
    """States of a node, newest first; one that is deleted is found by its id.

    Raises:
        NotFound: there never was such a node.
        Conflict: several answer.
    """
    from stratumiops.ui.cli.kogral.node_documents import HISTORY

    try:
        found = find(api, reference, graph)
    except NotFound:
        found = {"id": reference, "graph": graph}
    try:
        past = api.execute(HISTORY, {"id": found["id"], "graph": found["graph"], "first": first})["history"]
    except NotFound:
        past = []
    if not past:
        message = f"No node has, or ever had, the id, path or title {reference!r}."
        raise NotFound(message, hint="A deleted node is found by its id alone.")
    return [dict(one) for one in past]


def state(past: Sequence[dict[str, Any]], rev: int) -> dict[str, Any]:
    """The state with this revision.

    Raises:
        NotFound: there is none.
    """
    found = next((one for one in past if one["rev"] == rev), None)
    if found is None:
        known = ", ".join(str(one["rev"]) for one in reversed(past))
        raise NotFound(f"There is no revision {rev} of {past[0]['title']!r}.", hint=f"There are {known}.")
    return found
