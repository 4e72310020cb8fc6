"""How a folder is read and sent, without a server: a fake stands for the API and keeps what it got."""

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from stratumiops.graph.errors import Unavailable
from stratumiops.ingest.folder import sending
from stratumiops.ingest.identity import content_hash, source_key
from stratumiops.ingest.models import COUNTED
from stratumiops.ui.cli.kogral import importing
from stratumiops.ui.cli.kogral.documents import CREATE_GRAPH, FINISH, GRAPH, IMPORT, IMPORTED
from stratumiops.ui.cli.kogral.importing import import_folder


class FakeApi:
    """Takes everything; `stored` is what it says it has, `fails_at` the call that breaks."""

    def __init__(self) -> None:
        self.stored: list[dict[str, Any]] = []
        self.sent: list[dict[str, Any]] = []
        self.finished: dict[str, Any] | None = None
        self.before: dict[str, Any] = {}
        self.fails_at: int | None = None

    def execute(self, document: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        given = dict(variables or {})
        answer = {
            GRAPH: lambda: {"graph": {"name": given["name"]}},
            CREATE_GRAPH: dict,
            IMPORTED: lambda: {"importedDocuments": self.stored},
            IMPORT: lambda: {"importDocuments": self._import(given["input"])},
            FINISH: lambda: {"finishImport": self._finish(given["input"])},
        }[document]
        if document in self.before:
            self.before.pop(document)()
        return answer()

    def _import(self, given: dict[str, Any]) -> dict[str, Any]:
        self.sent.append(given)
        if self.fails_at == len(self.sent):
            raise Unavailable("gone")
        counts = {"created": len(given["documents"]), "updated": 0, "restored": 0, "unchanged": 0, "failed": 0}
        return {**counts, "problems": []}

    def _finish(self, given: dict[str, Any]) -> dict[str, Any]:
        self.finished = given
        counts = dict.fromkeys(("nodes", "relations", "relationsCreated", "relationsEnded", "deleted"), 0)
        held = dict.fromkeys((*COUNTED, "blockRefs"), 0)
        return {**counts, "unresolvedCount": 0, "unresolved": [], "counts": held}

    @property
    def documents(self) -> dict[str, dict[str, Any]]:
        return {one["path"]: one for given in self.sent for one in given["documents"]}


@pytest.fixture
def api() -> FakeApi:
    return FakeApi()


def test_only_what_changed_is_sent(api: FakeApi, notes) -> None:
    root = notes({"a.md": "a", "b.md": "b", "c.md": "c", "d.md": "d"})
    known = {"format": "AUTO", "current": True, "layout": None}
    api.stored = [
        {"path": "a.md", "hash": content_hash(b"a"), **known},
        {"path": "b.md", "hash": content_hash(b"before"), **known},
        {"path": "c.md", "hash": content_hash(b"c"), "format": "AUTO", "current": False, "layout": None},
        {"path": "d.md", "hash": content_hash(b"d"), "format": "ADR", "current": True, "layout": None},
        {"path": "gone.md", "hash": "x", **known},
    ]
    report = import_folder(api, root, graph="g")
    assert set(api.documents) == {"b.md", "c.md", "d.md"}
    assert api.sent[0]["removed"] == ["gone.md"]
    assert report.unchanged == 1
    assert api.finished == {"graph": "g", "source": source_key(root), "keep": ["a.md", "b.md", "c.md", "d.md"]}


def test_bytes_travel_as_they_are(api: FakeApi, notes) -> None:
    files = {"text.md": "\ufeffa\r\nb", "latin.md": b"caf\xe9", "nul.md": b"a\x00b"}
    import_folder(api, notes(files))
    assert api.documents["text.md"]["content"] == "\ufeffa\r\nb"
    for name in ("latin.md", "nul.md"):
        assert base64.b64decode(api.documents[name]["contentBase64"]) == files[name]
        assert "content" not in api.documents[name]


def test_a_file_that_vanishes_is_an_error_and_its_node_stays(api: FakeApi, notes) -> None:
    root = notes({"a.md": "a", "b.md": "b"})
    api.before[IMPORTED] = (root / "b.md").unlink
    report = import_folder(api, root)
    assert [(one["path"], one["code"]) for one in report.problems] == [("b.md", "VANISHED")]
    assert report.errors == 1
    assert api.finished is not None
    assert api.finished["keep"] == ["a.md", "b.md"]


def test_a_file_too_large_is_not_read(api: FakeApi, notes, monkeypatch) -> None:
    monkeypatch.setattr("stratumiops.ingest.folder.listing.MAX_DOCUMENT_BYTES", 3)
    report = import_folder(api, notes({"a.md": "abc", "b.md": "abcd"}))
    assert set(api.documents) == {"a.md"}
    assert [(one["path"], one["code"]) for one in report.problems] == [("b.md", "TOO_LARGE")]


def test_batches_are_bounded_in_files_and_bytes(api: FakeApi, notes, monkeypatch) -> None:
    monkeypatch.setattr(sending, "IMPORTED_FILES", 3)
    monkeypatch.setattr(sending, "BATCH_BYTES", 10)
    files = {f"{n}.md": "x" for n in range(7)} | {"8.md": "x" * 30, "9.md": "x" * 9}
    seen: list[tuple[int, int]] = []
    import_folder(api, notes(files), progress=lambda done, total: seen.append((done, total)))
    sizes = sorted([one["path"] for one in given["documents"]] for given in api.sent)
    assert sizes == [["0.md", "1.md", "2.md"], ["3.md", "4.md", "5.md"], ["6.md"], ["8.md"], ["9.md"]]
    assert seen[-1] == (9, 9)
    assert seen == sorted(seen)


def test_a_server_that_goes_away_ends_the_import_before_its_end(api: FakeApi, notes, monkeypatch) -> None:
    monkeypatch.setattr(sending, "IMPORTED_FILES", 1)
    api.fails_at = 2
    with pytest.raises(Unavailable, match="gone"):
        import_folder(api, notes({f"{n}.md": "x" for n in range(9)}))
    assert api.finished is None
    assert len(api.sent) < 9


def test_collections_of_decisions_are_told_folder_by_folder(api: FakeApi, notes) -> None:
    adr = "# T\n\n## Status\n\nAccepted\n"
    import_folder(
        api,
        notes(
            {
                "adr/0001-a.md": adr,
                "adr/0002-no-sections.md": "nothing",
                "adr/README.md": "list",
                "blog/2024-01-02-post.md": "post",
                "numbers/001-one.md": "a list of numbers",
                "use.md": "x",
            }
        ),
    )
    assert {path: one["format"] for path, one in api.documents.items()} == {
        "adr/0001-a.md": "ADR",
        "adr/0002-no-sections.md": "ADR",
        "adr/README.md": "ADR",
        "blog/2024-01-02-post.md": "AUTO",
        "numbers/001-one.md": "AUTO",
        "use.md": "AUTO",
    }


def test_a_folder_that_cannot_be_listed_deletes_nothing(api: FakeApi, notes, monkeypatch) -> None:
    root = notes({"a.md": "a", "shut/b.md": "b"})
    api.stored = [{"path": "shut/b.md", "hash": "x", "format": "AUTO", "current": True, "layout": None}]
    scandir = importing.list_notes.__globals__["os"].scandir

    def refuse(folder: Path) -> Any:
        if Path(folder).name == "shut":
            raise PermissionError(13, "Permission denied")
        return scandir(folder)

    monkeypatch.setattr("os.scandir", refuse)
    report = import_folder(api, root)
    assert [(one["path"], one["code"]) for one in report.problems] == [("shut", "UNREADABLE")]
    assert api.finished is not None
    assert api.finished["keep"] is None
    assert api.sent[0]["removed"] == []


def test_source_keys_tell_folders_apart_and_hide_paths(tmp_path: Path) -> None:
    (tmp_path / "a" / "docs").mkdir(parents=True)
    (tmp_path / "b" / "docs").mkdir(parents=True)
    first, second = source_key(tmp_path / "a" / "docs"), source_key(tmp_path / "b" / "docs")
    assert first != second
    assert first.startswith("docs-")
    assert source_key(tmp_path / "a" / ".." / "a" / "docs") == first
    assert tmp_path.name not in first
    assert source_key(Path("/")).startswith("folder-")
