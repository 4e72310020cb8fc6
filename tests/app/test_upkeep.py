"""What a server forgets by itself."""

import secrets
from datetime import UTC, datetime, timedelta

from pydantic import SecretStr

from stratumiops.graph.ids import format_instant, utc_now
from stratumiops.graph.store.database import Database
from stratumiops.graph.store.settings import Neo4jSettings
from stratumiops.resolvers.bootstrap import wire
from stratumiops.resolvers.settings import Neo4jSection, Settings


async def test_idempotency_keys_are_forgotten_after_a_day(neo4j_settings: Neo4jSettings, database: Database) -> None:
    principal = f"test-{secrets.token_hex(4)}"
    old = format_instant(datetime.now(UTC) - timedelta(days=1, minutes=1))
    await database.write(
        "UNWIND [['old', $old], ['new', $now]] AS made "
        "CREATE (:Idempotency {principal: $principal, key: made[0], created_at: made[1], operation: 'test', "
        "input_hash: '', result: '{}'})",
        {"principal": principal, "old": old, "now": utc_now()},
    )
    server = Neo4jSection(uri=neo4j_settings.uri, user=neo4j_settings.user, password=SecretStr(neo4j_settings.password))
    services = wire(Settings(neo4j=server))
    await services.db.connect()
    try:
        await services.prune()
    finally:
        await services.close()
    left = await database.read(
        "MATCH (k:Idempotency {principal: $principal}) RETURN k.key AS key", {"principal": principal}
    )
    assert [row["key"] for row in left] == ["new"]
    await database.write("MATCH (k:Idempotency {principal: $principal}) DELETE k", {"principal": principal})
