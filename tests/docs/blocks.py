"""The fenced blocks of a Markdown page, and how an answer is compared with the one that the page shows."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
ANYTHING = "…"
"""In an answer that a page shows: any value; as the last item of a list: any further ones."""

_BLOCK = re.compile(r"(?:<!-- not run: (?P<why>[^>]+) -->\n)?^```(?P<kind>\w*)\n(?P<text>.*?)^```$", re.M | re.S)


@dataclass(frozen=True)
class Block:
    """One block. `why` is the reason for not running it, `answer` the text of an answer block right behind it."""

    line: int
    kind: str
    text: str
    why: str | None = None
    answer: str | None = None


def blocks(page: str) -> list[Block]:
    """All blocks in order; a `json` or `text` block that directly follows another one is that one's answer."""
    found: list[Block] = []
    end = -1
    for match in _BLOCK.finditer(page):
        line = page.count("\n", 0, match.start("kind")) + 1
        block = Block(line, match["kind"], match["text"], match["why"])
        directly = not page[end : match.start()].strip("\n") and match.start() - end <= 1
        if block.kind in {"json", "text"} and found and directly and found[-1].answer is None:
            found[-1] = Block(found[-1].line, found[-1].kind, found[-1].text, found[-1].why, block.text)
        else:
            found.append(block)
        end = match.end()
    return found


def chapter(page: str, title: str) -> str:
    """A chapter of a page, with its heading."""
    begin = page.index(f"## {title}\n")
    end = page.find("\n## ", begin)
    return page[begin : end if end > 0 else len(page)]


def without(page: str, title: str) -> str:
    """A page without a chapter; the others stay on their lines."""
    found = chapter(page, title)
    return page.replace(found, "\n" * found.count("\n"))


def differs(shown: Any, found: Any, where: str = "answer") -> str | None:
    """Where an answer is not as shown, or None."""
    if shown == ANYTHING:
        return None
    if isinstance(shown, dict) and isinstance(found, dict):
        if shown.keys() != found.keys():
            return f"{where}: has {sorted(found)}, shown are {sorted(shown)}"
        return next((d for key in shown if (d := differs(shown[key], found[key], f"{where}.{key}"))), None)
    if isinstance(shown, list) and isinstance(found, list):
        more = bool(shown) and shown[-1] == ANYTHING
        shown, found = (shown[:-1], found[: len(shown) - 1]) if more else (shown, found)
        if len(shown) != len(found):
            return f"{where}: has {len(found)} items, shown are {len(shown)}"
        pairs = enumerate(zip(shown, found, strict=True))
        return next((d for place, (s, f) in pairs if (d := differs(s, f, f"{where}[{place}]"))), None)
    return None if shown == found else f"{where}: is {found!r}, shown is {shown!r}"


def text_matches(shown: str, found: str) -> bool:
    """Whether text is as shown, where `…` stands for anything on its line."""
    pattern = "".join("[^\n]*" if part == ANYTHING else re.escape(part) for part in re.split("(…)", shown.strip()))
    return re.fullmatch(pattern, found.strip()) is not None
