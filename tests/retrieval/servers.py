"""Small local servers that speak the wire formats of OpenAI and Ollama, for our real clients."""

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


def vector(text: str, dimensions: int) -> list[float]:
    """A vector made of the words of a text: texts that share words are near each other."""
    values = [0.0] * dimensions
    for word in text.lower().split():
        values[int(hashlib.sha256(word.encode()).hexdigest(), 16) % dimensions] += 1.0
    return values if any(values) else [1.0] + [0.0] * (dimensions - 1)


@dataclass
class Provider:
    """What the server does, and what it was asked."""

    url: str = ""
    dimensions: int = 32
    down: bool = False
    status: int = 503
    answer: Callable[[dict[str, Any]], str] = lambda _body: "nothing"
    requests: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    """Path, authorization, body."""

    def reply(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if self.down:
            return self.status, {"error": {"message": "overloaded", "type": "server_error"}}
        if path == "/v1/embeddings":
            size = body.get("dimensions", self.dimensions)
            rows = [
                {"object": "embedding", "index": place, "embedding": vector(text, size)}
                for place, text in enumerate(body["input"])
            ]
            return 200, {
                "object": "list",
                "data": rows[::-1],
                "model": body["model"],
                "usage": {"prompt_tokens": 1, "total_tokens": 1},
            }
        if path == "/api/embed":
            return 200, {
                "model": body["model"],
                "embeddings": [vector(text, self.dimensions) for text in body["input"]],
                "total_duration": 1,
            }
        if path == "/v1/chat/completions":
            message = {"role": "assistant", "content": self.answer(body)}
            return 200, {
                "id": "chatcmpl-1",
                "object": "chat.completion",
                "created": 1,
                "model": body["model"],
                "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
                "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
            }
        return 404, {"error": {"message": f"no {path}"}}


@contextmanager
def provider() -> Iterator[Provider]:
    """A server on a free port of this machine."""
    state = Provider()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            state.requests.append((self.path, self.headers.get("authorization", ""), body))
            status, told = state.reply(self.path, body)
            data = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            """Nothing on the screen."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
