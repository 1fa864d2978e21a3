"""
Whatever goes wrong between a service and Globus Auth: callers it knows go on, others wait.
"""

from __future__ import annotations

import typing as t

import pytest

from globus_core import ConfidentialAppAuthClient, TokenChecker
from globus_core.resource_server import CheckFailedError, UnauthenticatedError
from globus_core_sandbox.faults.kinds import KINDS as ALL_KINDS
from tests.sandbox.plain_client import PlainClient

if t.TYPE_CHECKING:
    from collections.abc import Iterator

    from globus_core.testing import Sandbox

INTROSPECT = "/v2/oauth2/token/introspect"
#: faults that a client gets over: the answer is right
HARMLESS = {"wrong-content-type"}
#: and those that it may get over, depending on how fast everything is
SLOW = {"dripped-headers", "dripped-body"}
KINDS = sorted(ALL_KINDS.keys() - HARMLESS - SLOW)


@pytest.fixture
def plain(globus_sandbox: Sandbox) -> Iterator[PlainClient]:
    """A client that gets tokens."""
    client = PlainClient(globus_sandbox)
    with client.session:
        yield client


@pytest.fixture
def auth(globus_sandbox: Sandbox) -> Iterator[ConfidentialAppAuthClient]:
    """The service's own client."""
    with ConfidentialAppAuthClient(
        globus_sandbox.confidential_client_id,
        globus_sandbox.confidential_client_secret,
        base_url=globus_sandbox.url,
    ) as client:
        yield client


def header(plain: PlainClient) -> str:
    """The header of a new login."""
    scope = plain.sandbox.seeds.scopes[0].scope_string
    return f"Bearer {plain.log_in(scope=scope)['access_token']}"


def checker_of(auth: ConfidentialAppAuthClient, sandbox: Sandbox, **options: t.Any) -> TokenChecker:
    """A checker that gives Globus Auth half a second."""
    scope = sandbox.seeds.scopes[0].scope_string
    options = {"timeout": 0.5, "ttl": 60, "outage": 300, "clock": sandbox.now, **options}
    return TokenChecker(auth, scopes=scope, **options)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.full
def test_every_fault_is_an_outage(
    globus_sandbox: Sandbox, plain: PlainClient, auth: ConfidentialAppAuthClient, kind: str
) -> None:
    """Down, slow, cut off, or an answer of something else: nobody is let in or kept out by it."""
    checker = checker_of(auth, globus_sandbox)
    known, new = header(plain), header(plain)
    checker.check(known)
    globus_sandbox.fail(kind=kind, times=None, path=INTROSPECT)

    for first in (new, known):  # each is once the first to notice
        globus_sandbox.advance_clock(61)
        if first is known:
            assert checker.check(known).username == "ada@example.org"
        with pytest.raises(CheckFailedError) as caught:
            checker.check(new)
        assert (caught.value.status, caught.value.headers["Retry-After"]) == (503, "5")
        assert checker.check(known).username == "ada@example.org"

    globus_sandbox.clear_faults()
    globus_sandbox.advance_clock(5)
    assert checker.check(new).username == "ada@example.org"


def test_known_callers_end_with_the_stated_bound(
    globus_sandbox: Sandbox, plain: PlainClient, auth: ConfidentialAppAuthClient
) -> None:
    """Counted from when Globus Auth was asked; and never beyond the end of the token."""
    checker = checker_of(auth, globus_sandbox)
    known = header(plain)
    checker.check(known)
    globus_sandbox.fail(kind="502-page", times=None, path=INTROSPECT)

    globus_sandbox.advance_clock(200)
    assert checker.check(known).username == "ada@example.org"
    globus_sandbox.advance_clock(100)
    with pytest.raises(CheckFailedError):
        checker.check(known)


def test_what_was_revoked_before_an_outage_stays_out(
    globus_sandbox: Sandbox, plain: PlainClient, auth: ConfidentialAppAuthClient
) -> None:
    """Once Globus Auth has said so."""
    checker = checker_of(auth, globus_sandbox)
    known = header(plain)
    checker.check(known)
    form = {"token": known.split()[1], "client_id": globus_sandbox.native_client_id}
    assert plain.post("v2/oauth2/token/revoke", **form).ok
    globus_sandbox.advance_clock(60)
    with pytest.raises(UnauthenticatedError):
        checker.check(known)
    globus_sandbox.fail(kind="502-page", times=None, path=INTROSPECT)
    globus_sandbox.advance_clock(6)

    with pytest.raises(CheckFailedError):
        checker.check(known)


def test_a_service_with_a_wrong_secret_says_so_of_itself(
    globus_sandbox: Sandbox, plain: PlainClient
) -> None:
    """500 and the reason for its operator; a login of the caller would not help."""
    with (
        ConfidentialAppAuthClient(
            globus_sandbox.confidential_client_id, "wrong", base_url=globus_sandbox.url
        ) as auth,
        pytest.raises(CheckFailedError) as caught,
    ):
        checker_of(auth, globus_sandbox).check(header(plain))

    assert caught.value.status == 500
    assert "WWW-Authenticate" not in caught.value.headers
    assert "401" in str(caught.value.__cause__)
