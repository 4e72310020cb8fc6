"""StratumIOps: one platform on one graph."""

from pathlib import Path as _Path

__version__ = "0.1.0"

_root = _Path(__file__).resolve().parents[2]
if (_root / ".dev").is_dir():  # a checkout: load the real folders, not the links beside this file
    __path__ = [str(_root), *__path__]
