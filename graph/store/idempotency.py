"""Doing a thing once, however often it is asked: idempotency keys.

The key is claimed in the transaction that does the work, so either both are there or neither. Two requests
with the same key that arrive together meet at the unique constraint: the second waits for the first, then
reads its result.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final

import orjson

from stratumiops.graph.claims import Claim
from stratumiops.graph.ids import utc_now
from stratumiops.graph.store.database import Database, Transaction

_CLAIM: Final = (
    "MERGE (i:Idempotency {principal: $principal, key: $key})"
    " ON CREATE SET i.operation = $operation, i.input_hash = $input_hash, i.created_at = $at"
    " RETURN i.operation AS operation, i.input_hash AS input_hash, i.result AS result"
)
_KEEP: Final = "MATCH (i:Idempotency {principal: $principal, key: $key}) SET i.result = $result"
_PRUNE: Final = "MATCH (i:Idempotency) WHERE i.created_at < $before WITH i LIMIT 10000 DELETE i RETURN count(*) AS gone"


async def once(db: Database, mine: Claim, work: Callable[[Transaction], Awaitable[Any]]) -> Any:
    """The result of `work`, which must be JSON; of the first time when the key was used before.

    Raises:
        Conflict: the key was used with another input or for another operation.
    """

    async def claimed(transaction: Transaction) -> Any:
        values = {
            "principal": mine.principal,
            "key": mine.key,
            "operation": mine.operation,
            "input_hash": mine.input_hash,
            "at": utc_now(),
        }
        found = (await transaction.run(_CLAIM, values))[0]
        if (found["operation"], found["input_hash"]) != (mine.operation, mine.input_hash):
            raise mine.used_otherwise()
        if found["result"] is not None:
            return orjson.loads(found["result"])
        result = await work(transaction)
        kept = {"principal": mine.principal, "key": mine.key, "result": orjson.dumps(result).decode()}
        await transaction.run(_KEEP, kept)
        return result

    return await db.transaction(claimed)


async def prune(db: Database, before: str) -> int:
    """Forget keys claimed before an instant; how many went."""
    gone = 0
    while batch := (await db.write(_PRUNE, {"before": before}))[0]["gone"]:
        gone += batch
    return gone
