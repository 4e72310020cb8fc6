"""The routes of the seal, to be mounted at `sys/`."""

from collections.abc import Iterator
from typing import Any

from stratumiops.vault import clock
from stratumiops.vault.backend import Match, Route
from stratumiops.vault.fields import Fields
from stratumiops.vault.request import Request, Response
from stratumiops.vault.seal.rekey import Rekey
from stratumiops.vault.seal.root_generation import RootGeneration
from stratumiops.vault.seal.seal import Seal


class SealRoutes:
    """Handlers. Those that need shares are public; the others need a token with the capability sudo."""

    def __init__(self, seal: Seal) -> None:
        self._seal = seal
        self._rekey = Rekey(seal)
        self._root = RootGeneration(seal)

    def routes(self) -> Iterator[Route]:
        """Paths are relative to `sys/`."""
        yield Route("init", read=self._initialized, write=self._init, public=True)
        yield Route("seal-status", read=self._status, public=True)
        yield Route("unseal", write=self._unseal, public=True)
        yield Route("seal", write=self._close, sudo=True)
        yield Route(
            "rekey/init", read=self._rekey_status, write=self._rekey_start, delete=self._rekey_cancel, public=True
        )
        yield Route("rekey/update", write=self._rekey_update, public=True)
        yield Route(
            "rekey/verify", read=self._verification, write=self._verify, delete=self._verify_anew, public=True
        )  # fmt: skip
        yield Route("rekey/backup", read=self._backup, delete=self._drop_backup, sudo=True)
        for name in ("generate-root", "generate-root-token"):
            yield Route(
                f"{name}/attempt", read=self._root_status, write=self._root_start, delete=self._root_cancel, public=True
            )
            yield Route(f"{name}/update", write=self._root_update, public=True)
        yield Route("key-status", read=self._key_status)
        yield Route("rotate", write=self._rotate, sudo=True)
        yield Route("rotate/keyring", write=self._rotate, sudo=True)

    async def close(self) -> None:
        """Seal, and stop what is under way."""
        await self._seal.seal()
        self._rekey.close()
        self._root.forget()

    async def _initialized(self, _request: Request, _match: Match) -> Response:
        return _bare({"initialized": await self._seal.initialized()})

    async def _init(self, request: Request, _match: Match) -> Response:
        return _bare(await self._seal.init(Fields(request.data)))

    async def _status(self, _request: Request, _match: Match) -> Response:
        return _bare(await self._seal.status())

    async def _unseal(self, request: Request, _match: Match) -> Response:
        return _bare(await self._seal.unseal(Fields(request.data)))

    async def _close(self, _request: Request, _match: Match) -> None:
        await self.close()

    async def _rekey_status(self, _request: Request, _match: Match) -> Response:
        return _bare(await self._rekey.status())

    async def _rekey_start(self, request: Request, _match: Match) -> Response:
        return _bare(await self._rekey.start(Fields(request.data)))

    async def _rekey_cancel(self, _request: Request, _match: Match) -> None:
        await self._rekey.cancel()

    async def _rekey_update(self, request: Request, _match: Match) -> Response:
        return _bare(await self._rekey.update(Fields(request.data)))

    async def _verification(self, _request: Request, _match: Match) -> Response:
        return _bare(await self._rekey.verification())

    async def _verify(self, request: Request, _match: Match) -> Response:
        return _bare(await self._rekey.verify(Fields(request.data)))

    async def _verify_anew(self, _request: Request, _match: Match) -> Response:
        return _bare(await self._rekey.restart_verification())

    async def _backup(self, _request: Request, _match: Match) -> Response:
        return Response(await self._rekey.backup(), flat=True)

    async def _drop_backup(self, _request: Request, _match: Match) -> None:
        await self._rekey.drop_backup()

    async def _root_status(self, request: Request, _match: Match) -> Response:
        return _root(request, await self._root.status())

    async def _root_start(self, request: Request, _match: Match) -> Response:
        return _root(request, await self._root.start(Fields(request.data)))

    async def _root_cancel(self, _request: Request, _match: Match) -> None:
        await self._root.cancel()

    async def _root_update(self, request: Request, _match: Match) -> Response:
        return _root(request, await self._root.update(Fields(request.data)))

    async def _key_status(self, _request: Request, _match: Match) -> Response:
        found = self._seal.barrier.key_status()
        data = {
            "term": found.term, "install_time": clock.rfc3339(found.installed), "encryptions": found.encryptions,
        }  # fmt: skip
        return Response(data, flat=True)

    async def _rotate(self, _request: Request, _match: Match) -> None:
        await self._seal.barrier.rotate()


def _bare(data: dict[str, Any]) -> Response:
    return Response(data, bare=True)


def _root(request: Request, data: dict[str, Any]) -> Response:
    """Clients read `generate-root/…` without an envelope, and `generate-root-token/…` with one."""
    if request.path.startswith("generate-root-token/"):
        return Response(data, flat=True)
    return _bare(data)
