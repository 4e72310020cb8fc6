"""Files of a browser build, and the pages for builds that are not there."""

import os
from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

import stratumiops


def build_folder(name: str) -> Path | None:
    """Where the build `ui/static/<name>` is, or None when it was not made."""
    for root in stratumiops.__path__:
        folder = Path(root) / "ui" / "static" / name
        if (folder / "index.html").is_file():
            return folder
    return None


class BuildFiles(StaticFiles):
    """Files with a content security policy; hashed ones are kept by browsers for good, the others never.

    Args:
        policy: the value of `Content-Security-Policy`.
        pages: whether addresses that are no files are pages of the app, which shows them itself.
    """

    def __init__(self, folder: Path, policy: str, *, pages: bool = False) -> None:
        super().__init__(directory=folder, html=True)
        self._policy = policy
        self._pages = pages

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file; for a page of the app the app itself."""
        try:
            return await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != 404 or not self._pages or not _is_page(path, scope):
                raise
            return await super().get_response("index.html", scope)

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """A file with the headers that say what it may do and how long it is kept."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["content-security-policy"] = self._policy
        hashed = Path(full_path).parent.name == "assets"
        response.headers["cache-control"] = "public, max-age=31536000, immutable" if hashed else "no-cache"
        return response


_HTML: Final = b"text/html"


def _is_page(path: str, scope: Scope) -> bool:
    """Whether a browser asks for a page: a program that asks for anything else is told that it is not there."""
    accepted = next((value for name, value in scope["headers"] if name == b"accept"), b"")
    return _HTML in accepted and "." not in path.rpartition("/")[2]


def not_built(what: str) -> bytes:
    """A page that says how to build what is missing."""
    page = f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>StratumIOps</title>
<h1>{what} is not built</h1>
<p>Run <code>make install</code> in the checkout and load this page again.</p>
<p>The API itself works: send <code>POST /graphql</code> with a JSON body.</p>
</html>
"""
    return page.encode()
