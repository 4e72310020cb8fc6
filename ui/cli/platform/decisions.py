"""Loading a folder of decision records through the API, as any client would."""

from pathlib import Path

GRAPH = "stratumiops"


def load_decisions(url: str, folder: Path) -> str:
    """Import the folder as the graph `stratumiops`; files that did not change are left alone.

    Returns a sentence that says what was done.

    Raises:
        StratumError: the API refused it or went away.
    """
    from stratumiops.ui.cli.client import Client
    from stratumiops.ui.cli.kogral.importing import import_folder

    with Client(url) as client:
        report = import_folder(client, folder, graph=GRAPH, format="auto", progress=None)
    return (
        f"loaded {folder} as the graph {GRAPH!r}: {report.nodes} nodes, {report.relations} relations"
        f" ({report.created} created, {report.updated} updated, {report.unchanged} unchanged)"
    )
