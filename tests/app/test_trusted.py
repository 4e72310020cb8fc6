"""Trusted documents: by documentId, by Apollo's hash, and nothing else where only they are executed."""

import hashlib
import json
from pathlib import Path

import pytest

from stratumiops.graph.errors import BadInput
from stratumiops.resolvers.settings import GraphQLSettings
from stratumiops.resolvers.trusted import NO_TRUSTED_DOCUMENTS, trusted_documents

DOCUMENT = "query ($n: String!) { hello(name: $n) }"
DIGEST = hashlib.sha256(DOCUMENT.encode()).hexdigest()
OTHER = "{ hello }"
RESPONSE = "application/graphql-response+json"


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps({DIGEST: DOCUMENT}))
    return path


@pytest.fixture(params=["allow", "only"])
def trusting(request, build, manifest):
    return build(graphql={"trusted_documents": request.param, "manifest": manifest})


def apollo(digest: str) -> dict[str, object]:
    return {"persistedQuery": {"version": 1, "sha256Hash": digest}}


@pytest.mark.parametrize(
    "naming",
    [
        {"documentId": f"sha256:{DIGEST}"},
        {"extensions": apollo(DIGEST)},
        {"query": DOCUMENT},
        {"query": DOCUMENT, "extensions": apollo(DIGEST)},
    ],
)
async def test_a_trusted_document_runs_however_it_is_named(trusting, naming):
    async with trusting.client() as client:
        body = {**naming, "variables": {"n": "you"}}
        assert (await client.post("/graphql", json=body)).json() == {"data": {"hello": "hello you"}}


async def test_get_takes_a_document_id(trusting):
    async with trusting.client() as client:
        params = {"documentId": f"sha256:{DIGEST}", "variables": '{"n": "you"}'}
        assert (await client.get("/graphql", params=params)).json() == {"data": {"hello": "hello you"}}


@pytest.mark.parametrize(("mode", "status"), [("allow", 200), ("only", 403)])
async def test_other_documents_run_only_where_they_are_allowed(build, manifest, mode, status):
    async with build(graphql={"trusted_documents": mode, "manifest": manifest}).client() as client:
        answer = await client.post("/graphql", json={"query": OTHER}, headers={"accept": RESPONSE})
        assert answer.status_code == status
        if status == 403:
            assert answer.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"


@pytest.mark.parametrize(
    ("body", "said", "code"),
    [
        ({"documentId": "sha256:" + "0" * 64}, "no trusted document", "NOT_FOUND"),
        ({"extensions": apollo("0" * 64)}, "PersistedQueryNotFound", "NOT_FOUND"),
        ({"documentId": "7"}, "sha256:", "BAD_INPUT"),
        ({"documentId": f"sha256:{DIGEST}", "query": DOCUMENT}, "not both", "BAD_INPUT"),
        ({"query": OTHER, "extensions": apollo(DIGEST)}, "does not match", "BAD_INPUT"),
        ({"extensions": {"persistedQuery": 1}}, "sha256Hash", "BAD_INPUT"),
    ],
)
async def test_wrong_names_are_400_and_say_why(trusting, body, said, code):
    async with trusting.client() as client:
        answer = await client.post("/graphql", json=body, headers={"accept": RESPONSE})
        assert answer.status_code == 400
        error = answer.json()["errors"][0]
        assert said in error["message"]
        assert error["extensions"]["code"] == code


async def test_nothing_is_registered_by_a_request(trusting):
    async with trusting.client() as client:
        digest = hashlib.sha256(OTHER.encode()).hexdigest()
        await client.post("/graphql", json={"query": OTHER, "extensions": apollo(digest)})
        answer = await client.post("/graphql", json={"extensions": apollo(digest)})
        assert answer.json()["errors"][0]["message"] == "PersistedQueryNotFound"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "not valid JSON"),
        ("[]", "expected an object"),
        (json.dumps({"0" * 64: DOCUMENT}), "not the SHA-256"),
    ],
)
def test_a_wrong_manifest_is_refused_at_the_start(tmp_path, content, said):
    path = tmp_path / "manifest.json"
    path.write_text(content)
    with pytest.raises(BadInput, match=said):
        trusted_documents(GraphQLSettings(trusted_documents="only", manifest=path))


def test_modes_need_a_manifest_and_off_needs_none():
    with pytest.raises(BadInput, match=r"needs graphql\.manifest"):
        trusted_documents(GraphQLSettings(trusted_documents="allow"))
    assert trusted_documents(GraphQLSettings()) is NO_TRUSTED_DOCUMENTS
