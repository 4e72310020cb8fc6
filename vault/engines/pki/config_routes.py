"""Routes of settings, and of lists that are made anew on demand."""

from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any, Final

from stratumiops.vault.backend import Match, Route
from stratumiops.vault.engines.pki.models import Cluster, Urls
from stratumiops.vault.engines.pki.parts import Pki
from stratumiops.vault.engines.pki.settings import changed_crl, changed_urls, is_url, resolved
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields
from stratumiops.vault.request import Request, Response

NO_DELTA: Final = "requested rebuild of delta CRL when delta CRL is not enabled; this is a no-op"


class ConfigRoutes:
    """`config/…`, `crl/rotate` and `root/replace`."""

    def __init__(self, pki: Pki) -> None:
        self._pki = pki

    def routes(self) -> Iterator[Route]:
        """The routes."""
        yield Route("config/urls", read=self.urls, write=self.set_urls)
        yield Route("config/cluster", read=self.cluster, write=self.set_cluster)
        yield Route("config/crl", read=self.crl, write=self.set_crl)
        yield Route("config/issuers", read=self.issuers, write=self.set_issuers)
        yield Route("config/keys", read=self.keys, write=self.set_keys)
        yield Route("root/replace", write=self.replace)
        yield Route("crl/rotate", read=self.rotate, write=self.rotate)
        yield Route("crl/rotate-delta", read=self.rotate_delta, write=self.rotate_delta)

    async def urls(self, _request: Request, _match: Match) -> Response:
        """Where certificates point to."""
        return Response(_shown_urls(await self._pki.settings.urls.get()))

    async def set_urls(self, request: Request, _match: Match) -> Response:
        """Set where certificates point to."""
        async with self._pki.authority.changing:
            fields = Fields(request.data)
            made = changed_urls(await self._pki.settings.urls.get(), fields, "enable_templating")
            await self._pki.settings.urls.put(made)
            self._pki.settings_changed()
        warnings = []
        try:
            resolved(made, await self._pki.settings.cluster.get(), "00000000-0000-0000-0000-000000000000")
        except BadRequest as wrong:
            warnings.append(
                f"issuance may fail: {wrong.messages[0]}\n\nConsider setting the cluster-local address if it is not"
                " already set."
            )
        return Response(_shown_urls(made), warnings=warnings)

    async def cluster(self, _request: Request, _match: Match) -> Response:
        """Under which URLs clients reach this mount."""
        return Response(asdict(await self._pki.settings.cluster.get()))

    async def set_cluster(self, request: Request, _match: Match) -> Response:
        """Set under which URLs clients reach this mount."""
        fields = Fields(request.data)
        before = await self._pki.settings.cluster.get()
        made = Cluster(fields.text("path", before.path), fields.text("aia_path", before.aia_path))
        for one in (made.path, made.aia_path):
            if one and not is_url(one):
                raise BadRequest(f"invalid, non-URL path given to cluster: {one}")
        await self._pki.settings.cluster.put(made)
        self._pki.settings_changed()
        return Response(asdict(made))

    async def crl(self, _request: Request, _match: Match) -> Response:
        """How lists are made."""
        return Response(asdict(await self._pki.settings.crl.get()))

    async def set_crl(self, request: Request, _match: Match) -> Response:
        """Set how lists are made."""
        async with self._pki.authority.changing:
            made = changed_crl(await self._pki.settings.crl.get(), Fields(request.data))
            await self._pki.settings.crl.put(made)
            self._pki.settings_changed()
        return Response(asdict(made))

    async def issuers(self, _request: Request, _match: Match) -> Response:
        """Which issuer is the default."""
        defaults = await self._pki.authority.defaults()
        return Response({"default": defaults.issuer, "default_follows_latest_issuer": defaults.follows_latest})

    async def set_issuers(self, request: Request, match: Match) -> Response:
        """Set which issuer is the default."""
        fields = Fields(request.data)
        ref = fields.text("default")
        if ref in {"", "default"}:
            raise BadRequest("Invalid issuer specification; must be non-empty and can't be 'default'.")
        async with self._pki.authority.changing:
            before = await self._pki.authority.defaults()
            follows = fields.boolean("default_follows_latest_issuer", before.follows_latest)
            issuer = await _resolved(self._pki.authority.issuer(ref))
            made = replace(before, issuer=issuer.id, follows_latest=follows)
            await self._pki.authority.change(defaults=made)
        return await self.issuers(request, match)

    async def replace(self, request: Request, match: Match) -> Response:
        """Make the next issuer, or the one named, the default."""
        request.data.setdefault("default", "next")
        return await self.set_issuers(request, match)

    async def keys(self, _request: Request, _match: Match) -> Response:
        """Which key is the default."""
        return Response({"default": (await self._pki.authority.defaults()).key})

    async def set_keys(self, request: Request, match: Match) -> Response:
        """Set which key is the default."""
        ref = Fields(request.data).text("default")
        if ref in {"", "default"}:
            raise BadRequest("Invalid key specification; must be non-empty and can't be 'default'.")
        async with self._pki.authority.changing:
            key = await _resolved(self._pki.authority.key(ref))
            before = await self._pki.authority.defaults()
            await self._pki.authority.change(defaults=replace(before, key=key.id))
        return await self.keys(request, match)

    async def rotate(self, _request: Request, _match: Match) -> Response:
        """Make new complete lists."""
        for ref in await self._with_lists():
            await self._pki.complete_list(ref, force=True)
        return Response({"success": True})

    async def rotate_delta(self, _request: Request, _match: Match) -> Response:
        """Make new deltas."""
        if not (await self._pki.settings.crl.get()).enable_delta:
            return Response({"success": True}, warnings=[NO_DELTA])
        for ref in await self._with_lists():
            await self._pki.delta_list(ref, force=True)
        return Response({"success": True})

    async def _with_lists(self) -> list[str]:
        everyone = (await self._pki.authority.issuers()).values()
        seen: dict[tuple[str, bytes], str] = {}
        for one in everyone:
            if one.key_id and "crl-signing" in one.usage:
                seen.setdefault((one.key_id, one.certificate.subject.public_bytes()), one.id)
        return list(seen.values())


async def _resolved(finding: Any) -> Any:
    try:
        return await finding
    except BadRequest as none:
        raise BadRequest(f"Error resolving issuer reference: {none.messages[0]}") from None


def _shown_urls(urls: Urls) -> dict[str, Any]:
    return urls.lists | {"enable_templating": urls.templated}
