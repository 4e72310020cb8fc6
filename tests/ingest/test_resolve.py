import pytest

from stratumiops.graph.models import RelationType
from stratumiops.ingest.models import Link, LinkKind
from stratumiops.ingest.resolve import Entry, LinkIndex, Unresolved, UnresolvedReason, Wanted, stated

PATHS = (
    "index.md",
    "deep/er/Note.md",
    "deep/Note.md",
    "deep/only here.md",
    "adr/0001-first.md",
    "adr/0002-second.md",
    "adr/0003-third/index.md",
    "other/0002-also.md",
    "café/Über.md",
    "v1.2 notes.md",
)
INDEX = LinkIndex(Entry(path, f"id-{path}", f"Title of {path.rpartition('/')[2]}", "00" in path) for path in PATHS)


def _resolve(kind: LinkKind, target: str, path: str = "index.md") -> str:
    found = INDEX.resolve(Link(kind, target, 1), path)
    return found.path if isinstance(found, Entry) else found.value


@pytest.mark.parametrize(
    ("target", "path", "found"),
    [
        ("deep/Note", "index.md", "deep/Note.md"),
        ("Note", "index.md", "deep/Note.md"),  # several: the shortest path
        ("Note", "deep/er/x.md", "deep/er/Note.md"),  # the same folder comes first
        ("note.MD", "index.md", "deep/Note.md"),
        ("er/note", "index.md", "deep/er/Note.md"),
        ("eep/Note", "index.md", "missing"),  # whole segments only
        ("only here", "adr/0001-first.md", "deep/only here.md"),
        ("über", "index.md", "café/Über.md"),
        ("cafe\u0301/u\u0308ber", "index.md", "café/Über.md"),  # as macOS spells it
        ("v1.2 notes", "index.md", "v1.2 notes.md"),
        ("0003-third", "index.md", "adr/0003-third/index.md"),
        ("./Note", "deep/x.md", "deep/Note.md"),
        ("../index", "deep/x.md", "index.md"),
        ("../Note", "deep/x.md", "missing"),  # relative never falls back to a name
        ("Title of only here.md", "index.md", "deep/only here.md"),
        ("ADR-1", "index.md", "adr/0001-first.md"),
        ("id-deep/Note.md", "index.md", "deep/Note.md"),
        ("nothing", "index.md", "missing"),
    ],
)
def test_wikilinks(target: str, path: str, found: str) -> None:
    assert _resolve(LinkKind.WIKILINK, target, path) == found


@pytest.mark.parametrize(
    ("target", "path", "found"),
    [
        ("0002-second.md", "adr/0001-first.md", "adr/0002-second.md"),
        ("./0002-second.md", "adr/0001-first.md", "adr/0002-second.md"),
        ("../deep/Note.md", "adr/0001-first.md", "deep/Note.md"),
        ("/deep/Note.md", "adr/0001-first.md", "deep/Note.md"),
        ("0003-third/", "adr/0001-first.md", "adr/0003-third/index.md"),
        ("0002-SECOND.md", "adr/0001-first.md", "adr/0002-second.md"),
        ("0001-first.md", "index.md", "adr/0001-first.md"),  # looked up by name too
        ("../../outside.md", "adr/0001-first.md", "outside"),
        ("./0009-gone.md", "adr/0001-first.md", "missing"),
    ],
)
def test_markdown_links(target: str, path: str, found: str) -> None:
    assert _resolve(LinkKind.MARKDOWN, target, path) == found


@pytest.mark.parametrize(
    ("target", "path", "found"),
    [
        ("ADR-0001", "index.md", "adr/0001-first.md"),
        ("ADR 1", "index.md", "adr/0001-first.md"),
        ("#1", "index.md", "adr/0001-first.md"),
        ("0001", "index.md", "adr/0001-first.md"),
        ("3", "index.md", "adr/0003-third/index.md"),
        ("2", "index.md", "ambiguous"),
        ("2", "adr/0001-first.md", "adr/0002-second.md"),  # the number of the same folder
        ("0002-second", "index.md", "adr/0002-second.md"),
        ("0002-second.md", "adr/0001-first.md", "adr/0002-second.md"),
        ("id-index.md", "adr/0001-first.md", "index.md"),
        ("ADR-77", "index.md", "missing"),
    ],
)
def test_numbers_ids_and_names_of_the_status_part(target: str, path: str, found: str) -> None:
    assert _resolve(LinkKind.STATUS, target, path) == found


def _stated(*links: Link, path: str = "adr/0001-first.md") -> list[Wanted | Unresolved]:
    return list(stated(INDEX, path, f"id-{path}", links))


def test_a_reversed_link_runs_from_its_target() -> None:
    link = Link(LinkKind.STATUS, "0002-second.md", 5, RelationType.SUPERSEDES, reverse=True)
    [found] = _stated(link)
    assert found == Wanted("id-adr/0002-second.md", "id-adr/0001-first.md", RelationType.SUPERSEDES, LinkKind.STATUS)


def test_a_typed_relation_is_not_doubled_by_a_plain_link() -> None:
    typed = Link(LinkKind.STATUS, "ADR-3", 1, RelationType.SUPERSEDES)
    plain = Link(LinkKind.MARKDOWN, "0003-third/index.md", 9)
    assert [found.relation for found in _stated(typed, plain, plain) if isinstance(found, Wanted)] == [
        RelationType.SUPERSEDES
    ]


def test_links_to_itself_and_repetitions_make_no_relation() -> None:
    own = Link(LinkKind.WIKILINK, "0001-first", 1)
    other = Link(LinkKind.WIKILINK, "Note", 2)
    assert len(_stated(own, other, other)) == 1


def test_what_leads_nowhere_says_where_it_stands() -> None:
    wanted = Link(LinkKind.WIKILINK, "gone", 7)
    maybe = Link(LinkKind.MARKDOWN, "../src", 8, required=False)
    assert _stated(wanted, maybe) == [
        Unresolved("adr/0001-first.md", 7, "gone", LinkKind.WIKILINK, UnresolvedReason.MISSING)
    ]


def test_nodes_of_elsewhere_answer_to_their_ids_but_not_backward() -> None:
    index = INDEX.with_foreign([("elsewhere", "A node")])
    forward = Link(LinkKind.FRONTMATTER, "elsewhere", 1, RelationType.DEPENDS_ON)
    backward = Link(LinkKind.FRONTMATTER, "elsewhere", 2, RelationType.SUPERSEDES, reverse=True)
    found = list(stated(index, "index.md", "id-index.md", (forward, backward)))
    assert [type(one) for one in found] == [Unresolved, Wanted]
    assert INDEX.resolve(forward, "index.md") is UnresolvedReason.MISSING
