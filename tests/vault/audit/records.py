"""An audit over a storage in memory, and requests for it."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from stratumiops.vault.audit.broker import AuditBroker
from stratumiops.vault.audit.routes import AuditRoutes
from stratumiops.vault.backend import Backend, Mount, Route
from stratumiops.vault.request import Operation, Request, Response
from stratumiops.vault.storage.memory import MemoryStorage
from stratumiops.vault.tokens.models import Token
from stratumiops.vault.view import View

from ..mounted import Mounted, mounted  # noqa: TID252 - tests are no package on the path

MOUNT = Mount("secret/", "kv", "kv_1", "uuid")
SECRETS = ("hvs.token", "accessor-1", "s3cret", "inner", "answered")


def view() -> View:
    return View(MemoryStorage(), "audit/")


@asynccontextmanager
async def running(kept: View, **more: Any) -> AsyncIterator[AuditBroker]:
    broker = AuditBroker(kept, head_every_s=3600, **more)
    await broker.start()
    try:
        yield broker
    finally:
        await broker.stop()


def request(number: int = 1, **more: Any) -> Request:
    token = Token("accessor-1", ("default", "ops"), "auth/token/create", 1e9, 0, 3600, display_name="token-x")
    known: dict[str, Any] = {
        "data": {"password": "s3cret", "count": 5, "on": True, "none": None, "list": [{"deep": "inner"}]},
        "path": "data/a", "mount": "secret/", "client_token": "hvs.token", "token": token,
        "remote_address": "10.0.0.1", "remote_port": 4711,
    }  # fmt: skip
    return Request(id=f"id-{number}", operation=Operation.UPDATE, **known | more)


async def exchange(broker: AuditBroker, number: int = 1, **more: Any) -> None:
    made = await broker.request(request(number, **more), mount=MOUNT)
    await broker.response(made, Response({"value": "answered"}))


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def entries(file: Path) -> list[dict[str, Any]]:
    return [line for line in lines(file) if line["type"] != "chain"]


def system(broker: AuditBroker) -> Mounted:
    class System(Backend):
        kind = "system"

        def routes(self) -> Iterator[Route]:
            yield from AuditRoutes(broker).routes()

    return mounted(System, "sys/")
