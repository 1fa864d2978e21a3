"""
Authorizers whose header does not change.
"""

from __future__ import annotations

import base64
import hashlib
import typing as t

import pytest

from globus_core import AccessTokenAuthorizer, BasicAuthorizer, GlobusSDKUsageError, NullAuthorizer
from globus_core.authorizers import GlobusAuthorizer


def test_an_access_token_is_sent_as_bearer() -> None:
    """As it was given; nothing can repair it."""
    authorizer = AccessTokenAuthorizer("token-1")
    assert authorizer.get_authorization_header() == "Bearer token-1"
    assert authorizer.access_token == "token-1"
    assert not authorizer.handle_missing_authorization()


def test_a_hash_tells_tokens_apart() -> None:
    """SHA-256 in hexadecimal, of the token that is set now."""
    authorizer = AccessTokenAuthorizer("token-1")
    assert authorizer.access_token_hash == hashlib.sha256(b"token-1").hexdigest()
    authorizer.access_token = "token-2"
    assert authorizer.access_token_hash == AccessTokenAuthorizer("token-2").access_token_hash


@pytest.mark.parametrize("password", ["secret", "with:colon", "pässwörd", ""])
def test_basic_is_base64_of_name_and_password(password: str) -> None:
    """In UTF-8 (RFC 7617)."""
    header = BasicAuthorizer("client-1", password).get_authorization_header()
    scheme, _, encoded = header.partition(" ")
    assert scheme == "Basic"
    assert base64.b64decode(encoded).decode() == f"client-1:{password}"
    assert "\n" not in BasicAuthorizer("client-1", "x" * 200).get_authorization_header()


@pytest.mark.parametrize("pair", [(None, "secret"), ("client-1", None), ("client-1", b"x")])
def test_a_name_and_a_password_are_text(pair: tuple[t.Any, t.Any]) -> None:
    """None, of a variable that is not set, is not sent as a word."""
    with pytest.raises(GlobusSDKUsageError, match=r"'(username|password)' must be"):
        BasicAuthorizer(*pair)


def test_the_null_authorizer_gives_no_header() -> None:
    """None, and there is nothing to repair."""
    assert NullAuthorizer().get_authorization_header() is None  # type: ignore[func-returns-value]
    assert not NullAuthorizer().handle_missing_authorization()


@pytest.mark.parametrize(
    "authorizer", [AccessTokenAuthorizer("secret-1"), BasicAuthorizer("name", "secret-1")]
)
def test_no_secret_is_shown(authorizer: GlobusAuthorizer) -> None:
    """The repr and str name the class alone."""
    shown = repr(authorizer) + str(authorizer)
    assert type(authorizer).__name__ in shown
    assert "secret-1" not in shown
    assert base64.b64encode(b"name:secret-1").decode() not in shown
