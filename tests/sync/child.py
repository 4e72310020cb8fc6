"""Syncs a folder in a process of its own that stops at a named step, for good: its parent kills it there."""

import asyncio
import json
import sys
import threading
from pathlib import Path

from stratumiops.ingest.folder.sync import sync_folder
from stratumiops.resolvers.bootstrap import wire
from stratumiops.resolvers.context import LOCAL_ADMIN
from stratumiops.resolvers.engine import Engine
from stratumiops.resolvers.in_process import InProcess
from stratumiops.resolvers.schema import schema
from stratumiops.resolvers.settings import Settings


async def main(given: dict[str, str]) -> None:
    services = wire(Settings(neo4j={"uri": given["uri"], "user": given["user"], "password": given["password"]}))
    await services.connection.open()
    api = InProcess(Engine(schema, services.settings), services, LOCAL_ADMIN)

    def step(name: str) -> None:
        if name == given["stop"]:
            sys.stdout.write("stopped\n")
            sys.stdout.flush()
            threading.Event().wait()

    await asyncio.to_thread(
        sync_folder, api, Path(given["folder"]), graph=given["graph"], source=given["source"], step=step
    )


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.stdin.readline())))
