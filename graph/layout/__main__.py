"""`python -m stratumiops.graph.layout`: answers questions on standard input until it ends.

A message is its length in eight bytes, then JSON. The process takes processor time that nobody else wants, and
so much memory at the most.
"""

import os
import resource
import sys
from contextlib import suppress
from typing import Final

import orjson

from stratumiops.graph.layout.models import Asked

MEMORY_BYTES: Final = 2 * 1024**3


def main() -> int:
    """Answer until there are no more questions."""
    with suppress(ValueError, OSError):  # some systems know no such limit
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    os.nice(10)
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # each thread would take a share of that memory
    from stratumiops.graph.layout.forces import arrange

    while head := sys.stdin.buffer.read(8):
        asked = Asked(**orjson.loads(sys.stdin.buffer.read(int.from_bytes(head))))
        body = orjson.dumps(arrange(asked)._asdict())
        sys.stdout.buffer.write(len(body).to_bytes(8) + body)
        sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
