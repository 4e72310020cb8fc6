"""The circumstances of a request, as Cedar policies see them."""

import ipaddress
import time
from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields


def context(
    *, at: float, address: str, mfa: bool, namespace: str, wrap_ttl: int | None, parameters: Iterable[str]
) -> dict[str, Any]:
    """The context of a request.

    Args:
        at: seconds since 1970.
        address: of the client; one that is none is left out.
    """
    found: dict[str, Any] = {
        "time": _time(int(at)),
        "mfa": mfa,
        "namespace": namespace,
        "wrap_ttl": wrap_ttl or 0,
        "parameters": list(parameters),
    }
    ip = _address(address)
    if ip:
        found["ip"] = {"__extn": {"fn": "ip", "arg": ip}}
    return found


def changed(found: dict[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    """A context with some of it replaced, to ask what would be: `time` (seconds since 1970), `ip`, `mfa`, `namespace`,
    `wrap_ttl`, `parameters`.

    Raises:
        BadRequest: an override is none of these, or of a wrong type.
    """
    fields = Fields(overrides)
    for name in overrides:
        if name == "time":
            found["time"] = _time(fields.integer("time"))
        elif name == "ip":
            ip = _address(fields.text("ip"))
            if not ip:
                raise BadRequest("context: ip is no address")
            found["ip"] = {"__extn": {"fn": "ip", "arg": ip}}
        elif name == "mfa":
            found["mfa"] = fields.boolean("mfa")
        elif name == "namespace":
            found["namespace"] = fields.text("namespace")
        elif name == "wrap_ttl":
            found["wrap_ttl"] = fields.duration("wrap_ttl")
        elif name == "parameters":
            found["parameters"] = fields.strings("parameters")
        else:
            raise BadRequest(f"context: {name[:64]} is none of time, ip, mfa, namespace, wrap_ttl, parameters")
    return found


def encoded(found: Mapping[str, Any]) -> str:
    """A context in Cedar's JSON."""
    return orjson.dumps(found).decode()


def _time(at: int) -> dict[str, int]:
    if not 0 <= at < 1 << 37:
        raise BadRequest("context: time is out of range")
    moment = time.gmtime(at)
    return {"unix": at, "hour": moment.tm_hour, "minute": moment.tm_min, "weekday": moment.tm_wday + 1}


def _address(text: str) -> str:
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return str(mapped or found)
