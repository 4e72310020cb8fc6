"""The core: everything that a vault is made of, wired together."""

import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import structlog

from stratumiops.vault.audit.broker import AuditBroker
from stratumiops.vault.audit.routes import AuditRoutes
from stratumiops.vault.backend import Backend, Mount, System
from stratumiops.vault.barrier.barrier import Barrier
from stratumiops.vault.config import Config
from stratumiops.vault.core.configured import mount_configured
from stratumiops.vault.core.envelope import Reply, reply
from stratumiops.vault.core.identity import IdentityBackend
from stratumiops.vault.core.mounted import Mounted
from stratumiops.vault.core.mounting import Mounting
from stratumiops.vault.core.pipeline import Pipeline
from stratumiops.vault.core.places import Places
from stratumiops.vault.cubbyhole.backend import CubbyholeBackend
from stratumiops.vault.errors import PermissionDenied
from stratumiops.vault.leases.orders import Orders
from stratumiops.vault.leases.routes import LeaseRoutes
from stratumiops.vault.leases.store import LeaseStore
from stratumiops.vault.leases.worker import RevocationWorker
from stratumiops.vault.policies.authorizer import Authorizer
from stratumiops.vault.policies.capability_routes import CapabilityRoutes
from stratumiops.vault.policies.routes import PolicyRoutes
from stratumiops.vault.policies.store import PolicyStore
from stratumiops.vault.quotas.routes import QuotaRoutes
from stratumiops.vault.quotas.store import Quotas
from stratumiops.vault.request import Operation, Request, Response
from stratumiops.vault.seal.routes import SealRoutes
from stratumiops.vault.seal.seal import Seal, SealSettings
from stratumiops.vault.sys.backend import Part, SysBackend
from stratumiops.vault.sys.health import BUILD_DATE, VERSION, HealthRoutes
from stratumiops.vault.sys.metrics import MetricRoutes, Metrics
from stratumiops.vault.sys.mounts import MountRoutes
from stratumiops.vault.sys.specs import SpecRoutes
from stratumiops.vault.sys.tools import ToolRoutes
from stratumiops.vault.tokens.backend import TokenBackend
from stratumiops.vault.tokens.models import Token
from stratumiops.vault.tokens.store import TokenStore
from stratumiops.vault.tokens.wrapping import Wrapping
from stratumiops.vault.view import View

if TYPE_CHECKING:
    from stratumiops.vault.crypto.port import Crypto
    from stratumiops.vault.storage.port import Storage

log = structlog.get_logger("svault.core")
_CLUSTER: Final = "cluster"


class Core:
    """One vault over one storage, which is open already.

    Args:
        anchor: where the highest generation is noted; None: rollbacks of the storage are not noticed.
    """

    def __init__(self, config: Config, storage: "Storage", crypto: "Crypto", *, anchor: Path | None = None) -> None:
        self.config = config
        self.metrics = Metrics()
        self.barrier = Barrier(storage, anchor, config.storage.cache_bytes)
        self._view = View(self.barrier, "core/")
        self._cluster_id = ""
        self._initialized = False
        settings = SealSettings(
            make_root_token=self._make_root_token, after_unseal=self._open, before_seal=self._close,
            cluster=lambda: (self.cluster_name, self.cluster_id), shares=config.seal.shamir.shares,
            threshold=config.seal.shamir.threshold, version=VERSION, build_date=BUILD_DATE,
        )  # fmt: skip
        self.seal = Seal(self.barrier, settings)
        own: dict[str, Callable[[Mount, View, System], Backend]] = {
            "system": self._sys, "cubbyhole": CubbyholeBackend, "identity": IdentityBackend, "token": self._token,
        }  # fmt: skip
        self.mounting = Mounting(self.barrier, crypto, config.auth, own)
        self.places = Places(self.mounting, PolicyStore(self._view.below("policies-of-none/")))
        now = self.mounting.now
        self.leases = LeaseStore(self._view, now, self.places.backend_of, self.metrics.lease)
        self.mounting.leases = self.leases
        self.tokens = TokenStore(self._view, now, self.leases, self.places.namespace_id)
        self.tokens.on_end.append(self.places.forget_cubbyholes)
        self.wrapping = Wrapping(self.tokens)
        self.worker = RevocationWorker(self.leases)
        self.orders = Orders(self.leases)
        self.policies = self.mounting.namespaces.root.policies
        self.authorizer = Authorizer(self.policies, mount_of=self.places.mount_of, store_of=self.places.policies_of)
        self.audit = AuditBroker(self._view.below("audit/"), answered=anchor)
        self.quotas = Quotas(self._view.below("quotas/"), self.places.mount_of)
        self.mounting.allowed = self._may_list
        self._seal_routes = SealRoutes(self.seal)
        self._lease_routes = LeaseRoutes(self.leases, self.orders, self._may_look_up)
        self._parts, self._parts_within = self._all_parts()
        self.pipeline = Pipeline(self)
        bare = Mount(path="sys/", kind="system", accessor="", uuid="")
        self.sealed_backend: Backend = SysBackend(
            bare, self._view, self.mounting, [HealthRoutes(self), self._seal_routes]
        )

    # ---- how it stands

    @property
    def sealed(self) -> bool:
        """Whether it is sealed, or about to open."""
        return not self.seal.open

    @property
    def initialized(self) -> bool:
        """Whether it has been initialised, as far as is known."""
        return self._initialized

    @property
    def cluster_name(self) -> str:
        """The name of the configuration."""
        return self.config.vault.cluster_name

    @property
    def cluster_id(self) -> str:
        """The id that the first unseal gave it."""
        return "" if self.sealed and not self.barrier.sealed else self._cluster_id

    @property
    def problems(self) -> list[str]:
        """What is wrong."""
        return ["no audit device can be written"] if self.audit.failing else []

    # ---- life

    async def start(self) -> None:
        """Find out whether there is a vault in the storage."""
        self._initialized = await self.seal.initialized()

    async def stop(self) -> None:
        """Seal; nothing is left in memory."""
        await self._seal_routes.close()

    async def handle(self, request: Request) -> Reply:
        """Answer a request."""
        operation, begun = request.operation, time.perf_counter()
        try:
            found = await self.pipeline.handle(request)
        finally:
            self.metrics.request(operation, time.perf_counter() - begun)
        if not self._initialized and request.path == "init" and found.status == 200:
            self._initialized = await self.seal.initialized()
        return found

    def metrics_text(self) -> bytes | None:
        """Prometheus' text, when it may be read without a token."""
        if not self.config.telemetry.metrics or not self.config.telemetry.unauthenticated_metrics:
            return None
        return self.metrics.text(self)

    async def make_root(self, token_id: str = "") -> str:
        """A root token; for the dev server."""
        return await self.tokens.create_root(token_id)

    async def reopen_logs(self) -> None:
        """Open the files of the audit again, after they were rotated."""
        await self.audit.reopen()

    async def _make_root_token(self) -> str:
        """In an open barrier that may not serve yet."""
        serving = self.seal.open
        if not serving:
            await self.tokens.start()
        try:
            return await self.tokens.create_root()
        finally:
            if not serving:
                await self.tokens.stop()

    async def _open(self) -> None:
        """After an unseal."""
        await self._know_cluster()
        await self.policies.start()
        await self.quotas.start()
        await self.mounting.open()
        await self.tokens.start()
        await mount_configured(self.mounting, self._view, self.config.engines)
        await self.audit.start()
        self.worker.start()
        self.orders.start()
        log.info("unsealed", mounts=len(self.mounting.mounts("")))

    async def _close(self) -> None:
        """Before a seal; what fails must not keep keys in memory."""
        await self.worker.stop()
        await self.orders.stop()
        await self._lease_routes.stop()
        await self.tokens.stop()
        await self.mounting.close()
        await self.quotas.stop()
        await self.policies.stop()
        await self.audit.stop()
        log.info("sealed")

    async def _know_cluster(self) -> None:
        kept = await self._view.read(_CLUSTER)
        if kept is None:
            kept = {"id": str(uuid.uuid4())}
            await self._view.write(_CLUSTER, kept)
        self._cluster_id = kept["id"]

    # ---- parts

    def _all_parts(self) -> tuple[list[Part], list[Part]]:
        """What `sys/` has in the root, and what it has in other namespaces: nothing that is the whole vault's."""
        standing = HealthRoutes(self)
        capabilities = CapabilityRoutes(
            self.authorizer,
            by_token=self.tokens.lookup,
            by_accessor=self._by_accessor,
            needs_sudo=self.places.wants_sudo,
        )
        within: list[Part] = [
            standing, MountRoutes(self.mounting), capabilities, PolicyRoutes(self.places.policies_of),
            self._lease_routes, self.wrapping, ToolRoutes(), self.mounting.namespaces, self.mounting.passwords,
            SpecRoutes(self),
        ]  # fmt: skip
        whole: list[Part] = [self._seal_routes, AuditRoutes(self.audit), QuotaRoutes(self.quotas), MetricRoutes(self)]
        return [*within, *whole], within

    def _sys(self, mount: Mount, view: View, system: System) -> Backend:
        return SysBackend(mount, view, system, self._parts_within if mount.namespace else self._parts)

    def _token(self, mount: Mount, view: View, system: System) -> Backend:
        return TokenBackend(
            mount, view, system, tokens=self.tokens, has_sudo=self._has_sudo, has_policy=self.places.has_policy,
            backend_of=self.places.backend_of,
        )  # fmt: skip

    # ---- what parts ask

    def mounts(self, namespace: str) -> list[Mounted]:
        """The mounts of a namespace."""
        return self.mounting.mounts(namespace)

    async def visible(self, request: Request, mounted: Mounted) -> bool:
        """Whether the token of a request may do anything below a mount."""
        token, path = request.token, mounted.mount.path
        if token is None:
            return False
        relative = self.authorizer.path_for(request.namespace, path, token)
        return token.is_root or (relative is not None and self.authorizer.reaches(token, relative))

    async def authenticate(self, request: Request) -> bool:
        """Whether the request has a good token; it is in `request.token` then."""
        if request.token is None and request.client_token:
            try:
                request.token = await self.pipeline.authenticated(request)
            except PermissionDenied:
                return False
        return request.token is not None

    async def wrap(self, request: Request, response: Response) -> Response:
        """The answer that stands for another one."""
        body = reply(request, response).body
        accessor = response.auth.accessor if response.auth is not None else ""
        path = request.full_path
        info = await self.wrapping.wrap(body, request.wrap_ttl or 0, path, accessor, request.namespace)
        return Response(wrap_info=info, warnings=response.warnings)

    def _may_list(self, request: Request, path: str) -> bool:
        token = request.token
        if token is None or token.is_root:
            return token is not None
        asked = Request(
            id=request.id, operation=Operation.LIST, path=path, mount=request.mount,
            namespace=request.namespace, remote_address=request.remote_address, at=request.at,
        )  # fmt: skip
        return self.authorizer.check(asked, token).allowed

    def _may_look_up(self, request: Request) -> bool:
        token = request.token
        if token is None or token.is_root:
            return token is not None
        path = f"{request.namespace}sys/leases/lookup"
        return "update" in self.authorizer.capabilities(token, path, address=request.remote_address)

    async def _by_accessor(self, accessor: str) -> Token | None:
        found = await self.tokens.lookup_accessor(accessor)
        return None if found is None else found[1]

    async def _has_sudo(self, request: Request) -> bool:
        token = request.token
        return token is not None and self.authorizer.check(request, token, needs_sudo=True).allowed
