"""Files that people wrote into a directory, read as an import reads files: status, tags, dates and links count."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from stratumiops.graph.adapters.markdown_file import Page
from stratumiops.graph.errors import BadInput
from stratumiops.graph.models import EXTRA_FIELDS, Edge, NodeType
from stratumiops.graph.validation import check_node
from stratumiops.ingest.document import parse_document
from stratumiops.ingest.models import DocumentFormat
from stratumiops.ingest.records import dump_links, load_links
from stratumiops.ingest.resolve import Entry, LinkIndex, Wanted, stated


class HandWritten:
    """The `Author` of a directory's tree. The folder says what a file is; the text says the rest."""

    def read(self, path: str, data: bytes, page: Page) -> Page:
        """See `Author.read`."""
        decision = page.node.type is NodeType.DECISION
        found = parse_document(path, data, DocumentFormat.ADR if decision else DocumentFormat.AUTO)
        try:
            node = check_node(
                replace(
                    page.node,
                    title=found.title,
                    tags=found.tags,
                    aliases=found.aliases,
                    status=found.status,
                    date=found.date,
                    metadata=found.metadata,
                    extra={name: value for name, value in found.extra.items() if name in EXTRA_FIELDS[page.node.type]},
                )
            )
        except BadInput:
            return page
        return replace(page, node=node, links=dump_links(found.links))

    def relate(self, pages: Mapping[str, Page]) -> Iterator[Edge]:
        """See `Author.relate`."""
        index = LinkIndex(_entries(pages))
        for path, page in pages.items():
            if page.by_hand and page.links:
                for found in stated(index, path, page.node.id, load_links(page.links)):
                    if isinstance(found, Wanted):
                        yield _edge(found, page)


def _entries(pages: Mapping[str, Page]) -> Iterable[Entry]:
    return (
        Entry(path, page.node.id, page.node.title, page.node.type is NodeType.DECISION) for path, page in pages.items()
    )


def _edge(found: Wanted, page: Page) -> Edge:
    at = page.node.updated_at
    return Edge(
        graph=page.node.graph,
        source=found.source,
        target=found.target,
        relation=found.relation,
        origin=found.origin.value,
        valid_from=at,
        recorded_at=at,
        created_by=page.node.updated_by,
    )
