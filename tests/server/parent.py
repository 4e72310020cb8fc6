"""Run by tests: starts a child, prints its pid, and waits to be killed. parent.py HOW LOG"""

import signal
import sys
from pathlib import Path

from stratumiops.graph.server.child import Child

how, log = sys.argv[1:]
program = "import time; print('up', flush=True); time.sleep(600)"
child = Child([sys.executable, "-c", program], log=Path(log), kernel_ties=how == "kernel")
sys.stdout.write(f"{child.identity.pid}\n")
sys.stdout.flush()
signal.pause()
