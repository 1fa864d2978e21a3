"""
Who a token belongs to, and which tokens are refused.
"""

from __future__ import annotations

import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from globus_core.exc import GlobusSDKUsageError
from globus_core.resource_server import (
    Caller,
    CheckFailedError,
    ForbiddenError,
    UnauthenticatedError,
)
from tests.unit.auth import fakes
from tests.unit.resource_server.services import (
    AT_SCHOOL,
    HEADER,
    OTHER_SCOPE,
    SCOPE,
    TOKEN,
    Service,
    refusal,
)


def test_a_caller_has_what_globus_auth_says(service: Service) -> None:
    """Identity, linked identities, scopes, session, application and times."""
    service.issue()

    caller = service.checker().check(HEADER)

    assert (caller.id, caller.username) == (fakes.IDENTITY, "ada@example.org")
    assert (caller.name, caller.email) == ("Ada Kestrel", "ada@example.org")
    assert caller.identity.username == "ada@example.org"
    assert [one.id for one in caller.identities] == [fakes.IDENTITY, AT_SCHOOL]
    assert caller.scopes == {SCOPE}
    assert caller.client_id == "some-app"
    assert caller.session.id == "a-session"
    assert caller.session.authentications[fakes.IDENTITY].time == service.clock.now
    assert caller.session.authentications[fakes.IDENTITY].amr == ("pwd",)
    assert caller.expires_at == service.clock.now + 3600
    assert caller.checked_at == service.clock.now


def test_a_caller_has_no_token_and_little_in_its_repr(service: Service) -> None:
    """Neither in what is shown nor in what it holds."""
    service.issue()
    checker = service.checker()

    caller = checker.check(HEADER)

    assert repr(caller) == "<caller ada@example.org>"
    assert TOKEN not in f"{caller.facts} {vars(checker)} {checker!r}"


def test_the_caller_of_a_token_without_details_has_one_identity(service: Service) -> None:
    """The services of some installations are not shown the linked identities."""
    service.issue(identity_set_detail=None, session_info=None)

    caller = service.checker().check(HEADER)

    assert [one.username for one in caller.identities] == ["ada@example.org"]
    assert caller.identity.id == fakes.IDENTITY
    assert caller.session == (None, {})


@pytest.mark.parametrize("header", [None, "", "Basic YTpi", "Bearers abc", "Negotiate x"])
def test_a_request_without_a_token_is_asked_for_one(service: Service, header: str | None) -> None:
    """The response says which scopes are needed, and no error (RFC 6750 section 3.1)."""
    error = refusal(UnauthenticatedError, lambda: service.checker().check(header))

    assert error.status == 401
    assert error.headers["WWW-Authenticate"] == f'Bearer realm="Globus", scope="{SCOPE}"'
    assert service.asked == 0


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer ",
        "Bearer two tokens",
        "Bearer a\r\nSet-Cookie: b=c",
        "Bearer a\n",
        "Bearer \x00",
        "Bearer käse",
        "Bearer a,Bearer b",
        'Bearer "quoted"',
        "Bearer =",
        "Bearer " + "a" * 1_000_000,
    ],
    ids=lambda header: ascii(header[:20]),
)
def test_a_malformed_header_is_refused_unasked(service: Service, header: str) -> None:
    """And nothing of it is in the response."""
    error = refusal(UnauthenticatedError, lambda: service.checker().check(header))

    assert error.status == 401
    assert 'error="invalid_token"' in error.headers["WWW-Authenticate"]
    assert "\n" not in "".join(error.headers.values())
    assert "Set-Cookie" not in str(error.headers) + error.body.decode()
    assert service.asked == 0


@given(st.text())
def test_any_header_is_refused_or_asked_about(header: str) -> None:
    """No text makes anything else happen."""
    service = Service()
    checker = service.checker()

    for text in (header, f"Bearer {header}"):
        error = refusal(UnauthenticatedError, lambda text=text: checker.check(text))  # type: ignore[misc]
        assert "".join(error.headers.values()).isprintable()


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "Bearer  "])
def test_the_scheme_is_written_in_any_case(service: Service, scheme: str) -> None:
    """RFC 7235 section 2.1."""
    service.issue()

    assert service.checker().check(f"{scheme} {TOKEN}").username == "ada@example.org"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"active": False}, "the token is expired, revoked or unknown"),
        ({"exp": 1}, "the token is expired, revoked or unknown"),
        ({"exp": None}, "the token is expired, revoked or unknown"),  # a refresh token
        ({"aud": ["transfer.api.globus.org"]}, "the token was issued for another service"),
        ({"aud": None}, "the token was issued for another service"),
    ],
)
def test_tokens_that_are_not_valid_here_are_refused(
    service: Service, changes: dict[str, t.Any], message: str
) -> None:
    """With 401 invalid_token."""
    service.issue(**changes)

    error = refusal(UnauthenticatedError, lambda: service.checker().check(HEADER))

    assert (error.status, str(error)) == (401, message)
    assert 'error="invalid_token"' in error.headers["WWW-Authenticate"]


@pytest.mark.parametrize("header", [HEADER.encode(), 7, [HEADER]], ids=str)
def test_what_is_no_text_is_a_mistake_of_the_service(service: Service, header: t.Any) -> None:
    """Such as the bytes of an ASGI scope; its value is not in the error."""
    with pytest.raises(GlobusSDKUsageError, match="must be the text of a header") as caught:
        service.checker().check(header)
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ('members of "tides"', "members of 'tides'"),
        ("a\r\nSet-Cookie: b=c", "a??Set-Cookie: b=c"),
        ("käse\\\x00\x7f", "k?se???"),
    ],
)
def test_any_message_can_be_in_the_header(message: str, shown: str) -> None:
    """It neither ends the value nor the header; the document has it as it is (RFC 6750)."""
    error = ForbiddenError(message, code="NotYet", error="insufficient_scope", scopes=['a"b'])

    challenge = error.headers["WWW-Authenticate"]
    assert challenge == (
        'Bearer realm="Globus", error="insufficient_scope", '
        f'error_description="{shown}", scope="a\'b"'
    )
    assert error.document["message"] == message


def test_a_forged_token_is_refused(service: Service) -> None:
    """Globus Auth does not know it."""
    service.issue()

    refusal(UnauthenticatedError, lambda: service.checker().check(HEADER + "x"))


def test_a_token_for_another_audience_can_be_the_services_own(service: Service) -> None:
    """A service may have a resource server of another name."""
    service.issue(aud=["tides.example.org"])

    checker = service.checker(audience="tides.example.org")

    assert checker.check(HEADER).audience == {"tides.example.org"}


def test_a_missing_scope_is_a_consent_to_ask_for(service: Service) -> None:
    """403, with the scopes in the header and in a document that clients can act on."""
    service.issue()
    checker = service.checker(scopes=[SCOPE, OTHER_SCOPE])

    error = refusal(ForbiddenError, lambda: checker.check(HEADER))

    assert error.status == 403
    assert 'error="insufficient_scope"' in error.headers["WWW-Authenticate"]
    assert f'scope="{OTHER_SCOPE} {SCOPE}"' in error.headers["WWW-Authenticate"]
    assert error.document["code"] == "ConsentRequired"
    wanted = error.document["required_scopes"]
    assert wanted == [OTHER_SCOPE, SCOPE]


def test_some_requests_may_require_more(service: Service) -> None:
    """A stricter checker shares what is known, and leaves the first one as it was."""
    service.issue()
    checker = service.checker()
    strict = checker.requiring(scopes=OTHER_SCOPE)

    refusal(ForbiddenError, lambda: strict.check(HEADER))
    assert checker.check(HEADER).scopes == {SCOPE}
    assert service.asked == 1


@pytest.mark.parametrize(
    "facts",
    [
        {"sub": 7},
        {"username": None},
        {"scope": ["a"]},
        {"exp": "tomorrow"},
        {"exp": True},
    ],
)
def test_an_answer_that_makes_no_sense_lets_nobody_in(
    service: Service, facts: dict[str, t.Any]
) -> None:
    """500, because this service cannot tell; the cause says why."""
    service.issue(**facts)

    error = refusal(CheckFailedError, lambda: service.checker().check(HEADER))

    assert error.status == 500
    assert error.__cause__ is not None


@pytest.mark.parametrize(
    "odd",
    [
        {"session_info": 7},
        {"session_info": {"authentications": []}},
        {"session_info": {"authentications": {"x": None}}},
        {"identity_set_detail": [7, {"sub": "x"}, {}]},
        {"policy_evaluations": []},
        {"policy_evaluations": {"x": True}},
        {"aud": fakes.CLIENT_ID},
    ],
)
def test_odd_details_are_read_as_nothing(service: Service, odd: dict[str, t.Any]) -> None:
    """A caller can always be looked at."""
    service.issue(**odd)

    caller = service.checker().check(HEADER)

    assert not any(caller.policies.values())
    assert caller.identity.id == fakes.IDENTITY
    assert all(one.time == 0.0 for one in caller.session.authentications.values()) or not odd.get(
        "session_info"
    )


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_service_that_may_not_ask_answers_500(service: Service, status: int) -> None:
    """Such as one with a wrong secret: no login of the caller would help."""
    service.auth.answer("/v2/oauth2/token/introspect", {"error": "invalid_client"}, status)

    error = refusal(CheckFailedError, lambda: service.checker().check(HEADER))

    assert (error.status, error.document["code"]) == (500, "InternalServerError")
    assert "WWW-Authenticate" not in error.headers


@pytest.mark.parametrize(
    "arguments",
    [
        {"scopes": ""},
        {"scopes": []},
        {"scopes": 'a"b'},
        {"scopes": "a\x01b"},
        {"ttl": 0},
        {"ttl": "60"},
        {"refusal_ttl": -1},
        {"timeout": 0},
        {"max_entries": 0},
        {"policies": "not-a-uuid"},
        {"domains": 'example.org", x="'},
        {"domains": [""]},
        {"session_max_age": 0},
        {"cache": 7},
        {"cache": "no-such-cache"},
        {"clock": 7},
    ],
    ids=str,
)
def test_arguments_that_cannot_be_used_are_refused_at_once(
    service: Service, arguments: dict[str, t.Any]
) -> None:
    """In particular a checker without a scope, which would accept tokens of other services."""
    with pytest.raises((GlobusSDKUsageError, ValueError)):
        service.checker(**arguments)


def test_a_refusal_is_no_secret(service: Service) -> None:
    """It can be shown, pickled and logged."""
    import pickle

    service.issue(scope=OTHER_SCOPE)
    error = refusal(ForbiddenError, lambda: service.checker().check(HEADER))
    again = pickle.loads(pickle.dumps(error))

    assert (again.status, again.body, again.headers) == (error.status, error.body, error.headers)
    assert TOKEN not in f"{error!r} {error} {error.__cause__!r} {vars(error)}"


def test_a_caller_of_facts_without_an_id_is_no_caller() -> None:
    """The facts must describe an access token."""
    with pytest.raises(ValueError, match="'sub'"):
        Caller({"active": True}, 0.0)
