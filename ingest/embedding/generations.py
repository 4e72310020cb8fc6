"""Model generations: each has an index and a property of its own, so that no index ever mixes two models.

The first generation serves while it is being filled. Any later one is filled beside the one that serves, takes
over when it is whole, and only then does the old one go. Every step may be cut off and is taken up again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from stratumiops.graph.ids import utc_now
from stratumiops.graph.store.database import Database
from stratumiops.ingest.chunks import ChunkOptions
from stratumiops.ingest.embedding import queries
from stratumiops.ingest.embedding.opening import default_model
from stratumiops.ingest.embedding.options import EmbeddingOptions
from stratumiops.ingest.embedding.ports import ModelSpec, Provider

_CHUNKS_AT_ONCE: Final = 2_000
_DDL_S: Final = 300.0

SERVING: Final = "serving"
BUILDING: Final = "building"
RETIRED: Final = "retired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """One model generation, as `(:EmbeddingIndex)` holds it; `vector` is the property of chunks that it fills."""

    name: str
    family: str
    serial: int
    provider: str
    model: str
    dimensions: int
    vector: str
    state: str
    chunk_tokens: int
    chunk_overlap: int
    created_at: str
    url: str | None = None
    api_key: str | None = None

    @property
    def chunking(self) -> ChunkOptions:
        """How its chunks are cut."""
        return ChunkOptions(self.chunk_tokens, self.chunk_overlap)

    def spec(self, like: ModelSpec) -> ModelSpec:
        """How its model is reached; threads and batches as in `like`, and all of it when that is the same model."""
        if self.is_of(like):
            return like
        return replace(
            like,
            provider=Provider(self.provider),
            model=self.model,
            dimensions=self.dimensions if self.provider == Provider.OPENAI else None,
            url=self.url,
            api_key=self.api_key,
        )

    def is_of(self, spec: ModelSpec) -> bool:
        """Whether its vectors are those of this model, as far as can be told without loading it."""
        same = (self.provider, self.model) == (spec.provider.value, default_model(spec))
        return same and spec.dimensions in (None, self.dimensions)

    def fits(self, options: EmbeddingOptions, dimensions: int | None) -> bool:
        """Whether it is what the settings ask for. `dimensions`: of the model, when it has been loaded."""
        cut = (self.chunk_tokens, self.chunk_overlap) == (options.chunking.tokens, options.chunking.overlap)
        return cut and self.is_of(options.spec) and dimensions in (None, self.dimensions)


_STORED: Final = {"vector": "property"}
"""Fields that the store calls otherwise."""


def _generation(held: Mapping[str, Any]) -> Generation:
    names = {_STORED.get(name, name): name for name in Generation.__dataclass_fields__}
    return Generation(**{names[key]: value for key, value in held.items() if key in names})


class Generations:
    """The generations of one family in the store."""

    def __init__(self, db: Database, options: EmbeddingOptions) -> None:
        self._db = db
        self._options = options

    async def all(self) -> list[Generation]:
        """All of them, oldest first."""
        rows = await self._db.read(queries.GENERATIONS, {"family": self._options.family})
        return [_generation(row["generation"]) for row in rows]

    async def serving(self) -> Generation | None:
        """The one that searches use."""
        return next((one for one in await self.all() if one.state == SERVING), None)

    async def add(self, known: Sequence[Generation], dimensions: int) -> Generation:
        """A new one for the settings; it serves at once when no other does."""
        serial = max((one.serial for one in known), default=0) + 1
        spec, family = self._options.spec, self._options.family
        made = Generation(
            name=f"{family}_{serial}",
            family=family,
            serial=serial,
            provider=spec.provider.value,
            model=default_model(spec),
            dimensions=dimensions,
            vector=f"{family}_vector_{serial}",
            state=BUILDING if any(one.state == SERVING for one in known) else SERVING,
            chunk_tokens=self._options.chunking.tokens,
            chunk_overlap=self._options.chunking.overlap,
            created_at=utc_now(),
            url=spec.url,
            api_key=spec.api_key,
        )
        stored = {_STORED.get(name, name): value for name, value in asdict(made).items() if value is not None}
        await self._db.write(queries.CREATE, {"generation": stored}, retry=True)
        await self.ensure_indexes([made, *known])
        return made

    async def retire(self, generation: Generation) -> None:
        """It is wanted no more; `clean` takes it away."""
        await self._db.write(queries.RETIRE, {"name": generation.name}, retry=True)

    async def take_over(self, generation: Generation) -> None:
        """It serves from now on, and all others retire."""
        values = {"family": generation.family, "name": generation.name}
        await self._db.write(queries.TAKE_OVER, values, retry=True)

    async def clean(self, generation: Generation) -> None:
        """Take a retired one away: its index, its chunks, then the record of it."""
        await self._ddl(queries.drop_index(generation.name))
        values: dict[str, Any] = {"name": generation.name, "limit": _CHUNKS_AT_ONCE}
        while (await self._db.write(queries.DROP_CHUNKS, values, retry=True))[0]["gone"]:
            pass
        await self._db.write(queries.FORGET, values, retry=True)

    async def ensure_indexes(self, generations: Sequence[Generation]) -> None:
        """Make the vector indexes that are missing, as after a restore, and drop those that belong to nothing."""
        live = {one.name: one for one in generations if one.state != RETIRED}
        rows = await self._db.read(queries.VECTOR_INDEXES, {"start": f"{self._options.family}_"})
        for row in rows:
            known = live.get(row["name"])
            if not row["name"].removeprefix(f"{self._options.family}_").isdigit():
                continue
            if known is None or (known.vector, known.dimensions) != (row["property"], row["dimensions"]):
                await self._ddl(queries.drop_index(row["name"]))
        for one in live.values():
            await self._ddl(queries.create_index(one.name, one.vector, one.dimensions))
        await self._db.read(queries.AWAIT_INDEXES, timeout_s=_DDL_S)

    async def drop_orphans(self, generation: Generation) -> None:
        """Remove chunks whose node is gone."""
        values = {"index": generation.name, "limit": _CHUNKS_AT_ONCE}
        while (await self._db.write(queries.ORPHANS, values, retry=True))[0]["gone"]:
            pass

    async def _ddl(self, text: str) -> None:
        await self._db.write(text, retry=True, past_gate=True, timeout_s=_DDL_S)
