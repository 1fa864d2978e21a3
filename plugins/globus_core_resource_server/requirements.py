"""
What a service requires of callers, and the login that would meet it.
"""

from __future__ import annotations

import typing as t

from globus_core.gare import GARE, GlobusAuthorizationParameters

from .refusals import CheckFailedError, ForbiddenError

if t.TYPE_CHECKING:
    from .caller import Authentication, Caller


class Requirements(t.NamedTuple):
    """
    What a service requires; ``session_max_age`` is in seconds, None allows any age.
    """

    scopes: frozenset[str]
    policies: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    session_max_age: float | None = None

    def check(self, caller: Caller, now: float) -> None:
        """
        Check that a caller meets all of it.

        :param caller: the caller
        :param now: the time in UTC epoch seconds
        :raises ForbiddenError: if not; says which login would
        """
        if not self.scopes <= caller.scopes:
            raise self._missing_scopes()
        if self.policies:
            self._check_policies(caller)
        if self.domains or self.session_max_age is not None:
            self._check_session(caller, now)

    def _missing_scopes(self) -> ForbiddenError:
        scopes = sorted(self.scopes)
        message = "the token lacks a scope that this service requires"
        wanted = GlobusAuthorizationParameters(required_scopes=scopes, session_message=message)
        return ForbiddenError(
            message,
            code="ConsentRequired",
            error="insufficient_scope",
            scopes=scopes,
            gare=GARE("ConsentRequired", wanted),
        )

    def _check_policies(self, caller: Caller) -> None:
        met = caller.policies
        if not met.keys() >= set(self.policies):
            raise CheckFailedError(
                "an authentication policy of this service was not evaluated",
                code="InternalServerError",
                status=500,
            )
        if not all(met[policy] for policy in self.policies):
            raise self._another_login(
                "your session does not meet the authentication policy of this service",
                session_required_policies=list(self.policies),
            )

    def _check_session(self, caller: Caller, now: float) -> None:
        all_of_them = caller.session.authentications.values()
        max_age = self.session_max_age
        recent = [one for one in all_of_them if max_age is None or now - one.time <= max_age]
        if self.domains and not self._in_domains(recent, caller):
            domains = " or ".join(self.domains)
            raise self._another_login(
                f"this service requires a recent sign-in with {domains}"
                if max_age is not None
                else f"this service requires a sign-in with {domains}",
                session_required_single_domain=list(self.domains),
                prompt=None if max_age is None else "login",
            )
        if not recent:
            raise self._another_login(
                "your sign-in is too old for this service",
                session_required_identities=[caller.id],
                prompt="login",
            )

    def _in_domains(self, sign_ins: list[Authentication], caller: Caller) -> bool:
        names = {one.id: one.username for one in caller.identities}
        used = (names.get(sign_in.identity_id, "") for sign_in in sign_ins)
        return any(name.rpartition("@")[2].lower() in self.domains for name in used)

    def _another_login(self, message: str, **wanted: t.Any) -> ForbiddenError:
        parameters = GlobusAuthorizationParameters(session_message=message, **wanted)
        return ForbiddenError(
            message,
            code="AuthorizationRequired",
            error="insufficient_user_authentication",  # RFC 9470
            gare=GARE("AuthorizationRequired", parameters),
        )
