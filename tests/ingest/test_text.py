import pytest

from stratumiops.ingest.text import decode


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        (b"", "", "utf-8"),
        (b"a\r\nb\rc\n", "a\nb\nc\n", "utf-8"),
        (b"\xef\xbb\xbf---\n", "---\n", "utf-8-sig"),
        ("né".encode("utf-16"), "né", "utf-16"),
        (b"\xff\xfe\x00\x00" + "né".encode("utf-32-le"), "né", "utf-32"),
        ("a\u2028b\x0bc".encode(), "a\u2028b\x0bc", "utf-8"),
    ],
)
def test_line_ends_and_marks(data: bytes, text: str, encoding: str) -> None:
    found = decode(data)
    assert (found.text, found.encoding, found.problems) == (text, encoding, ())


def test_invalid_bytes_become_the_replacement_character_and_name_their_line() -> None:
    found = decode(b"one\r\ntwo \xff\xfe\nthree")
    assert found.text == "one\ntwo \ufffd\ufffd\nthree"
    [problem] = found.problems
    assert (problem.code, problem.line, problem.severity) == ("INVALID_ENCODING", 2, "warning")


def test_nul_is_replaced_and_reported() -> None:
    found = decode(b"a\nb\x00c")
    assert found.text == "a\nb\ufffdc"
    assert [(p.code, p.line) for p in found.problems] == [("NUL", 2)]
