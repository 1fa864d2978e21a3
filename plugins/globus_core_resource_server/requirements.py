"""
What a service requires of callers, and the login that would meet it.
"""

from __future__ import annotations

import typing as t

from globus_core.gare import GARE, GlobusAuthorizationParameters

from .refusals import CheckFailedError, ForbiddenError

if t.TYPE_CHECKING:
    from .caller import Authentication, Caller
    from .memberships import GroupRequirement


class Requirements(t.NamedTuple):
    """
    What a service requires; ``session_max_age`` is in seconds, None allows any age.

    Domain, age and second factor must be those of one and the same sign-in.
    """

    scopes: frozenset[str]
    policies: frozenset[str] = frozenset()
    domains: tuple[str, ...] = ()
    session_max_age: float | None = None
    mfa: bool = False
    groups: tuple[GroupRequirement, ...] = ()

    def check(self, caller: Caller, now: float) -> None:
        """
        Check that a caller meets all of it but the groups, which somebody has to be asked about.

        :param caller: the caller
        :param now: the time in UTC epoch seconds
        :raises ForbiddenError: if not; says which login would
        """
        if not self.scopes <= caller.scopes:
            raise self._missing_scopes()
        if self.policies:
            self._check_policies(caller)
        if self.domains or self.session_max_age is not None or self.mfa:
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
        if not met.keys() >= self.policies:
            raise CheckFailedError(
                "an authentication policy of this service was not evaluated",
                code="InternalServerError",
                status=500,
            )
        if not all(met[policy] for policy in self.policies):
            raise self._another_login(
                "your session does not meet the authentication policy of this service",
                session_required_policies=sorted(self.policies),
            )

    def _check_session(self, caller: Caller, now: float) -> None:
        sign_ins = list(caller.session.authentications.values())
        max_age = self.session_max_age
        if max_age is not None:
            sign_ins = [one for one in sign_ins if now - one.time <= max_age]
        is_old = not sign_ins
        if self.domains:
            sign_ins = self._in_domains(sign_ins, caller)
        lacks_domain = not sign_ins
        if self.mfa:
            sign_ins = [one for one in sign_ins if "mfa" in one.amr]
        if sign_ins:
            return
        raise self._another_login(
            self._why_not(is_old=is_old, lacks_domain=lacks_domain),
            session_required_single_domain=list(self.domains) or None,
            session_required_identities=None if self.domains else [caller.id],
            session_required_mfa=True if self.mfa else None,
            prompt=None if max_age is None else "login",
        )

    def _why_not(self, *, is_old: bool, lacks_domain: bool) -> str:
        recent = "" if self.session_max_age is None else "recent "
        if self.domains and lacks_domain:
            return f"this service requires a {recent}sign-in with {' or '.join(self.domains)}"
        if is_old and self.session_max_age is not None:
            return "your sign-in is too old for this service"
        if self.mfa:
            return f"this service requires a {recent}sign-in with a second factor"
        return "this service requires a sign-in"

    def _in_domains(self, sign_ins: list[Authentication], caller: Caller) -> list[Authentication]:
        names = {one.id: one.username for one in caller.identities}
        return [
            one
            for one in sign_ins
            if names.get(one.identity_id, "").rpartition("@")[2].lower() in self.domains
        ]

    def _another_login(self, message: str, **wanted: t.Any) -> ForbiddenError:
        parameters = GlobusAuthorizationParameters(session_message=message, **wanted)
        return ForbiddenError(
            message,
            code="AuthorizationRequired",
            error="insufficient_user_authentication",  # RFC 9470
            gare=GARE("AuthorizationRequired", parameters),
        )
