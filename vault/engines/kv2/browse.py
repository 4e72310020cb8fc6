"""The routes that list and search. What the token may not list never appears in those that look into folders."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from stratumiops.vault.backend import Match, Route, System
from stratumiops.vault.engines.kv2.metadata import Metadata
from stratumiops.vault.engines.kv2.secrets import Secrets
from stratumiops.vault.engines.kv_paths import folder
from stratumiops.vault.fields import Fields
from stratumiops.vault.request import Request, Response, listing

Allowed = Callable[[Request, str], bool]
"""What a System may offer as `allowed`: whether the request's token may see a path, which is given without the mount.

One that ends with `/` is a folder (`metadata/team/`): whether it may be listed. Any other is a secret
(`metadata/team/key`): whether its name may be known. A name is shown when both it and its folder pass.
"""
PAGE: Final = 10_000
"""Names in one answer, when the request does not say how many."""
_SCANNED: Final = 50_000
"""Secrets that one search looks at; then it answers where to go on."""
_BATCH: Final = 500


class BrowseRoutes:
    """Answers LIST, and searches."""

    def __init__(self, secrets: Secrets, system: System) -> None:
        self._secrets = secrets
        self._system = system

    def routes(self) -> Iterator[Route]:
        """Its routes."""
        for name, answer in (("metadata", self._list), ("detailed-metadata", self._list_detailed)):
            yield Route(name, list=answer)
            yield Route(name + "/{path*}", list=answer)
        yield Route("search", read=self._search)
        yield Route("search/{path*}", read=self._search)

    def _allowed(self, request: Request, path: str) -> bool:
        allowed: Allowed = getattr(self._system, "allowed", _everything)  # the core may set it after mounting
        return allowed(request, path)

    async def _list(self, request: Request, match: Match) -> Response:
        fields, prefix = Fields(request.data), folder(match.get("path", ""))
        after, limit = fields.text("after"), max(fields.integer("limit"), 0)
        if not fields.boolean("recursive"):
            return listing(await self._secrets.names(prefix, after, limit))
        found: list[str] = []
        async for name in self._below(request, prefix, after):
            if len(found) == (limit or PAGE):
                return Response({"keys": found, "next": found[-1]})
            found.append(name)
        return listing(found)

    async def _list_detailed(self, request: Request, match: Match) -> Response:
        fields, prefix = Fields(request.data), folder(match.get("path", ""))
        names = await self._secrets.names(prefix, fields.text("after"), max(fields.integer("limit"), 0))
        names = [name for name in names if self._allowed(request, f"metadata/{prefix}{name}")]
        about = {name: await self._secrets.uncached(prefix + name) for name in names if not name.endswith("/")}
        return listing(names, {name: one.shown() for name, one in about.items() if one is not None})

    async def _search(self, request: Request, match: Match) -> Response:
        fields, prefix = Fields(request.data), folder(match.get("path", ""))
        wanted = fields.required("q").casefold()
        limit = max(fields.integer("limit"), 0) or PAGE
        found: dict[str, dict[str, Any]] = {}
        scanned, last = 0, ""
        async for name in self._below(request, prefix, fields.text("after")):
            if scanned == _SCANNED or len(found) == limit:
                return Response({"keys": list(found), "key_info": found, "next": last})
            scanned, last = scanned + 1, name
            metadata = await self._secrets.uncached(prefix + name)
            if metadata is not None and (wanted in (prefix + name).casefold() or _mentions(metadata, wanted)):
                found[name] = {
                    "current_version": metadata.current,
                    "custom_metadata": metadata.custom,
                    "updated_time": metadata.updated,
                }
        return Response({"keys": list(found), "key_info": found})

    async def _below(self, request: Request, prefix: str, after: str) -> AsyncIterator[str]:
        """The names of all secrets in a folder and its folders that may be seen, sorted, behind `after`."""
        levels = _levels(after)
        while levels:
            level = levels[-1]
            if level.names:
                name = level.names.pop()
                if name.endswith("/"):
                    levels.append(_Level(level.folder + name))
                elif level.listed and self._allowed(request, f"metadata/{prefix}{level.folder}{name}"):
                    yield level.folder + name
            elif level.behind is None:
                levels.pop()
            else:
                names = await self._secrets.names(prefix + level.folder, level.behind, _BATCH)
                level.behind = names[-1] if len(names) == _BATCH else None
                level.names = names[::-1]
                level.listed = self._allowed(request, f"metadata/{prefix}{level.folder}")
                await asyncio.sleep(0)


@dataclass(slots=True)
class _Level:
    """A folder on the way down: the names still to be seen, last first, and behind which one there may be more."""

    folder: str
    behind: str | None = ""
    names: list[str] = field(default_factory=list)
    listed: bool = False


def _levels(after: str) -> list[_Level]:
    levels, folder = [], ""
    *folders, name = after.split("/")
    for each in folders:
        levels.append(_Level(folder, each + "/"))
        folder += each + "/"
    return [*levels, _Level(folder, name)]


def _everything(_request: Request, _path: str) -> bool:
    return True


def _mentions(metadata: Metadata, wanted: str) -> bool:
    return any(wanted in text.casefold() for pair in (metadata.custom or {}).items() for text in pair)
