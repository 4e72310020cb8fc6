"""The embedding job: what is committed gets its vectors, whatever happens on the way."""

from stratumiops.ingest.retrieval.models import SearchMode

from .conftest import Lab


async def test_what_is_there_and_what_comes_is_embedded(lab: Lab) -> None:
    await lab.create(lab.node("a", "Cats", "A cat sleeps on the warm windowsill."))
    async with lab.running():
        await lab.embedded()
        await lab.create(lab.node("b", "Money", "Share prices fell on the exchange."))
        await lab.embedded()
        assert await lab.ids("kitten dozing in the sun", SearchMode.SEMANTIC) == ["a", "b"]
        hits = await lab.search("stock market losses")
        assert [one.node["id"] for one in hits] == ["b", "a"]
