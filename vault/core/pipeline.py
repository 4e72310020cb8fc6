"""The way of a request: namespace, quota, mount, token, policy, audit, engine, lease, wrapping, audit, answer."""

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from stratumiops.vault.cidrs import allows as allows_address
from stratumiops.vault.core.envelope import Reply, refusal, reply
from stratumiops.vault.core.mishaps import BUGS, mishap
from stratumiops.vault.core.mounted import Mounted
from stratumiops.vault.errors import NotFound, PermissionDenied, Sealed, StorageFailed, VaultError
from stratumiops.vault.policies.verdict import Verdict
from stratumiops.vault.request import Operation, Request, Response
from stratumiops.vault.tokens.lifetime import Limits
from stratumiops.vault.tokens.models import SPENT, Token
from stratumiops.vault.tokens.wrapping import allows, is_wrapping

if TYPE_CHECKING:
    from stratumiops.vault.core.core import Core

_SYS: Final = "sys/"
_UNWRAP: Final = "sys/wrapping/unwrap"
_WHOLE: Final = frozenset({"sys/health", "sys/init", "sys/leader", "sys/seal-status", "sys/unseal"})
"""They say of the whole vault how it is, whatever namespace is asked."""
_STANDING: Final = frozenset({"sys/health", "sys/leader", "sys/seal-status"})
_REFUSED: Final = "1 error occurred:\n\t* permission denied\n\n"
"""How Vault's servers say that a policy refuses."""


class Pipeline:
    """Answers requests over a core."""

    def __init__(self, core: "Core") -> None:
        self._core = core

    async def handle(self, request: Request) -> Reply:
        """The reply; what is refused is a reply, too."""
        try:
            if self._core.sealed:
                return reply(request, await self._while_sealed(request))
            return await self._while_open(request)
        except VaultError as error:
            return refusal(error)

    async def _while_sealed(self, request: Request) -> Response | None:
        """Only what opens the vault, or tells how it is."""
        backend = self._core.sealed_backend
        if request.namespace or not request.path.startswith(_SYS):
            raise Sealed
        request.mount, request.path = _SYS, request.path.removeprefix(_SYS)
        if not backend.is_public(request):
            raise Sealed
        return await backend.handle(request)

    async def _while_open(self, request: Request) -> Reply:
        core = self._core
        self._place(request)
        headers = core.quotas.check(request.namespace + request.path, request.remote_address)
        is_standing = request.path in _STANDING and request.operation is Operation.READ
        answer = self._standing if is_standing else self._recorded
        try:
            response = await answer(request, self._mounted(request))
        finally:
            await self._finish(request)
        if headers and response is not None:
            response.headers = {**headers, **response.headers}
        return reply(request, response)

    async def _standing(self, request: Request, mounted: Mounted | None) -> Response | None:
        """How the vault is, as anybody may ask at any time: it is not on record, and told also when nothing can be.

        When nothing could be the last time, it is tried again: so whoever watches the vault sees that it goes on.
        """
        verdict, mounted = await self._admitted(request, mounted)
        audit = self._core.audit
        if audit.failing:
            with suppress(VaultError):
                await audit.response(await audit.request(request, mount=mounted.mount, verdict=verdict), None)
        try:
            return await self._answered(request, mounted)
        except BUGS as bug:
            raise _told(bug, request) from None

    async def _recorded(self, request: Request, mounted: Mounted | None) -> Response | None:
        """Do what is asked for: it is on record before anything is done, and so is the answer before it leaves."""
        core = self._core
        mount = mounted.mount if mounted is not None else None
        try:
            verdict, mounted = await self._admitted(request, mounted)
        except (VaultError, *BUGS) as error:
            failed = _told(error, request)
            exchange = await core.audit.request(request, mount=mount, error=str(failed))
            await core.audit.response(exchange, None, error=str(failed))
            raise failed from None
        exchange = await core.audit.request(request, mount=mount, verdict=verdict)
        try:
            response = await self._answered(request, mounted)
        except (VaultError, *BUGS) as error:
            failed = _told(error, request)
            await core.audit.response(exchange, None, error=str(failed))
            raise failed from None
        if not core.sealed:  # an answer to the request that sealed it has nowhere to be put on record
            await core.audit.response(exchange, response)
        return response

    async def _admitted(self, request: Request, mounted: Mounted | None) -> tuple[Verdict | None, Mounted]:
        """Where a request goes to, and why it may.

        Raises:
            PermissionDenied: it may not.
            NotFound: nothing is mounted there.
        """
        verdict: Verdict | None = None
        if mounted is None or not mounted.backend.is_public(request):
            verdict = await self._allowed(request, mounted)
        elif request.client_token and request.full_path == _UNWRAP:
            await self.authenticated(request)  # any good token; a bad one is refused
        if mounted is None:
            raise NotFound(f'no handler for route "{request.path}". route entry not found.')
        return verdict, mounted

    async def _finish(self, request: Request) -> None:
        """End what hangs on a token that served its last request; what cannot be done now is done later."""
        token, core = request.token, self._core
        if token is not None and token.num_uses == SPENT and not core.sealed:
            with suppress(StorageFailed):
                await core.tokens.finish(token)

    def _place(self, request: Request) -> None:
        """The namespace that header and path lead to."""
        namespaces = self._core.mounting.namespaces
        if namespaces.get(request.namespace) is None:
            raise NotFound(f"no handler for route {request.path!r}. route entry not found.")
        request.namespace, request.path = namespaces.split(request.namespace, request.path)
        if request.path in _WHOLE:
            request.namespace = ""

    def _mounted(self, request: Request) -> Mounted | None:
        namespace = self._core.mounting.namespaces.get(request.namespace)
        mounted = None if namespace is None else namespace.mounts.find(request.path)
        if mounted is not None:
            request.mount = mounted.mount.path
            request.path = request.path[len(request.mount) :]
        return mounted

    async def _allowed(self, request: Request, mounted: Mounted | None) -> Verdict:
        """Whether the token of a request allows it.

        Raises:
            PermissionDenied: it does not.
        """
        core = self._core
        token = request.token = await self.authenticated(request)
        if not is_wrapping(token):
            token = request.token = await core.tokens.use(request.client_token, token)
        backend = mounted.backend if mounted is not None else None
        sudo = backend is not None and backend.needs_sudo(request)
        judged = backend is not None and not token.is_root and request.operation is Operation.UPDATE
        if judged and backend is not None and not await backend.exists(request):
            request.operation = Operation.CREATE
        verdict = core.authorizer.check(request, token, needs_sudo=sudo)
        if not verdict.allowed:
            raise PermissionDenied(_REFUSED)
        return verdict

    async def authenticated(self, request: Request) -> Token:
        """The living token that a request carries, from where it may be used.

        Raises:
            PermissionDenied: there is none.
        """
        if not request.client_token:
            raise PermissionDenied
        token = await self._core.tokens.lookup(request.client_token)
        if (
            token is None
            or not request.namespace.startswith(token.namespace)
            or not allows_address(token.bound_cidrs, request.remote_address)
        ):
            raise PermissionDenied
        if is_wrapping(token) and not allows(request.full_path, request.operation):
            raise PermissionDenied
        return token

    async def _answered(self, request: Request, mounted: Mounted) -> Response | None:
        core = self._core
        await mounted.enter(request.mount)
        try:
            response = await mounted.backend.handle(request)
            if response is None:
                return None
            if response.secret is not None and not response.secret.lease_id:
                await core.leases.register(response.secret, request)
            if response.auth is not None and not response.auth.client_token:
                mount = mounted.mount
                limits = Limits(core.mounting.default_lease_ttl(mount), core.mounting.max_lease_ttl(mount))
                await core.tokens.create(
                    response.auth, path=request.full_path, limits=limits, namespace=request.namespace,
                    warnings=response.warnings,
                )  # fmt: skip
        finally:
            mounted.leave()
        if request.wrap_ttl and response.wrap_info is None and response.raw is None and not response.bare:
            return await core.wrap(request, response)
        return response


def _told(error: BaseException, request: Request) -> VaultError:
    """What a client learns of it."""
    return error if isinstance(error, VaultError) else mishap(error, request)
