"""Secrets are compared by `hmac.compare_digest`: no `==` of the vault has one on a side."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import stratumiops.vault

SECRET = re.compile(r"(^|_)(token|secret|secret_id|password|share|mac|hmac|otp|nonce|root_key|private|plaintext)$")


def compared() -> Iterator[tuple[str, ast.expr, ast.expr]]:
    """Every comparison for equality in the server, with its place."""
    (folder,) = stratumiops.vault.__path__[:1]
    for file in sorted(Path(folder).rglob("*.py")):
        if "cli" in file.relative_to(folder).parts:
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Compare):
                sides = [node.left, *node.comparators]
                for number, operator in enumerate(node.ops):
                    if isinstance(operator, ast.Eq | ast.NotEq):
                        place = f"{file.relative_to(folder)}:{node.lineno} {ast.unparse(node)}"
                        yield place, sides[number], sides[number + 1]


def last_name(side: ast.expr) -> str:
    """`c` of `a.b.c`, `a.b.c()` and `c`."""
    if isinstance(side, ast.Call):
        return last_name(side.func)
    if isinstance(side, ast.Attribute):
        return side.attr
    return side.id if isinstance(side, ast.Name) else ""


def test_no_secret_is_compared_by_equality() -> None:
    found = list(compared())
    assert len(found) > 300
    wrong = [place for place, *sides in found if not _has_constant(sides) and any(map(_is_secret, sides))]
    assert wrong == []


def _is_secret(side: ast.expr) -> bool:
    return SECRET.search(last_name(side)) is not None


def _has_constant(sides: list[ast.expr]) -> bool:
    return any(isinstance(side, ast.Constant) for side in sides)
