"""The contract of error translators, and what this one makes of the gateway's page."""

from __future__ import annotations

import typing as t

import pytest
import responses
from globus_core_example_errors import ExampleGatewayError
from globus_core_example_errors.hooks import globus_translate_error

from globus_core import BaseClient
from globus_core.exc import GlobusAPIError
from globus_core.testing import ErrorTranslatorContract, make_error

PAGE = b"<html><head><title>Gateway closed</title></head></html>"


class TestTranslator(ErrorTranslatorContract):
    @pytest.fixture
    def translate(self) -> t.Callable[[GlobusAPIError], object]:
        return globus_translate_error

    @pytest.fixture
    def known_errors(self) -> list[GlobusAPIError]:
        return [make_error(PAGE, status=503, content_type="text/html")]


@responses.activate
def test_the_closed_gateway_is_an_exception_of_its_own() -> None:
    """It is caught as the client's error as well."""
    responses.get("https://service.example.org/things", PAGE, status=403, content_type="text/html")
    client = BaseClient(base_url="https://service.example.org")
    with pytest.raises(ExampleGatewayError) as caught:
        client.get("things")
    assert GlobusAPIError in type(caught.value).__mro__
    assert caught.value.advice == ExampleGatewayError.advice
