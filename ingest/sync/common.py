"""What two files have in common, as the base of a merge that has none. Pure."""

from stratumiops.ingest.diff import matches
from stratumiops.ingest.lines import read


def common(one: bytes, other: bytes) -> bytes:
    """The lines that both have, in order: a merge over them keeps what either has on its own."""
    first, second = read(one), read(other)
    pairs = matches([line.text for line in first.lines], [line.text for line in second.lines])
    return first.with_lines(first.lines[place] for place, _ in pairs).data
