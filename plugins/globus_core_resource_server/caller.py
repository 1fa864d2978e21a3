"""
Who sent a request, as Globus Auth describes the token.
"""

from __future__ import annotations

import typing as t
from types import MappingProxyType

from globus_core.exc import GlobusSDKUsageError, ValidationError
from globus_core.identities import GLOBUS, Identity
from globus_core.printable import safe_repr

if t.TYPE_CHECKING:
    from globus_core import BaseClient, Scope
    from globus_core.token_storage import TokenStorageData

    from .acting import Acting
    from .dependent_tokens import DependentTokens

    #: what acts for a caller: the tokens of the service, the caller's token, and its SHA-256
    Held = tuple[DependentTokens, str, bytes]
    C = t.TypeVar("C")  # a client, awaited or not

_SET_FIELDS = ("username", "name", "email", "organization", "status", "identity_provider")


class Authentication(t.NamedTuple):
    """
    One sign-in of a session.

    :param identity_id: the identity that has signed in
    :param time: when, in UTC epoch seconds
    :param provider: the id of its identity provider
    :param amr: what the provider says about the way of signing in, such as ``mfa``
    :param acr: the class of that way, as the provider says
    """

    identity_id: str
    time: float
    provider: str | None = None
    amr: tuple[str, ...] = ()
    acr: str | None = None


class CallerSession(t.NamedTuple):
    """
    The session of a login.

    :param id: its id
    :param authentications: its sign-ins by identity id
    """

    id: str | None
    authentications: t.Mapping[str, Authentication]


class Caller:
    """
    The holder of a token, with what Globus Auth said about it.

    One that a checker has returned can act for the person at other services for as long as the
    object lives. The token itself is not shown, stored, copied or pickled.

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
        "_held",
        "_identities",
        "_remembered",
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
        self._held: Held | None = None
        self._facts = dict(facts)
        # read when they are needed, and kept with the remembered caller, which is looked at often
        self._remembered: Caller | None = None
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
        kept = self._remembered or self
        if kept._identities is None:
            kept._identities = _identities(self._facts)
        return kept._identities

    @property
    def session(self) -> CallerSession:
        """The session; it has no sign-ins if the token is not of a person's login."""
        kept = self._remembered or self
        if kept._session is None:
            kept._session = _session(self._facts)
        return kept._session

    @property
    def policies(self) -> t.Mapping[str, bool]:
        """Whether the session meets each authentication policy that was asked about, by id."""
        found = self._facts.get("policy_evaluations")
        found = found if isinstance(found, dict) else {}
        return MappingProxyType(
            {
                key: value["evaluation"] is True
                for key, value in found.items()
                if isinstance(value, dict) and "evaluation" in value
            }
        )

    # acting for the caller

    def tokens_for(self, *wanted: str | Scope | type[BaseClient]) -> dict[str, TokenStorageData]:
        """
        Tokens for other services that act for the caller, by resource server.

        They depend on the caller's token, and are kept for the next request with it until they
        expire. What a scope has in brackets is for consents, not for tokens.

        :param wanted: scopes, service names such as ``"transfer"``, or client classes, whose
            default scopes are taken
        :raises ForbiddenError: if the caller has not consented, or has to log in otherwise; says
            which login would help
        :raises UnauthenticatedError: if the caller's token is not valid any more
        :raises CheckFailedError: if Globus Auth does not answer
        :raises GlobusSDKUsageError: if nothing is wanted, a service has no default scopes, or no
            checker has returned this object
        """
        return self._act().tokens_for(wanted)

    def client(self, kind: t.Callable[..., C], *arguments: t.Any, **options: t.Any) -> C:
        """
        A client of another service that acts for the caller, such as ``TransferClient``.

        Its tokens are those of :meth:`tokens_for`. If the service requires a consent or a login of
        the person, a method of the client raises the ForbiddenError that says so to the caller.

        :param kind: the class, or a function that takes an ``app``, such as
            ``GCSCollectionClient.of_collection``
        :param arguments: further arguments of the class, such as the id of a flow
        :param options: further named arguments of the class; ``app_scopes`` takes the place of its
            default scopes
        :raises GlobusSDKUsageError: if no checker has returned this object, or an argument cannot
            be used
        """
        return self._act().client(kind, arguments, options)

    def _act(self) -> Acting:
        if self._held is None:
            raise GlobusSDKUsageError(
                "only a caller that a TokenChecker has returned in this process has tokens"
            )
        from .acting import Acting
        from .dependent_tokens import CallersToken

        tokens, token, digest = self._held
        return Acting(tokens, CallersToken(token, digest, self.id))

    def __reduce__(self) -> tuple[t.Any, ...]:
        return Caller, (self._facts, self.checked_at)

    def __copy__(self) -> Caller:
        return self

    def __deepcopy__(self, memo: dict[int, t.Any]) -> Caller:
        return self

    @safe_repr
    def __repr__(self) -> str:
        return f"<caller {self.username}>"


def for_request(caller: Caller, held: Held) -> Caller:
    """
    The same caller for one request, with what acts for it at other services.

    :param caller: the caller that is remembered
    :param held: the tokens of the service, the caller's token, and its SHA-256
    """
    made = object.__new__(Caller)
    made._held = held
    made._facts = caller._facts
    made._remembered = caller
    made.checked_at = caller.checked_at
    made.id = caller.id
    made.username = caller.username
    made.scopes = caller.scopes
    made.audience = caller.audience
    made.expires_at = caller.expires_at
    made.client_id = caller.client_id
    return made


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
