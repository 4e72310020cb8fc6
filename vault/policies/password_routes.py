"""`sys/policies/password`: password policies of a namespace, and passwords by them."""

from collections.abc import Callable, Iterator
from typing import Final

from stratumiops.vault.backend import Match, Route
from stratumiops.vault.errors import BadRequest, NotFound
from stratumiops.vault.fields import Fields
from stratumiops.vault.policies.acl_policy import decoded
from stratumiops.vault.policies.password_policy import PasswordPolicy, one_error, parse
from stratumiops.vault.request import Request, Response, listing
from stratumiops.vault.view import View

ViewOf = Callable[[str], View]
"""Where a namespace keeps what is its own."""
_ABSENT: Final = one_error("policy does not exist")


class PasswordPolicies:
    """Password policies by namespace and name. They are read when they are used, which is seldom."""

    def __init__(self, view_of: ViewOf) -> None:
        self._view_of = view_of

    def routes(self) -> Iterator[Route]:
        """Relative to `sys/`."""
        yield Route("policies/password", list=self._list)
        yield Route("policies/password/{name}", read=self._read, write=self._write, delete=self._delete)
        yield Route("policies/password/{name}/generate", read=self._generate)

    async def get(self, namespace: str, name: str) -> PasswordPolicy:
        """A policy.

        Raises:
            BadRequest: there is none.
        """
        text = await self._view(namespace).read(name)
        if text is None:
            raise BadRequest(one_error("no password policy found"))
        return parse(text)

    def _view(self, namespace: str) -> View:
        return self._view_of(namespace).below("password-policies/")

    async def _list(self, request: Request, _: Match) -> Response:
        return listing(await self._view(request.namespace).names())

    async def _read(self, request: Request, match: Match) -> Response:
        text = await self._view(request.namespace).read(match["name"])
        if text is None:
            raise NotFound(_ABSENT)
        return Response({"policy": text})

    async def _write(self, request: Request, match: Match) -> None:
        text = decoded(Fields(request.data).text("policy"))
        if not text.strip():
            raise BadRequest(one_error("missing policy"))
        parse(text)
        await self._view(request.namespace).write(match["name"], text)

    async def _delete(self, request: Request, match: Match) -> None:
        await self._view(request.namespace).delete(match["name"])

    async def _generate(self, request: Request, match: Match) -> Response:
        if await self._view(request.namespace).get(match["name"]) is None:
            raise NotFound(_ABSENT)
        return Response({"password": (await self.get(request.namespace, match["name"])).password()})
