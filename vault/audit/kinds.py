"""The kinds of devices."""

from pathlib import Path
from typing import Final

from stratumiops.vault.audit.device import Device, DeviceConfig
from stratumiops.vault.audit.graph.device import GraphDevice
from stratumiops.vault.audit.line_device import LineDevice

KINDS: Final = frozenset({"file", "socket", "graph"})


def make(config: DeviceConfig, answered: Path | None = None) -> Device:
    """The device of a configuration; one of a kind that is not known takes nothing.

    Args:
        answered: see `LineDevice`.

    Raises:
        BadRequest: an option is wrong.
    """
    return GraphDevice(config) if config.kind == "graph" else LineDevice(config, answered)
