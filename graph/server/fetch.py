"""One run of downloads over eight threads."""

import hashlib
import os
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from threading import Event, Lock

import httpx

from stratumiops.graph.errors import Unavailable
from stratumiops.graph.server.cache import JarCache
from stratumiops.graph.server.jars import Jar

THREADS = 8
_ATTEMPTS = 3
_BACK_OFF_S = 0.5
_TIMEOUT_S = 30.0
_CHUNK = 1 << 18


class _WrongContentError(Exception):
    """What arrived is not the pinned file."""


class Fetch:
    """Fetch the wanted files into the cache; the first failure ends the others."""

    def __init__(
        self,
        cache: JarCache,
        base: str,
        wanted: Sequence[Jar],
        progress: Callable[[int, int], None] | None,
        stop: Event,
    ) -> None:
        self._cache = cache
        self._base = base
        self._wanted = sorted(wanted, key=lambda jar: jar.size, reverse=True)
        self._progress = progress
        self._stop = stop
        self._failed = Event()
        self._counted = Lock()
        self._done = 0
        self._total = sum(jar.size for jar in wanted)

    def run(self) -> None:
        """Return when every wanted file is in its place.

        Raises:
            Unavailable: see `download.ensure_jars`.
        """
        limits = httpx.Limits(max_connections=THREADS, max_keepalive_connections=THREADS)
        headers = {"Accept-Encoding": "identity"}
        with (
            httpx.Client(timeout=_TIMEOUT_S, limits=limits, headers=headers, follow_redirects=True) as client,
            ThreadPoolExecutor(THREADS, thread_name_prefix="fetch") as pool,
        ):
            futures = [pool.submit(self._fetch, client, jar) for jar in self._wanted]
            done, waiting = wait(futures, return_when=FIRST_EXCEPTION)
            if waiting:
                self._failed.set()
                pool.shutdown(cancel_futures=True)
            for future in done:
                future.result()
        if self._stop.is_set():
            raise Unavailable("the download of Neo4j was stopped", hint="the next start goes on from here")

    def _fetch(self, client: httpx.Client, jar: Jar) -> None:
        for attempt in range(_ATTEMPTS):
            if attempt and self._ended_within(_BACK_OFF_S * 2**attempt):
                return
            try:
                self._fetch_once(client, jar)
            except (httpx.TransportError, httpx.HTTPStatusError, _WrongContentError) as error:
                if attempt == _ATTEMPTS - 1 or not _worth_another_try(error):
                    raise self._explained(jar, error) from error
            else:
                return

    def _fetch_once(self, client: httpx.Client, jar: Jar) -> None:
        final = self._cache.path(jar)
        part = final.with_name(f"{final.name}.{os.getpid()}.part")
        digest = hashlib.sha256()
        received = 0
        try:
            with client.stream("GET", f"{self._base}/{jar.path}") as response, part.open("wb") as file:
                response.raise_for_status()
                for chunk in response.iter_bytes(_CHUNK):
                    received += len(chunk)
                    self._count(len(chunk))
                    if self._ended_within(0) or received > jar.size:
                        break
                    digest.update(chunk)
                    file.write(chunk)
            if self._ended_within(0):
                return
            if digest.hexdigest() != jar.sha256:
                raise _WrongContentError(f"{received:,} bytes came, with another sha256 than the pinned one")
            part.replace(final)
            received = 0
        finally:
            part.unlink(missing_ok=True)
            self._count(-received)

    def _count(self, size: int) -> None:
        if size and self._progress:
            with self._counted:
                self._done += size
                self._progress(self._done, self._total)

    def _ended_within(self, seconds: float) -> bool:
        return (self._stop.wait(seconds) if seconds else self._stop.is_set()) or self._failed.is_set()

    def _explained(self, jar: Jar, error: Exception) -> Unavailable:
        match error:
            case httpx.HTTPStatusError(response=response):
                reason = f"{self._base} answered {response.status_code} for {jar.path}"
            case _WrongContentError():
                reason = f"{self._base}/{jar.path} is damaged: {error}"
            case _:
                reason = f"{self._base} cannot be reached ({error or type(error).__name__})"
        missing = len(self._cache.wrong_size())
        return Unavailable(
            f"{missing} of the {len(self._cache.lock.jars)} files of Neo4j are still missing: {reason}",
            hint="connect to the network (HTTPS_PROXY is honoured), or name a mirror of Maven Central with "
            "STRATUMIOPS_MAVEN, or a running server with NEO4J_URI",
        )


def _worth_another_try(error: Exception) -> bool:
    match error:
        case httpx.ConnectError() | httpx.ProxyError() | httpx.UnsupportedProtocol():
            return False
        case httpx.HTTPStatusError(response=response):
            return response.status_code >= 500 or response.status_code == 429
        case _:
            return True
