"""Our translators keep the contract, and the contract notices those that do not."""

from __future__ import annotations

import typing as t

import pytest

from globus_core.exc import ErrorFacts, GlobusAPIError
from globus_core.testing import ErrorTranslatorContract, make_error
from globus_core_errors.hooks import globus_translate_error


class GatewayDownError(Exception):
    """What a third party's translator makes of its gateway's page."""


def translate_gateway(error: GlobusAPIError) -> type[Exception] | None:
    """A small translator of somebody else's."""
    return GatewayDownError if "campus gateway" in error.text else None


class TestDefaultTranslator(ErrorTranslatorContract):
    """It speaks for Globus, so that nothing is foreign to it."""

    @pytest.fixture
    def translate(self) -> t.Any:
        return globus_translate_error

    @pytest.fixture
    def known_errors(self) -> list[GlobusAPIError]:
        """The formats of RFC 6749, Auth, and a page of a gateway."""
        return [
            make_error({"error": "invalid_grant", "error_description": "too late"}),
            make_error({"errors": [{"code": "FORBIDDEN", "detail": "no"}]}, status=403),
            make_error(b"<title>Bad Gateway</title>", status=502, content_type="text/html"),
        ]

    @pytest.fixture
    def foreign_errors(self) -> list[GlobusAPIError]:
        return []


class TestForeignTranslator(ErrorTranslatorContract):
    """One that gives a class."""

    @pytest.fixture
    def translate(self) -> t.Any:
        return lambda error: translate_gateway(error)

    @pytest.fixture
    def known_errors(self) -> list[GlobusAPIError]:
        return [make_error(b"the campus gateway is down", status=502, content_type="text/html")]


KNOWN = [make_error({"mine": 1})]
FOREIGN = [make_error({"error": "invalid_grant"})]


def sloppy(error: GlobusAPIError) -> t.Any:
    """Takes for granted that every body is an object."""
    return ErrorFacts(message="mine") if error.raw_json.get("mine") else None


def greedy(error: GlobusAPIError) -> t.Any:
    """Speaks for everybody."""
    return ErrorFacts(message="mine")


def chatty(error: GlobusAPIError) -> t.Any:
    """Repeats what the server sent."""
    return ErrorFacts(message=error.text)


def wordy(error: GlobusAPIError) -> t.Any:
    """Answers in words."""
    return error.text


def meddling(error: GlobusAPIError) -> t.Any:
    """Changes the error."""
    error.http_status += 1
    return ErrorFacts(message="mine")


@pytest.mark.parametrize(
    ("translate", "promise"),
    [
        (sloppy, "test_no_body_makes_it_raise"),
        (wordy, "test_no_body_makes_it_raise"),
        (wordy, "test_its_own_errors_are_translated"),
        (chatty, "test_credentials_are_not_repeated"),
        (meddling, "test_it_gives_the_same_answer_again"),
    ],
)
def test_a_broken_promise_is_noticed(translate: t.Any, promise: str) -> None:
    """Each fault fails the test that is there for it."""
    test = getattr(ErrorTranslatorContract(), promise)
    arguments = (translate,) if "no_body" in promise else (translate, KNOWN)
    with pytest.raises((AssertionError, AttributeError)):
        test(*arguments)


def test_speaking_for_others_is_noticed() -> None:
    """A translator that answers for everything would hide what Globus says."""
    contract = ErrorTranslatorContract()
    contract.test_its_own_errors_are_translated(greedy, KNOWN)
    with pytest.raises(AssertionError):
        contract.test_errors_of_others_are_left_alone(greedy, FOREIGN)
