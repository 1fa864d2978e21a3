"""
Checking the token of a request.
"""

from __future__ import annotations

import copy
import time
import typing as t
from hashlib import sha256

from globus_core.arguments import (
    check_functions,
    check_has,
    check_id,
    check_iterables,
    check_numbers,
    check_scopes,
    kind,
    uuids,
)
from globus_core.exc import GlobusSDKUsageError
from globus_core.printable import safe_repr
from globus_core.scopes import ScopeParser

from .answers import Limits
from .bearer import bearer_token, has_scheme
from .caller import for_request
from .chosen import chosen_cache, chosen_storage
from .dependent_tokens import DependentTokens
from .institution import InstitutionChecks
from .introspection import Introspection
from .memberships import ROLES, CallersGroups, GroupRequirement, Memberships, MembersOfGroups
from .memory import SharedMemory
from .refusals import UnauthenticatedError
from .requirements import Requirements

if t.TYPE_CHECKING:
    import uuid

    from globus_core import ConfidentialAppAuthClient, GroupsClient, Scope
    from globus_core.identities import IdentityCache
    from globus_core.token_storage import TokenStorage

    from .caller import Caller
    from .memberships import Role
    from .memory import Known

    Scopes: t.TypeAlias = str | Scope | t.Iterable[str | Scope]

#: the characters of a scope (RFC 6749 section 3.3), which is written into a header
_SCOPE = frozenset(map(chr, range(0x21, 0x7F))) - set('"\\')
_DOMAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-")


class TokenChecker:
    """
    Checks the tokens of a service's callers: each with Globus Auth, then from memory for a while.

    Make one for the whole process; threads share it, and each worker after a fork goes on with its
    own. A token is known by the whole of its SHA-256, and is not kept itself.

    :param client: the service's own client, whose secret allows it to ask about its tokens
    :param scopes: the scopes of the service that a token must have, all of them; without one, a
        token that was issued for another service would do. The first one is the one that consents
        for other services are asked for with
    :param audience: whom the token must be for; None takes the id of the client
    :param policies: ids of authentication policies that the session must meet
    :param domains: domains, one of which the caller must have signed in with
    :param session_max_age: how long ago the caller may have signed in, in seconds; None allows any
        time
    :param mfa: whether the caller must have signed in with a second factor
    :param groups: ids of groups, one of which the caller must be a member of
    :param group_role: the role that the caller must have there at least
    :param groups_client: asks Globus Groups for the service, which must be allowed to see the
        members; None asks on behalf of the caller, whose consent is needed
    :param checked_by: plugins whose checks (``globus_check_caller``) must be in use; those of
        others are made as well
    :param cache: where all workers share what they know: an identity cache, or its name or URL
        such as ``sqlite:/run/service/tokens.db`` or ``redis://cache.example.org``; None shares
        nothing. It has what Globus Auth says about callers, and no tokens
    :param token_storage: where all workers share the tokens that callers have for other services,
        see :meth:`Caller.tokens_for`: a token storage, or its URL such as
        ``sqlite:///run/service/dependent.db``; None keeps them in this process only
    :param ttl: how long an answer counts, in seconds, which is also how long a revoked token is
        accepted; never longer than the token is valid
    :param refusal_ttl: how long a refused token is not asked about again, in seconds
    :param outage: how long an answer counts while Globus Auth cannot be reached, in seconds from
        when it was given; never longer than the token is valid
    :param timeout: how long Globus Auth may take to answer, in seconds
    :param max_entries: how many callers, and as many refused tokens, are remembered in this process
    :param clock: the time in UTC epoch seconds, for tests
    :raises GlobusSDKUsageError: if there is no scope, or an argument cannot be used
    """

    def __init__(
        self,
        client: ConfidentialAppAuthClient,
        *,
        scopes: Scopes,
        audience: str | uuid.UUID | None = None,
        policies: t.Iterable[str | uuid.UUID] | str | uuid.UUID = (),
        domains: t.Iterable[str] | str = (),
        session_max_age: float | None = None,
        mfa: bool = False,
        groups: t.Iterable[str | uuid.UUID] | str | uuid.UUID = (),
        group_role: Role = "member",
        groups_client: GroupsClient | None = None,
        checked_by: t.Iterable[str] | str = (),
        cache: IdentityCache | str | None = None,
        token_storage: TokenStorage | str | None = None,
        ttl: float = 60.0,
        refusal_ttl: float = 5.0,
        outage: float = 300.0,
        timeout: float = 10.0,
        max_entries: int = 10_000,
        clock: t.Callable[[], float] = time.time,
    ) -> None:
        wanted = ("oauth2_token_introspect", "client_id", "retry_config")
        check_has(client, "client", wanted, "a ConfidentialAppAuthClient")
        _check_positive(ttl=ttl, refusal_ttl=refusal_ttl, timeout=timeout, max_entries=max_entries)
        check_numbers(outage=outage)
        check_functions(clock=clock)
        check_scopes(scopes, "scopes")
        check_iterables(domains=domains, checked_by=checked_by)
        if groups_client is not None:
            asks = ("get_group", "retry_config")
            check_has(groups_client, "groups_client", asks, "a GroupsClient")
        if audience is not None:
            check_id(audience, "audience")
        self._client_id = str(client.client_id)
        self._audience = self._client_id if audience is None else str(audience)
        named = _scopes(scopes)
        self._requirements = Requirements(
            frozenset(named),
            _policies(policies),
            _domains(domains),
            _max_age(session_max_age),
            mfa,
            _groups(groups, group_role),
        )
        self._clock = clock
        namespace = f"tokens {client.base_url} {self._client_id}"
        shared = None if cache is None else SharedMemory(chosen_cache(cache), namespace, clock)
        limits = Limits(ttl, refusal_ttl, outage, max_entries, timeout)
        self._introspection = Introspection(client, shared, limits, clock)
        self._tokens = DependentTokens(
            client,
            None if token_storage is None else chosen_storage(token_storage),
            named[0],
            limits,
            self._introspection.forget,
        )
        self._memberships: Memberships = (
            CallersGroups(shared, limits, clock)
            if groups_client is None
            else MembersOfGroups(groups_client, limits, clock)
        )
        needed = frozenset([checked_by] if isinstance(checked_by, str) else checked_by)
        self._institution = InstitutionChecks(self._client_id, needed, limits, clock)

    def check(self, authorization: str | None) -> Caller:
        """
        Who sent a request.

        :param authorization: the value of its ``Authorization`` header; None if there is none
        :raises UnauthenticatedError: if there is no token, or it is not valid for this service
        :raises ForbiddenError: if the token does not meet what is required; says which login would
        :raises CheckFailedError: if Globus Auth does not answer, and nothing usable is known
        """
        token, digest = self._token(authorization)
        known = self._introspection.known(digest, token, self._requirements.policies)
        caller = self._allowed(known, token, digest)
        self._checked_further(caller, digest, ask=True)
        return caller

    def remembered(self, authorization: str | None) -> Caller | None:
        """
        The same from memory, for event loops: None if :meth:`check` would have to ask or wait.

        :param authorization: the value of the ``Authorization`` header; None if there is none
        :raises UnauthenticatedError: as :meth:`check`
        :raises ForbiddenError: as :meth:`check`
        """
        token, digest = self._token(authorization)
        known = self._introspection.remembered(digest, self._requirements.policies)
        if known is None:
            return None
        caller = self._allowed(known, token, digest)
        return caller if self._checked_further(caller, digest, ask=False) else None

    def requiring(
        self,
        *,
        scopes: Scopes = (),
        policies: t.Iterable[str | uuid.UUID] | str | uuid.UUID = (),
        domains: t.Iterable[str] | str = (),
        session_max_age: float | None = None,
        mfa: bool = False,
        groups: t.Iterable[str | uuid.UUID] | str | uuid.UUID = (),
        group_role: Role = "member",
    ) -> TokenChecker:
        """
        A checker that requires more, for some of the service's requests; it shares the memory.

        :param scopes: further scopes that the token must have
        :param policies: ids of further authentication policies that the session must meet
        :param domains: domains, one of which the caller must have signed in with, in place of
            earlier ones
        :param session_max_age: seconds, in place of an earlier limit
        :param mfa: whether the caller must have signed in with a second factor
        :param groups: ids of groups, one of which the caller must be a member of, besides earlier
            ones
        :param group_role: the role that the caller must have there at least
        :raises GlobusSDKUsageError: if an argument cannot be used
        """
        mine = self._requirements
        more = copy.copy(self)
        more._requirements = mine._replace(
            scopes=mine.scopes.union(_scopes(scopes) if scopes else ()),
            policies=mine.policies | _policies(policies),
            domains=_domains(domains) or mine.domains,
            session_max_age=mine.session_max_age
            if session_max_age is None
            else _max_age(session_max_age),
            mfa=mine.mfa or mfa,
            groups=mine.groups + _groups(groups, group_role),
        )
        return more

    def sweep(self) -> int:
        """
        Remove the tokens for other services that nobody can use any more from the token storage,
        and return how many there were; a service with many callers does so once a day.

        :raises StorageError: if the storage cannot be read or written
        """
        return self._tokens.sweep()

    def _token(self, authorization: str | None) -> tuple[str, bytes]:
        try:
            token = bearer_token(authorization)
        except TypeError:
            raise GlobusSDKUsageError(
                f"authorization must be the text of a header, or None, not {kind(authorization)}"
            ) from None
        if token is not None:
            return token, sha256(token.encode("ascii")).digest()
        if has_scheme(authorization):
            raise self._unauthenticated("the Authorization header is not well formed")
        raise self._unauthenticated("this service requires a token of Globus Auth", error=None)

    def _allowed(self, known: Known, token: str, digest: bytes) -> Caller:
        caller: Caller | None = known.answer
        if caller is None:
            raise self._unauthenticated("the token is expired, revoked or unknown")
        now = self._clock()
        if now >= caller.expires_at:
            raise self._unauthenticated("the token is expired, revoked or unknown")
        if self._audience not in caller.audience:
            raise self._unauthenticated("the token was issued for another service")
        self._requirements.check(caller, now)
        return for_request(caller, (self._tokens, token, digest))

    def _checked_further(self, caller: Caller, digest: bytes, *, ask: bool) -> bool:
        """What others know; False if it would have to be asked for."""
        for required in self._requirements.groups:
            if not self._memberships.check(caller, digest, required, ask=ask):
                return False
        return self._institution.check(caller, digest, ask=ask)

    def _unauthenticated(
        self, message: str, error: str | None = "invalid_token"
    ) -> UnauthenticatedError:
        scopes = sorted(self._requirements.scopes)
        return UnauthenticatedError(message, code="Unauthorized", error=error, scopes=scopes)

    @safe_repr
    def __repr__(self) -> str:
        return f"<TokenChecker of the service {self._client_id}>"


def _scopes(scopes: Scopes) -> list[str]:
    found = ScopeParser.serialize(scopes).split()
    for scope in found:
        if not _SCOPE.issuperset(scope) or "[" in scope:
            raise GlobusSDKUsageError(f"{scope!r:.80} is no scope that a token can have")
    return found


def _policies(policies: t.Iterable[str | uuid.UUID] | str | uuid.UUID) -> frozenset[str]:
    return frozenset(_uuids(policies, "policies"))


def _uuids(ids: t.Iterable[str | uuid.UUID] | str | uuid.UUID, name: str) -> tuple[str, ...]:
    if not hasattr(ids, "urn"):  # of a UUID
        check_iterables(**{name: ids})
    return tuple(uuids(ids, name)) if ids else ()


def _groups(
    groups: t.Iterable[str | uuid.UUID] | str | uuid.UUID, role: Role
) -> tuple[GroupRequirement, ...]:
    if role not in ROLES:
        raise GlobusSDKUsageError(f"group_role must be one of {', '.join(ROLES)}, not {role!r}")
    found = _uuids(groups, "groups")
    return (GroupRequirement(found, role),) if found else ()


def _domains(domains: t.Iterable[str] | str) -> tuple[str, ...]:
    given = [domains] if isinstance(domains, str) else list(domains)
    found = tuple(domain.strip().lower() for domain in given)
    for domain in found:
        if not domain or not _DOMAIN.issuperset(domain):
            raise GlobusSDKUsageError(f"{domain!r:.80} is no domain")
    return found


def _max_age(seconds: float | None) -> float | None:
    if seconds is not None:
        _check_positive(session_max_age=seconds)
    return seconds


def _check_positive(**numbers: float) -> None:
    check_numbers(**numbers)
    for name, number in numbers.items():
        if not number > 0:
            raise GlobusSDKUsageError(f"{name} must be greater than 0, not {number!r}")
