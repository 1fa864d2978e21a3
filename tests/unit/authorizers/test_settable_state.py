"""
The token of an authorizer and its expiry may be set, as programs written for globus-sdk do.
"""

from __future__ import annotations

import time
import typing as t

import pytest

from globus_core.authorizers import (
    GlobusAuthorizer,
    RefreshTokenAuthorizer,
    RenewingAuthorizer,
    StaticGlobusAuthorizer,
)
from globus_core.exc import GlobusSDKUsageError
from tests.unit.authorizers.fakes import SERVER, AuthClient, DictStorage, stored, token


class Counted(RenewingAuthorizer):
    """Renews with access-1, access-2 and so on, and has no ``__init__`` of the base."""

    def __init__(self) -> None:
        self.renewals = 0
        self.access_token = "own"
        self.expires_at = int(time.time()) + 3600

    def _get_token_response(self) -> dict[str, t.Any]:
        self.renewals += 1
        return {"mine": token(f"access-{self.renewals}")}

    def _extract_token_data(self, res: dict[str, t.Any]) -> dict[str, t.Any]:
        mine: dict[str, t.Any] = res["mine"]
        return mine


def test_a_subclass_that_sets_both_in_its_constructor_works() -> None:
    """It uses its token, renews it when it has expired, and handles a 401."""
    authorizer = Counted()
    assert authorizer.get_authorization_header() == "Bearer own"
    assert authorizer.ensure_valid_for(hours=0.5) > time.time()
    authorizer.handle_missing_authorization()
    assert authorizer.expires_at is None
    assert authorizer.get_authorization_header() == "Bearer access-1"
    assert repr(authorizer) == "<Counted>"


def test_a_token_that_is_set_is_sent() -> None:
    """Until the expiry that is known."""
    authorizer = Counted()
    authorizer.access_token = "x"
    assert authorizer.get_authorization_header() == "Bearer x"
    assert authorizer.renewals == 0


def test_a_token_that_is_set_after_the_old_one_expired_is_renewed() -> None:
    """Its expiry has to be set as well, before or after it."""
    authorizer = Counted()
    authorizer.expires_at = 1
    authorizer.access_token = "x"
    assert authorizer.get_authorization_header() == "Bearer access-1"
    authorizer.access_token = "y"
    authorizer.expires_at = int(time.time()) + 3600
    assert authorizer.get_authorization_header() == "Bearer y"


@pytest.mark.parametrize("expires_at", [0, None, 1, -5])
def test_an_expiry_in_the_past_renews_the_token(expires_at: int | None) -> None:
    """None means that the expiry is not known, so the token is not trusted."""
    authorizer = Counted()
    authorizer.expires_at = expires_at
    assert authorizer.expires_at == expires_at
    assert authorizer.get_authorization_header() == "Bearer access-1"
    assert authorizer.get_authorization_header() == "Bearer access-1"


def test_a_token_that_is_set_to_none_is_renewed() -> None:
    """Whatever its expiry."""
    authorizer = Counted()
    authorizer.access_token = None
    assert authorizer.access_token is None
    assert authorizer.get_authorization_header() == "Bearer access-1"


def test_a_stored_token_whose_expiry_is_set_to_the_past_is_renewed() -> None:
    """And the new one is stored."""
    client, storage = AuthClient(), DictStorage()
    storage.store_token_data_by_resource_server({SERVER: stored("access-0", "refresh-0")})
    authorizer = RefreshTokenAuthorizer(
        "refresh-0",
        client,
        access_token="access-0",
        expires_at=int(time.time()) + 3600,
        token_storage=storage,
        resource_server=SERVER,
    )
    authorizer.expires_at = 0
    assert authorizer.get_authorization_header() == "Bearer access-1"
    record = storage.get_token_data(SERVER)
    assert record is not None and record.access_token == "access-1"


@pytest.mark.parametrize("value", ["", "two\nlines", 5])
def test_a_token_that_cannot_be_sent_is_refused_and_the_old_one_stays(value: t.Any) -> None:
    """At once, and not by the next request."""
    authorizer = Counted()
    with pytest.raises(GlobusSDKUsageError):
        authorizer.access_token = value
    assert authorizer.get_authorization_header() == "Bearer own"


@pytest.mark.parametrize("value", ["tomorrow", [], b"1"])
def test_an_expiry_that_is_no_number_is_refused(value: t.Any) -> None:
    """At once, and the old one stays."""
    authorizer = Counted()
    with pytest.raises(GlobusSDKUsageError, match="expires_at"):
        authorizer.expires_at = value
    assert authorizer.get_authorization_header() == "Bearer own"


def test_bases_of_authorizers_are_abstract() -> None:
    """A fixed header may be set on any instance."""
    with pytest.raises(TypeError, match="get_authorization_header"):
        GlobusAuthorizer()  # type: ignore[abstract]
    with pytest.raises(TypeError, match="_get_token_response"):
        RenewingAuthorizer("made-up", 2**31)  # type: ignore[abstract]
    fixed = StaticGlobusAuthorizer()
    fixed.header_val = "Bearer made-up"
    assert fixed.get_authorization_header() == "Bearer made-up"
