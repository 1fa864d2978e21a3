"""
What a service may require of the session, and the login that its refusals ask for.
"""

from __future__ import annotations

import typing as t

import pytest

from globus_core.gare import to_gare
from globus_core.resource_server import CheckFailedError, ForbiddenError
from tests.unit.auth import fakes
from tests.unit.resource_server.services import AT_SCHOOL, HEADER, POLICY, Service, refusal


def wanted(error: t.Any) -> dict[str, t.Any]:
    """
    What a client reads in the response that a login has to meet, without the text.
    """
    gare = to_gare(error.document)
    assert gare is not None
    assert gare.code == "AuthorizationRequired"
    parameters = gare.authorization_parameters.to_dict()
    assert parameters.pop("session_message") == str(error)
    return parameters


def test_policies_are_asked_about_and_required(service: Service) -> None:
    """All of them; the login has to meet all at once."""
    other = "8f0c4c1e-0b57-4a3a-8a51-6a1f8f3f5f60"
    service.issue(policy_evaluations={POLICY: {"evaluation": True}, other: {"evaluation": False}})

    assert service.checker(policies=POLICY).check(HEADER).policies[POLICY]
    assert service.auth.last.form["authentication_policies"] == POLICY
    checker = service.checker(policies=[POLICY, other])
    error = refusal(ForbiddenError, lambda: checker.check(HEADER))

    assert wanted(error) == {"session_required_policies": [POLICY, other]}
    challenge = error.headers["WWW-Authenticate"]
    assert 'error="insufficient_user_authentication"' in challenge


def test_a_policy_that_was_not_evaluated_lets_nobody_in(service: Service) -> None:
    """Nor is the caller sent to log in again and again."""
    service.issue()

    error = refusal(CheckFailedError, lambda: service.checker(policies=POLICY).check(HEADER))

    assert error.status == 500


def test_a_session_must_not_be_too_old(service: Service) -> None:
    """It gets too old even while the answer of Globus Auth still counts."""
    service.issue(session_info=service.session(fakes.IDENTITY, ago=570))
    checker = service.checker(session_max_age=600)
    checker.check(HEADER)

    service.clock.now += 31
    error = refusal(ForbiddenError, lambda: checker.check(HEADER))

    assert wanted(error) == {
        "session_required_identities": [fakes.IDENTITY],
        "prompt": "login",
    }
    assert service.asked == 1


def test_the_domain_is_that_of_a_sign_in_of_the_session(service: Service) -> None:
    """A linked identity of the domain is not enough: the person must have signed in with it."""
    checker = service.checker(domains=["Example.EDU"])
    service.issue()

    error = refusal(ForbiddenError, lambda: checker.check(HEADER))
    assert wanted(error) == {"session_required_single_domain": ["example.edu"]}

    header = service.issue("other", session_info=service.session(fakes.IDENTITY, AT_SCHOOL))
    assert checker.check(header).username == "ada@example.org"


@pytest.mark.parametrize("domain", ["ample.edu", "edu", "notexample.edu", "x.example.edu"])
def test_a_domain_is_compared_as_a_whole(service: Service, domain: str) -> None:
    """Neither its end nor its beginning."""
    service.issue(session_info=service.session(AT_SCHOOL))

    refusal(ForbiddenError, lambda: service.checker(domains=domain).check(HEADER))


def test_domain_and_age_must_be_met_by_the_same_sign_in(service: Service) -> None:
    """An old sign-in with the domain and a new one without it are not enough."""
    session = service.session(AT_SCHOOL, ago=3600)
    session["authentications"].update(service.session(fakes.IDENTITY)["authentications"])
    service.issue(session_info=session)
    checker = service.checker(domains="example.edu", session_max_age=600)

    error = refusal(ForbiddenError, lambda: checker.check(HEADER))

    assert wanted(error) == {"session_required_single_domain": ["example.edu"], "prompt": "login"}


def test_a_token_without_a_session_meets_no_requirement_of_one(service: Service) -> None:
    """Such as that of a service account."""
    service.issue(session_info=None)

    refusal(ForbiddenError, lambda: service.checker(session_max_age=600).check(HEADER))
    refusal(ForbiddenError, lambda: service.checker(domains="example.org").check(HEADER))


def test_single_requests_may_require_a_fresh_sign_in(service: Service) -> None:
    """The others do not, and Globus Auth is asked once for both."""
    service.issue(session_info=service.session(fakes.IDENTITY, ago=3600))
    checker = service.checker()

    checker.check(HEADER)
    strict = checker.requiring(session_max_age=60, domains="example.org")
    refusal(ForbiddenError, lambda: strict.check(HEADER))
    assert service.asked == 1
