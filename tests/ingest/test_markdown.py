import pytest

from stratumiops.ingest.markdown import Lines, find_links, find_tags, headings, mask, note_link, shown


def _links(text: str) -> list[tuple[str, str, str | None]]:
    return [(found.kind.value, found.target, found.heading) for found in find_links(text, mask(text))]


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("[[a]]", [("wikilink", "a", None)]),
        ("[[folder/A b.md|shown]]", [("wikilink", "folder/A b.md", None)]),
        ("[[a#Head#Sub|x]]", [("wikilink", "a", "Head#Sub")]),
        ("[[#Head]]", [("wikilink", "", "Head")]),
        ("[[a#^block]]", [("wikilink", "a", "^block")]),
        ("| [[a\\|b]] |", [("wikilink", "a", None)]),
        ("![[a]] ![[i.png|100]]", [("embed", "a", None), ("embed", "i.png", None)]),
        ("[[ [[inner]] ]]", [("wikilink", "inner", None)]),
        ("[x](y.md)", [("markdown", "y.md", None)]),
        ("[x](../a%20b.md#h%C3%A9 'title')", [("markdown", "../a b.md", "hé")]),
        ("[x](<a b.md>) [y](a(1).md)", [("markdown", "a b.md", None), ("markdown", "a(1).md", None)]),
        ("[x](a%23b.md?q=1#c)", [("markdown", "a#b.md", "c")]),
        ("![i](i.png)", [("embed", "i.png", None)]),
        ("[old [new](n.md)]", [("markdown", "n.md", None)]),
        ("[r]: target.md\n[^1]: note.md\n", [("markdown", "target.md", None)]),
        ("[x](https://a/b.md) [y](mailto:a@b) [z](//host/x.md)", []),
        ("`[[no]]` ``[[no]] ` [x](no.md)`` [[yes]]", [("wikilink", "yes", None)]),
        ("\\`[[yes]]`", [("wikilink", "yes", None)]),
        ("`open\n\n[[yes]]`", [("wikilink", "yes", None)]),
        ("```\n[[no]]\n```\n[[yes]]", [("wikilink", "yes", None)]),
        ("````\n```\n[[no]]\n````\n[[yes]]", [("wikilink", "yes", None)]),
        ("~~~ x\n```\n[[no]]\n~~~\n[[yes]]", [("wikilink", "yes", None)]),
        ("- ```\n  [[no]]\n  ```\n- [[yes]]", [("wikilink", "yes", None)]),
        ("> ```\n> [[no]]\n\n[[yes]]", [("wikilink", "yes", None)]),
        ("```\n[[never closed]]", []),
        ("``` a ` b\n[[yes]]", [("wikilink", "yes", None)]),
        ("<!-- [[no]]\n[x](no.md) --> [[yes]]", [("wikilink", "yes", None)]),
    ],
)
def test_links(text: str, links: list[tuple[str, str, str | None]]) -> None:
    assert _links(text) == links


@pytest.mark.parametrize(
    ("text", "required"),
    [
        ("[[a]]", True),
        ("[[i.png]]", False),
        ("[x](a.md)", True),
        ("[x](../src)", False),
        ("[x](a.png)", None),
        ("![x](a.md)", True),
        ("![[a]]", True),
        ("![[a.pdf]]", None),
        ("[[#h]]", None),
        ("[x](..)", None),
        ("[[v1.2 notes]]", True),
    ],
)
def test_which_links_must_lead_to_a_note(text: str, required: bool | None) -> None:
    [found] = find_links(text, text)
    link = note_link(found, 1)
    assert (link.required if link else None) is required


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("#a #b/c-d_e #1984 #y1984", ["a", "b/c-d_e", "y1984"]),
        ("(#in) x#no [l](z.md#no) [[n#no]] http://h/#no", ["in"]),
        ("# Heading\n#tag at the start\n#über #日本 #🎉x", ["tag", "über", "日本", "🎉x"]),
        ("`#no`\n```\n#no\n```\n#a #a/", ["a"]),
    ],
)
def test_tags(text: str, tags: list[str]) -> None:
    assert find_tags(mask(text)) == tags


def test_headings_of_both_styles() -> None:
    text = "Title `x`\n=====\n\n## Two ## <!-- c -->\n\n#no\n\nThree\n---\n\n```\n# no\n```\n# `code` end\n"
    found = [(h.level, h.text) for h in headings(text, mask(text))]
    assert found == [(1, "Title `x`"), (2, "Two"), (2, "Three"), (1, "`code` end")]


def test_masking_keeps_every_position() -> None:
    text = "a `b` \n```\ncode\n```\n<!-- x\ny -->é\u2028z"
    masked = mask(text)
    assert len(masked) == len(text)
    assert [i for i, c in enumerate(masked) if c == "\n"] == [i for i, c in enumerate(text) if c == "\n"]
    assert masked.endswith("é\u2028z")


def test_lines_are_those_of_the_file() -> None:
    lines = Lines("a\nb\n\nc", 4)
    assert [lines.at(position) for position in (0, 2, 5)] == [4, 5, 7]


def test_shown_is_what_a_reader_sees() -> None:
    text = "**Superseded** by [ADR 4 - *Soft*](a(1).md), [[x|y]] and `snake_case` ~~old~~"
    assert shown(text) == "Superseded by ADR 4 - Soft, y and snake_case old"


@pytest.mark.parametrize(
    "piece", ["`", "`` ", "](", "[[", "<!--", "> ```\n", "](a(", "- - ", "#a", '](a "', "a\n===\n"]
)
def test_pieces_repeated_stay_cheap(piece: str) -> None:
    """Would run for minutes if any of it were quadratic: the suite's time limit is the assertion."""
    text = piece * (300_000 // len(piece))
    masked = mask(text)
    assert len(masked) == len(text)
    headings(text, masked)
    find_links(text, masked)
    find_tags(masked)
