"""Tests of one group run in one process, so that they share what is costly to start and do not meet each other."""

import pytest


@pytest.mark.xdist_group("groups")
def test_the_scheduler_knows_groups(request: pytest.FixtureRequest) -> None:
    asked_for = getattr(request.config.option, "loadgroup", False)
    assert request.node.nodeid.endswith("@groups") == asked_for
