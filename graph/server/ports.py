"""Free ports on loopback."""

import socket

from stratumiops.graph.errors import Unavailable

_SEARCHED = 200
HIGHEST = 32767
"""Above, the kernel hands ports to clients (Linux: 32768 to 60999)."""


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen there now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError:
            return False
    return True


def answers(port: int, host: str = "127.0.0.1", timeout_s: float = 0.5) -> bool:
    """Whether something accepts connections there."""
    try:
        with socket.create_connection((host, port), timeout=timeout_s):
            return True
    except OSError:
        return False


def holder(port: int) -> str | None:
    """The program that listens there, as far as this user may know: `name (pid 123)`."""
    import psutil

    try:
        for connection in psutil.net_connections(kind="tcp"):
            at_port = connection.laddr and connection.laddr.port == port
            if at_port and connection.status == psutil.CONN_LISTEN and connection.pid:
                return f"{psutil.Process(connection.pid).name()} (pid {connection.pid})"
    except (psutil.AccessDenied, psutil.NoSuchProcess):
        return None
    return None


def free_port(wanted: int) -> int:
    """The wanted port, or the next free one above it.

    Raises:
        Unavailable: none of the next 200 is free.
    """
    for port in range(wanted, wanted + _SEARCHED):
        if is_free(port):
            return port
    raise Unavailable(f"no free port from {wanted} to {wanted + _SEARCHED - 1} on 127.0.0.1")
