"""The Transit engine."""

from collections.abc import Iterator

from stratumiops.vault.backend import Backend, Mount, Route, System
from stratumiops.vault.engines.transit.encapsulation import Encapsulation
from stratumiops.vault.engines.transit.encryption import Encryption
from stratumiops.vault.engines.transit.export import Export
from stratumiops.vault.engines.transit.keyring import Keyring
from stratumiops.vault.engines.transit.lifecycle import Lifecycle
from stratumiops.vault.engines.transit.settings import Settings
from stratumiops.vault.engines.transit.signatures import Signatures
from stratumiops.vault.engines.transit.transfer import Transfer
from stratumiops.vault.view import View


class TransitBackend(Backend):
    """Keys by name, and what is done with them. The mount may sit at any path."""

    kind = "transit"

    def __init__(self, mount: Mount, view: View, system: System) -> None:
        self._keys = Keyring(view, system)
        super().__init__(mount, view, system)

    def routes(self) -> Iterator[Route]:
        """Its routes."""
        for part in (Encryption, Signatures, Encapsulation, Lifecycle, Export, Transfer, Settings):
            yield from part(self._keys).routes()

    async def start(self) -> None:
        """Read the settings, and finish what was broken off."""
        await self._keys.start()

    async def stop(self) -> None:
        """Forget the keys that are held in memory."""
        self._keys.drop()
