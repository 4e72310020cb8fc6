"""Runs a vault: storage, core and HTTP, until it is told to stop."""

import asyncio
import logging
import resource
import signal
import ssl
import sys
from pathlib import Path
from typing import Any, Final

import structlog

from stratumiops.vault.config import Config, load
from stratumiops.vault.core.core import Core
from stratumiops.vault.crypto.backends import crypto
from stratumiops.vault.errors import ConfigError, StorageFailed
from stratumiops.vault.fields import Fields
from stratumiops.vault.http.app import App
from stratumiops.vault.http.listener import Limits, Listener
from stratumiops.vault.seal.memory import harden
from stratumiops.vault.storage.opening import anchor_path, make_storage

log = structlog.get_logger("svault")
GRACE_S: Final = 5
"""How long requests may take to end, in seconds, once the server is told to stop."""
SEAL_S: Final = 1.5
"""How long sealing may take then."""
_FILES: Final = 16_384
_OWN_FILES: Final = 256
_STATE: Final = Path.home() / ".local" / "state" / "svault"


def run(
    path: Path | None, *, dev: bool = False, root_token: str | None = None, address: str | None = None,
    check: bool = False,
) -> None:  # fmt: skip
    """Serve until SIGTERM or SIGINT.

    Raises:
        ConfigError: the configuration, a file it names, or the storage cannot be used.
    """
    config = load(path) if path is not None else Config()
    if dev:
        storage = config.storage.model_copy(update={"backend": "memory"})
        config = config.model_copy(update={"storage": storage})
    if address is not None:
        server = type(config.server).model_validate({**config.server.model_dump(), "address": address})
        config = config.model_copy(update={"server": server})
    configure_logs(config)
    context = tls_context(config)
    chosen = crypto(config.vault.crypto_backend)
    if check:
        sys.stdout.write("The configuration can work.\n")
        return
    for warning in harden():
        log.warning("memory is not protected", reason=warning)
    made = make_storage(config.storage)
    anchor = config.seal.anchor or anchor_path(config.storage, _STATE)
    core = Core(config, made, chosen, anchor=anchor)
    try:
        with asyncio.Runner(loop_factory=_loop) as runner:
            runner.run(_serve(core, made, config, context, root_token if dev else None, dev=dev))
    except StorageFailed as error:
        raise ConfigError(str(error)) from None


async def _serve(
    core: Core, storage: Any, config: Config, context: ssl.SSLContext | None, root_token: str | None, *, dev: bool
) -> None:
    await storage.open()
    try:
        await core.start()
        if dev:
            await _begin_dev(core, root_token or "")
        loop, told = asyncio.get_running_loop(), asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, told.set)
        loop.add_signal_handler(signal.SIGHUP, lambda: asyncio.ensure_future(core.reopen_logs()))
        limits = Limits(config.server.max_request_size, connections=most_connections())
        listener = Listener(App(core).answer, limits, context)
        await _listen(listener, config)
        scheme = "https" if context is not None else "http"
        if context is None:
            log.warning("TLS is off: what clients send can be read on the way", address=config.server.address)
        told_of = {} if context is None else {"key_exchange": key_exchange()}
        address = f"{scheme}://{config.server.host}:{listener.port}"
        log.info("listening", address=address, storage=storage.kind, **told_of)
        await told.wait()
        await listener.stop(GRACE_S)
    finally:
        await _end(core, storage)


async def _end(core: Core, storage: Any) -> None:
    """Seal, and let the storage go; one that does not answer is not waited for: it has all that was acknowledged."""
    try:
        async with asyncio.timeout(SEAL_S):
            await core.stop()
    except TimeoutError:
        log.warning("the storage does not answer; what was not acknowledged may be lost")
    finally:
        await storage.close()


async def _begin_dev(core: Core, root_token: str) -> None:
    """Initialise and unseal; say how to get in."""
    made = await core.seal.init(Fields({"secret_shares": 1, "secret_threshold": 1}))
    await core.seal.unseal(Fields({"key": made["keys"][0]}))
    await core.start()
    token = await core.make_root(root_token) if root_token else made["root_token"]
    if core.mounting.mount_at("", "secret/") is None:
        await core.mounting.enable(
            "", "secret/", "kv", options={"version": "2"}, description="key/value secret storage"
        )
    sys.stdout.write(
        "This is a development server: everything is in memory, and nothing is protected.\n\n"
        f"  export VAULT_ADDR=http://{core.config.server.address}\n\n"
        f"Unseal Key: {made['keys_base64'][0]}\nRoot Token: {token}\n\n"
    )
    sys.stdout.flush()


async def _listen(listener: Listener, config: Config) -> None:
    try:
        await listener.start(config.server.host, config.server.port)
    except OSError as error:
        why = error.strerror or str(error)
        raise ConfigError(f"[server] address {config.server.address!r} cannot be listened on: {why}") from None


def most_connections() -> int:
    """How many clients may be connected at once: the process may open no more files, and needs some for itself."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _FILES if hard == resource.RLIM_INFINITY else min(hard, _FILES)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return max(most - _OWN_FILES, most // 2)


def tls_context(config: Config) -> ssl.SSLContext | None:
    """TLS 1.3 with the configured certificate; None: plain HTTP.

    The groups of the key exchange are those of OpenSSL's own list, since Python offers no way to name several: OpenSSL
    3.5 and later prefer X25519MLKEM768 (see `key_exchange`).

    Raises:
        ConfigError: a file cannot be used.
    """
    server = config.server
    if server.tls_cert is None or server.tls_key is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    try:
        context.load_cert_chain(server.tls_cert, server.tls_key)
        if server.tls_client_ca is not None:
            context.load_verify_locations(server.tls_client_ca)
            context.verify_mode = ssl.CERT_REQUIRED
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(f"[server] the certificate, its key or tls_client_ca cannot be used: {error}") from None
    return context


def key_exchange() -> str:
    """The group that is agreed on with clients that know it, too."""
    return "X25519MLKEM768" if ssl.OPENSSL_VERSION_INFO >= (3, 5) else "X25519"


def configure_logs(config: Config) -> None:
    """Structured lines on stderr, in which no secret is: requests are in the audit, not here."""
    level = logging.getLevelNamesMapping()[config.telemetry.log_level.upper()]
    renderer: Any = structlog.processors.JSONRenderer()
    if config.telemetry.log_format == "text":
        renderer = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, force=True)


def _loop() -> asyncio.AbstractEventLoop:
    import uvloop

    return uvloop.new_event_loop()
