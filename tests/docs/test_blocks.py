"""The comparison itself: it has to see differences."""

import pytest

from .blocks import blocks, differs, text_matches

PAGE = """# Page

```graphql
{ a }
```
```json
{"a": 1}
```

```json
{"b": 2}
```

<!-- not run: no such machine -->
```bash
launch
```
"""


def test_an_answer_belongs_to_the_block_right_before_it() -> None:
    found = blocks(PAGE)
    assert [(block.kind, block.answer, block.why) for block in found] == [
        ("graphql", '{"a": 1}\n', None),
        ("json", None, None),
        ("bash", None, "no such machine"),
    ]
    assert [block.line for block in found] == [3, 10, 15]


@pytest.mark.parametrize(
    ("shown", "found"),
    [
        ({"a": 1}, {"a": 2}),
        ({"a": 1}, {"a": 1, "b": 2}),
        ({"a": [1, 2]}, {"a": [1]}),
        ({"a": [{"b": 1}, "…"]}, {"a": [{"b": 2}]}),
        ([1], {"0": 1}),
        (True, "true"),
    ],
)
def test_differences_are_seen(shown: object, found: object) -> None:
    assert differs(shown, found) is not None


@pytest.mark.parametrize(
    ("shown", "found"),
    [
        ({"a": "…"}, {"a": {"b": [1]}}),
        ([1, "…"], [1, 2, 3]),
        ([1, "…"], [1]),
        ({"a": [{"b": None}]}, {"a": [{"b": None}]}),
    ],
)
def test_the_same_and_what_is_left_open_is_accepted(shown: object, found: object) -> None:
    assert differs(shown, found) is None


def test_text_is_compared_line_by_line() -> None:
    assert text_matches("… files\n  3 nodes", "28 files\n  3 nodes\n")
    assert not text_matches("… files\n  3 nodes", "28 files\n  4 nodes")
    assert not text_matches("… files", "28 files\nand an error")
