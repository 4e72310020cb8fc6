"""The routes of the audit below `sys/`."""

from collections.abc import Iterator

from stratumiops.vault.audit.broker import AuditBroker
from stratumiops.vault.backend import Match, Route
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields, wrong
from stratumiops.vault.request import Request, Response


class AuditRoutes:
    """Devices: list, enable, disable; hashes of strings; whether a log was tampered with."""

    def __init__(self, broker: AuditBroker) -> None:
        self._broker = broker

    def routes(self) -> Iterator[Route]:
        """Its routes."""
        yield Route("audit", read=self._list, sudo=True)
        yield Route("audit/{path*}", write=self._enable, delete=self._disable, sudo=True)
        yield Route("audit-hash/{path*}", write=self._hash)
        yield Route("audit-verify/{path*}", write=self._verify, sudo=True)
        yield from self._broker.headers.routes()

    async def _list(self, _: Request, __: Match) -> Response:
        return Response({config.path: config.shown() for config in self._broker.devices()}, flat=True)

    async def _enable(self, request: Request, match: Match) -> None:
        fields = Fields(request.data)
        await self._broker.enable(
            match["path"],
            fields.text("type"),
            description=fields.text("description"),
            options=_texts(fields),
            local=fields.boolean("local"),
        )

    async def _disable(self, _: Request, match: Match) -> None:
        await self._broker.disable(match["path"])

    async def _hash(self, request: Request, match: Match) -> Response:
        text = Fields(request.data).text("input")
        if not text:
            raise BadRequest('the "input" parameter is empty')
        return Response({"hash": self._broker.hash(match["path"], text)}, flat=True)

    async def _verify(self, request: Request, match: Match) -> Response:
        report = await self._broker.verify(match["path"], Fields(request.data).strings("files"))
        return Response(report.as_data())


def _texts(fields: Fields) -> dict[str, str]:
    found = {}
    for name, value in fields.mapping("options").items():
        if value is None:
            continue
        if not isinstance(value, str | int | bool):
            raise wrong(f"options.{name}", "a string")
        found[name] = str(value).lower() if isinstance(value, bool) else str(value)
    return found
