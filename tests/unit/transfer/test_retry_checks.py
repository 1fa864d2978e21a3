"""
What is wrong at a collection is not asked for again; what is wrong at Transfer is.
"""

from __future__ import annotations

import typing as t

import pytest

from globus_core import TransferAPIError, TransferClient
from globus_core.experimental import TransferClientV2
from globus_core.experimental.transfer_v2.transport import TRANSFER_V2_DEFAULT_RETRY_CHECKS
from globus_core.services.transfer.transport import TRANSFER_DEFAULT_RETRY_CHECKS
from globus_core.transport.default_retry_checks import DEFAULT_RETRY_CHECKS
from tests.unit.transfer.answering import answered

ONCE, AGAIN = 1, 3

ANSWERS: dict[str, tuple[int, t.Any, int]] = {
    "a collection that is off": (502, {"code": "ExternalError.DirListing.GCDisconnected"}, ONCE),
    "an error of an endpoint": (500, {"code": "EndpointError"}, ONCE),
    "part of a code": (504, {"code": "ClientError.EndpointError.Other"}, ONCE),
    "another code": (502, {"code": "ServiceUnavailable"}, AGAIN),
    "no code": (502, {"message": "no code"}, AGAIN),
    "a code that is no text": (502, {"code": 5}, AGAIN),
    "an array": (502, ["ExternalError"], AGAIN),
    "text": (500, '"ExternalError"', AGAIN),
    "no JSON": (500, "ExternalError", AGAIN),
    "too busy, which has a check of its own": (503, {"code": "ExternalError"}, AGAIN),
    "an error of the caller": (404, {"code": "ExternalError"}, ONCE),
}
ANSWERS_V2: dict[str, tuple[int, t.Any, int]] = {
    "a collection that is off": (502, {"errors": [{"code": "ExternalError"}]}, ONCE),
    "one of several": (502, {"errors": [{"code": "A"}, {"code": "EndpointError"}]}, ONCE),
    "part of a code": (502, {"errors": [{"code": "ExternalError.Other"}]}, AGAIN),
    "another code": (502, {"errors": [{"code": "ServiceUnavailable"}]}, AGAIN),
    "no list": (502, {"errors": {"code": "ExternalError"}}, AGAIN),
    "a list of text": (502, {"errors": ["ExternalError"]}, AGAIN),
    "an array": (502, [{"code": "ExternalError"}], AGAIN),
    "no JSON": (500, "ExternalError", AGAIN),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_the_first_version_reads_the_code(name: str) -> None:
    """Before it decides whether a temporary status is temporary."""
    status, body, attempts = ANSWERS[name]
    client = answered(TransferClient, (status, body))

    with pytest.raises(TransferAPIError):
        client.operation_ls("a-collection")
    assert len(client.answering.sent) == attempts


@pytest.mark.parametrize("name", ANSWERS_V2)
def test_the_second_version_reads_the_errors(name: str) -> None:
    """Each of which has a code."""
    status, body, attempts = ANSWERS_V2[name]
    client = answered(TransferClientV2, (status, body))

    with pytest.raises(TransferAPIError):
        client.list_bookmarks()
    assert len(client.answering.sent) == attempts


def test_the_other_checks_are_the_standard_ones() -> None:
    """In their order."""
    for checks in (TRANSFER_DEFAULT_RETRY_CHECKS, TRANSFER_V2_DEFAULT_RETRY_CHECKS):
        assert len(checks) == len(DEFAULT_RETRY_CHECKS)
        assert sum(a is not b for a, b in zip(checks, DEFAULT_RETRY_CHECKS, strict=True)) == 1
