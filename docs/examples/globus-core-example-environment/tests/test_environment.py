"""The addresses, as clients look them up."""

from __future__ import annotations

import pytest

from globus_core import AuthClient
from globus_core.config import get_service_url, token_namespace

NAME = "example-environment"


@pytest.mark.parametrize(
    ("service", "url"),
    [("auth", "https://auth.globus.example.org/"), ("transfer", "https://data.example.org/")],
)
def test_services_have_their_addresses(service: str, url: str) -> None:
    """By the domain, unless they are named."""
    assert get_service_url(service, NAME) == url


def test_clients_use_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the variable that selects the environment."""
    monkeypatch.setenv("GLOBUS_SDK_ENVIRONMENT", NAME)
    with AuthClient() as client:
        assert client.base_url == "https://auth.globus.example.org/"


def test_tokens_belong_to_all_names_of_the_server() -> None:
    """A login at one of them is a login at the other."""
    assert token_namespace("DEFAULT", "https://login.example.org/", NAME) == "DEFAULT"
