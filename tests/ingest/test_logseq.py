"""Pieces of Logseq's formats: configuration, names, dates, outlines, properties."""

import datetime as dt

import pytest

from stratumiops.graph.models import NodeType, RelationType
from stratumiops.ingest.detect import detect
from stratumiops.ingest.document import parse_document
from stratumiops.ingest.logseq import days, edn, properties
from stratumiops.ingest.logseq.layout import DEFAULT, FileNames, Layout, Place, parse_config
from stratumiops.ingest.models import DocumentFormat, ParsedDocument

LOWBAR = Layout(file_names=FileNames.TRIPLE_LOWBAR)


def _page(text: str, path: str = "pages/x.md", layout: Layout = LOWBAR) -> ParsedDocument:
    return parse_document(path, text.encode(), DocumentFormat.LOGSEQ, layout)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{:a "x" ; comment\n :b/c [1 nil true], :d #{:k}}', {"a": "x", "b/c": [1, None, True], "d": ["k"]}),
        ('{:a #_ "dropped" 1 #_#_ 2 3 :b #inst "2024"}', {"a": 1, "b": "2024"}),
        ('"a\\n\\"b\\""', 'a\n"b"'),
        ("(f \\a {:x 1.5})", ["f", "a", {"x": "1.5"}]),
        ("; only this\n{}", {}),
    ],
)
def test_edn(text: str, value: object) -> None:
    assert edn.read(text) == value


@pytest.mark.parametrize("text", ["", "{:a", "]", "{]", "[" * 101, '"open', "x" * 500_001, "; nothing"])
def test_what_is_no_edn(text: str) -> None:
    with pytest.raises(ValueError, match=r"line|ends|empty|characters"):
        edn.read(text)


def test_configuration() -> None:
    text = b"""{:pages-directory "notes/" :journals-directory "/diary" :file/name-format :triple-lowbar
      :journal/page-title-format "yyyy-MM-dd" :hidden ["/old" "script" "." "../x" 3]}"""
    layout, problems = parse_config(text)
    assert problems == []
    assert layout == Layout("notes", "diary", FileNames.TRIPLE_LOWBAR, "yyyy_MM_dd", "yyyy-MM-dd", ("old", "script"))
    assert [layout.place(path) for path in ("notes/a.md", "diary/b.md", "pages/c.md")] == [
        Place.PAGE, Place.JOURNAL, None,
    ]  # fmt: skip
    assert [layout.is_hidden(path) for path in ("old/x.md", "older.md", "script")] == [True, False, True]
    broken, [problem] = parse_config(b"{:a ")
    assert (broken, problem.code) == (DEFAULT, "CONFIG_INVALID")
    assert parse_config(b"\xff\xfe\x00") == parse_config(b"\xff\xfe\x00")


@pytest.mark.parametrize(
    ("layout", "path", "name"),
    [
        (LOWBAR, "pages/a___b___c.md", "a/b/c"),
        (LOWBAR, "pages/What is this%3F.md", "What is this?"),
        (LOWBAR, "pages/sub/v1.2.md", "v1.2"),
        (DEFAULT, "pages/a%2Fb.md", "a/b"),
        (DEFAULT, "pages/ab.c.d.md", "ab/c/d"),
        (DEFAULT, "pages/arc42 Template 8.0 EN.md", "arc42 Template 8.0 EN"),
        (DEFAULT, "pages/100%.md", "100%"),
    ],
)
def test_names_of_pages(layout: Layout, path: str, name: str) -> None:
    assert layout.page_name(path) == name


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("MMM do, yyyy", "Jan 6th, 2024"),
        ("yyyy_MM_dd", "2024_01_06"),
        ("EEEE, MMMM do, yyyy", "Saturday, January 6th, 2024"),
        ("EEE, dd-MM-yyyy", "Sat, 06-01-2024"),
        ("d.M.yy", "6.1.24"),
        ("yyyy'T'MM-dd", "2024T01-06"),
    ],
)
def test_days_are_written_and_read(pattern: str, text: str) -> None:
    day = dt.date(2024, 1, 6)
    assert days.write(pattern, day) == text
    assert days.read(pattern, text) == days.read(pattern, text.upper()) == day


def test_days_in_several_spellings() -> None:
    day = dt.date(2024, 3, 22)
    for text in (
        "Mar 22nd, 2024",
        "2024-03-22",
        "2024/03/22",
        "20240322",
        "22nd March 2024",
        "friday, march 22nd, 2024",
    ):
        assert days.find(text) == day, text
    for text in ("", "22.03.2024", "03/04/2024", "2024-02-30", "Mar 22nd", "x" * 1_000):
        assert days.find(text) is None, text


def test_journals_have_a_day_and_a_title() -> None:
    found = _page("- x", "journals/2024_01_05.md")
    assert (found.type, found.date, found.title) == (NodeType.JOURNAL, "2024-01-05", "Jan 5th, 2024")
    odd = _page("- x", "journals/monday.md")
    assert (odd.type, odd.date, odd.title) == (NodeType.JOURNAL, None, "monday")
    assert (found.counts["pages"], found.counts["journals"]) == (0, 1)


def test_properties_of_a_page() -> None:
    found = _page(
        "title:: Nice/Name\nalias:: one, [[two, too]]\nTAGS:: a, #b, [[c d]]\nstatus:: draft\nicon:: 🔍\n"
        'year:: 2024\nquoted:: "[[x]]"\n\n- text\n  alias:: not of the page\n'
    )
    assert (found.title, found.aliases, found.status) == ("Nice/Name", ("one", "two, too"), "draft")
    assert found.tags == ("a", "b", "c d")
    assert found.metadata == {"icon": "🔍", "year": 2024, "quoted": "[[x]]"}
    assert found.counts["aliases"] == 2
    assert [block.properties for block in found.blocks] == [{"alias": "not of the page"}]


def test_properties_of_older_graphs() -> None:
    first = _page("- title:: Old\n  type:: decision\n- text")
    assert (first.title, first.type) == ("Old", NodeType.DECISION)
    yaml = _page("---\ntitle: Older\nalias: fm\ntags: yaml\n---\n\n- x")
    assert (yaml.title, yaml.aliases, yaml.tags, yaml.blocks[0].start_line) == ("Older", ("fm",), ("yaml",), 7)


def test_relations_that_page_properties_name() -> None:
    found = _page("supersedes:: [[Old way]]\ndepends-on:: [[A]], [[B]]\nsee:: [[C]]\n\n- [[D]]")
    assert [(link.kind.value, link.target, link.relation, link.line) for link in found.links] == [
        ("frontmatter", "Old way", RelationType.SUPERSEDES, 1),
        ("frontmatter", "A", RelationType.DEPENDS_ON, 2),
        ("frontmatter", "B", RelationType.DEPENDS_ON, 2),
        ("frontmatter", "C", RelationType.RELATES_TO, 3),
        ("wikilink", "D", RelationType.RELATES_TO, 5),
    ]


def test_text_without_bullets_is_legal() -> None:
    found = _page("# Title\n\nprose [[A]]\n- one\nlazy\n## Head\nmore #t\n- two")
    assert [(block.text, block.start_line, block.end_line) for block in found.blocks] == [
        ("one\nlazy", 4, 5),
        ("two", 8, 8),
    ]
    assert [link.block for link in found.links] == [None, None]


def test_depths_and_parents_with_tabs_and_blanks() -> None:
    found = _page("- a\n\t- b\n\t\t- c\n\t- d\n- e\n  - f\n      - g\n  - h\n")
    assert [(block.text, block.depth, block.parent) for block in found.blocks] == [
        ("a", 0, None), ("b", 1, 0), ("c", 2, 1), ("d", 1, 0), ("e", 0, None), ("f", 1, 4), ("g", 2, 5), ("h", 1, 4),
    ]  # fmt: skip


def test_what_is_code_and_what_is_not() -> None:
    found = _page(
        "- #+BEGIN_SRC clojure\n  - no [[no]]\n  #+END_SRC\n- #+BEGIN_QUOTE\n  [[yes]]\n  #+END_QUOTE\n"
        "- `[[no]] - ` [[yes]]\n- a ` b\n- c ` [[yes]]\n- #+BEGIN_SRC never ends [[yes]]\n- ~~~\n  key:: no\n  [[no]]\n"
    )
    assert len(found.blocks) == 7
    assert [link.target for link in found.links] == ["yes"] * 4
    assert found.counts["properties"] == 0


@pytest.mark.parametrize(
    ("line", "marker", "priority", "text"),
    [
        ("TODO x", "TODO", None, "x"),
        ("DOING [#b] x", "DOING", "B", "x"),
        ("## LATER [#A] x", "LATER", "A", "## x"),
        ("IN-PROGRESS x", "IN-PROGRESS", None, "x"),
        ("TODO", "TODO", None, ""),
        ("TODOlist", None, None, "TODOlist"),
        ("a TODO", None, None, "a TODO"),
        ("[ ] box", None, None, "[ ] box"),
    ],
)
def test_markers(line: str, marker: str | None, priority: str | None, text: str) -> None:
    [block] = _page(f"- {line}").blocks
    assert (block.marker, block.priority, block.text) == (marker, priority, text)


def test_planning_and_logbooks_are_no_text() -> None:
    [block] = _page(
        "- TODO x\n  SCHEDULED: <2024-02-01 Thu ++1w>\n  DEADLINE: <2024-02-10 Sat 9:00>\n  :LOGBOOK:\n  CLOCK: [x]\n"
        "  :END:\n  a:: b\n  more\n\n  and more\n"
    ).blocks
    assert (block.scheduled, block.deadline) == ("2024-02-01", "2024-02-10T09:00")
    assert block.text == "x\nmore\n\nand more"


def test_links_of_every_kind() -> None:
    uuid = "65A0B1C2-1111-4222-8333-000000000001"
    found = _page(
        f"- [[a]] #b #[[c d]] {{{{embed [[e]]}}}} [f]([[g]]) (({uuid})) [h]((({uuid})))"
        " [i](../pages/j.md) ![k](../a/k.png)"
    )
    assert {(link.kind.value, link.target) for link in found.links} == {
        ("wikilink", "a"), ("tag", "b"), ("tag", "c d"), ("embed", "e"), ("wikilink", "g"),
        ("block_ref", uuid.lower()), ("markdown", "../pages/j.md"),
    }  # fmt: skip
    assert [found.counts[name] for name in ("wikilinks", "block_refs", "embeds", "tags")] == [4, 2, 1, 2]


def test_names_in_values() -> None:
    assert properties.names_in("a, [[b, c]],, #d，e") == ["a", "b, c", "d", "e"]
    assert list(properties.facts({"k": "A, [[b]]"})) == ["k=a, [[b]]", "k=a", "k=b"]


def test_too_many_blocks_are_counted_and_told() -> None:
    found = _page("- x\n" * 20_001)
    assert (len(found.blocks), found.counts["blocks"]) == (20_000, 20_001)
    assert [problem.code for problem in found.problems] == ["TOO_MANY_BLOCKS"]


@pytest.mark.parametrize(
    ("files", "others", "found"),
    [
        ({"a.md": "x"}, {"logseq/config.edn"}, "logseq"),
        ({"pages/a.md": "x", "journals/b.md": "y"}, set(), "logseq"),
        ({f"pages/{n}.md": "- a\n  - b\n" for n in range(5)}, set(), "logseq"),
        ({f"pages/{n}.md": "# Prose\n\nmore\n" for n in range(5)}, set(), "auto"),
        ({"a.md": "x"}, {".obsidian"}, "obsidian"),
        ({f"{n}.md": "[[x]]" for n in range(5)}, set(), "obsidian"),
        ({f"{n}.md": "[[x]]" for n in range(4)}, set(), "auto"),
        ({f"{n}.md": "if [[ -f x ]]; then" for n in range(9)}, set(), "auto"),
        ({f"{n}.md": "[[x]]" for n in range(9)}, {"config.toml"}, "auto"),
        ({}, set(), "auto"),
    ],
)
def test_what_a_folder_is(files: dict[str, str], others: set[str], found: str) -> None:
    assert detect(list(files), exists=others.__contains__, text=files.__getitem__).value == found
