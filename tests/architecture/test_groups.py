"""Tests of one group run in one worker: what they share is made once."""

from __future__ import annotations

import os

import pytest


@pytest.mark.xdist_group("together")
@pytest.mark.skipif("PYTEST_XDIST_WORKER" not in os.environ, reason="one process only: nothing is handed out")
def test_the_group_of_a_test_is_known_where_tests_are_handed_out(request: pytest.FixtureRequest) -> None:
    assert request.node.nodeid.endswith("@together")
