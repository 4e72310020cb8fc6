"""The server audits of the npm package graphql-http: what the GraphQL-over-HTTP specification asks for."""

import pytest

pytestmark = [pytest.mark.node, pytest.mark.timeout(600)]


async def test_every_server_audit_passes(api_url, run_node):
    result = await run_node("audits.mjs", api_url)
    assert result == {"total": 61, "failed": []}
