"""Compiled and executed responses are the same, byte for byte, whatever the document."""

import asyncio
import json
import time
import os
from collections import Counter
from typing import Any

from graphql import parse, validate
from hypothesis import HealthCheck, assume, given, note, settings
from hypothesis import strategies as st

from stratumiops.resolvers.schema import schema

from .conftest import Answer, Asker
from .documents import Document, documents
from .world import World

EXAMPLES = int(os.environ.get("ENGINE_EXAMPLES", "0"))
"""How many documents, other ones every time; 0: the same 300 every time."""
TRIES = 4
TIMES=[]
GRAPHQL = schema._schema


async def both(ask: Asker, text: str, variables: dict[str, Any]) -> tuple[Answer, Answer]:
    """The two responses. Scores of searches move with what others write on the same server: then ask again."""
    for _ in range(TRIES):
        compiled = await ask(text, variables)
        executed = await ask(text, variables, compiled=False)
        if compiled.text == executed.text:
            break
    return compiled, executed


def test_generated_documents(ask: Asker, world: World, loop: asyncio.AbstractEventLoop) -> None:
    seen: Counter[str] = Counter()
    askers = [ask, ask, ask.seeing(world.main), ask.seeing(world.main, world.extra)]

    @settings(
        max_examples=EXAMPLES or 300,
        derandomize=not EXAMPLES,
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(document=documents(GRAPHQL, world), place=st.integers(0, len(askers) - 1))
    def compare(document: Document, place: int) -> None:
        who = askers[place]
        assume(not validate(GRAPHQL, parse(document.text)))
        note(f"{document.text}\n{document.variables}")
        t0=time.perf_counter()
        compiled, executed = loop.run_until_complete(both(who, document.text, document.variables))
        assert compiled.text == executed.text
        assert compiled.status == executed.status
        seen["all"] += 1
        TIMES.append((time.perf_counter()-t0, document.text, [len(x.text) for x in compiled.sent], len(executed.sent)))
        seen["compiled"] += compiled.context.statements == 1
        seen["one statement"] += len(compiled.sent) == 1
        seen["errors"] += '"errors"' in compiled.text
        if who is not ask:
            hidden = set(world.graphs) - set(who.principal.graphs or ())
            assert not [graph for graph in hidden if graph in json.dumps(compiled.body["data"])]

    compare()
    print(seen)
    TIMES.sort(key=lambda x: -x[0]); print(sum(x[0] for x in TIMES))
    for x in TIMES[:12]: print(x)
    assert seen["compiled"] > seen["all"] * 0.6
    assert seen["one statement"] > seen["all"] * 0.6
