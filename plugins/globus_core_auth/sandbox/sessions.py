"""Who may sign in, as a login's requirements on the session say, and what the session then has."""

from __future__ import annotations

import typing as t

from .records import Authentication, Client, Login
from .seeds import Person, Policy

if t.TYPE_CHECKING:
    from .state import State

    Values = t.Mapping[str, str]

_IDENTITIES = "session_required_identities"
_DOMAINS = "session_required_single_domain"
_POLICIES = "session_required_policies"
_MFA = "session_required_mfa"


def candidates(state: State, values: Values) -> list[Person]:
    """
    The people who may sign in, the most likely first.

    :param state: the sandbox
    :param values: the parameters of the authorization request
    """
    found = list(state.people.seeded)
    identities, domains = _listed(values, _IDENTITIES), _listed(values, _DOMAINS)
    if identities:
        required = (state.people.find(identity) for identity in identities)
        found = [person for person in required if person is not None]
    if domains:
        found = [person for person in found if person.domain in domains]
    hinted = state.people.find(values.get("login_hint", ""))
    if hinted is not None and (hinted in found or not (identities or domains)):
        found = [hinted, *(person for person in found if person != hinted)]
    policies = _policies(state, values)
    return [person for person in found if all(_allows(policy, person) for policy in policies)]


def session_of(
    state: State, client: Client, signed_in: Person, values: Values
) -> tuple[Person, dict[str, Authentication]]:
    """
    Whose tokens a login gives, and who has signed in when.

    With requirements on the session, a session of this client goes on: the person stays who it
    was, and one more of the identities has signed in.

    :param state: the sandbox
    :param client: the client
    :param signed_in: the identity that has just signed in
    :param values: the parameters of the authorization request
    """
    policies = _policies(state, values)
    by_mfa = values.get(_MFA, "").lower() == "true" or any(p and p.required_mfa for p in policies)
    new = {signed_in.id: Authentication(auth_time=int(state.clock.now()), mfa=by_mfa)}
    required = any(values.get(name) for name in (_IDENTITIES, _DOMAINS, _POLICIES, _MFA))
    before = _latest(state, client, signed_in) if required else None
    if before is None:
        return signed_in, new
    return before.person, {**before.authentications, **new}


def meets(state: State, policy_id: str, login: Login) -> bool:
    """
    Whether a session meets a policy: by one of its sign-ins that is allowed, with a second factor
    if that is required, and recent enough if high assurance is.

    :param state: the sandbox
    :param policy_id: the policy's id; a policy that does not exist is not met
    :param login: the login whose session it is
    """
    policy = state.policies.get(policy_id)
    if policy is None:
        return False
    oldest = state.clock.now() - policy.authentication_assurance_timeout
    return any(
        (person := state.people.by_id(key)) is not None
        and _allows(policy, person)
        and (signed_in.mfa or not policy.required_mfa)
        and (signed_in.auth_time >= oldest or not policy.high_assurance)
        for key, signed_in in login.authentications.items()
    )


def _latest(state: State, client: Client, person: Person) -> Login | None:
    """The latest login of a person at a client that has not ended."""
    for token in reversed(state.tokens.values()):
        login = token.login
        same = login.client is client and login.person.id in (person.id, *person.linked)
        if same and token.is_usable():
            return login
    return None


def _policies(state: State, values: Values) -> list[Policy | None]:
    """The required policies; None for one that does not exist, which nobody meets."""
    return [state.policies.get(policy) for policy in _listed(values, _POLICIES)]


def _allows(policy: Policy | None, person: Person) -> bool:
    if policy is None:
        return False
    allowed, refused = policy.domain_constraints_include, policy.domain_constraints_exclude
    if allowed is not None and person.domain not in allowed:
        return False
    return refused is None or person.domain not in refused


def _listed(values: Values, name: str) -> list[str]:
    text = values.get(name, "")
    return [part.strip().lower() for part in text.split(",") if part.strip()]
