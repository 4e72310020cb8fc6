"""Vectors of PyPI's `cryptography-vectors`: NIST's, and ACVP's of ML-KEM and ML-DSA."""

import re
from collections.abc import Iterator
from pathlib import Path

import cryptography_vectors

ROOT = Path(cryptography_vectors.__file__).parent


def records(path: str) -> Iterator[dict[str, str]]:
    """Blocks of `name = value` between empty lines; what a `[name = value]` says holds until the next one.

    A `[text]` is the `section`.
    """
    context: dict[str, str] = {}
    record: dict[str, str] = {}
    for line in (*(ROOT / path).read_text(encoding="ascii").splitlines(), ""):
        text = line.strip()
        if text.startswith("#"):
            continue
        section = re.fullmatch(r"\[(.*)\]", text)
        if section:
            name, equals, value = section[1].partition("=")
            context[name.strip() if equals else "section"] = value.strip() if equals else section[1]
            continue
        name, equals, value = text.partition("=")
        if equals:
            record[name.strip()] = value.strip()
        elif re.fullmatch(r"[A-Z]+", text):
            record[text] = ""
        elif not text and record:
            yield {**context, **record}
            record = {}
