"""The README's table of findings is what the code has."""

import re

from stratumiops.ingest.lint.models import FIXABLE, LintCode

from .blocks import README

PAGE = README.read_text(encoding="utf-8")


def test_every_code_is_in_the_table_with_its_severity_and_what_to_do() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \| (error|warning|info) \| ([^|]+) \| ([^|]+) \|$", PAGE, re.M)
    assert [(code, severity, hint) for code, severity, what, hint in rows if what.strip()] == [
        (code.value, code.severity.value, code.hint) for code in LintCode
    ]


def test_what_can_be_fixed_is_said() -> None:
    said = re.search(r"`--fix` corrects ([^.]+)\.", PAGE)
    assert said is not None
    assert set(re.findall(r"`([A-Z_]+)`", said[1])) == {code.value for code in FIXABLE}
