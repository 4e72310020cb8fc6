"""The load generator: closed-loop HTTP/1.1 clients on keep-alive connections, in a process of their own.

One job a line on standard input, one result a line on standard output, both JSON. A client sends its next
request when the answer to the last one has arrived whole. Responses are counted, not parsed: a status other
than 200 (or another start of it that the job names) or a body that mentions errors in its first or last bytes counts
as failed. CPU seconds of the processes named in the job are read here, at the ends of the measured window.
"""

import asyncio
import json
import resource
import sys
import time
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle
from typing import Any

import psutil
import uvloop

_EDGE = 300
_STALL_S = 30.0


@dataclass
class Window:
    """What is counted between `start` and `end`, in seconds of the monotonic clock."""

    start: float
    end: float
    latencies: list[float] = field(default_factory=list)
    failed: int = 0
    received: int = 0
    example: str = ""


class Client(asyncio.Protocol):
    """One connection."""

    def __init__(self, requests: Any, window: Window, done: asyncio.Future[None], status: bytes) -> None:
        self._requests = requests
        self._window = window
        self._done = done
        self._status = status
        self._transport: Any = None
        self._sent = 0.0
        self._begin_answer()

    def _begin_answer(self) -> None:
        self._head = b""
        self._remaining = -1  # body bytes still to come; -1: in the head; -2: chunked
        self._tail = b""
        self._start_of_body = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._done.done():
            self._done.set_exception(exc or ConnectionError("the server closed the connection"))

    def _send(self) -> None:
        self._sent = time.perf_counter()
        self._transport.write(next(self._requests))

    def data_received(self, data: bytes) -> None:
        self._window.received += len(data)
        if self._remaining == -1:
            data = self._head + data
            end = data.find(b"\r\n\r\n")
            if end < 0:
                self._head = data
                return
            self._head, data = data[:end].lower(), data[end + 4 :]
            at = self._head.find(b"content-length:")
            self._remaining = int(self._head[at + 15 :].split(b"\r", 1)[0]) if at >= 0 else -2
            if at < 0 and self._head[9:12] == b"204":
                self._remaining = 0
            self._start_of_body = data[:_EDGE]
        self._tail = (self._tail + data)[-_EDGE:]
        if self._remaining == -2:
            complete = self._tail.endswith(b"0\r\n\r\n")
        else:
            self._remaining -= len(data)
            complete = self._remaining <= 0
        if complete:
            self._answered()

    def _answered(self) -> None:
        now = time.perf_counter()
        window = self._window
        if window.start <= self._sent and now <= window.end:
            window.latencies.append(now - self._sent)
        elif window.start <= now <= window.end:
            window.latencies.append(now - window.start)
        if (
            not self._head.startswith(self._status, 8)
            or b'"errors"' in self._start_of_body
            or b'"errors"' in self._tail
        ):
            window.failed += 1
            window.example = (self._head[:60] + b" " + self._start_of_body).decode("utf-8", "replace")
        self._begin_answer()
        if now < window.end:
            self._send()
        elif not self._done.done():
            self._done.set_result(None)
            self._transport.close()


def _cpu(pids: list[int]) -> float:
    total = 0.0
    for pid in pids:
        times = psutil.Process(pid).cpu_times()
        total += times.user + times.system
    return total


def _own_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _requests(job: dict[str, Any]) -> list[bytes]:
    """Those of the job: `requests` as method, path and body, or POST of `bodies` to `path`."""
    json_type = "application/json"
    head = f"Host: 127.0.0.1:{job['port']}\r\nContent-Type: {json_type}\r\nAccept: {json_type}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in job.get("headers", {}).items())
    asked = job.get("requests") or [("POST", job["path"], body) for body in job["bodies"]]
    return [_request(method, path, head, body.encode()) for method, path, body in asked]


def _request(method: str, path: str, head: str, body: bytes) -> bytes:
    length = f"Content-Length: {len(body)}\r\n" if body else ""
    return f"{method} {path} HTTP/1.1\r\n{head}{length}\r\n".encode() + body


async def run(job: dict[str, Any]) -> dict[str, Any]:
    """Drive one server for `warmup_s` and then `seconds`; figures of the latter only."""
    loop = asyncio.get_running_loop()
    start = time.perf_counter() + job["warmup_s"]
    window = Window(start, start + job["seconds"])
    requests = cycle(_requests(job))
    done = []
    status = job.get("status", " 200").encode()
    for _ in range(job["connections"]):
        future: asyncio.Future[None] = loop.create_future()
        done.append(future)
        client = partial(Client, requests, window, future, status)
        await loop.create_connection(client, "127.0.0.1", job["port"])
    await asyncio.sleep(max(0.0, window.start - time.perf_counter()))
    before = {name: _cpu(pids) for name, pids in job["pids"].items()}
    own = _own_cpu()
    await asyncio.sleep(max(0.0, window.end - time.perf_counter()))
    after = {name: _cpu(pids) for name, pids in job["pids"].items()}
    own = _own_cpu() - own
    await asyncio.wait_for(asyncio.gather(*done), _STALL_S)
    return {
        "requests": len(window.latencies),
        "seconds": job["seconds"],
        "failed": window.failed,
        "example": window.example,
        "bytes": window.received,
        "latencies_ms": _quantiles(window.latencies),
        "cpu_s": {name: after[name] - before[name] for name in before},
        "generator_cpu_s": own,
    }


def _quantiles(latencies: list[float]) -> dict[str, float]:
    if not latencies:
        return {}
    ordered = sorted(latencies)
    return {
        name: ordered[int(len(ordered) * part)] * 1000 for name, part in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
    }


def main() -> None:
    """Work through the jobs on standard input."""
    for line in sys.stdin:
        result = uvloop.run(run(json.loads(line)))
        sys.stdout.write(json.dumps(result) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
