"""Searches and answers from the command line: one question or a file of them."""

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from stratumiops.graph.errors import BadInput
from stratumiops.ui.cli.kogral import nodes
from stratumiops.ui.cli.kogral.documents import ASK, EMBEDDINGS, SEARCH, SEARCH_PARTS
from stratumiops.ui.cli.output import one_line, print_json, print_note, print_text

if TYPE_CHECKING:
    from stratumiops.ui.cli.client import Client

_LOOK_S: Final = 0.25
_MAX_LINE: Final = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What is asked for, but for the question."""

    mode: str
    graph: str | None
    where: dict[str, Any] | None
    limit: int
    inherited: bool
    threshold: float | None
    expand: bool
    mmr: float | None
    rerank: bool
    explain: bool
    wait_s: float

    @property
    def by_words(self) -> bool:
        """No vectors are needed."""
        return self.mode == "text"

    def variables(self, query: str) -> dict[str, Any]:
        """The variables of the operation."""
        return {
            "query": query,
            "mode": self.mode.upper(),
            "graph": self.graph,
            "where": self.where,
            "inherited": self.inherited,
            "first": self.limit if self.by_words else min(self.limit, 100),
            "threshold": self.threshold,
            "expand": self.expand,
            "mmr": self.mmr,
            "rerank": self.rerank,
            "explain": self.explain,
        }


def run(api: "Client", query: str | None, batch: Path | None, wanted: Search, *, as_json: bool) -> None:
    """Search for one question, or for each of a file.

    Raises:
        BadInput: neither or both, or a file that is not one query a line.
    """
    if (query is None) == (batch is None):
        raise BadInput("Give a query, or a file of them with --batch.", field="query")
    with api:
        if not wanted.by_words:
            _await_vectors(api, wanted)
        if batch is not None:
            for key, text in _queries(batch):
                sys.stdout.write(_line({"id": key, "hits": _hits(api, text, wanted)}))
                sys.stdout.flush()
            return
        found = _found(api, query or "", wanted)
    _note_mode(found, wanted)
    if as_json:
        print_json([_summary(hit, wanted) for hit in found])
        return
    from stratumiops.ui.cli.kogral.reading import print_hits

    print_hits(found)
    if wanted.explain:
        _print_reasons(found)


def _hits(api: "Client", query: str, wanted: Search) -> list[dict[str, Any]]:
    """Hits of one of many queries; a query without a word finds nothing and stops no others."""
    try:
        return [_summary(hit, wanted) for hit in _found(api, query, wanted)]
    except BadInput as error:
        if error.field != "query":
            raise
        return []


def _found(api: "Client", query: str, wanted: Search) -> list[dict[str, Any]]:
    document = SEARCH if wanted.by_words and not wanted.explain else SEARCH_PARTS
    return list(api.execute(document, wanted.variables(query))["search"])


def _await_vectors(api: "Client", wanted: Search) -> None:
    """Wait until what was written before this call is embedded, for a while."""
    deadline = time.monotonic() + wanted.wait_s
    told = False
    while True:
        status = api.execute(EMBEDDINGS, {"graph": wanted.graph})["embeddingStatus"]
        if not status["pending"] or status["state"] in {"OFF", "WAITING"}:
            break
        if time.monotonic() >= deadline:
            print_note(f"{status['pending']} nodes are not embedded yet: they are found by words only.")
            return
        if not told:
            print_note(f"Waiting for the vectors of {status['pending']} nodes …")
            told = True
        time.sleep(_LOOK_S)
    if status["problem"]:
        print_note(f"Vectors may be out of date: {status['problem']}")


def _note_mode(found: list[dict[str, Any]], wanted: Search) -> None:
    if found and found[0]["mode"] != wanted.mode.upper():
        print_note("The embedding model is out of reach: searched by words alone.")


def _summary(hit: dict[str, Any], wanted: Search) -> dict[str, Any]:
    """A hit as JSON says it."""
    found = {
        **nodes.summary(hit["node"]),
        "score": hit["score"],
        "mode": hit["mode"].lower(),
        "superseded_by": [one["id"] for one in hit["supersededBy"]],
    }
    part = hit.get("chunk")
    if part is not None:
        found["chunk"] = {
            "text": part["text"],
            "heading": part["heading"],
            "start_line": part["startLine"],
            "end_line": part["endLine"],
            "similarity": part["similarity"],
        }
    why = hit.get("explanation")
    if wanted.explain and why is not None:
        found["explanation"] = {
            "text_rank": why["textRank"],
            "text_score": why["textScore"],
            "semantic_rank": why["semanticRank"],
            "similarity": why["similarity"],
            "graph_rank": why["graphRank"],
            "rerank_score": why["rerankScore"],
            "reasons": why["reasons"],
        }
    return found


def _print_reasons(found: list[dict[str, Any]]) -> None:
    for place, hit in enumerate(found, start=1):
        reasons = "; ".join((hit.get("explanation") or {}).get("reasons") or ["no reason given"])
        print_note(f"{place}. {one_line(hit['node']['title'])}: {one_line(reasons)}")


def _queries(file: Path) -> Iterator[tuple[Any, str]]:
    """Ids and queries of a file, line by line.

    Raises:
        BadInput: it cannot be read, or a line is no such object.
    """
    import orjson

    try:
        lines = sys.stdin.buffer if str(file) == "-" else file.open("rb")
    except OSError as error:
        raise BadInput(f"{file} cannot be read: {error.strerror}.", field="batch") from error
    with lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                one = orjson.loads(line) if len(line) <= _MAX_LINE else None
            except orjson.JSONDecodeError:
                one = None
            if not isinstance(one, dict) or "id" not in one or not isinstance(one.get("query"), str):
                message = f'{file}, line {number}: expected one object {{"id": …, "query": "…"}}.'
                raise BadInput(message, field="batch")
            yield one["id"], one["query"]


def _line(value: Any) -> str:
    import orjson

    return orjson.dumps(value).decode() + "\n"


def answer(
    api: "Client", question: str, mode: str, graph: str | None, where: dict[str, Any] | None, *, as_json: bool
) -> None:
    """Ask, and print the answer with its sources."""
    with api:
        values = {"question": question, "mode": mode.upper(), "graph": graph, "where": where}
        told = api.execute(ASK, values)["ask"]
    if as_json:
        citations = [
            {
                "number": one["number"],
                **nodes.summary(one["node"]),
                "heading": one["heading"],
                "start_line": one["startLine"],
                "end_line": one["endLine"],
                "text": one["text"],
            }
            for one in told["citations"]
        ]
        print_json({"text": told["text"], "model": told["model"], "mode": told["mode"].lower(), "citations": citations})
        return
    print_text("".join(char if char.isprintable() or char in "\n\t" else "\ufffd" for char in told["text"]))
    for one in told["citations"]:
        where_ = one["path"] or one["node"]["id"]
        title = one_line(one["node"]["title"])
        print_text(f"[{one['number']}] {title}  {one_line(where_)}:{one['startLine']}-{one['endLine']}", style="dim")
