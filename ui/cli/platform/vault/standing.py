"""How a vault stands: asked over its API, without a token."""

import http.client
import json
import ssl
from dataclasses import dataclass
from enum import StrEnum

from stratumiops.ui.cli.platform.api import Address

_ANSWER_S = 2.0
_HEALTH = "/v1/sys/health?uninitcode=200&sealedcode=200"
_LARGEST = 65_536


class State(StrEnum):
    """What a vault can do."""

    READY = "ready"
    SEALED = "sealed"
    UNINITIALIZED = "uninitialized"
    FAILING = "failing"
    """It refuses what is asked, for instance because no audit device can be written."""
    RUNNING = "running"
    """It speaks only to clients with a certificate, which this program has none of."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One answer of a vault."""

    state: State
    problems: tuple[str, ...] = ()

    def advice(self, url: str) -> str | None:
        """What somebody should do next; None: nothing."""
        command = f"VAULT_ADDR={url} svault operator"
        match self.state:
            case State.UNINITIALIZED:
                return f"initialise it, and keep the shares apart: `{command} init`"
            case State.SEALED:
                return f"unseal it, once for each share: `{command} unseal`"
            case State.FAILING:
                return f"{', '.join(self.problems)}; see `stratumiops logs vault`"
            case _:
                return None


def ask(address: Address) -> Standing | None:
    """One question; None: nothing answers as a vault does.

    A certificate is not checked: nothing secret is sent, and `doctor` says whether it can be trusted.
    """
    connection = _connection(address)
    try:
        connection.request("GET", _HEALTH)
        found = json.loads(connection.getresponse().read(_LARGEST))
    except ssl.SSLError as error:
        return Standing(State.RUNNING) if "CERTIFICATE_REQUIRED" in (error.reason or "") else None
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()
    return _standing(found) if isinstance(found, dict) and "sealed" in found else None


def _standing(found: dict[str, object]) -> Standing:
    problems = found.get("problems")
    if not found.get("initialized"):
        return Standing(State.UNINITIALIZED)
    if found["sealed"]:
        return Standing(State.SEALED)
    if isinstance(problems, list) and problems:
        return Standing(State.FAILING, tuple(str(one) for one in problems))
    return Standing(State.READY)


def _connection(address: Address) -> http.client.HTTPConnection:
    if address.scheme == "http":
        return http.client.HTTPConnection(address.reached_by, address.port, timeout=_ANSWER_S)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return http.client.HTTPSConnection(address.reached_by, address.port, timeout=_ANSWER_S, context=context)
