"""GraphQL over HTTP, status by status."""

import json

import httpx
import pytest

from stratumiops.resolvers.http.compression import LEAST_BYTES

RESPONSE = "application/graphql-response+json"
JSON = "application/json"


async def post(client: httpx.AsyncClient, payload: object, accept: str = RESPONSE) -> httpx.Response:
    return await client.post("/graphql", json=payload, headers={"accept": accept})


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (None, JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (RESPONSE, RESPONSE),
        (f"{RESPONSE}, {JSON}", RESPONSE),
        (f"{RESPONSE}; charset=utf-8, {JSON}; charset=utf-8", RESPONSE),
        (f"{RESPONSE};q=0.5, {JSON}", JSON),
        (f"{JSON};q=0, */*", RESPONSE),
        (f"text/html, {JSON};q=0.1", JSON),
    ],
)
async def test_the_answer_is_of_the_best_accepted_type(client, accept, content_type):
    client.headers.pop("accept")
    headers = {} if accept is None else {"accept": accept}
    answer = await client.post("/graphql", json={"query": "{ hello }"}, headers=headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == f"{content_type}; charset=utf-8"
    assert answer.json() == {"data": {"hello": "hello world"}}


@pytest.mark.parametrize("accept", ["text/plain", "image/*", "application/json;q=0", "text/html"])
async def test_a_type_that_is_not_offered_is_406(client, accept):
    answer = await post(client, {"query": "{ hello }"}, accept)
    assert answer.status_code == 406
    assert RESPONSE in answer.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    ("query", "status"),
    [("{", 400), ("{ nothing }", 400), ("query($n: String!) { hello(name: $n) }", 400), ("{ hello }", 200)],
)
async def test_documents_that_cannot_run_are_400_or_200_by_media_type(client, query, status):
    strict = await post(client, {"query": query})
    legacy = await post(client, {"query": query}, JSON)
    assert (strict.status_code, legacy.status_code) == (status, 200)
    assert strict.json() == legacy.json()
    if status == 400:
        assert "data" not in strict.json()
        assert strict.json()["errors"][0]["extensions"]["code"] == "BAD_INPUT"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])
async def test_other_methods_are_405(client, method):
    answer = await client.request(method, "/graphql")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, POST"


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json; charset=latin-1",
        "multipart/form-data",
    ],
)
async def test_bodies_of_other_types_are_415(client, content_type):
    headers = {} if content_type is None else {"content-type": content_type}
    answer = await client.post("/graphql", content=b'{"query": "{ hello }"}', headers=headers)
    assert answer.status_code == 415
    assert answer.headers["accept"] == JSON


async def test_compressed_bodies_are_415(client):
    headers = {"content-type": JSON, "content-encoding": "gzip"}
    assert (await client.post("/graphql", content=b"x", headers=headers)).status_code == 415


@pytest.mark.parametrize(
    ("encodings", "size", "compressed"),
    [
        ("gzip", LEAST_BYTES, True),
        ("br, GZIP;q=0.5", LEAST_BYTES, True),
        ("gzip", LEAST_BYTES // 2, False),
        ("gzip;q=0", LEAST_BYTES, False),
        ("gzip; q=0.000, br", LEAST_BYTES, False),
        ("identity", LEAST_BYTES, False),
        ("", LEAST_BYTES, False),
    ],
)
async def test_large_answers_are_compressed_for_who_takes_gzip(client, encodings, size, compressed):
    name = "x" * size
    payload = {"query": "query($n: String!) { hello(name: $n) }", "variables": {"n": name}}
    answer = await client.post("/graphql", json=payload, headers={"accept-encoding": encodings})
    assert answer.json() == {"data": {"hello": f"hello {name}"}}
    assert (answer.headers.get("content-encoding") == "gzip") is compressed
    assert ("Accept-Encoding" in answer.headers["vary"]) is compressed
    assert (int(answer.headers["content-length"]) < size / 10) is compressed


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "empty"),
        (b"{", "not valid JSON"),
        (b'{"query": "\xff"}', "not valid JSON"),
        (b"[]", "batches"),
        (b'"text"', "object"),
        (b"{}", "no query"),
        (b'{"query": 1}', "query has to be a text"),
        (b'{"query": "{ hello }", "variables": []}', "variables has to be an object"),
        (b'{"query": "{ hello }", "operationName": {}}', "operationName has to be a text"),
        (b'{"query": "{ hello }", "extensions": "x"}', "extensions has to be an object"),
    ],
)
async def test_malformed_requests_are_400_and_say_why(client, body, said):
    for accept in (JSON, RESPONSE):
        headers = {"content-type": JSON, "accept": accept}
        answer = await client.post("/graphql", content=body, headers=headers)
        assert answer.status_code == 400
        error = answer.json()["errors"][0]
        assert said in error["message"]
        assert error["extensions"]["code"] == "BAD_INPUT"


async def test_a_body_over_the_limit_is_413_with_and_without_a_declared_length(build):
    served = build(limits={"max_body_bytes": 64})
    body = json.dumps({"query": "{ hello }" + " " * 100}).encode()

    async def chunks():
        yield body[:50]
        yield body[50:]

    async with served.client() as client:
        for content in (body, chunks()):
            answer = await client.post("/graphql", content=content, headers={"content-type": JSON})
            assert answer.status_code == 413
            assert answer.json()["errors"][0]["extensions"]["code"] == "TOO_COMPLEX"
        small = json.dumps({"query": "{ hello }"}).encode()
        assert (await client.post("/graphql", content=small, headers={"content-type": JSON})).is_success


async def test_a_body_in_pieces_is_put_together(client):
    async def chunks():
        for byte in b'{"query": "{ hello }"}':
            yield bytes([byte])

    answer = await client.post("/graphql", content=chunks(), headers={"content-type": JSON})
    assert answer.json() == {"data": {"hello": "hello world"}}


async def test_get_runs_queries_with_variables(client):
    params = {
        "query": "query A($n: String!) { hello(name: $n) } query B { whoami }",
        "variables": '{"n": "Zoë"}',
        "operationName": "A",
        "extensions": "{}",
    }
    answer = await client.get("/graphql", params=params, headers={"accept": RESPONSE})
    assert answer.json() == {"data": {"hello": "hello Zoë"}}


@pytest.mark.parametrize("accept", [RESPONSE, JSON])
async def test_get_does_not_run_mutations(client, accept):
    answer = await client.get("/graphql", params={"query": "mutation { touch }"}, headers={"accept": accept})
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"


@pytest.mark.parametrize(
    "query_string",
    [
        "",
        "query=",
        "query=%FF",
        "query={hello}&query={hello}",
        "query={hello}&variables={",
        "query={hello}&variables=[]",
    ],
)
async def test_malformed_query_strings_are_400(client, query_string):
    answer = await client.get(f"/graphql?{query_string}", headers={"accept": RESPONSE})
    assert answer.status_code == 400
    assert answer.json()["errors"]


async def test_errors_carry_code_hint_and_field(client):
    error = (await post(client, {"query": "{ conflict }"})).json()["errors"][0]
    assert error["message"] == "it changed meanwhile"
    assert error["path"] == ["conflict"]
    assert error["extensions"] == {"code": "CONFLICT", "hint": "read it again", "field": "input.rev"}


@pytest.mark.parametrize("query", ["{ bug }", "{ crash }"])
async def test_bugs_show_a_correlation_id_and_nothing_else(client, query):
    headers = {"x-request-id": "find-me"}
    answer = await client.post("/graphql", json={"query": query}, headers=headers)
    error = answer.json()["errors"][0]
    assert error["extensions"] == {"code": "INTERNAL", "correlationId": "find-me"}
    assert "secret" not in answer.text
    assert "broken" not in answer.text


async def test_request_ids_are_kept_when_plain_and_made_otherwise(client):
    for given, kept in (("abc-1.2_3", True), ("a b", False), ("x" * 200, False), ("a\tb", False)):
        answer = await client.post("/graphql", json={"query": "{ hello }"}, headers={"x-request-id": given})
        assert (answer.headers["x-request-id"] == given) is kept
    other = (await client.get("/health")).headers["x-request-id"]
    assert len(other) == 36


async def test_every_answer_has_the_security_headers(client):
    for answer in (
        await client.post("/graphql", json={"query": "{ hello }"}),
        await client.get("/health"),
        await client.get("/nothing-here"),
    ):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"


async def test_browsers_get_the_playground_page(client):
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    answer = await client.get("/graphql", headers={"accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy
    assert "http:" not in policy


async def test_unknown_paths_are_problem_details(client):
    answer = await client.get("/nothing-here")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {"type": "about:blank", "title": "Not Found", "status": 404}
