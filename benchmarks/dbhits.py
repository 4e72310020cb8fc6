"""Statements and database hits of each operation, by PROFILE; nothing that is profiled is kept."""

import json
import logging
import urllib.request
from collections.abc import Sequence
from typing import Any

import structlog
from neo4j import Driver

from benchmarks.baselines import bare
from benchmarks.contenders import Running, post
from benchmarks.dataset import clear_writes
from benchmarks.operations import Operation
from benchmarks.server import RunningNeo4j
from stratumiops.graph.ids import utc_now, uuid7
from stratumiops.resolvers.bootstrap import wire
from stratumiops.resolvers.context import LOCAL_ADMIN, RequestContext
from stratumiops.resolvers.engine import Engine, GraphQLRequest
from stratumiops.resolvers.schema import schema
from stratumiops.resolvers.settings import CacheSettings, Settings

Hits = dict[tuple[str, str], tuple[int, int]]
"""(operation, contender) → (statements, database hits)."""


async def ours(neo4j: RunningNeo4j, driver: Driver, operations: Sequence[Operation]) -> Hits:
    """Of the API's engine, in this process, without its response cache."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    settings = Settings(cache=CacheSettings(response_bytes=0))
    services = wire(settings, neo4j.home)
    await services.connection.open()
    engine = Engine(schema, settings)
    found: Hits = {}
    try:
        for operation in operations:
            request = GraphQLRequest(operation.document, operation.variables[0])
            with services.db.record() as sent:
                await engine.execute(request, RequestContext(uuid7(), LOCAL_ADMIN, services))
            if operation.writes:
                clear_writes(driver)  # what was just written would be in the way
            hits = [profile(driver, one.text, dict(one.params)) for one in sent]
            found[operation.name, "ours"] = len(hits), sum(hits)
    finally:
        await services.close()
    return found


def of_bare(driver: Driver, operations: Sequence[Operation]) -> Hits:
    """Of the hand-written statements."""
    found: Hits = {}
    for operation in operations:
        values = dict(operation.variables[0])
        text = bare.STATEMENTS.get(operation.name, bare.CREATE)
        if operation.writes:
            values = _creation(values["input"])
        found[operation.name, "bare"] = 1, profile(driver, text, values)
    return found


def _creation(given: dict[str, Any]) -> dict[str, Any]:
    nodes = given.get("nodes", [given])
    fixed = {"graph": given["graph"], "type": "note", "rev": 1, "updated_at": utc_now()}
    rows = [fixed | {"id": uuid7(), "title": n["title"], "content": n["content"], "tags": n["tags"]} for n in nodes]
    return {"graph": given["graph"], "nodes": rows, "event": uuid7(), "at": utc_now()}


def of_peer(driver: Driver, peer: Running, operations: Sequence[Operation]) -> Hits:
    """Of a peer that was started to record its statements."""
    found: Hits = {}
    for operation in operations:
        path, body = peer.contender.ask(operation, operation.variables[0])
        post(peer.port, path, body)
        with urllib.request.urlopen(f"http://127.0.0.1:{peer.port}/statements") as response:
            sent = json.load(response)
        hits = [profile(driver, one["text"], one["parameters"]) for one in sent]
        found[operation.name, "peer"] = len(hits), sum(hits)
    return found


def profile(driver: Driver, text: str, values: dict[str, Any]) -> int:
    """Database hits of one statement, rolled back."""
    options, _, rest = text.lstrip().partition("\n")
    if not options.startswith("CYPHER "):
        options, rest = "", text
    with driver.session() as session, session.begin_transaction() as transaction:
        result = transaction.run(f"{options} PROFILE {rest}".strip(), values)
        list(result)  # a profile is there only when the rows were fetched
        summary = result.consume()
        transaction.rollback()
    return _hits(summary.profile or {})


def _hits(plan: dict[str, Any]) -> int:
    return int(plan.get("dbHits", 0)) + sum(_hits(child) for child in plan.get("children", ()))
