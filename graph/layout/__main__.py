"""`python -m stratumiops.graph.layout`: makes positions for the process that started it.

It takes processor time that nobody else wants, and so much memory at the most.
"""

import os
import resource
from contextlib import suppress
from typing import Final

import orjson

from stratumiops.graph.child import answer_questions
from stratumiops.graph.layout.models import Asked

MEMORY_BYTES: Final = 2 * 1024**3


def main() -> None:
    """Answer until there are no more questions."""
    with suppress(ValueError, OSError):  # some systems know no such limit
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # each thread would take a share of that memory
    from stratumiops.graph.layout.forces import arrange

    answer_questions(lambda body: orjson.dumps(arrange(Asked(**orjson.loads(body)))._asdict()), nice=10)


if __name__ == "__main__":
    main()
