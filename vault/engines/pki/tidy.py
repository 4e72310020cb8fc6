"""Tidying: certificates, revocations and issuers that ended long ago are dropped, in the background."""

import asyncio
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from cryptography import x509

from stratumiops.vault import clock, durations
from stratumiops.vault.backend import JSON, Match, Route
from stratumiops.vault.engines.pki.acme.store import AcmeStore
from stratumiops.vault.engines.pki.kept import Setting
from stratumiops.vault.engines.pki.parts import Pki
from stratumiops.vault.engines.pki.revoking import associate
from stratumiops.vault.engines.pki.tidy_plan import ENABLE_ONE, AutoTidy, Plan, changed
from stratumiops.vault.errors import BadRequest, VaultError
from stratumiops.vault.fields import Fields
from stratumiops.vault.request import Request, Response

STARTED: Final = (
    "Tidy operation successfully started. Any information from the operation will be printed to the server logs."
)
RUNNING: Final = "Tidy operation already in progress."


@dataclass(slots=True)
class Status:
    """How a run goes."""

    plan: Plan | None = None
    state: str = "Inactive"
    error: str | None = None
    message: str | None = None
    started: float = 0.0
    finished: float = 0.0
    counts: dict[str, int] = field(default_factory=dict)
    last: float = 0.0


_COUNTS: Final = (
    "acme_account_deleted_count", "acme_account_revoked_count", "acme_orders_deleted_count", "cert_store_deleted_count",
    "missing_issuer_cert_count", "revoked_cert_deleted_count", "total_acme_account_count",
)  # fmt: skip


class Tidy:
    """One run at a time."""

    def __init__(self, pki: Pki) -> None:
        self._pki = pki
        self._acme = AcmeStore(pki.view)
        self._auto = Setting(pki.view, "config/auto-tidy", AutoTidy.read, asdict, AutoTidy())
        self._uuid = str(uuid.uuid4())
        self._status = Status()
        self._run: asyncio.Task[None] | None = None
        self._timer: asyncio.Task[None] | None = None

    def routes(self) -> Iterator[Route]:
        """The routes."""
        yield Route("tidy", write=self.start, answers={202: JSON})
        yield Route("tidy-status", read=self.status)
        yield Route("tidy-cancel", write=self.cancel)
        yield Route("config/auto-tidy", read=self.auto, write=self.set_auto)

    async def start(self, request: Request, _match: Match) -> Response:
        """Begin a run."""
        plan = changed(Plan(), Fields(request.data))
        if not plan.does_anything:
            self._begin(plan)
            nothing = f"Manual tidy requested but no tidy operations were set. {ENABLE_ONE}"
            return Response(status=202, warnings=[nothing])
        return Response(status=202, warnings=[STARTED if self._begin(plan) else RUNNING])

    async def status(self, _request: Request, _match: Match) -> Response:
        """How the last run went, or goes."""
        now = self._status
        shown: dict[str, Any] = dict.fromkeys(Plan().shown()) if now.plan is None else now.plan.shown()
        shown |= {name: None if now.plan is None else now.counts.get(name, 0) for name in _COUNTS}
        shown |= {
            "state": now.state, "error": now.error, "message": now.message, "internal_backend_uuid": self._uuid,
            "current_cert_store_count": None, "current_revoked_cert_count": None,
            "time_started": clock.rfc3339(now.started) if now.started else None,
            "time_finished": clock.rfc3339(now.finished) if now.finished else None,
        }  # fmt: skip
        if now.last:
            shown["last_auto_tidy_finished"] = clock.rfc3339(now.last)
        return Response(shown)

    async def cancel(self, request: Request, match: Match) -> Response:
        """End the run that goes on."""
        if self._run is None or self._run.done():
            return Response(status=200, warnings=["Tidy operation cannot be cancelled as none is currently running."])
        self._run.cancel()
        await asyncio.gather(self._run, return_exceptions=True)
        self._status.state = "Cancelled"
        return await self.status(request, match)

    async def auto(self, _request: Request, _match: Match) -> Response:
        """When tidying happens by itself."""
        return Response((await self._auto.get()).shown())

    async def set_auto(self, request: Request, _match: Match) -> Response:
        """Set when tidying happens by itself."""
        given = Fields(request.data)
        before = await self._auto.get()
        made = replace(
            before,
            plan=changed(before.plan, given),
            enabled=given.boolean("enabled", before.enabled),
            interval_duration=given.duration("interval_duration", before.interval_duration),
        )
        if made.enabled and not made.plan.does_anything:
            raise BadRequest(f"Auto-tidy enabled but no tidy operations were requested. {ENABLE_ONE}")
        await self._auto.put(made)
        await self.resume()
        return Response(made.shown())

    async def resume(self) -> None:
        """Begin, or end, to tidy by itself, as it is set."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        auto = await self._auto.get()
        if auto.enabled:
            self._timer = asyncio.create_task(self._by_itself(auto))

    async def stop(self) -> None:
        """End what goes on."""
        running = [one for one in (self._run, self._timer) if one is not None]
        for one in running:
            one.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        self._run = self._timer = None
        self._auto.forget()

    async def _by_itself(self, auto: AutoTidy) -> None:
        while True:
            await asyncio.sleep(max(1, auto.interval_duration))
            self._begin(auto.plan)

    def _begin(self, plan: Plan) -> bool:
        if self._run is not None and not self._run.done():
            return False
        self._status = Status(plan, "Running", started=self._pki.system.now(), last=self._status.last)
        self._run = asyncio.create_task(self._tidy(plan, self._status))
        return True

    async def _tidy(self, plan: Plan, status: Status) -> None:
        try:
            await self._steps(plan, status)
            status.state = "Finished"
        except VaultError as failed:
            status.state, status.error = "Error", str(failed)
        status.message = None
        status.finished = status.last = self._pki.system.now()

    async def _steps(self, plan: Plan, status: Status) -> None:
        if plan.tidy_cert_store or plan.tidy_invalid_certs:
            await self._certificates(plan, status)
        if plan.tidy_revoked_cert_issuer_associations:
            status.counts["missing_issuer_cert_count"] = await associate(self._pki)
        if plan.tidy_revoked_certs:
            await self._revocations(plan, status)
        if plan.tidy_expired_issuers:
            await self._issuers(plan)
        if plan.tidy_acme:
            status.counts |= await self._acme.tidy(self._pki.system.now(), plan.acme_account_safety_buffer)

    async def _certificates(self, plan: Plan, status: Status) -> None:
        after, count = "", 0
        pause = durations.parse(plan.pause_duration, "pause_duration")
        while page := await self._pki.certificates.serials(after, plan.page_size):
            for serial in page:
                status.message = f"Tidying certificate store: checking entry {count}"
                count += 1
                if await self._has_ended(serial, plan) and await self._pki.certificates.revocation(serial) is None:
                    await self._pki.certificates.drop(serial)
                    status.counts["cert_store_deleted_count"] = status.counts.get("cert_store_deleted_count", 0) + 1
            after = page[-1]
            await asyncio.sleep(pause)

    async def _has_ended(self, serial: str, plan: Plan) -> bool:
        der = await self._pki.certificates.get(serial)
        end = _end(der) if der else None
        if end is None:
            return plan.tidy_invalid_certs
        return plan.tidy_cert_store and end + plan.safety_buffer < self._pki.system.now()

    async def _revocations(self, plan: Plan, status: Status) -> None:
        buffer = plan.revoked_safety_buffer or plan.safety_buffer
        for number, serial in enumerate(list(await self._pki.certificates.revoked())):
            status.message = f"Tidying revoked certificates: checking certificate {number}"
            der = await self._pki.certificates.get(serial)
            end = _end(der) if der else None
            if end is None or end + buffer < self._pki.system.now():
                await self._pki.certificates.drop(serial, revocation=True)
                name = "revoked_cert_deleted_count"
                status.counts[name] = status.counts.get(name, 0) + 1
            if number % plan.page_size == plan.page_size - 1:
                await asyncio.sleep(durations.parse(plan.pause_duration, "pause_duration"))

    async def _issuers(self, plan: Plan) -> None:
        authority = self._pki.authority
        async with authority.changing:
            default = (await authority.defaults()).issuer
            latest = self._pki.system.now() - plan.issuer_safety_buffer
            ended = [
                one.id
                for one in (await authority.issuers()).values()
                if one.certificate.not_valid_after_utc.timestamp() < latest and one.id != default
            ]
            if ended:
                await authority.change(without_issuers=ended)


def _end(der: bytes) -> float | None:
    try:
        return x509.load_der_x509_certificate(der).not_valid_after_utc.timestamp()
    except ValueError:
        return None
