"""Ends a process when the one that started it is gone, where the kernel cannot do that (macOS).

    python -m stratumiops.graph.server.guard PID STARTED

Runs beside the guarded process with a pipe from the parent as standard input. The end of that pipe means
that the parent let go or died; if the guarded process still runs then, it gets SIGTERM.
"""

import os
import signal
import sys

from stratumiops.graph.server.identity import ProcessId


def main(pid: str, started: str) -> None:
    """Wait for the end of the pipe, then end the process."""
    os.setsid()
    sys.stdin.buffer.read()
    guarded = ProcessId(int(pid), started)
    if guarded.alive():
        os.kill(guarded.pid, signal.SIGTERM)


if __name__ == "__main__":
    main(*sys.argv[1:])
