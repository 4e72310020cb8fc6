"""Property values as JSON and back, without loss.

What JSON knows is written as it is: text, booleans, integers, finite floats, lists of these. Anything else is
an object with one key that starts with `$`, which no property can be: Neo4j stores no maps.
"""

import base64
import math
from collections.abc import Callable, Mapping
from typing import Any, cast

from neo4j.spatial import Point
from neo4j.time import Date, DateTime, Duration, Time
from neo4j.vector import Vector

from stratumiops.graph.errors import StratumError

_PLAIN = (str, bool, int)


def encode(properties: Mapping[str, Any]) -> dict[str, Any]:
    """The properties of one node or relationship, ready for JSON."""
    return {name: _encoded(value) for name, value in properties.items()}


def decode(properties: Mapping[str, Any]) -> dict[str, Any]:
    """The inverse of `encode`."""
    return {name: _decoded(value) for name, value in properties.items()}


def _encoded(value: Any) -> Any:
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {"$float": repr(value)}
    if isinstance(value, list):
        return value if _is_plain(value) else [_encoded(item) for item in value]
    return _tagged(value)


def _is_plain(items: list[Any]) -> bool:
    """A list that JSON takes as it is; looked at as a whole because embeddings are long."""
    if not items or isinstance(items[0], _PLAIN):
        return True
    return isinstance(items[0], float) and all(map(math.isfinite, items))


def _tagged(value: Any) -> dict[str, Any]:
    for kind, tag, written in _WRITTEN:
        if isinstance(value, kind):
            return {tag: written(value)}
    raise StratumError(f"a property has a value of type {type(value).__name__}, which no backup holds")


def _decoded(value: Any) -> Any:
    if isinstance(value, list):
        return [_decoded(item) for item in value] if any(type(item) is dict for item in value) else value
    if isinstance(value, dict):
        ((tag, inner),) = value.items()
        return _READ[tag](inner)
    return value


def _from_datetime(value: DateTime) -> list[str | None]:
    zone = getattr(value.tzinfo, "zone", None)  # None for a mere offset, which the text carries
    return [value.replace(tzinfo=None).iso_format() if zone else value.iso_format(), zone]


def _to_datetime(parts: list[Any]) -> DateTime:
    import pytz  # type: ignore[import-untyped]  # the driver's own source of zones

    local, zone = parts
    instant = DateTime.from_iso_format(local)
    return instant if zone is None else cast("DateTime", pytz.timezone(zone).localize(instant))


def _to_point(parts: list[Any]) -> Point:
    srid, *coordinates = parts
    point = Point(coordinates)
    point.srid = srid
    return point


def _from_bytes(value: bytes | bytearray) -> str:
    return base64.b64encode(value).decode()


_WRITTEN: tuple[tuple[Any, str, Callable[[Any], Any]], ...] = (
    (bytes | bytearray, "$bytes", _from_bytes),
    (DateTime, "$datetime", _from_datetime),
    (Date, "$date", lambda value: value.iso_format()),
    (Time, "$time", lambda value: value.iso_format()),
    (Duration, "$duration", lambda v: [v.months, v.days, v.seconds, v.nanoseconds]),
    (Point, "$point", lambda value: [value.srid, *value]),
    (Vector, "$vector", lambda value: [value.dtype, _from_bytes(value.raw())]),
)
_READ: dict[str, Callable[[Any], Any]] = {
    "$bytes": base64.b64decode,
    "$float": float,
    "$datetime": _to_datetime,
    "$date": Date.from_iso_format,
    "$time": Time.from_iso_format,
    "$duration": lambda p: Duration(months=p[0], days=p[1], seconds=p[2], nanoseconds=p[3]),
    "$point": _to_point,
    "$vector": lambda p: Vector(base64.b64decode(p[1]), p[0]),
}
