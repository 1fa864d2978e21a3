"""
A fake Globus Auth for each test, and clients of it.
"""

from __future__ import annotations

import typing as t

import pytest

from globus_core import AccessTokenAuthorizer, AuthClient
from tests.unit.auth import fakes

if t.TYPE_CHECKING:
    from globus_core import ConfidentialAppAuthClient, NativeAppAuthClient


@pytest.fixture
def server() -> fakes.FakeAuth:
    """
    A server that publishes one RSA key, ``one``.
    """
    fake = fakes.FakeAuth()
    fake.answer(fakes.KEYS_PATH, fakes.key_set(fakes.published(fakes.rsa_key(1), "one")))
    return fake


@pytest.fixture
def native(server: fakes.FakeAuth) -> NativeAppAuthClient:
    """
    A native client of the server.
    """
    return fakes.native(server)


@pytest.fixture
def confidential(server: fakes.FakeAuth) -> ConfidentialAppAuthClient:
    """
    A confidential client of the server.
    """
    return fakes.confidential(server)


@pytest.fixture
def auth(server: fakes.FakeAuth) -> AuthClient:
    """
    A client with an access token.
    """
    authorizer = AccessTokenAuthorizer("a-token")
    return fakes.joined(AuthClient(base_url=fakes.BASE_URL, authorizer=authorizer), server)
