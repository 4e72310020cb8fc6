import asyncio

from benchmarks import retrieval
from benchmarks.server import managed_neo4j, migrated


class B(retrieval.Bench):
    async def _speed(self, count):
        await super()._speed(2000)


retrieval.Bench = B
with managed_neo4j() as neo4j:
    asyncio.run(migrated(neo4j.settings))
    f = asyncio.run(retrieval.measure(neo4j, lambda t: print(t, flush=True), quick=False))
print(retrieval.section(f))
for g in retrieval.goals(f):
    print(g)
