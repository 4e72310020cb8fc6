"""Pages of the names below a kv mount."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from stratumiops.graph.errors import BadInput, NotFound
from stratumiops.resolvers.rules import cursors
from stratumiops.resolvers.vault.errors import not_offered
from stratumiops.resolvers.vault.paths import clean_path
from stratumiops.resolvers.vault.secret_paths import secret_at
from stratumiops.resolvers.vault.session import Mount, Vault
from stratumiops.schema.vault.pages import Page, page_of
from stratumiops.schema.vault.secrets import Secret


@dataclass(frozen=True, slots=True)
class Names:
    """Names below a folder, sorted, one more than the page has when there are more; or where to go on."""

    names: Sequence[str]
    next: str | None = None


async def secret_page(
    vault: Vault, mount: str, path: str, *, recursive: bool, search: str | None, first: int, after: str | None
) -> Page[Secret]:
    """The names below a folder; recursive, or with a search: of all secrets in it and its folders.

    Raises:
        BadInput: it is no kv mount, or it does not offer that.
        StratumError: the vault refuses.
    """
    folder = _folder(path)
    (last,) = cursors.decode(after, str) if after else ("",)
    where = await vault.mount(mount, "kv")
    if search:
        found = await _searched(vault, where, folder, search, first, last)
    elif recursive:
        found = await _below(vault, where, folder, first, last)
    else:
        found = await _listed(vault, where, folder, first, last)
    shown = [secret_at(vault, where, folder + name) for name in found.names[:first]]
    more = found.next is not None or len(found.names) > first
    return page_of(
        shown,
        lambda one: cursors.encode(one.path.removeprefix(folder)),
        more=more,
        after=bool(after),
        end=None if found.next is None else cursors.encode(found.next),
    )


async def holds(vault: Vault, mount: Mount, path: str) -> bool:
    """Whether a folder, or a secret of kv 1, is there: its value is not asked for."""
    if path.endswith("/"):
        return bool((await vault.names(_list_path(mount, path), limit=1)).get("keys"))
    folder = path[: path.rfind("/") + 1]
    return path.removeprefix(folder) in ((await vault.names(_list_path(mount, folder))).get("keys") or ())


def _folder(path: str) -> str:
    found = clean_path(path, "path", empty=True)
    return found if not found or found.endswith("/") else found + "/"


def _list_path(mount: Mount, folder: str) -> str:
    return f"{mount.path}{'metadata/' if mount.version == 2 else ''}{folder}"


async def _listed(vault: Vault, mount: Mount, folder: str, first: int, after: str) -> Names:
    said = await vault.names(_list_path(mount, folder), after=after or None, limit=first + 1)
    return Names(sorted(name for name in _keys(said) if name > after)[: first + 1])


async def _below(vault: Vault, mount: Mount, folder: str, first: int, after: str) -> Names:
    _needs_version_2(mount, "recursive")
    query = {"recursive": "true", "after": after or None, "limit": first}
    said = await vault.names(_list_path(mount, folder), **query)
    if any(name.endswith("/") for name in _keys(said)):
        raise not_offered("recursive lists")
    return Names(_keys(said)[:first], said.get("next"))


async def _searched(vault: Vault, mount: Mount, folder: str, search: str, first: int, after: str) -> Names:
    _needs_version_2(mount, "search")
    try:
        place = f"{mount.path}search/{folder}".removesuffix("/")
        said = await vault.read(place, q=search, after=after or None, limit=first)
    except NotFound:
        raise not_offered("searches") from None
    return Names(_keys(said)[:first], said.get("next"))


def _needs_version_2(mount: Mount, field: str) -> None:
    if mount.version == 1:
        raise BadInput(f"{mount.path} is a mount of kv 1, which only lists folder by folder.", field=field)


def _keys(said: dict[str, Any]) -> list[str]:
    return [str(one) for one in said.get("keys") or ()]
