"""What a node says of a request or an answer, and the bytes that its chain is over."""

from collections.abc import Mapping
from typing import Any, Final

import orjson

from stratumiops.vault.audit.chain import Head, Sealed, link

Node = dict[str, Any]
_LONGEST: Final = 1_500
"""Characters of a text: a property of more than 8,000 bytes cannot be indexed."""
_SEALS: Final = frozenset({"seq", "hash", "prev"})


def node_of(line: bytes, device: str, previous_at: str) -> Node:
    """A node without its seal, of a line that has metadata only.

    Args:
        device: the id of the device.
        previous_at: when the line before was written; "": there is none, or it is lost.
    """
    entry = orjson.loads(line)
    request, auth = entry.get("request") or {}, entry.get("auth") or {}
    given = auth if auth.get("accessor") else (entry.get("response") or {}).get("auth") or {}
    error = entry.get("error")
    found = {
        "device": device,
        "at": f"{entry['time'][:26]}Z",
        "previous_at": previous_at,
        "kind": entry["type"],
        "operation": request.get("operation", ""),
        "path": request.get("path", ""),
        "namespace": (request.get("namespace") or {}).get("path", ""),
        "request_id": request.get("id"),
        "mount": request.get("mount_point"),
        "mount_type": request.get("mount_type"),
        "remote_address": request.get("remote_address") or None,
        "accessor": given.get("accessor") or None,
        "display_name": given.get("display_name") or None,
        "policies": list(given.get("policies") or ()),
        "allowed": (auth.get("policy_results") or {}).get("allowed", error is None),
        "error": error,
    }
    return {name: _short(value) for name, value in found.items() if value is not None}


def marker(event: str, at: str, device: str, previous_at: str, path: str) -> Node:
    """The node that begins a chain (`started`), or goes on where lines are missing or changed (`continued`)."""
    return {
        "device": device,
        "at": f"{at[:26]}Z",
        "previous_at": previous_at,
        "kind": "chain",
        "operation": event,
        "path": f"sys/audit/{path.rstrip('/')}",
        "namespace": "",
        "policies": [],
        "allowed": True,
    }


def seal(node: Node, key: bytes, before: Head) -> tuple[Node, Head]:
    """The node with number, hash and id, and the head that it makes."""
    seq = before.seq + 1
    whole = node | {"id": f"{node['device']}-{seq:015d}"}
    head = Head(seq, link(key, before.chain, _body(whole, seq)))
    return whole | {"seq": seq, "prev": before.chain.hex(), "hash": head.chain.hex()}, head


def sealed(node: Mapping[str, Any]) -> Sealed | None:
    """A node as it is read back, taken apart; None: it is no node of a device."""
    seq, chain = node.get("seq"), _bytes(node.get("hash"))
    if not isinstance(seq, int) or chain is None:
        return None
    try:
        return Sealed(Head(seq, chain), _body({name: node[name] for name in node.keys() - _SEALS}, seq))
    except (orjson.JSONEncodeError, TypeError):
        return None


def previous(node: Mapping[str, Any]) -> bytes | None:
    """The hash before it, as the node says."""
    return _bytes(node.get("prev"))


def _body(node: Node, seq: int) -> bytes:
    """The same bytes for the same properties, in whichever order they come back."""
    return b'%b,"seq":%d' % (orjson.dumps(node, option=orjson.OPT_SORT_KEYS)[:-1], seq)


def _bytes(value: Any) -> bytes | None:
    try:
        found = bytes.fromhex(value)
    except (TypeError, ValueError):
        return None
    return found if len(found) == 32 else None


def _short(value: Any) -> Any:
    return value[:_LONGEST] if isinstance(value, str) else value
