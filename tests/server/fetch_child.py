"""Run by tests as a process of its own: fetch.py ROOT LOCK BASE [LARGEST FILE IN BYTES]."""

import resource
import sys
from pathlib import Path

from stratumiops.graph.errors import Unavailable
from stratumiops.graph.server.cache import JarCache
from stratumiops.graph.server.download import ensure_jars
from stratumiops.graph.server.jars import parse_lock

root, lock, base, *largest = sys.argv[1:]
if largest:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(largest[0]), int(largest[0])))
cache = JarCache(Path(root), parse_lock(Path(lock).read_text(encoding="utf-8")))
sys.stdout.write("started\n")
sys.stdout.flush()
try:
    ensure_jars(cache, base)
except Unavailable as error:
    sys.exit(error.message)
sys.exit(0 if cache.complete() else "not complete")
