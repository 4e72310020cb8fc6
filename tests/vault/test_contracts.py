"""Routes, fields and durations: what every engine stands on."""

import pytest

from stratumiops.vault import clock, durations
from stratumiops.vault.backend import Route, Routes
from stratumiops.vault.errors import BadRequest
from stratumiops.vault.fields import Fields


@pytest.mark.parametrize(
    ("value", "seconds"),
    [(90, 90), ("90", 90), ("90s", 90), ("1h30m", 5400), ("2d", 172_800), ("", 0), ("1.5m", 90), ("1500ms", 1)],
)
def test_durations(value: object, seconds: int) -> None:
    assert durations.parse(value, "ttl") == seconds


@pytest.mark.parametrize("value", [-1, "-1s", "-", "1x", "soon", True, [], {}, "9" * 40, 1e300])
def test_what_is_no_duration(value: object) -> None:
    with pytest.raises(BadRequest, match="'ttl'"):
        durations.parse(value, "ttl")


def test_durations_in_go_form() -> None:
    assert [durations.in_go_form(value) for value in (0, 1800, 259_200, 3_661)] == ["0s", "30m0s", "72h0m0s", "1h1m1s"]


def test_instants() -> None:
    assert clock.rfc3339(1_700_000_000.25) == "2023-11-14T22:13:20.250000000Z"


def test_routes_by_path() -> None:
    routes = Routes([Route("keys/{name}"), Route("keys/{name}/config"), Route("data/{path*}"), Route("{path*}")])
    assert [match for _, match in routes.find("keys/a/config")] == [{"name": "a"}, {"path": "keys/a/config"}]
    assert [route.template for route, _ in routes.find("data/a/b")] == ["data/{path*}", "{path*}"]
    assert [route.template for route, _ in routes.find("data/")] == ["{path*}"]


def test_fields_are_read_leniently_and_checked() -> None:
    fields = Fields({"a": "x", "n": "5", "l": "a, b", "t": "true", "d": "1h", "z": None, "b": "aGk="})
    assert (fields.text("a"), fields.integer("n"), fields.strings("l"), fields.boolean("t")) == (
        "x",
        5,
        ["a", "b"],
        True,
    )
    assert (fields.duration("d"), fields.text("z", "none"), fields.bytes("b")) == (3600, "none", b"hi")
    bad = Fields({"a": [1], "n": "x", "l": {}, "t": 3, "m": "x", "b": "?", "big": 1 << 64})
    for read, name in (
        (bad.text, "a"), (bad.integer, "n"), (bad.strings, "l"), (bad.boolean, "t"), (bad.mapping, "m"),
        (bad.bytes, "b"), (bad.integer, "big"),
    ):  # fmt: skip
        with pytest.raises(BadRequest):
            read(name)
