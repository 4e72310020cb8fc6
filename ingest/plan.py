"""What is to be done with each file of a batch, decided from what the graph holds. Pure."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from stratumiops.ingest.identity import node_id
from stratumiops.ingest.models import ParsedDocument, Problem, ProblemSeverity
from stratumiops.ingest.reports import DocumentOutcome, DocumentResult, SourceDocument

UNFILED = "UNFILED"
"""Code of the problem that a file's id is that of a node without a file."""


@dataclass(frozen=True, slots=True)
class Target:
    """A file, what it says, and the node that it stands for."""

    file: SourceDocument
    document: ParsedDocument
    node_id: str


@dataclass(frozen=True, slots=True)
class State:
    """What the graph holds of one target.

    `own_id` is the node that the file's last import made, `known` tells whether there was one; `live` and
    `gone` say what has the target's id; `owner` is the (source, path) of the document this node belongs to.
    """

    known: bool
    own_id: str | None
    live: bool
    gone: bool
    owner: tuple[str, str] | None


@dataclass(slots=True)
class Plan:
    """The steps of one transaction, and what each file's result will be."""

    deletes: list[str] = field(default_factory=list)
    forgets: list[str] = field(default_factory=list)
    restores: list[Target] = field(default_factory=list)
    creates: list[Target] = field(default_factory=list)
    updates: list[Target] = field(default_factory=list)
    results: dict[str, DocumentResult] = field(default_factory=dict)


def targets(
    graph: str,
    source: str,
    files: Sequence[SourceDocument],
    documents: Sequence[ParsedDocument],
    own_ids: Mapping[str, str | None],
) -> list[Target]:
    """The node of each file: by the id it carries, else the one it has, else one made of its path."""
    return [
        Target(file, document, document.node_id or own_ids.get(file.path) or node_id(graph, source, file.path))
        for file, document in zip(files, documents, strict=True)
    ]


def plan(
    source: str,
    wanted: Sequence[Target],
    states: Sequence[State],
    removed: AbstractSet[str],
    *,
    adopt: bool = True,
) -> Plan:
    """Decide; a file whose id another file has already is refused, and both are named.

    A live node that belongs to no file is taken over, unless not `adopt`.
    """
    made = Plan()
    leaving = {
        target.file.path
        for target, state in zip(wanted, states, strict=True)
        if state.own_id is not None and state.own_id != target.node_id
    }
    free = leaving | removed
    taken: dict[str, str] = {}
    for target, state in zip(wanted, states, strict=True):
        path = target.file.path
        owner = None if state.owner is None or state.owner == (source, path) else state.owner
        moved = owner is not None and owner[0] == source and owner[1] in free
        if target.node_id in taken:
            made.results[path] = _refused(target, taken[target.node_id], None)
        elif owner is not None and not moved:
            made.results[path] = _refused(target, owner[1], owner[0] if owner[0] != source else None)
        elif not adopt and state.live and state.owner is None and target.node_id != state.own_id:
            problem = Problem(UNFILED, "the node of its id belongs to no file yet", None, ProblemSeverity.ERROR)
            made.results[path] = DocumentResult(path, DocumentOutcome.FAILED, target.node_id, problems=(problem,))
        else:
            taken[target.node_id] = path
            if owner is not None:
                made.forgets.append(owner[1])
            _decide(made, target, state)
    made.deletes = [left for left in made.deletes if left not in taken]
    return made


def _decide(made: Plan, target: Target, state: State) -> None:
    path = target.file.path
    if state.own_id is not None and state.own_id != target.node_id:
        made.deletes.append(state.own_id)
    if state.gone:
        made.restores.append(target)
        made.updates.append(target)
        outcome = DocumentOutcome.RESTORED
    elif state.live:
        made.updates.append(target)
        outcome = DocumentOutcome.UPDATED
    else:
        if state.known:
            made.forgets.append(path)
        made.creates.append(target)
        outcome = DocumentOutcome.CREATED
    made.results[path] = DocumentResult(path, outcome, target.node_id, target.document.title, target.document.problems)


def _refused(target: Target, other_path: str, other_source: str | None) -> DocumentResult:
    where = f"{other_path} of the source {other_source}" if other_source else other_path
    message = f"{target.file.path} has the id {target.node_id}, which {where} has already; ids must differ"
    problem = Problem("DUPLICATE_ID", message, None, ProblemSeverity.ERROR)
    problems = (problem, *target.document.problems)
    return DocumentResult(target.file.path, DocumentOutcome.FAILED, problems=problems)
