"""The web app for browsers: a static build at `/`, whose pages have addresses of their own."""

from pathlib import Path

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from stratumiops.resolvers.http.headers import APP_CSP
from stratumiops.resolvers.http.static import BuildFiles, not_built


def serve_app(app: FastAPI, folder: Path | None) -> None:
    """Serve the build at `/`, behind every other route; without one, a page that says how to make it."""
    if folder is not None:
        app.mount("/", BuildFiles(folder, APP_CSP, pages=True))
        return

    async def missing(_request: Request) -> Response:
        headers = {"content-security-policy": APP_CSP, "cache-control": "no-cache"}
        return Response(not_built("The web app"), media_type="text/html", headers=headers)

    app.add_route("/", missing)
