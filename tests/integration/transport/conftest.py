"""
The tests of this folder talk to a server on loopback.
"""

from __future__ import annotations

import pathlib

import pytest

from tests.integration.transport.fixtures import (
    certificate,
    closed_port,
    make_client,
    other_server,
    pauses,
    plugins,
    quiet_environment,
    secure_server,
    server,
    transport_mode,
)

__all__ = [
    "certificate",
    "closed_port",
    "make_client",
    "other_server",
    "pauses",
    "plugins",
    "quiet_environment",
    "secure_server",
    "server",
    "transport_mode",
]

_INSIDE = "it changes or looks at what is inside requests or urllib3"
_STRICTER = "aiohttp refuses such an answer, and gives the connection up"

#: tests that do not run by aiohttp, or not with these parameters, and why
NOT_BY_AIO = {
    "test_a_body_after_the_answer_to_a_head_request_is_nobodys[aio-True]": _STRICTER,
    "test_a_body_that_is_too_large_leaves_no_rest": "all of it has been read by then",
    "test_a_stream_that_is_given_up_is_closed": "a small body has been read by then",
    "test_a_client_survives_a_fork": "a loop does not; tests/unit/aio tests that it says so",
    "test_a_connection_lives_on_after_a_short_deadline": _INSIDE,
    **{
        f"test_a_connection_with_more_on_it_is_given_up[aio-{pieces}-{stream}]": _STRICTER
        for pieces in ("pieces11-NetworkError", "pieces12-{}", "pieces13-{}", "pieces14-{}")
        for stream in (False, True)
    },
    **{
        f'test_a_connection_with_more_on_it_is_given_up[aio-pieces3-{{"first":true}}-{stream}]': (
            "aiohttp takes an empty line before an answer for nothing (RFC 9112 section 2.2)"
        )
        for stream in (False, True)
    },
    "test_a_redirect_is_not_followed_after_the_deadline": _INSIDE,
    "test_a_replaced_send_of_the_session_is_used": "tracers of aiohttp replace other functions",
    "test_addresses_that_do_not_answer_share_the_time": "aiohttp tries them side by side",
    "test_an_answer_whose_reading_was_interrupted_is_nobodys": _INSIDE,
    "test_debug_logs_of_urllib3_hold_no_query_of_ours": _INSIDE,
    **{
        f"test_interim_answers_are_skipped[aio-pieces5-{stream}]": (
            "an interim answer that ends the connection is an error"
        )
        for stream in (False, True)
    },
    "test_lines_that_nobody_reads_cost_nothing": "it counts the calls of its own thread",
    "test_three_lines_tell_of_a_request": _INSIDE,
    "test_what_only_drips_ends_at_the_total_deadline[aio-slow0]": (
        "aiohttp refuses a first line that is none at its first byte"
    ),
}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is not to run by aiohttp."""
    here = pathlib.Path(__file__).parent
    left_out = [item for item in items if item.path.parent == here and _is_left_out(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def _is_left_out(item: pytest.Item) -> bool:
    name, _, parameters = item.name.partition("[")
    by_aio = parameters.startswith(("aio-", "aio]"))
    return by_aio and (name in NOT_BY_AIO or item.name in NOT_BY_AIO)
