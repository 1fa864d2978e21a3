"""
Who sent a request, as Globus Auth describes the token.
"""

from __future__ import annotations

import typing as t
from types import MappingProxyType

from globus_core.exc import ValidationError
from globus_core.identities import GLOBUS, Identity
from globus_core.printable import safe_repr

_SET_FIELDS = ("username", "name", "email", "organization", "status", "identity_provider")


class Authentication(t.NamedTuple):
    """
    One sign-in of a session.

    ``time`` is in UTC epoch seconds, ``provider`` is the id of the identity provider, and ``amr``
    and ``acr`` are what the provider says about the way of signing in, such as ``mfa``.
    """

    identity_id: str
    time: float
    provider: str | None = None
    amr: tuple[str, ...] = ()
    acr: str | None = None


class CallerSession(t.NamedTuple):
    """
    The session of a login: its id, and its sign-ins by identity id.
    """

    id: str | None
    authentications: t.Mapping[str, Authentication]


class Caller:
    """
    The holder of a token, with what Globus Auth said about it; the token itself is not kept.

    :param facts: the response to the introspection of the token
    :param checked_at: when Globus Auth was asked, in UTC epoch seconds
    :raises ValidationError: if the facts do not describe an access token

    :ivar id: the identity id
    :ivar username: the username
    :ivar scopes: the scopes of the token
    :ivar audience: whom the token is for
    :ivar client_id: the application that sent the token; None if it is not known
    :ivar expires_at: when the token expires, in UTC epoch seconds
    :ivar checked_at: when Globus Auth was asked, in UTC epoch seconds
    """

    __slots__ = (
        "_facts",
        "_identities",
        "_session",
        "audience",
        "checked_at",
        "client_id",
        "expires_at",
        "id",
        "scopes",
        "username",
    )

    def __init__(self, facts: t.Mapping[str, t.Any], checked_at: float) -> None:
        self._facts = dict(facts)
        # read when they are needed, and kept, since a remembered caller is looked at often
        self._identities: tuple[Identity, ...] | None = None
        self._session: CallerSession | None = None
        self.checked_at = checked_at
        self.id = _text(facts, "sub")
        self.username = _text(facts, "username")
        self.scopes = frozenset(_text(facts, "scope").split())
        self.audience = frozenset(_texts(facts.get("aud")))
        self.expires_at = _seconds(facts.get("exp"), "exp")
        client_id = facts.get("client_id")
        self.client_id = client_id if isinstance(client_id, str) else None

    @property
    def facts(self) -> t.Mapping[str, t.Any]:
        """The response of Globus Auth, read-only."""
        return MappingProxyType(self._facts)

    @property
    def name(self) -> str | None:
        """The full name; None if it is not known."""
        return self._facts.get("name")

    @property
    def email(self) -> str | None:
        """The e-mail address; None if it is not known."""
        return self._facts.get("email")

    @property
    def identity(self) -> Identity:
        """The identity that the token was issued to."""
        known = (one for one in self.identities if one.id == self.id)
        return next(known, None) or _identity({**self._facts, "sub": self.id})

    @property
    def identities(self) -> tuple[Identity, ...]:
        """The identities of the person, linked ones included."""
        if self._identities is None:
            self._identities = _identities(self._facts)
        return self._identities

    @property
    def session(self) -> CallerSession:
        """The session; it has no sign-ins if the token is not of a person's login."""
        if self._session is None:
            self._session = _session(self._facts)
        return self._session

    @property
    def policies(self) -> t.Mapping[str, bool]:
        """Whether the session meets each authentication policy that was asked about, by id."""
        found = self._facts.get("policy_evaluations")
        found = found if isinstance(found, dict) else {}
        return MappingProxyType(
            {
                key: isinstance(value, dict) and value.get("evaluation") is True
                for key, value in found.items()
            }
        )

    @safe_repr
    def __repr__(self) -> str:
        return f"<caller {self.username}>"


def _text(facts: t.Mapping[str, t.Any], name: str) -> str:
    value = facts.get(name)
    if not isinstance(value, str):
        raise ValidationError(f"the field {name!r} of an introspection must be text")
    return value


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _seconds(value: object, name: str) -> float:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    raise ValidationError(f"the field {name!r} of an introspection must be a number")


def _identities(facts: t.Mapping[str, t.Any]) -> tuple[Identity, ...]:
    members = facts.get("identity_set_detail")
    if not isinstance(members, list) or not members:
        return (_identity(facts),)
    return tuple(_identity(member) for member in members if _is_identity(member))


def _is_identity(member: object) -> bool:
    return (
        isinstance(member, dict)
        and isinstance(member.get("sub"), str)
        and isinstance(member.get("username"), str)
    )


def _identity(facts: t.Mapping[str, t.Any]) -> Identity:
    known = {name: facts[name] for name in _SET_FIELDS if name in facts}
    return Identity({"id": facts["sub"], **known}, source=GLOBUS)


def _session(facts: t.Mapping[str, t.Any]) -> CallerSession:
    info = facts.get("session_info")
    info = info if isinstance(info, dict) else {}
    found = info.get("authentications")
    found = found if isinstance(found, dict) else {}
    known = {key: _authentication(key, value) for key, value in found.items()}
    return CallerSession(info.get("session_id"), MappingProxyType(known))


def _authentication(identity_id: str, facts: t.Any) -> Authentication:
    facts = facts if isinstance(facts, dict) else {}
    when = facts.get("auth_time")
    known = isinstance(when, (int, float)) and not isinstance(when, bool)
    return Authentication(
        identity_id,
        float(when) if known else 0.0,  # a sign-in without a time is as old as can be
        facts.get("idp"),
        tuple(_texts(facts.get("amr"))),
        facts.get("acr"),
    )
