"""The description of the API (OpenAPI 3.0.2) that the routes of mounts make of themselves."""

import inspect
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from stratumiops.vault.backend import JSON, Handler, Route
from stratumiops.vault.core.mounted import Mounted
from stratumiops.vault.core.mounts import is_own
from stratumiops.vault.request import Operation, Response

MERGE_PATCH: Final = "application/merge-patch+json"
_PLACE: Final = re.compile(r"\{(\w+)\*?\}")
_METHODS: Final = {
    "get": (Operation.READ, Operation.LIST), "post": (Operation.UPDATE,), "patch": (Operation.PATCH,),
    "delete": (Operation.DELETE,),
}  # fmt: skip
_VERBS: Final = {"get": "read", "post": "write", "patch": "patch", "delete": "delete"}
_REFUSALS: Final = {
    400: "Malformed: a field, a value or the body cannot be.",
    403: "No token, no good one, or a policy refuses.",
    404: "Nothing is there.",
    413: "The body is larger than 32 MiB.",
    415: "The body is of another content type.",
    429: "A quota is used up.",
    500: "It failed; with auditing, also when no audit device can be written.",
    503: "The vault is sealed.",
}
_ANSWERS: Final = {
    200: "OK", 201: "Made.", 202: "It goes on in the background.", 204: "Done; there is no body.",
    401: "It is not answered here.", 409: "It is there already.",
}  # fmt: skip
_TAGS: Final = {"system": "system", "identity": "identity"}


def document(mounts: Iterable[Mounted], version: str, *, generic: bool = False) -> dict[str, Any]:
    """What these mounts offer; `generic`: with a place in the path for where each is mounted."""
    paths: dict[str, dict[str, Any]] = {}
    taken: set[str] = set()
    for mounted in mounts:
        mount = mounted.mount
        tag = "auth" if mount.path.startswith("auth/") else _TAGS.get(mount.kind, "secrets")
        begin, more = _generic(mount.path) if generic and not is_own(mount.path) else (mount.path, [])
        for path, routes in _by_path(mounted).items():
            item = paths[f"/{begin}{path}"] = _item(mount.path, path, routes, tag, taken)
            if more:
                item["parameters"] = item.get("parameters", []) + more
    return {
        "openapi": "3.0.2",
        "info": {
            "title": "SecretumVault API",
            "description": "HTTP API of a secrets server. All paths begin with `/v1/`.",
            "version": version,
        },
        "servers": [{"url": "/v1"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": {"Errors": _ERRORS},
            "responses": {str(status): _refusal(text) for status, text in _REFUSALS.items()},
            "securitySchemes": {"token": {"type": "apiKey", "in": "header", "name": "X-Vault-Token"}},
        },
    }


def _generic(path: str) -> tuple[str, list[dict[str, Any]]]:
    """`auth/{approle_mount_path}/` for `auth/approle/`, and the parameter that this makes."""
    begin = "auth/" if path.startswith("auth/") else ""
    name = path[len(begin) : -1]
    schema = {"type": "string", "default": name}
    parameter = {"name": f"{name}_mount_path", "in": "path", "required": True, "schema": schema}
    return f"{begin}{{{name}_mount_path}}/", [parameter]


_ERRORS: Final = {
    "type": "object",
    "properties": {"errors": {"type": "array", "items": {"type": "string"}}},
}


def _refusal(text: str) -> dict[str, Any]:
    return {"description": text, "content": {JSON: {"schema": {"$ref": "#/components/schemas/Errors"}}}}


def _by_path(mounted: Mounted) -> dict[str, list[Route]]:
    found: dict[str, list[Route]] = {}
    for route in mounted.backend.declared:
        if route.described:
            found.setdefault(_PLACE.sub(r"{\1}", route.template), []).append(route)
    return found


def _item(mount: str, path: str, routes: list[Route], tag: str, taken: set[str]) -> dict[str, Any]:
    item: dict[str, Any] = {}
    names = _PLACE.findall(path)
    if names:
        item["parameters"] = [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names
        ]
    if any(route.sudo for route in routes):
        item["x-vault-sudo"] = True
    if any(route.public for route in routes):
        item["x-vault-unauthenticated"] = True
    if any(route.exists for route in routes):
        item["x-vault-createSupported"] = True
    for method in _METHODS:
        answering = list(_answering(routes, method))
        if answering:
            item[method] = _operation(method, answering)
            item[method] |= {"operationId": _id(f"{_VERBS[method]}-{mount}{path}", taken), "tags": [tag]}
    return item


def _answering(routes: list[Route], method: str) -> Iterator[tuple[Operation, Route, Handler]]:
    """For each operation of a method the first route that knows it, as requests find it."""
    for operation in _METHODS[method]:
        for route in routes:
            handler = route.handler(operation)
            if handler is not None:
                yield operation, route, handler
                break


def _operation(method: str, answering: list[tuple[Operation, Route, Handler]]) -> dict[str, Any]:
    found: dict[str, Any] = {"responses": {}}
    operations = {operation for operation, _, _ in answering}
    if Operation.LIST in operations:
        found["parameters"] = [_list_parameter(required=Operation.READ not in operations)]
    route = answering[0][1]
    if method in ("post", "patch"):
        takes = MERGE_PATCH if method == "patch" else route.takes
        found["requestBody"] = {"content": {takes: {"schema": _schema(takes)}}}
    if route.public:
        found["security"] = []
    if route.sudo:
        found["x-vault-sudo"] = True
    kinds: dict[int, set[str]] = {}
    for _, one, handler in answering:
        for status, kind in (one.answers or _usual(handler)).items():
            kinds.setdefault(status, set()).add(kind)
    for status in _REFUSALS:
        if status in kinds:
            kinds[status].add(JSON)
        elif status != 415 or method == "patch":
            found["responses"][str(status)] = {"$ref": f"#/components/responses/{status}"}
    found["responses"] |= {str(status): _answer(status, kinds[status]) for status in kinds}
    return found


def _list_parameter(*, required: bool) -> dict[str, Any]:
    """`?list=true` stands for the method LIST, which OpenAPI has no place for."""
    return {"name": "list", "in": "query", "required": required, "schema": {"type": "string", "enum": ["true"]}}


def _usual(handler: Handler) -> dict[int, str]:
    """The content types of answers by status, by what the handler says that it returns."""
    returned = inspect.signature(handler).return_annotation
    if returned is None:
        return {204: ""}
    return {200: JSON, 204: ""} if returned == Response | None else {200: JSON}


def _answer(status: int, kinds: set[str]) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": _ANSWERS.get(status, _REFUSALS.get(status, "As it was asked for."))}
    content = {kind: {"schema": _schema(kind)} for kind in sorted(kinds) if kind}
    return answer | ({"content": content} if content else {})


def _schema(kind: str) -> dict[str, Any]:
    return {"type": "object"} if "json" in kind else {"type": "string", "format": "binary"}


def _id(text: str, taken: set[str]) -> str:
    """An id of words and hyphens that no other operation has."""
    words = "-".join(re.findall(r"[A-Za-z0-9]+", text))
    made, number = words, 2
    while made in taken:
        made, number = f"{words}-{number}", number + 1
    taken.add(made)
    return made
