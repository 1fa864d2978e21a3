"""
Workers of a service share the tokens that depend on their callers' in files.
"""

from __future__ import annotations

import pathlib

import pytest

from tests.integration.resource_server.exchanging import tokens_of_workers


@pytest.mark.parametrize("kind", ["sqlite", "json"])
def test_workers_get_dependent_tokens_once(kind: str, tmp_path: pathlib.Path) -> None:
    """One asks, and the others wait for the token and take it."""
    tokens, asked = tokens_of_workers(f"{kind}:{tmp_path}/dependent")

    assert len(set(tokens)) == 1
    assert asked == 1
