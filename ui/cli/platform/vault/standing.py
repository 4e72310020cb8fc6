"""How a vault stands: asked over its API, without a token."""

import http.client
import json
import socket
import ssl
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

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
    over_tls = False
    try:
        connection.connect()
        over_tls = address.scheme == "https"
        connection.request("GET", _HEALTH)
        found = json.loads(connection.getresponse().read(_LARGEST))
    except (ssl.SSLError, ConnectionError):  # who wants a certificate hangs up after the handshake
        return Standing(State.RUNNING) if over_tls else None
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()
    return _standing(found) if isinstance(found, dict) else None


def mistrust(where: Address, ca_cert: Path | None) -> str:
    """Why a certificate is not trusted; "": it is.

    Args:
        ca_cert: the authority to trust; None: those of the system.
    """
    try:
        context = ssl.create_default_context(cafile=ca_cert)
        with (
            socket.create_connection((where.reached_by, where.port), timeout=_ANSWER_S) as plain,
            context.wrap_socket(plain, server_hostname=where.reached_by),
        ):
            return ""
    except ssl.SSLCertVerificationError as error:
        return error.verify_message
    except OSError as error:
        return error.strerror or str(error)


def _standing(found: dict[str, object]) -> Standing | None:
    problems = found.get("problems") or found.get("errors")  # errors: not even this question could go on record
    if "sealed" not in found:
        return Standing(State.FAILING, _texts(problems)) if problems else None
    if not found.get("initialized"):
        return Standing(State.UNINITIALIZED)
    if found["sealed"]:
        return Standing(State.SEALED)
    return Standing(State.FAILING, _texts(problems)) if problems else Standing(State.READY)


def _texts(problems: object) -> tuple[str, ...]:
    return tuple(str(one)[:300] for one in problems) if isinstance(problems, list) else ()


def _connection(address: Address) -> http.client.HTTPConnection:
    if address.scheme == "http":
        return http.client.HTTPConnection(address.reached_by, address.port, timeout=_ANSWER_S)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return http.client.HTTPSConnection(address.reached_by, address.port, timeout=_ANSWER_S, context=context)
