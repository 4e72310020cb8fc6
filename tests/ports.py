"""Ports for servers that tests start."""

import itertools
import os
import random
from collections.abc import Iterator

from stratumiops.graph.server.ports import is_free

_FIRST, _LAST = 20_000, 32_000
"""Below what the kernel hands to clients."""


def _own() -> Iterator[int]:
    """Those of this process, again and again: processes that run tests beside each other share none.

    Every second one: OpenBao takes the next port, too.
    """
    size = (_LAST - _FIRST) // int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    first = _FIRST + size * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    own = range(first, first + size - 1, 2)
    begin = random.SystemRandom().randrange(len(own))
    return itertools.cycle([*own[begin:], *own[:begin]])


_ports = _own()


def unused_port() -> int:
    """One that nothing listens on, and that was not given before, unless all were."""
    for port in itertools.islice(_ports, _LAST - _FIRST):
        if is_free(port):
            return port
    raise RuntimeError(f"no port from {_FIRST} to {_LAST} is free")
