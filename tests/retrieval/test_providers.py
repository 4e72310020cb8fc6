"""One contract for every provider that can run here; the others are in tests/extras."""

import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from stratumiops.graph.errors import BadInput, StratumError, Unavailable
from stratumiops.ingest.embedding.opening import default_model, open_embedder
from stratumiops.ingest.embedding.packaged import packaged_model
from stratumiops.ingest.embedding.ports import Embedder, ModelSpec, Provider
from stratumiops.ingest.embedding.vectors import TOGETHER, by_length, unit

from .servers import Provider as Server
from .servers import provider

TEXTS = ["a cat on a mat", "share prices fell", "", "word " * 600, "Ünïcödé 🎉 日本語", "a cat on a mat"]


@pytest.fixture
def server() -> Iterator[Server]:
    with provider() as state:
        yield state


@pytest.fixture(params=["onnx", "onnx-folder", "openai", "ollama"])
def embedder(
    request: pytest.FixtureRequest, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Embedder:
    monkeypatch.setenv("TEST_KEY", "secret-key")
    match request.param:
        case "onnx":
            spec = ModelSpec()
        case "onnx-folder":
            weights, tokenizer = packaged_model()
            (tmp_path / "model.onnx").symlink_to(weights)
            (tmp_path / "tokenizer.json").symlink_to(tokenizer)
            (tmp_path / "sentence_bert_config.json").write_text('{"max_seq_length": 64}')
            spec = ModelSpec(model=str(tmp_path))
        case "openai":
            spec = ModelSpec(provider=Provider.OPENAI, url=f"{server.url}/v1", api_key="env:TEST_KEY", batch=4)
        case _:
            spec = ModelSpec(provider=Provider.OLLAMA, url=server.url, batch=4)
    return open_embedder(spec)


def cosine(one: list[float], other: list[float]) -> float:
    return math.fsum(a * b for a, b in zip(one, other, strict=True))


def test_the_contract(embedder: Embedder) -> None:
    vectors = embedder.embed_batch(TEXTS)
    assert len(vectors) == len(TEXTS)
    for vector in vectors:
        assert len(vector) == embedder.dimensions
        assert cosine(vector, vector) == pytest.approx(1.0, abs=1e-5)
        assert all(isinstance(value, float) for value in vector)
    assert cosine(vectors[0], vectors[-1]) == pytest.approx(1.0, abs=1e-4)
    assert cosine(vectors[0], embedder.embed(TEXTS[0])) > 0.8
    assert cosine(vectors[0], embedder.embed("the cat sits on a mat")) > cosine(vectors[1], vectors[0])
    assert embedder.embed_batch([]) == []
    assert len(embedder.tokens("one two three")) == 3
    assert embedder.model
    assert embedder.provider in Provider


def test_the_packaged_model_knows_what_texts_mean() -> None:
    embedder = open_embedder(ModelSpec())
    assert (embedder.dimensions, embedder.model) == (384, "all-MiniLM-L6-v2")
    cat, kitten, shares = embedder.embed_batch(["The cat sits on the mat", "A kitten lies on a rug", "Shares fell"])
    assert cosine(cat, kitten) > 0.5
    assert cosine(cat, shares) < 0.3


def test_openai_gets_its_key_and_dimensions_and_shows_neither(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_KEY", "secret-key")
    spec = ModelSpec(provider=Provider.OPENAI, url=f"{server.url}/v1", api_key="env:TEST_KEY", model="m", dimensions=16)
    embedder = open_embedder(spec)
    assert embedder.dimensions == 16
    embedder.embed_batch(["a", "b"])
    path, authorization, body = server.requests[-1]
    assert (path, authorization) == ("/v1/embeddings", "Bearer secret-key")
    assert (body["model"], body["dimensions"], body["input"]) == ("m", 16, ["a", "b"])
    server.down, server.status = True, 401
    with pytest.raises(Unavailable, match="HTTP 401: overloaded") as error:
        embedder.embed("x")
    assert "secret-key" not in f"{error.value} {error.value.hint} {spec!r}"


def test_models_that_tell_questions_from_passages_get_their_words(server: Server) -> None:
    embedder = open_embedder(ModelSpec(provider=Provider.OLLAMA, url=server.url, model="nomic-embed-text"))
    embedder.embed("why")
    embedder.embed_batch(["because"])
    assert [body["input"] for _, _, body in server.requests[-2:]] == [
        ["search_query: why"],
        ["search_document: because"],
    ]


@pytest.mark.parametrize(
    ("spec", "said", "hint"),
    [
        (ModelSpec(provider=Provider.OPENAI), "wants a key", "env:NAME"),
        (ModelSpec(provider=Provider.OPENAI, api_key="sk-123"), "no reference", "env:NAME"),
        (ModelSpec(provider=Provider.OPENAI, api_key="env:NOT_SET_AT_ALL"), "NOT_SET_AT_ALL, which is not set", ""),
        (ModelSpec(provider=Provider.OLLAMA, url="http://127.0.0.1:9"), "cannot be reached", "embeddings.url"),
        (ModelSpec(model="/nowhere"), "no model.onnx and tokenizer.json", "all-MiniLM-L6-v2"),
        (ModelSpec(dimensions=12), "384 dimensions, not 12", "leave"),
        (ModelSpec(provider=Provider.SENTENCE_TRANSFORMERS), "not installed", "stratumiops[sentence-transformers]"),
        (ModelSpec(provider=Provider.FASTEMBED), "not installed", "stratumiops[fastembed]"),
    ],
)
def test_what_cannot_be_says_what_to_do(spec: ModelSpec, said: str, hint: str) -> None:
    with pytest.raises(StratumError, match=said) as error:
        open_embedder(spec)
    assert hint in (error.value.hint or "")
    assert "sk-123" not in str(error.value)


def test_answers_that_are_none_are_refused(server: Server) -> None:
    embedder = open_embedder(ModelSpec(provider=Provider.OLLAMA, url=server.url))
    for told in (
        {},
        {"embeddings": []},
        {"embeddings": [[0.0] * 32]},
        {"embeddings": [["x"] * 32]},
        {"embeddings": [[1]]},
    ):
        server.reply = lambda _path, _body, told=told: (200, told)  # type: ignore[method-assign, misc]
        with pytest.raises(Unavailable):
            embedder.embed("x")


def test_a_broken_model_file_is_no_crash(tmp_path: Path) -> None:
    _, tokenizer = packaged_model()
    (tmp_path / "model.onnx").write_bytes(b"not a model")
    (tmp_path / "tokenizer.json").symlink_to(tokenizer)
    with pytest.raises(Unavailable, match="cannot be loaded"):
        open_embedder(ModelSpec(model=str(tmp_path)))


def test_vectors_are_checked() -> None:
    assert unit([3, 4], 2, "m") == [0.6, 0.8]
    for bad in ([1.0], [0.0, 0.0], [math.nan, 1.0], ["a", "b"]):
        with pytest.raises(Unavailable):
            unit(bad, 2, "m")


def test_batches_are_of_about_equal_length() -> None:
    assert by_length([1, 3, 2], 2) == [[1, 2], [0]]
    assert by_length([], 2) == []


def test_batches_hold_a_bounded_number_of_tokens() -> None:
    assert by_length([1, 30, 10, 11, 3], 8, 22) == [[1], [3, 2], [4, 0]]
    lengths = [*range(600), 0, 0]
    batches = by_length(lengths, 32)
    assert sorted(place for places in batches for place in places) == list(range(len(lengths)))
    assert all(len(places) == 1 or len(places) * lengths[places[0]] <= TOGETHER for places in batches)
    assert all(len(places) <= 32 for places in batches)


def test_defaults_are_named_without_loading_anything() -> None:
    assert default_model(ModelSpec()) == "all-MiniLM-L6-v2"
    assert default_model(ModelSpec(provider=Provider.FASTEMBED)) == "BAAI/bge-small-en-v1.5"
    assert default_model(ModelSpec(provider=Provider.OPENAI)) == "text-embedding-3-small"
    with pytest.raises(BadInput):
        open_embedder(ModelSpec(provider=Provider.OPENAI))
