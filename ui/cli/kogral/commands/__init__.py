"""The commands, one module each: it says what the command takes, asks the API, and prints.

A module registers its command with `app` when it is imported; all that lie in this folder are. What is heavy
is imported when a command runs.
"""

from importlib import import_module
from pkgutil import iter_modules

from stratumiops.ui.cli.kogral.app import app

__all__ = ["app"]

for _module in sorted(module.name for module in iter_modules(__path__)):
    import_module(f"{__name__}.{_module}")
