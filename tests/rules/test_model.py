"""Suggestions by a language model: the real litellm against a small server that speaks OpenAI's wire format."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from stratumiops.resolvers.settings import SuggestSettings

from .conftest import Project

REFRESH = """
mutation($input: RefreshSuggestionsInput!) {
  refreshSuggestions(input: $input) { scanned created refused }
}"""
ASK = """
query($g: String) {
  suggestions(graph: $g) { nodes { id kind relation tag score quote source { id } target { id } } }
}"""
ACCEPT = "mutation($input: DecideSuggestionInput!) { acceptSuggestion(input: $input) { suggestion { state } } }"
BODY = "Kubernetes operators reconcile custom resources; controllers watch etcd and retry reconciliation"


@dataclass
class Provider:
    """What the provider was asked, and what it answers: the content of a message, or a status and a body."""

    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    answer: Callable[[dict[str, Any]], str] = lambda _: "{}"
    status: int = 200
    hold: threading.Event | None = None


@pytest.fixture
def provider() -> Iterator[Provider]:
    """A provider on loopback."""
    found = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            found.asked.append({"path": self.path, **body})
            found.keys.append(self.headers.get("authorization"))
            if found.hold is not None:
                found.hold.wait(20)
            said: dict[str, Any] = {"error": {"message": "no", "type": "server_error", "code": None}}
            if found.status == 200:
                message = {"role": "assistant", "content": found.answer(body)}
                said = {
                    "id": "1", "object": "chat.completion", "created": 1, "model": body["model"],
                    "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
                    "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
                }  # fmt: skip
            data = json.dumps(said).encode()
            self.send_response(found.status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield found
    if found.hold is not None:
        found.hold.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
async def notes(project: Project, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Two notes that are alike, and the settings that name the provider."""
    monkeypatch.setenv("TEST_MODEL_KEY", "key-of-the-test")
    suggest = SuggestSettings(
        model="openai/test-model", api_base=provider.url, api_key="env:TEST_MODEL_KEY", timeout_s=20
    )
    services = project.ask.services
    services.settings = services.settings.model_copy(update={"suggest": suggest})
    await project.node("a", "Operators", content=f"{BODY}.\nThis replaces the old controller.", tags=("known",))
    await project.node("b", "Controllers", content=BODY.replace("retry", "requeue failed"))
    return project


def candidates(body: dict[str, Any]) -> list[str]:
    return [one["id"] for one in json.loads(body["messages"][1]["content"])["candidates"]]


async def refresh(project: Project, **values: Any) -> Any:
    return await project.ask(REFRESH, {"input": {"graph": project.graph, "useModel": True, "limit": 10, **values}})


async def test_what_it_finds_becomes_suggestions_that_a_person_accepts(notes: Project, provider: Provider) -> None:
    def answer(body: dict[str, Any]) -> str:
        if "replaces the old" not in body["messages"][1]["content"]:
            return json.dumps({"relations": [], "tags": []})
        quote = "This replaces  the old\ncontroller."
        return json.dumps(
            {
                "relations": [
                    {"target": candidates(body)[0], "relation": "supersedes", "quote": quote, "confidence": 0.9},
                    {"target": "not-offered", "relation": "extends", "quote": quote, "confidence": 1},
                    {"target": candidates(body)[0], "relation": "extends", "quote": "never said", "confidence": 1},
                ],
                "tags": [
                    {"tag": "kubernetes", "quote": "Kubernetes operators", "confidence": 0.7},
                    {"tag": "known", "quote": "Kubernetes operators", "confidence": 0.7},
                ],
            }
        )

    provider.answer = answer
    assert (await refresh(notes)).data["refreshSuggestions"] == {"scanned": 2, "created": 2, "refused": 3}
    assert {request["path"] for request in provider.asked} == {"/v1/chat/completions"}
    assert set(provider.keys) == {"Bearer key-of-the-test"}
    schema = provider.asked[0]["response_format"]["json_schema"]
    assert (schema["strict"], schema["schema"]["additionalProperties"]) == (True, False)
    found = (await notes.data(ASK))["suggestions"]["nodes"]
    assert [(one["kind"], one["relation"], one["tag"], one["score"]) for one in found] == [
        ("RELATION", "SUPERSEDES", None, 0.9),
        ("TAG", None, "kubernetes", 0.7),
    ]
    nothing = await notes.data('query($g: String) { node(graph: $g, id: "a") { rev tags relationCount } }')
    assert nothing["node"] == {"rev": 1, "tags": ["known"], "relationCount": 0}
    for one in found:
        await notes.ask(ACCEPT, {"input": {"graph": notes.graph, "id": one["id"]}})
    after = await notes.data('query($g: String) { node(graph: $g, id: "a") { rev tags supersedes { id } } }')
    assert after["node"] == {"rev": 2, "tags": ["known", "kubernetes"], "supersedes": [{"id": "b"}]}
    asked = len(provider.asked)
    assert (await refresh(notes)).data["refreshSuggestions"]["scanned"] == 1
    assert (await refresh(notes)).data["refreshSuggestions"]["scanned"] == 0
    assert len(provider.asked) == asked + 1


@pytest.mark.parametrize(
    "answer",
    [
        "Sure! Here you are.",
        "[]",
        '{"relations": []}',
        '{"relations": [], "tags": [], "note": "x"}',
        '{"relations": [{"target": "b", "relation": "owns", "quote": "abc", "confidence": 1}], "tags": []}',
        '{"relations": [], "tags": [{"tag": "x", "quote": "abc", "confidence": "1"}]}',
        json.dumps({"relations": [], "tags": [{"tag": "x", "quote": "abc", "confidence": 1}] * 11}),
    ],
)
async def test_what_is_not_of_the_schema_is_refused(notes: Project, provider: Provider, answer: str) -> None:
    provider.answer = lambda _: answer
    assert (await refresh(notes, node="a")).data["refreshSuggestions"] == {"scanned": 1, "created": 0, "refused": 1}
    assert (await notes.data(ASK))["suggestions"]["nodes"] == []


async def test_a_provider_that_is_down_or_slow_is_an_error_that_says_so_and_nothing_is_lost(
    notes: Project, provider: Provider
) -> None:
    provider.status = 500
    down = await refresh(notes, node="a")
    assert down.error["extensions"]["code"] == "UNAVAILABLE"
    assert "openai/test-model" in down.error["message"]
    assert "key-of-the-test" not in down.text
    services = notes.ask.services
    provider.status, provider.hold = 200, threading.Event()
    slow = services.settings.suggest.model_copy(update={"timeout_s": 0.5})
    services.settings = services.settings.model_copy(update={"suggest": slow})
    late = await refresh(notes, node="a")
    assert late.error["extensions"]["code"] == "TIMEOUT"
    provider.hold.set()
    provider.hold, provider.answer = None, lambda _: '{"relations": [], "tags": []}'
    services.settings = services.settings.model_copy(update={"suggest": slow.model_copy(update={"timeout_s": 20})})
    assert (await refresh(notes, node="a")).data["refreshSuggestions"]["scanned"] == 1


async def test_the_loop_goes_on_while_the_model_thinks(notes: Project, provider: Provider) -> None:
    provider.hold, provider.answer = threading.Event(), lambda _: '{"relations": [], "tags": []}'
    waiting = asyncio.create_task(refresh(notes, node="a"))
    async with asyncio.timeout(30):
        while not provider.asked:
            await asyncio.sleep(0.02)
    assert (await notes.data("query($g: String) { nodes(graph: $g) { totalCount } }"))["nodes"]["totalCount"] == 2
    assert not waiting.done()
    provider.hold.set()
    assert (await waiting).data["refreshSuggestions"]["scanned"] == 1


async def test_without_a_model_or_its_key_nothing_is_asked(notes: Project, provider: Provider, monkeypatch) -> None:
    monkeypatch.delenv("TEST_MODEL_KEY")
    missing = await refresh(notes)
    assert (missing.error["extensions"]["code"], "TEST_MODEL_KEY" in missing.error["message"]) == ("BAD_INPUT", True)
    services = notes.ask.services
    services.settings = services.settings.model_copy(update={"suggest": SuggestSettings()})
    assert "suggest.model" in (await refresh(notes)).error["extensions"]["hint"]
    assert provider.asked == []
