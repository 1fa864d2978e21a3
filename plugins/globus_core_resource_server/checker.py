"""
Checking the token of a request.
"""

from __future__ import annotations

import copy
import time
import typing as t
from hashlib import sha256

from globus_core import compose
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
from globus_core.identities import IdentityCache
from globus_core.printable import safe_repr
from globus_core.scopes import ScopeParser

from .bearer import bearer_token, has_scheme
from .introspection import Introspection, Limits
from .memory import SharedMemory
from .refusals import UnauthenticatedError
from .requirements import Requirements

if t.TYPE_CHECKING:
    import uuid

    from globus_core import ConfidentialAppAuthClient, Scope

    from .caller import Caller
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
        token that was issued for another service would do
    :param audience: whom the token must be for; None takes the id of the client
    :param policies: ids of authentication policies that the session must meet
    :param domains: domains, one of which the caller must have signed in with
    :param session_max_age: how long ago the caller may have signed in, in seconds; None allows any
        time
    :param cache: where all workers share what they know: an identity cache, or its name or URL
        such as ``sqlite:/run/service/tokens.db`` or ``redis://cache.example.org``; None shares
        nothing. It has what Globus Auth says about callers, and no tokens
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
        cache: IdentityCache | str | None = None,
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
        check_iterables(domains=domains)
        if audience is not None:
            check_id(audience, "audience")
        if not hasattr(policies, "urn"):  # of a UUID
            check_iterables(policies=policies)
        self._client_id = str(client.client_id)
        self._audience = self._client_id if audience is None else str(audience)
        self._requirements = Requirements(
            _scopes(scopes),
            tuple(uuids(policies, "policies")) if policies else (),
            _domains(domains),
            _max_age(session_max_age),
        )
        self._clock = clock
        policy_ids = self._requirements.policies
        namespace = f"tokens {client.base_url} {self._client_id} {','.join(sorted(policy_ids))}"
        store = None if cache is None else SharedMemory(_cache(cache), namespace, clock)
        self._introspection = Introspection(
            client,
            policies=policy_ids,
            shared=store,
            limits=Limits(ttl, refusal_ttl, outage, max_entries),
            timeout=timeout,
            clock=clock,
        )

    def check(self, authorization: str | None) -> Caller:
        """
        Who sent a request.

        :param authorization: the value of its ``Authorization`` header; None if there is none
        :raises UnauthenticatedError: if there is no token, or it is not valid for this service
        :raises ForbiddenError: if the token does not meet what is required; says which login would
        :raises CheckFailedError: if Globus Auth does not answer, and nothing usable is known
        """
        token, digest = self._token(authorization)
        return self._allowed(self._introspection.known(digest, token))

    def remembered(self, authorization: str | None) -> Caller | None:
        """
        The same from memory, for event loops: None if :meth:`check` would have to ask or wait.

        :param authorization: the value of the ``Authorization`` header; None if there is none
        :raises UnauthenticatedError: as :meth:`check`
        :raises ForbiddenError: as :meth:`check`
        """
        _, digest = self._token(authorization)
        known = self._introspection.remembered(digest)
        return None if known is None else self._allowed(known)

    def requiring(
        self,
        *,
        scopes: Scopes = (),
        domains: t.Iterable[str] | str = (),
        session_max_age: float | None = None,
    ) -> TokenChecker:
        """
        A checker that requires more, for some of the service's requests; it shares the memory.

        :param scopes: further scopes that the token must have
        :param domains: domains, one of which the caller must have signed in with, in place of
            earlier ones
        :param session_max_age: seconds, in place of an earlier limit
        :raises GlobusSDKUsageError: if an argument cannot be used
        """
        mine = self._requirements
        more = copy.copy(self)
        more._requirements = mine._replace(
            scopes=mine.scopes | (_scopes(scopes) if scopes else frozenset()),
            domains=_domains(domains) or mine.domains,
            session_max_age=mine.session_max_age
            if session_max_age is None
            else _max_age(session_max_age),
        )
        return more

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

    def _allowed(self, known: Known) -> Caller:
        caller = known.caller
        if caller is None:
            raise self._unauthenticated("the token is expired, revoked or unknown")
        now = self._clock()
        if now >= caller.expires_at:
            raise self._unauthenticated("the token is expired, revoked or unknown")
        if self._audience not in caller.audience:
            raise self._unauthenticated("the token was issued for another service")
        self._requirements.check(caller, now)
        return caller

    def _unauthenticated(
        self, message: str, error: str | None = "invalid_token"
    ) -> UnauthenticatedError:
        scopes = sorted(self._requirements.scopes)
        return UnauthenticatedError(message, code="Unauthorized", error=error, scopes=scopes)

    @safe_repr
    def __repr__(self) -> str:
        return f"<TokenChecker of the service {self._client_id}>"


def _scopes(scopes: Scopes) -> frozenset[str]:
    found = frozenset(ScopeParser.serialize(scopes).split())
    for scope in found:
        if not _SCOPE.issuperset(scope) or "[" in scope:
            raise GlobusSDKUsageError(f"{scope!r:.80} is no scope that a token can have")
    return found


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


def _cache(cache: IdentityCache | str) -> IdentityCache:
    if isinstance(cache, str):
        made: IdentityCache = compose.select_by_url(
            "globus_identity_caches",
            cache,
            what="identity cache",
            methods=("get_many", "put_many", "discard_many"),
        )
        return made
    check_has(cache, "cache", ("get_many", "put_many", "discard_many"), "an identity cache")
    return cache
