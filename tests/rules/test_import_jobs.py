"""Imports that the server does: only where it may, with progress, cancelled, and gone on with after a crash."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.ports import unused_port

from stratumiops.graph.errors import BadInput, Forbidden, NotFound
from stratumiops.graph.store.settings import Neo4jSettings
from stratumiops.ingest.jobs.roots import allowed, shown
from stratumiops.ingest.jobs.runner import ImportRunner
from stratumiops.ingest.jobs.store import Jobs
from stratumiops.resolvers.context import Role
from stratumiops.resolvers.engine import GraphQLRequest
from stratumiops.resolvers.settings import IngestSettings

from .conftest import Project

START = """
mutation($input: StartImportInput!) { startImport(input: $input) { job { id state path source } } }"""
CANCEL = "mutation($input: CancelImportInput!) { cancelImport(input: $input) { job { id state cancelling } } }"
JOB = """
query($id: ID!) {
  importJob(id: $id) {
    state phase files done created updated unchanged failed deleted relations unresolved error createdBy finishedAt
    problems { path code severity }
  }
}"""
WATCH = "subscription($id: ID!) { importProgress(id: $id) { state phase done files } }"
DEADLINE_S = 90


@pytest.fixture
def root(tmp_path: Path, project: Project) -> Path:
    """A folder that the server may read, with some notes."""
    folder = tmp_path / "notes"
    folder.mkdir()
    for i in range(9):
        (folder / f"{i}.md").write_text(f"# Note {i}\n\n[[{(i + 1) % 9}]]\n")
    services = project.ask.services
    services.settings = services.settings.model_copy(update={"ingest": IngestSettings(roots=(tmp_path,))})
    return folder


@pytest.fixture
async def runner(project: Project, root: Path) -> AsyncIterator[ImportRunner]:
    """Does the jobs of this test's server."""
    found = ImportRunner(project.db, (root.parent,), project.ask.services.events.poke)
    project.ask.services.import_runner = found
    task = asyncio.create_task(found.run())
    yield found
    task.cancel()
    await asyncio.wait([task])


async def start(project: Project, path: str | Path, **values: Any) -> dict[str, Any]:
    answer = await project.ask(START, {"input": {"graph": project.graph, "path": str(path), **values}})
    return dict(answer.data["startImport"]["job"])


async def over(project: Project, job_id: str) -> dict[str, Any]:
    """The job when it is over."""
    async with asyncio.timeout(DEADLINE_S):
        while True:
            job: dict[str, Any] = (await project.ask(JOB, {"id": job_id})).data["importJob"]
            if job["state"] in {"DONE", "FAILED", "CANCELLED"}:
                return job
            await asyncio.sleep(0.05)


async def test_a_folder_is_imported_in_the_background_and_can_be_watched(
    project: Project, root: Path, runner: ImportRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stratumiops.ingest.folder.sending.IMPORTED_FILES", 2)
    (root / "bad.md").write_bytes(b"x" * 20)
    monkeypatch.setattr("stratumiops.ingest.folder.listing.MAX_DOCUMENT_BYTES", 500)
    (root / "bad.md").write_bytes(b"x" * 501)
    (root / "9.md").write_text("[[nowhere]]")
    job = await start(project, "notes")
    assert (job["path"], job["state"]) == (f"{root.parent.name}/notes", "QUEUED")
    responses = project.ask.engine.subscribe(GraphQLRequest(WATCH, {"id": job["id"]}), project.ask.context())
    told = [json.loads(response.body)["data"]["importProgress"] async for response in responses]
    assert [one["done"] for one in told] == sorted(one["done"] for one in told)
    assert told[-1] == {"state": "DONE", "phase": "OVER", "done": 11, "files": 11}
    done = await over(project, job["id"])
    assert {name: done[name] for name in ("created", "unchanged", "failed", "deleted", "relations", "unresolved")} == {
        "created": 10, "unchanged": 0, "failed": 1, "deleted": 0, "relations": 9, "unresolved": 1,
    }  # fmt: skip
    assert done["problems"] == [{"path": "bad.md", "code": "TOO_LARGE", "severity": "ERROR"}]
    (root / "9.md").unlink()
    (root / "0.md").write_text("changed")
    again = await over(project, (await start(project, root))["id"])
    assert (again["created"], again["updated"], again["unchanged"], again["deleted"]) == (0, 1, 8, 1)
    listed = await project.ask("query($g: String) { importJobs(graph: $g) { state createdBy } }", {"g": project.graph})
    assert listed.data["importJobs"] == [{"state": "DONE", "createdBy": "local"}] * 2


async def test_the_server_reads_only_what_it_may(project: Project, root: Path, tmp_path_factory: Any) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (root / "link").symlink_to(outside)
    for path, code in (
        ("/etc", "FORBIDDEN"), ("..", "FORBIDDEN"), (str(outside), "FORBIDDEN"), ("notes/link", "FORBIDDEN"),
        ("notes/none", "NOT_FOUND"), ("", "BAD_INPUT"),
    ):  # fmt: skip
        answer = await project.ask(START, {"input": {"graph": project.graph, "path": path}})
        assert answer.error["extensions"]["code"] == code, path
    viewer = await project.ask.acting(Role.VIEWER)(START, {"input": {"graph": project.graph, "path": "notes"}})
    assert viewer.error["extensions"]["code"] == "FORBIDDEN"
    missing = await project.ask(START, {"input": {"graph": "no-such-graph", "path": "notes"}})
    assert missing.error["extensions"]["code"] == "NOT_FOUND"
    project.ask.services.settings = project.ask.services.settings.model_copy(update={"ingest": IngestSettings()})
    closed = await project.ask(START, {"input": {"graph": project.graph, "path": "notes"}})
    assert "ingest.roots" in closed.error["message"]


async def test_a_source_has_one_import_at_a_time_and_others_do_not_see_it(project: Project, root: Path) -> None:
    job = await start(project, root)
    twice = await project.ask(START, {"input": {"graph": project.graph, "path": str(root)}})
    assert twice.error["extensions"]["code"] == "CONFLICT"
    stranger = project.ask.seeing(f"{project.prefix}-other", role=Role.DEVELOPER)
    assert (await stranger(JOB, {"id": job["id"]})).data == {"importJob": None}
    assert (await stranger(CANCEL, {"input": {"id": job["id"]}})).error["extensions"]["code"] == "NOT_FOUND"
    gone = (await project.ask(CANCEL, {"input": {"id": job["id"]}})).data["cancelImport"]["job"]
    assert gone == {"id": job["id"], "state": "CANCELLED", "cancelling": True}
    assert (await start(project, root))["state"] == "QUEUED"


async def test_a_running_import_stops_after_its_batch_and_deletes_nothing(
    project: Project, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stratumiops.ingest.folder.sending.IMPORTED_FILES", 2)
    jobs = Jobs(project.db)
    job = await start(project, root)
    claimed = await jobs.claim("me", [str(root)])
    assert claimed is not None
    cancelled = asyncio.Event()
    found = ImportRunner(project.db, (root.parent,), cancelled.set)
    vars(found)["_holder"] = "me"

    async def cancel_when_something_is_in() -> None:
        await cancelled.wait()
        await jobs.cancel(job["id"])

    watcher = asyncio.create_task(cancel_when_something_is_in())
    await found.do(claimed)
    await watcher
    ended = await over(project, job["id"])
    assert ended["state"] in {"CANCELLED", "DONE"}
    assert ended["done"] >= 2
    await jobs.cancel(job["id"])
    assert (await over(project, job["id"]))["state"] == ended["state"]


async def test_a_job_whose_process_is_silent_is_taken_over_and_completed(
    project: Project, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stratumiops.ingest.jobs.store.LEASE_S", -1.0)
    jobs = Jobs(project.db)
    job = await start(project, root)
    first = await jobs.claim("dead", [str(root)])
    assert first is not None
    monkeypatch.setattr("stratumiops.ingest.jobs.store.LEASE_S", 30.0)
    second = await jobs.claim("alive", [str(root)])
    assert second is not None
    assert second.id == job["id"] == first.id
    assert await jobs.note(job["id"], "dead", {"done": 99}) is None
    assert await jobs.claim("third", [str(root)]) is None
    found = ImportRunner(project.db, (root.parent,))
    vars(found)["_holder"] = "alive"
    await found.do(second)
    assert ((ended := await over(project, job["id"]))["state"], ended["created"]) == ("DONE", 9)


async def test_a_folder_that_may_no_longer_be_read_fails_the_job_with_the_reason(project: Project, root: Path) -> None:
    job = await start(project, root)
    claimed = await Jobs(project.db).claim("me", [str(root)])
    assert claimed is not None
    found = ImportRunner(project.db, ())
    vars(found)["_holder"] = "me"
    await found.do(claimed)
    ended = await over(project, job["id"])
    assert ended["state"] == "FAILED"
    assert "ingest.roots" in ended["error"]


async def test_old_jobs_are_forgotten(project: Project, root: Path) -> None:
    job = await start(project, root)
    await project.ask(CANCEL, {"input": {"id": job["id"]}})
    assert await Jobs(project.db).prune("2020-01-01T00:00:00.000000Z") == 0
    old = "MATCH (j:ImportJob {id: $id}) SET j.finished_at = '2019-01-01T00:00:00.000000Z'"
    await project.db.write(old, {"id": job["id"]})
    assert await Jobs(project.db).prune("2020-01-01T00:00:00.000000Z") == 1
    assert (await project.ask(JOB, {"id": job["id"]})).data == {"importJob": None}
    assert await Jobs(project.db).get("none") is None


def test_paths_are_allowed_below_roots_only(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "ab").mkdir()
    root = tmp_path / "a"
    assert allowed("b", [root]) == allowed(str(root / "b"), [root]) == root / "b"
    assert allowed(".", [root]) == root
    assert shown(str(root / "b"), [root]) == "a/b"
    assert shown(str(root), []) == "a"
    for path, error in (("../ab", Forbidden), (str(tmp_path / "ab"), Forbidden), ("c", NotFound), ("\0", BadInput)):
        with pytest.raises(error):
            allowed(path, [root])
    with pytest.raises(Forbidden):
        allowed("b", [])


# ---- kill -9


@pytest.mark.timeout(300)
async def test_an_import_survives_kill_9_of_the_server(
    project: Project, neo4j_settings: Neo4jSettings, tmp_path: Path
) -> None:
    root = tmp_path / "vault"
    root.mkdir()
    for i in range(2_500):
        (root / f"{i:04}.md").write_text(f"# Note {i}\n\n[[{(i + 1) % 2_500:04}]]\n" + "words and words " * 30)
    (tmp_path / "stratumiops.toml").write_text(f'[ingest]\nroots = ["{root}"]\n')
    environ = os.environ | {
        "NEO4J_URI": neo4j_settings.uri,
        "NEO4J_USER": neo4j_settings.user,
        "NEO4J_PASSWORD": neo4j_settings.password,
        "PYTHONSAFEPATH": "1",
    }
    port = unused_port()
    command = [sys.executable, "-m", "stratumiops.resolvers", "--port", str(port), "--home", str(tmp_path)]

    def launch() -> "subprocess.Popen[bytes]":
        with (tmp_path / "api.log").open("ab") as log:
            return subprocess.Popen(command, cwd=tmp_path, env=environ, stdout=log, stderr=log)

    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:

        async def ask(query: str, **variables: Any) -> Any:
            answer = (await client.post("/graphql", json={"query": query, "variables": variables})).json()
            assert "errors" not in answer, answer
            return answer["data"]

        async def ready() -> None:
            async with asyncio.timeout(DEADLINE_S):
                while True:
                    try:
                        if (await client.get("/ready")).status_code == 200:
                            return
                    except httpx.TransportError:
                        pass
                    await asyncio.sleep(0.05)

        async def until(job_id: str, wanted: Any) -> Any:
            async with asyncio.timeout(DEADLINE_S):
                while not wanted(job := (await ask(JOB, id=job_id))["importJob"]):
                    await asyncio.sleep(0.02)
            return job

        api = launch()
        try:
            await ready()
            values = {"graph": project.graph, "path": str(root), "source": "vault"}
            job_id = (await ask(START, input=values))["startImport"]["job"]["id"]
            await until(job_id, lambda job: job["done"] >= 500)
            os.kill(api.pid, signal.SIGKILL)
            api.wait()
            api = launch()
            await ready()
            ended = await until(job_id, lambda job: job["state"] in {"DONE", "FAILED"})
        finally:
            api.terminate()
            api.wait(DEADLINE_S)
    assert ended["state"] == "DONE", ended
    assert (ended["files"], ended["done"], ended["relations"], ended["failed"]) == (2_500, 2_500, 2_500, 0)
    count = await project.db.read_one("MATCH (n:KnowledgeNode {graph: $g}) RETURN count(n)", {"g": project.graph})
    assert count == 2_500
