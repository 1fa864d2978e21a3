"""
The checks that plugins add, such as those of an institution.
"""

from __future__ import annotations

import typing as t
from functools import partial

from globus_core import compose, hookspecs
from globus_core.exc import GlobusSDKUsageError
from globus_core.gare import GARE

from .answers import Answers, Limits
from .consents import forbidden
from .memory import Known
from .refusals import CheckFailedError, ForbiddenError, RefusedError

if t.TYPE_CHECKING:
    from .caller import Caller

_HOOK = hookspecs.globus_check_caller
_BROKEN = "this service cannot check who calls; its operator can see why"


class InstitutionChecks(Answers):
    """
    Asks plugins whether they object to a caller; an answer is the objection, or None.

    No plugin that fails lets anybody in.

    :param service: the id of the service, for the plugins
    :param needed: the names of plugins without whose checks nobody gets in
    :param limits: how long and how much is remembered
    :param clock: the time in UTC epoch seconds
    :raises GlobusSDKUsageError: if a plugin that is needed has no checks
    """

    kind = "checks"
    away = "the checks of this service cannot be made now"
    broken = _BROKEN

    def __init__(
        self,
        service: str,
        needed: frozenset[str],
        limits: Limits,
        clock: t.Callable[[], float],
    ) -> None:
        super().__init__(None, limits, clock)
        self._service = service
        self._needed = needed
        self._hook = compose.observer_hook(_HOOK.__name__)
        self._known_calls = self._hook.calls
        if missing := self._missing():
            raise GlobusSDKUsageError(
                f"the plugin {missing!r} has no checks of callers, or is not in use; "
                "'globus-core plugins' says why"
            )

    def check(self, caller: Caller, digest: bytes, *, ask: bool) -> bool:
        """
        Check that no plugin objects; return whether that could be told.

        :param caller: the caller, who can be acted for
        :param digest: the SHA-256 of the caller's token
        :param ask: whether plugins may be asked
        :raises ForbiddenError: if one objects
        :raises CheckFailedError: if one fails, or is missing
        """
        if not self._hook.is_observed() and not self._needed:
            return True
        if self._hook.calls is not self._known_calls:  # plugins have changed
            self._memory.clear()
            self._known_calls = self._hook.calls
        known = self._memory.get(digest)
        if known is None or not self._suffices(known):
            if not ask:
                return False
            known = self.find(digest, partial(self._objection, caller), self._suffices)
        if known.answer is not None:
            raise _refusal(known.answer)
        return True

    def _suffices(self, known: Known) -> bool:
        return known.is_fresh(self._clock())

    def _missing(self) -> str | None:
        there = {each.plugin for each in compose.implementations(_HOOK)} if self._needed else set()
        return next(iter(sorted(self._needed - there)), None)

    def _objection(self, caller: Caller, now: float) -> str | GARE | None:
        if missing := self._missing():
            compose.report(missing, _HOOK, "its checks are needed, and are not in use")
            raise _failed()
        for implementation in compose.implementations(_HOOK):
            try:
                answer = implementation(caller=caller, service=self._service)
            except RefusedError:
                raise
            except BaseException as error:  # foreign code
                compose.raise_interrupt(error)
                compose.report(implementation.plugin, _HOOK, error)
                raise _failed() from error
            if answer is None:
                continue
            if answer and isinstance(answer, (str, GARE)):
                return answer
            wanted = f"an objection is a text or a GARE, not {type(answer).__name__}"
            compose.report(implementation.plugin, _HOOK, wanted)
            raise _failed()
        return None

    def _note(self, digest: bytes, answer: str | GARE | None, now: float) -> Known:
        known = self.fresh(answer, now, float("inf"))
        if answer is not None:  # the plugin may change its mind soon
            until = now + self._limits.refusal_ttl
            known = Known(answer, now, until, until)
        self._memory.put(digest, known)
        return known


def _failed() -> CheckFailedError:
    return CheckFailedError(_BROKEN, code="InternalServerError", status=500)


def _refusal(objection: str | GARE) -> ForbiddenError:
    if isinstance(objection, str):
        return ForbiddenError(objection, code="PermissionDenied")
    message = objection.authorization_parameters.session_message
    return forbidden(objection, message or "this service requires another login")
