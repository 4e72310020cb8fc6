"""GraphiQL for browsers: a static build that is served from here, so it works without a network."""

from pathlib import Path

from starlette.staticfiles import StaticFiles

from stratumiops.resolvers.http.headers import PLAYGROUND_CSP, RawHeaders
from stratumiops.resolvers.http.replies import Reply
from stratumiops.resolvers.http.static import BuildFiles, not_built

POLICY: RawHeaders = [
    (b"content-security-policy", PLAYGROUND_CSP.encode()),
    (b"cache-control", b"no-cache"),
]


class Playground:
    """The page at `/graphql` and its files below `/playground/`.

    Args:
        folder: where the build is, or None when it was not made.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def page(self) -> Reply:
        """GraphiQL, or a page that says how to build it."""
        folder = self._folder
        body = not_built("The GraphQL playground") if folder is None else (folder / "index.html").read_bytes()
        return Reply(200, body, b"text/html; charset=utf-8", policy=POLICY)

    def files(self) -> StaticFiles | None:
        """The files of the build."""
        return None if self._folder is None else BuildFiles(self._folder, PLAYGROUND_CSP)
