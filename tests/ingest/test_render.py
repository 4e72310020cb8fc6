"""A node into its file: only the lines of what changed change, and the file says then what the node says."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stratumiops.graph.models import Node, NodeType
from stratumiops.ingest.document import parse_document
from stratumiops.ingest.render import Rendered, render, render_new, said_values

PATH = "notes/a.md"


def node_of(path: str, data: bytes) -> Node:
    said = parse_document(path, data)
    return Node(
        id="n", graph="g", type=said.type, title=said.title, content=said.content, tags=said.tags, status=said.status,
        date=said.date, metadata=said.metadata, path=path, extra=said.extra,
    )  # fmt: skip


def changed(data: bytes, path: str = PATH, **changes: Any) -> Rendered:
    node = node_of(path, data)
    if "extra" in changes:
        changes["extra"] = {**node.extra, **changes["extra"]}
    return render(data, parse_document(path, data), replace(node, **changes))


def edited(before: str, after: str, path: str = PATH, **changes: Any) -> None:
    """The change makes this of that, nothing is left unsaid, and the file says what the node says."""
    found = changed(before.encode(), path, **changes)
    assert found.data.decode() == after
    assert found.unsaid == ()
    values = said_values(parse_document(path, found.data))
    for name, value in changes.items():
        if name == "tags":
            assert values["tags"] == sorted(value)
        elif name == "extra":
            assert {k: values["extra"].get(k) for k in value} == value
        elif name != "content":
            assert values[name] == value


def test_a_node_that_did_not_change_gives_the_same_bytes() -> None:
    data = b"\xef\xbb\xbf---\r\ntitle:   'A'  # x\r\ntags: [a,b]\n---\rbody \xff\x00\r\n\n\tend"
    assert changed(data) == Rendered(data)


def test_unchanged_lines_of_the_content_keep_their_bytes() -> None:
    data = b"\xef\xbb\xbf# T\r\n\r\none  \r\ntwo \xff\nthree\rlast"
    node = node_of(PATH, data)
    new = node.content.replace("three", "THREE\nmore")
    assert changed(data, content=new).data == b"\xef\xbb\xbf# T\r\n\r\none  \r\ntwo \xff\nTHREE\rmore\rlast"
    assert changed(data, content=node.content + "\n").data == data + b"\r\n"
    assert changed(data, content=node.content.replace("\none  ", "")).data == data.replace(b"one  \r\n", b"")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("---\ntitle: Old # why\nx: 1\n---\nb\n", "---\ntitle: New # why\nx: 1\n---\nb\n"),
        ("---\ntitle: 'Old'\n---\n# H\n", "---\ntitle: 'New'\n---\n# H\n"),
        ('---\ntitle: "Old"\n---\n', '---\ntitle: "New"\n---\n'),
        ("---\ntitle: >\n  Old\n  title\nx: 1\n---\n", "---\ntitle: New\nx: 1\n---\n"),
        ("# Old #\n\nb\n", "# New #\n\nb\n"),
        ("---\nx: 1\n---\nOld\n===\nb\n", "---\nx: 1\n---\nNew\n===\nb\n"),
        ("no title\r\n", "---\r\ntitle: New\r\n---\r\nno title\r\n"),
        ("---\nx: 1\n---\nb", "---\nx: 1\ntitle: New\n---\nb"),
        ("---\n---\nb", "---\ntitle: New\n---\nb"),
        ("---\nx: 1\n---", "---\nx: 1\ntitle: New\n---"),
        ("---\n\nno front matter\n", "---\ntitle: New\n---\n---\n\nno front matter\n"),
    ],
)
def test_a_title_is_edited_where_it_stands(before: str, after: str) -> None:
    edited(before, after, title="New")


@pytest.mark.parametrize("title", ["a: b", "# x", "1.10", "NO", 'it\'s "q"', "[x]", "- y", "2024-02-30"])
def test_titles_that_yaml_would_read_otherwise_are_quoted(title: str) -> None:
    for data in (b"---\ntitle: Old\n---\n", b"---\ntitle: 'Old'\n---\n", b"x", b"# Old\n"):
        found = changed(data, title=title)
        assert found.unsaid == ()
        assert parse_document(PATH, found.data).title == title


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("---\nstatus: proposed\n---\n# T\n", "---\nstatus: accepted\n---\n# T\n"),
        ("---\nstatus: Proposed\n---\n# T\n", "---\nstatus: Accepted\n---\n# T\n"),
        ("---\nstatus: proposed; amends ADR-4\n---\n# T\n", "---\nstatus: accepted; amends ADR-4\n---\n# T\n"),
        ('---\nstatus: "superseded by ADR-5"\n---\n# T\n', '---\nstatus: "accepted"\n---\n# T\n'),
        ("# T\n\n## Status\n\nProposed\n\nAmends [1](b.md)\n", "# T\n\n## Status\n\nAccepted\n\nAmends [1](b.md)\n"),
        ("# T\n\n* Status: **proposed** (draft)\n", "# T\n\n* Status: **accepted** (draft)\n"),
        ("# T\n\n## Status: Proposed\n\nx\n", "# T\n\n## Status: Accepted\n\nx\n"),
        ("# T\n\nStatus: nobody knows\n\n## Context\n", "# T\n\nStatus: accepted\n\n## Context\n"),
        (
            "# T\n\n| Status | Date |\n|---|---|\n| Proposed | 2024-01-02 |\n",
            "# T\n\n| Status | Date |\n|---|---|\n| Accepted | 2024-01-02 |\n",
        ),
        ("# T\n\n## Context\n\n## Decision\n", "---\nstatus: accepted\n---\n# T\n\n## Context\n\n## Decision\n"),
    ],
)
def test_a_status_is_edited_where_it_stands(before: str, after: str) -> None:
    edited(before, after, "0001-t.md", status="accepted")


def test_a_status_can_go() -> None:
    edited("---\nstatus: accepted\nx: 1\n---\n# T\n\n## Context\n## Decision\n",
           "---\nx: 1\n---\n# T\n\n## Context\n## Decision\n", "0001-t.md", status=None)  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# T\n\nDate: 2020-01-02\n\n## Status\n\nAccepted\n", "# T\n\nDate: 2024-05-06\n\n## Status\n\nAccepted\n"),
        (
            "# T\n\n- Date: 31.12.2020 (late)\n- Status: accepted\n",
            "# T\n\n- Date: 2024-05-06 (late)\n- Status: accepted\n",
        ),
        (
            "---\ndate: 2020-01-02 12:00\n---\n# T\n\n- Status: accepted\n",
            "---\ndate: 2024-05-06\n---\n# T\n\n- Status: accepted\n",
        ),
        ("# T\n\n- Status: accepted\n", "---\ndate: 2024-05-06\n---\n# T\n\n- Status: accepted\n"),
    ],
)
def test_a_date_is_edited_where_it_stands(before: str, after: str) -> None:
    edited(before, after, "0001-t.md", date="2024-05-06")


@pytest.mark.parametrize(
    ("before", "after", "people"),
    [
        (
            "# T\n\n* Deciders: ada, bob\n* Status: accepted\n",
            "# T\n\n* Deciders: ada, eve\n* Status: accepted\n",
            ["ada", "eve"],
        ),
        (
            "---\ndecision-makers: [ada, bob]\nstatus: accepted\n---\n# T\n",
            "---\ndecision-makers: [ada, eve]\nstatus: accepted\n---\n# T\n",
            ["ada", "eve"],
        ),
        ("---\nstatus: accepted\n---\n# T\n", "---\nstatus: accepted\ndeciders: [ada]\n---\n# T\n", ["ada"]),
    ],
)
def test_deciders_are_edited_where_they_stand(before: str, after: str, people: list[str]) -> None:
    edited(before, after, "0001-t.md", extra={"deciders": people})


@pytest.mark.parametrize(
    ("before", "after", "tags"),
    [
        ("---\ntags: [a, b]  # why\n---\n", "---\ntags: [b, c]  # why\n---\n", ("b", "c")),
        ("---\ntags:\n  - a\n  - b # keep\nx: 1\n---\n", "---\ntags:\n  - b # keep\n  - c\nx: 1\n---\n", ("b", "c")),
        ("---\ntags:\n- a\n# note\nx: 1\n---\n", "---\ntags:\n- a\n- c\n# note\nx: 1\n---\n", ("a", "c")),
        ("---\ntags: a, b\n---\n", "---\ntags: b, c\n---\n", ("b", "c")),
        ("---\ntag: a\n---\n", "---\ntag: [a, c]\n---\n", ("a", "c")),
        ("---\ntags:\n---\n", "---\ntags: [c]\n---\n", ("c",)),
        ("text #a here\n", "---\ntags: [c]\n---\ntext #a here\n", ("a", "c")),
        ("---\ntags: [a]\n---\n", "---\ntags: []\n---\n", ()),
        ("---\ntags:\n  - a\n  - b\nx: 1\n---\n", "---\ntags: []\nx: 1\n---\n", ()),
    ],
)
def test_tags_are_edited_where_they_stand(before: str, after: str, tags: tuple[str, ...]) -> None:
    edited(before, after, tags=tags)


def test_a_tag_that_stands_in_the_text_cannot_be_taken_away_and_is_told() -> None:
    found = changed(b"---\ntags: [b]\n---\ntext #a here\n", tags=("b",))
    assert found.unsaid == ("tags",)
    assert found.data == b"---\ntags: [b]\n---\ntext #a here\n"


@pytest.mark.parametrize(
    ("before", "after", "metadata"),
    [
        ("---\na: 1\nb: x # why\n---\n", "---\na: 2\nb: y # why\n---\n", {"a": 2, "b": "y"}),
        ("---\na: 1\nb: x\n---\n", "---\nb: x\nc: true\n---\n", {"b": "x", "c": True}),
        ("---\nl:\n  - p\n  - q\n---\n", "---\nl:\n  - q\n  - r\n---\n", {"l": ["q", "r"]}),
        ("---\nm:\n  a: 1\n  b: 2\nx: 1\n---\n", "---\nm: {a: 1, b: 3}\nx: 1\n---\n", {"m": {"a": 1, "b": 3}, "x": 1}),
        ("---\nd: 2024-01-02\n---\n", "---\nd: 2024-01-03\n---\n", {"d": "2024-01-03"}),
        ("---\nd: NO\n---\n", "---\nd: 'NO'\n---\n", {"d": "NO"}),
        ("---\nmetadata:\n  a: 1\n  b: 2\n---\n", "---\nmetadata: {b: 2}\n---\n", {"b": 2}),
        ("b\n", "---\nmetadata: {title: x}\n---\nb\n", {"title": "x"}),
        ("b\n", '---\nk: "a\\nb"\n---\nb\n', {"k": "a\nb"}),
        ("---\na: 1\n---\nb\n", "---\n---\nb\n", {}),
    ],
)
def test_metadata_is_edited_key_by_key(before: str, after: str, metadata: dict[str, Any]) -> None:
    edited(before, after, metadata=metadata)


def test_what_broken_front_matter_cannot_say_is_told_and_nothing_is_touched() -> None:
    data = b"---\na: [\n---\nbody\n"
    found = changed(data, tags=("t",), metadata={"k": 1})
    assert found == Rendered(data, ("tags", "metadata.k"))


def test_several_fields_at_once() -> None:
    edited(
        "# Old\n\nDate: 2020-01-01\n\n## Status\n\nProposed\n\n## Context\n\nc\n",
        "---\ntags: [t]\n---\n# New\n\nDate: 2021-01-01\n\n## Status\n\nAccepted\n\n## Context\n\nC\n",
        "0001-x.md",
        title="New", date="2021-01-01", status="accepted", tags=("t",),
        content="# Old\n\nDate: 2020-01-01\n\n## Status\n\nProposed\n\n## Context\n\nC\n",
    )  # fmt: skip


def test_a_heading_that_the_graph_changed_is_not_edited_over() -> None:
    found = changed(b"# Old\n", title="New", content="# Newer\n")
    assert found.data == b"---\ntitle: New\n---\n# Newer\n"


def test_content_that_begins_like_front_matter_gets_an_empty_one_before_it() -> None:
    found = changed(b"a\n", content="---\nk: v\n---\nb\n")
    assert found == Rendered(b"---\n---\n---\nk: v\n---\nb\n")


def test_what_the_graph_left_alone_is_left_to_the_file() -> None:
    data = b"---\ntags: [a]\n---\nb #x\n"
    agreed = replace(node_of(PATH, data), tags=("a",), title="before")
    found = render(data, parse_document(PATH, data), replace(agreed, status="s"), agreed=agreed)
    assert found.data == b"---\ntags: [a]\nstatus: s\n---\nb #x\n"


def test_page_properties_of_an_outline_are_edited_there() -> None:
    data = b"type:: x\nstatus:: open\n\n- a #t\n"
    assert parse_document("0001-x.md", data).status == "proposed"
    found = changed(data, "0001-x.md", status="accepted")
    assert found.data == b"type:: x\nstatus:: accepted\n\n- a #t\n"


def test_utf_16_stays_utf_16() -> None:
    data = "# Old\r\nx\r\n".encode("utf-16")
    assert changed(data, title="Né").data == "# Né\r\nx\r\n".encode("utf-16")


_TITLES = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=12).map(str.strip).filter(bool)
_BASES = st.sampled_from([
    b"", b"body\n", b"# H\n\nb", b"---\ntitle: x\ntags: [a]\nk: v\n---\n# H\n", b"---\r\nk: v\r\n---\r\n# H\r\n",
    b"---\na: [\n---\nb",
    b"---\ntags:\n- a\nmetadata:\n  x: 1\n---\nb", b"\xef\xbb\xbf# H\n\xff\n", b"- a\n- b\n",
])  # fmt: skip
_VALUES = st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(allow_nan=False, allow_infinity=False)
_VALUES |= _TITLES | st.lists(_TITLES, max_size=3) | st.dictionaries(_TITLES, st.integers(0, 9), max_size=2)


@settings(max_examples=300, deadline=None)
@given(
    _BASES,
    st.fixed_dictionaries({}, optional={
        "title": _TITLES, "content": st.text(st.sampled_from("ab#-: \n"), max_size=20),
        "tags": st.lists(st.text("abc", min_size=1, max_size=3), max_size=3, unique=True).map(tuple),
        "metadata": st.dictionaries(st.text("klm", min_size=1, max_size=2), _VALUES, max_size=2),
        "date": st.just("2024-01-02"),
    }),
)  # fmt: skip
def test_the_file_says_what_the_node_says_or_it_is_told(data: bytes, changes: dict[str, Any]) -> None:
    found = changed(data, **changes)
    values = said_values(parse_document(PATH, found.data))
    wanted = said_values(parse_document(PATH, data)) | changes
    before = said_values(parse_document(PATH, data))
    for name, value in changes.items():
        if name == "content" or before[name] == (sorted(value) if name == "tags" else value):
            continue
        if name in ("title", "date") and name not in found.unsaid:
            assert values[name] == wanted[name]
        elif name == "tags" and "tags" not in found.unsaid:
            assert values["tags"] == sorted(wanted["tags"])
        elif name == "metadata" and not any(one.startswith("metadata") for one in found.unsaid):
            assert values["metadata"] == wanted["metadata"]


@settings(max_examples=200, deadline=None)
@given(_TITLES, st.text(st.sampled_from("ab#-: \n"), max_size=20), st.dictionaries(_TITLES, _VALUES, max_size=2))
def test_a_new_file_says_all_that_the_node_says(title: str, content: str, metadata: dict[str, Any]) -> None:
    node = Node(id="n:1", graph="g", type=NodeType.DECISION, title=title, content=content, status="accepted",
                tags=("x",), date="2024-01-02", metadata=metadata, extra={"deciders": ["ada"]})  # fmt: skip
    found = render_new("x/y.md", node)
    said = parse_document("x/y.md", found.data)
    assert (said.node_id, said.type, said.content, said.date) == ("n:1", NodeType.DECISION, content, "2024-01-02")
    assert (said.title == title) or "title" in found.unsaid
    assert (said.metadata == metadata) or any(name.startswith("metadata") for name in found.unsaid)
    assert (said.status, said.extra["deciders"]) == ("accepted", ["ada"])
