"""
Errors of Globus Flows tell the same as those of globus-sdk.
"""

from __future__ import annotations

import typing as t

import globus_sdk
import globus_sdk.testing
import pytest

import globus_core
import globus_core.testing

PART = {"loc": ["definition", "States", "A"], "msg": "no end", "type": "value_error"}
BODIES: dict[str, dict[str, t.Any]] = {
    "text": {"error": {"code": "NOT_FOUND", "detail": "no such flow"}, "debug_id": "d1"},
    "places": {"error": {"code": "U", "detail": [PART, {**PART, "msg": "other"}], "message": "m"}},
    "title": {"error": {"code": "U", "detail": ["a"], "title": "t"}},
    "no code": {"error": {"title": "t"}},
    "number": {"error": {"code": 3, "detail": {"a": 1}}},
    "no object": {"error": "text"},
    "type zero": {"code": "X", "message": "m", "error": {"code": "U", "detail": "d"}},
    "policy": {
        "error": {"code": "POLICY", "detail": "d"},
        "code": "AuthenticationPolicyRequired",
        "authorization_parameters": {"session_required_policies": ["a"]},
    },
}


def told(sdk: t.Any, body: dict[str, t.Any]) -> t.Any:
    """
    What an error says.

    :param sdk: the SDK
    :param body: the response's document
    """
    error = sdk.testing.construct_error(
        error_class=sdk.FlowsAPIError, http_status=422, body=body, method="POST", url="https://a/b"
    )
    raw = [each.raw for each in error.errors]
    return error.code, error.messages, raw, bool(error.info.authorization_parameters)


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_an_error_says_the_same(body: dict[str, t.Any]) -> None:
    """Code, messages, the object, and whether a login is required."""
    assert told(globus_core, body) == told(globus_sdk, body)


def test_an_error_with_a_message_only_has_it() -> None:
    """In globus-sdk it has none."""
    body = {"error": {"code": "U", "message": "m"}}

    assert told(globus_core, body)[1] == ["m"]
    assert told(globus_sdk, body)[1] == []
