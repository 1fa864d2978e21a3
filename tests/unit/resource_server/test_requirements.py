"""
What a service may require of the session, and the login that its refusals ask for.
"""

from __future__ import annotations

import typing as t

import pytest

from globus_core.gare import to_gare
from globus_core.identities import MemoryIdentityCache
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


def test_single_requests_may_require_a_policy(service: Service) -> None:
    """Globus Auth is asked again where the first question was not about it, and then no more."""
    service.issue(policy_evaluations={POLICY: {"evaluation": True}})
    checker = service.checker(ttl=60)
    strict = checker.requiring(policies=POLICY)

    checker.check(HEADER)
    assert strict.remembered(HEADER) is None
    assert "authentication_policies" not in service.auth.last.form
    strict.check(HEADER)
    assert service.auth.last.form["authentication_policies"] == POLICY
    for _ in range(5):
        checker.check(HEADER)
        strict.check(HEADER)
    assert service.asked == 2


def test_checkers_with_other_policies_do_not_ask_in_turns(service: Service) -> None:
    """When an answer is too old, the next question is about all that the last one was about."""
    other = "8f0c4c1e-0b57-4a3a-8a51-6a1f8f3f5f60"
    met = {POLICY: {"evaluation": True}, other: {"evaluation": True}}
    service.issue(policy_evaluations=met)
    checker = service.checker(ttl=60)
    both = [checker.requiring(policies=policy) for policy in (POLICY, other)]
    for one in (checker, *both):
        one.check(HEADER)
    assert service.asked == 3

    service.clock.now += 60
    for one in (checker, *both):
        one.check(HEADER)
    assert service.asked == 4


def test_a_policy_that_requiring_adds_is_required_besides(service: Service) -> None:
    """The login has to meet all of them."""
    other = "8f0c4c1e-0b57-4a3a-8a51-6a1f8f3f5f60"
    service.issue(policy_evaluations={POLICY: {"evaluation": True}, other: {"evaluation": False}})
    strict = service.checker(policies=POLICY).requiring(policies=[other])

    error = refusal(ForbiddenError, lambda: strict.check(HEADER))

    assert wanted(error) == {"session_required_policies": sorted([POLICY, other])}


def test_an_answer_that_lacks_a_policy_is_asked_for_once(service: Service) -> None:
    """Globus Auth would not say more the next time."""
    service.issue()
    checker = service.checker(policies=POLICY)

    for _ in range(3):
        assert refusal(CheckFailedError, lambda: checker.check(HEADER)).status == 500
    assert service.asked == 1


def test_workers_share_what_they_were_told_about_policies(service: Service) -> None:
    """An answer that says too little is asked for again by one of them."""
    cache = MemoryIdentityCache()
    service.issue(policy_evaluations={POLICY: {"evaluation": True}})
    service.checker(cache=cache).check(HEADER)

    for _ in range(2):
        service.checker(cache=cache).requiring(policies=POLICY).check(HEADER)
    assert service.asked == 2


def test_a_second_factor_can_be_required(service: Service) -> None:
    """Of a sign-in that meets the rest as well."""
    service.issue()
    checker = service.checker(mfa=True)

    error = refusal(ForbiddenError, lambda: checker.check(HEADER))
    assert str(error) == "this service requires a sign-in with a second factor"
    assert wanted(error) == {
        "session_required_identities": [fakes.IDENTITY],
        "session_required_mfa": True,
    }

    session = service.session(fakes.IDENTITY, AT_SCHOOL)
    session["authentications"][fakes.IDENTITY] = {"auth_time": 1, "amr": ["pwd", "mfa"]}
    header = service.issue("other", session_info=session)
    assert checker.check(header).username == "ada@example.org"
    refusal(ForbiddenError, lambda: checker.requiring(session_max_age=600).check(header))
    error = refusal(ForbiddenError, lambda: checker.requiring(domains="example.edu").check(header))
    assert wanted(error) == {
        "session_required_single_domain": ["example.edu"],
        "session_required_mfa": True,
    }
