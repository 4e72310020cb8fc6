import pytest

from stratumiops.ingest.frontmatter import MAX_FRONT_MATTER, parse, split

_BOMB = "a0: &a0 [x, x]\n" + "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9))
"""Nine lines that unfold to a hundred million values."""


@pytest.mark.parametrize(
    ("text", "block", "body", "line"),
    [
        ("---\na: 1\n---\nbody", "a: 1", "body", 4),
        ("---\na: 1\n...\nbody", "a: 1", "body", 4),
        ("---\n---\nbody", "", "body", 3),
        ("---  \na: 1\n---\t\n", "a: 1", "", 4),
        ("---\na: 1\n---", "a: 1", "", 3),
        ("---\n\na rule above\n---\n", None, "---\n\na rule above\n---\n", 1),
        ("---\na: 1\nno end", None, "---\na: 1\nno end", 1),
        ("----\na: 1\n----\n", None, "----\na: 1\n----\n", 1),
        ("\n---\na: 1\n---\n", None, "\n---\na: 1\n---\n", 1),
        ("# T\n\n---\nkey: value\n---\n", None, "# T\n\n---\nkey: value\n---\n", 1),
    ],
)
def test_extent(text: str, block: str | None, body: str, line: int) -> None:
    found = split(text)
    assert (found.block, found.body, found.body_line) == (block, body, line)


def test_values_are_typed_and_their_text_is_kept() -> None:
    block = (
        "country: NO\non: on\nversion: 1.10\ncode: 0123\nat: 12:30:45\nday: 2024-01-02\ntags: [no, 1.10, x]\nnothing:"
    )
    found = parse(block)
    assert found.data == {
        "country": False,
        "on": True,
        "version": 1.1,
        "code": 83,
        "at": 45045,
        "day": "2024-01-02",
        "tags": [False, 1.1, "x"],
        "nothing": None,
    }
    assert found.text == {
        "country": "NO",
        "on": "on",
        "version": "1.10",
        "code": "0123",
        "at": "12:30:45",
        "day": "2024-01-02",
        "tags": ["no", "1.10", "x"],
    }
    assert found.lines["day"] == 7
    assert found.valid
    assert not found.problems


def test_a_duplicate_key_counts_once_and_is_reported() -> None:
    found = parse("title: one\nother: 1\ntitle: two")
    assert found.data["title"] == "two"
    assert found.valid
    assert [(p.code, p.line) for p in found.problems] == [("DUPLICATE_KEY", 4)]


@pytest.mark.parametrize(
    ("block", "line"),
    [
        ("title: [open", 2),
        ("title: a: b", 2),
        ("a: 1\n\tb: 2", 3),
        ('title: "open', 2),
        ("- a\n- b", 2),
        ("only words", 2),
        ("a: *nobody", 2),
        ("a: \x00", 1),
        ("a: &a [*a]", 1),
        ("x: " + "[" * 5_000, 1),
        ("- " * 5_000 + "x", 1),
        ("x: '" + "y" * MAX_FRONT_MATTER + "'", 1),
        (_BOMB, 1),
    ],
)
def test_what_is_no_yaml_is_one_warning_and_no_values(block: str, line: int) -> None:
    found = parse(block)
    assert not found.valid
    assert found.data == {}
    assert [(p.code, p.line) for p in found.problems] == [("FRONT_MATTER_INVALID", line)]


def test_a_date_that_does_not_exist_stays_as_text_and_the_rest_is_read() -> None:
    found = parse("title: T\ndue: 2024-02-30\nn: " + "9" * 5_000 + "\nz: !unknown q")
    assert not found.valid
    assert found.data["title"] == "T"
    assert found.data["due"] == "2024-02-30"
    assert found.data["n"] == "9" * 5_000
    assert found.data["z"] == "q"
    assert [p.line for p in found.problems] == [3, 4, 5]


@pytest.mark.parametrize("block", ["title: {{title}}", "? [1, 2]\n: 3", "a: {[b]: c}"])
def test_a_key_that_is_no_text_is_invalid_as_in_templates(block: str) -> None:
    found = parse(block)
    assert not found.valid
    assert [(p.code, p.line) for p in found.problems] == [("FRONT_MATTER_INVALID", 2)]


def test_values_that_json_does_not_know() -> None:
    found = parse("a: .inf\nb: .nan\nc: !!binary aGk=\nd: !!set {x, y}\ne: 99999999999999999999")
    assert found.data == {"a": "inf", "b": "nan", "c": "aGk=", "d": {"x": None, "y": None}, "e": "99999999999999999999"}
