"""The routes of quotas below `sys/`."""

import math
from collections.abc import Iterator
from dataclasses import asdict, replace

from stratumiops.vault.backend import Match, Route
from stratumiops.vault.errors import BadRequest, NotFound
from stratumiops.vault.fields import Fields, wrong
from stratumiops.vault.quotas.models import RateLimit
from stratumiops.vault.quotas.store import Quotas
from stratumiops.vault.request import Request, Response, listing


class QuotaRoutes:
    """Rate limits and their settings."""

    def __init__(self, quotas: Quotas) -> None:
        self._quotas = quotas

    def routes(self) -> Iterator[Route]:
        """Its routes."""
        yield Route("quotas/config", read=self._config, write=self._configure)
        yield Route("quotas/rate-limit", list=self._list)
        yield Route("quotas/rate-limit/{name}", read=self._read, write=self._write, delete=self._delete)

    async def _config(self, _: Request, __: Match) -> Response:
        return Response(asdict(self._quotas.config))

    async def _configure(self, request: Request, _: Match) -> None:
        fields, known = Fields(request.data), self._quotas.config
        await self._quotas.configure(
            replace(
                known,
                enable_rate_limit_audit_logging=fields.boolean(
                    "enable_rate_limit_audit_logging", known.enable_rate_limit_audit_logging
                ),
                enable_rate_limit_response_headers=fields.boolean(
                    "enable_rate_limit_response_headers", known.enable_rate_limit_response_headers
                ),
                rate_limit_exempt_paths=fields.strings("rate_limit_exempt_paths", known.rate_limit_exempt_paths),
            )
        )

    async def _list(self, _: Request, __: Match) -> Response:
        return listing(self._quotas.names())

    async def _read(self, _: Request, match: Match) -> Response:
        limit = self._quotas.get(match["name"])
        if limit is None:
            raise NotFound
        return Response(limit.shown())

    async def _write(self, request: Request, match: Match) -> None:
        fields = Fields(request.data)
        await self._quotas.write(
            RateLimit(
                name=match["name"],
                path=self._quotas.normal(fields.text("path")),
                rate=_rate(fields),
                interval=fields.duration("interval") or 1,
                block_interval=fields.duration("block_interval"),
                role=fields.text("role"),
            )
        )

    async def _delete(self, _: Request, match: Match) -> None:
        await self._quotas.delete(match["name"])


def _rate(fields: Fields) -> float:
    try:
        rate = float(fields.text("rate") or 0)
    except ValueError:
        raise wrong("rate", "a number") from None
    if not math.isfinite(rate) or not 0 < rate <= 1e12:
        raise BadRequest("'rate' is invalid")
    return rate
