"""
Workers of a service share the tokens that depend on their callers' in Redis.
"""

from __future__ import annotations

from tests.integration.resource_server.exchanging import tokens_of_workers


def test_workers_get_dependent_tokens_once(redis_url: str) -> None:
    """One asks, and the others wait for the token and take it."""
    tokens, asked = tokens_of_workers(redis_url)

    assert len(set(tokens)) == 1
    assert asked == 1
