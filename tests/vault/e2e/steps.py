"""What a script is made of.

A step is a command line. `{name}` stands for what an earlier step has kept, `@name` for a file of the script. A step
runs with the token that `as_` names, the root token unless it says otherwise.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Step:
    """One command. `keep`: fields of its JSON (dotted) by the names they get. Without `text` only its status counts."""

    line: str
    keep: dict[str, str] = field(default_factory=dict)
    as_: str = "root"
    stdin: str = ""
    json: bool = True
    text: bool = True


def steps(text: str) -> list[Step]:
    """One step a line."""
    return [Step(line.strip()) for line in text.strip().splitlines() if line.strip()]
