"""GraphiQL for browsers: a static build that is served from here, so it works without a network."""

import os
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

import stratumiops
from stratumiops.resolvers.http.headers import PLAYGROUND_CSP, RawHeaders
from stratumiops.resolvers.http.replies import Reply

POLICY: RawHeaders = [
    (b"content-security-policy", PLAYGROUND_CSP.encode()),
    (b"cache-control", b"no-cache"),
]
_NOT_BUILT = b"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>StratumIOps</title>
<h1>The GraphQL playground is not built</h1>
<p>Run <code>make install</code> in the checkout and load this page again.</p>
<p>The API itself works: send <code>POST /graphql</code> with a JSON body.</p>
</html>
"""


def playground_folder() -> Path | None:
    """Where the built playground is, or None when it was not built."""
    for root in stratumiops.__path__:
        folder = Path(root) / "ui" / "static" / "playground"
        if (folder / "index.html").is_file():
            return folder
    return None


class Playground:
    """The page at `/graphql` and its files below `/playground/`."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def page(self) -> Reply:
        """GraphiQL, or a page that says how to build it."""
        body = _NOT_BUILT if self._folder is None else (self._folder / "index.html").read_bytes()
        return Reply(200, body, b"text/html; charset=utf-8", policy=POLICY)

    def files(self) -> StaticFiles | None:
        """The files of the build, hashed ones to be kept by browsers for good."""
        return None if self._folder is None else _BuildFiles(directory=self._folder, html=True)


class _BuildFiles(StaticFiles):
    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["content-security-policy"] = PLAYGROUND_CSP
        hashed = "assets" in Path(full_path).parts
        response.headers["cache-control"] = "public, max-age=31536000, immutable" if hashed else "no-cache"
        return response
