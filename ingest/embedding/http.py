"""Embeddings over HTTP: OpenAI's wire format, which many servers speak, and Ollama's."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from stratumiops.graph.errors import BadInput, Unavailable
from stratumiops.ingest.embedding import keys
from stratumiops.ingest.embedding.instructions import instructions
from stratumiops.ingest.embedding.packaged import packaged_tokenizer
from stratumiops.ingest.embedding.ports import ModelSpec, Provider, Vector
from stratumiops.ingest.embedding.vectors import unit

if TYPE_CHECKING:
    import httpx

_TIMEOUT_S: Final = 60.0
_CONNECT_S: Final = 5.0
DEFAULT_MODELS: Final = {Provider.OPENAI: "text-embedding-3-small", Provider.OLLAMA: "nomic-embed-text"}
_DEFAULT_URLS: Final = {Provider.OPENAI: "https://api.openai.com/v1", Provider.OLLAMA: "http://127.0.0.1:11434"}
_ADVICE: Final = {
    401: "check embeddings.api_key",
    403: "check embeddings.api_key",
    404: "check embeddings.url and embeddings.model",
    429: "the provider limits the rate; it is tried again",
}


class HttpEmbedder:
    """A model behind an HTTP API. The key is read when the client is made and shown nowhere.

    Raises:
        BadInput: a key that is no reference, or refers to nothing.
        Unavailable: the provider does not answer.
    """

    def __init__(self, spec: ModelSpec, secrets: keys.KeySource | None = None) -> None:
        import httpx

        self.provider = spec.provider
        self.model = spec.model or DEFAULT_MODELS[spec.provider]
        self._asked = spec.dimensions
        self._url = (spec.url or _DEFAULT_URLS[spec.provider]).rstrip("/")
        self._batch = spec.batch
        self._question, self._passage = instructions(self.model)
        key = keys.resolve(spec.api_key, "embeddings.api_key", secrets)
        if spec.provider is Provider.OPENAI and key is None and spec.url is None:
            message = "OpenAI wants a key"
            raise BadInput(message, hint="set embeddings.api_key to env:NAME", field="embeddings.api_key")
        local = httpx.URL(self._url).host in {"127.0.0.1", "localhost", "::1"}
        self._http = httpx.Client(
            headers={"authorization": f"Bearer {key}"} if key else {},
            timeout=httpx.Timeout(_TIMEOUT_S, connect=_CONNECT_S),
            trust_env=not local,
        )
        self.dimensions = spec.dimensions or len(self._ask(["dimension"])[0])

    def embed(self, text: str) -> Vector:
        """See `Embedder.embed`."""
        return self._vectors([self._question + text])[0]

    def embed_batch(self, texts: Sequence[str]) -> list[Vector]:
        """See `Embedder.embed_batch`."""
        found: list[Vector] = []
        for begin in range(0, len(texts), self._batch):
            found += self._vectors([self._passage + text for text in texts[begin : begin + self._batch]])
        return found

    def tokens(self, text: str) -> list[int]:
        """See `Embedder.tokens`: by the packaged tokenizer, which is close enough for sizes."""
        return packaged_tokenizer()(text)

    def _vectors(self, texts: list[str]) -> list[Vector]:
        return [unit(vector, self.dimensions, self.model) for vector in self._ask(texts)]

    def _ask(self, texts: list[str]) -> list[list[Any]]:
        """Vectors as the provider gives them, in order."""
        texts = [text or " " for text in texts]  # OpenAI refuses empty text
        if self.provider is Provider.OLLAMA:
            body: dict[str, Any] = {"model": self.model, "input": texts, "truncate": True}
            found = self._post(f"{self._url}/api/embed", body).get("embeddings")
        else:
            body = {"model": self.model, "input": texts, "encoding_format": "float"}
            if self._asked is not None:
                body["dimensions"] = self._asked
            rows = self._post(f"{self._url}/embeddings", body).get("data")
            found = _in_order(rows) if isinstance(rows, list) else None
        if not isinstance(found, list) or len(found) != len(texts) or not all(isinstance(one, list) for one in found):
            message = f"{self.provider.value} answered with no {len(texts)} embeddings"
            raise Unavailable(message, hint="is embeddings.url the address of such a server?")
        return found

    def _post(self, url: str, body: Mapping[str, Any]) -> dict[str, Any]:
        import httpx

        try:
            answer = self._http.post(url, json=body)
        except httpx.TimeoutException:
            raise Unavailable(f"{self.provider.value} did not answer in time") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            message = f"{self.provider.value} cannot be reached: {type(error).__name__}"
            raise Unavailable(message, hint="check embeddings.url") from None
        if answer.status_code != httpx.codes.OK:
            message = f"{self.provider.value} answered with HTTP {answer.status_code}{_said(answer)}"
            raise Unavailable(message, hint=_ADVICE.get(answer.status_code))
        try:
            told = answer.json()
        except ValueError:
            told = None
        return told if isinstance(told, dict) else {}


def _in_order(rows: list[Any]) -> list[Any] | None:
    """OpenAI's rows carry their place; servers need not keep the order."""
    try:
        return [row["embedding"] for row in sorted(rows, key=lambda row: int(row["index"]))]
    except (KeyError, TypeError, ValueError):
        return None


def _said(answer: "httpx.Response") -> str:
    """What the provider gives as its reason, short, and never the key."""
    try:
        told = answer.json().get("error")
    except (ValueError, AttributeError):
        return ""
    reason = told.get("message") if isinstance(told, dict) else told
    if not isinstance(reason, str):
        return ""
    sent = answer.request.headers.get("authorization", "").removeprefix("Bearer ")
    return ": " + (reason.replace(sent, "…") if sent else reason)[:200]
