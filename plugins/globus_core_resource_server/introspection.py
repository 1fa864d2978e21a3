"""
Asking Globus Auth about tokens, as seldom as allowed.
"""

from __future__ import annotations

import copy
import logging
import typing as t
from functools import partial

from globus_core.exc import GlobusAPIError, GlobusError, NetworkError

from .caller import Caller
from .flights import Flights
from .memory import Known, Memory, SharedMemory
from .refusals import CheckFailedError

if t.TYPE_CHECKING:
    from globus_core import ConfidentialAppAuthClient

#: what the introspection is to include
INCLUDE = ("session_info", "identity_set_detail")
#: how long Globus Auth is not asked again when it could not be reached, in seconds
PAUSE = 5.0
#: by how much the clock of this host may be fast before it is worth a warning, in seconds
CLOCK_ERROR = 60.0

_log = logging.getLogger("globus_core.resource_server")


class _NoAnswerError(GlobusError):
    """
    Something else than Globus Auth has answered, such as a proxy.
    """


class Limits(t.NamedTuple):
    """
    How long and how much is remembered; the times are in seconds.
    """

    ttl: float
    refusal_ttl: float
    outage: float
    max_entries: int


class Outage:
    """
    Whether Globus Auth is away; while it is, one thread tries again every few seconds.
    """

    def __init__(self) -> None:
        self._failing = False
        self._until = 0.0

    def is_on(self, now: float) -> bool:
        """
        Whether not to ask now. If this is False during an outage, the caller is the one to try.

        :param now: the time
        """
        if not self._failing:
            return False
        if self._until - PAUSE <= now < self._until:
            return True
        self._until = now + PAUSE
        return False

    def begin(self, now: float) -> None:
        """
        Globus Auth could not be reached.

        :param now: the time
        """
        self._failing, self._until = True, now + PAUSE

    def end(self) -> None:
        """
        Globus Auth has answered.
        """
        self._failing = False


class Introspection:
    """
    Knows the callers of tokens: from memory, from the memory of all workers, from Globus Auth.

    :param client: asks Globus Auth
    :param policies: authentication policies to ask about
    :param shared: what all workers know, or None
    :param limits: how long and how much is remembered
    :param timeout: seconds that Globus Auth has to answer
    :param clock: the time in UTC epoch seconds
    """

    def __init__(
        self,
        client: ConfidentialAppAuthClient,
        *,
        policies: tuple[str, ...],
        shared: SharedMemory | None,
        limits: Limits,
        timeout: float,
        clock: t.Callable[[], float],
    ) -> None:
        self._client = _with_deadline(client, timeout)
        self._policies = policies
        self._shared = shared
        self._limits = limits
        self._clock = clock
        self._flights = Flights()
        self._outage = Outage()
        self._active = Memory(limits.max_entries)
        # apart, so that made-up tokens drive out no caller
        self._refused = Memory(limits.max_entries)

    def remembered(self, digest: bytes) -> Known | None:
        """
        What this process knows for sure about a token, without asking anyone.

        :param digest: the SHA-256 of the token
        """
        known = self._active.get(digest) or self._refused.get(digest)
        return known if known is not None and known.is_fresh(self._clock()) else None

    def known(self, digest: bytes, token: str) -> Known:
        """
        What is known about a token; Globus Auth is asked if that is too old.

        :param digest: the SHA-256 of the token
        :param token: the token
        :raises CheckFailedError: if Globus Auth does not answer, and nothing usable is known
        """
        known = self.remembered(digest)
        if known is None:
            known = self._flights.answer(digest, partial(self._find, digest, token))
        return known

    def _find(self, digest: bytes, token: str) -> Known:
        known = self.remembered(digest)  # the thread before this one may have asked
        if known is not None:
            return known
        latest = self._latest(digest)
        now = self._clock()
        if latest is not None and latest.is_fresh(now):
            self._active.put(digest, latest)
            return latest
        if self._outage.is_on(now):
            return self._despite_outage(latest)
        try:
            caller = self._ask(token, now)
        except GlobusError as error:
            if not _is_away(error):
                raise _refusal_of_auth(error) from error
            self._outage.begin(self._clock())
            return self._despite_outage(latest, error)
        self._outage.end()
        return self._noted(digest, caller, now)

    def _latest(self, digest: bytes) -> Known | None:
        """What was known last, here or by all workers, even if it is too old."""
        mine = self._active.get(digest)
        caller = None if self._shared is None else self._shared.get(digest)
        theirs = None if caller is None else self._active_until(caller)
        if mine is None or theirs is None:
            return mine or theirs
        return max(mine, theirs, key=lambda known: known.asked_at)

    def _ask(self, token: str, now: float) -> Caller | None:
        extra: dict[str, t.Any] = {}
        if self._policies:
            extra["authentication_policies"] = self._policies
        answer = self._client.oauth2_token_introspect(token, include=INCLUDE, **extra).data
        if not isinstance(answer, dict) or not isinstance(answer.get("active"), bool):
            raise _NoAnswerError("the response to an introspection does not say 'active'")
        # what does not expire is no access token: refresh tokens are active as well
        if not answer["active"] or answer.get("exp") is None:
            return None
        caller = Caller(answer, now)
        if now < caller.expires_at:
            return caller
        if now > caller.expires_at + CLOCK_ERROR:
            _log.warning(
                "a token that Globus Auth calls active expired %.0f seconds ago by this host's "
                "clock, and is refused: check the clock",
                now - caller.expires_at,
            )
        return None

    def _noted(self, digest: bytes, caller: Caller | None, now: float) -> Known:
        if caller is None:
            until = now + self._limits.refusal_ttl
            known = Known(None, now, until, until)
            was_active = self._active.get(digest) is not None
            self._active.discard(digest)
            self._refused.put(digest, known)
            if self._shared is not None and was_active:
                self._shared.discard(digest)
            return known
        known = self._active_until(caller)
        self._refused.discard(digest)
        self._active.put(digest, known)
        if self._shared is not None:
            self._shared.put(digest, caller)
        return known

    def _active_until(self, caller: Caller) -> Known:
        asked_at, ends, limits = caller.checked_at, caller.expires_at, self._limits
        return Known(
            caller,
            asked_at,
            min(asked_at + limits.ttl, ends),
            min(asked_at + max(limits.ttl, limits.outage), ends),
        )

    def _despite_outage(self, latest: Known | None, error: GlobusError | None = None) -> Known:
        if latest is not None and self._clock() < latest.usable_until:
            return latest
        raise CheckFailedError(
            "Globus Auth cannot be reached to check the token", code="ServiceUnavailable"
        ) from error


def _with_deadline(client: ConfidentialAppAuthClient, timeout: float) -> ConfidentialAppAuthClient:
    """The same client with its connections, but one that gives up soon."""
    retries = copy.copy(client.retry_config)
    retries.max_retries = min(1, retries.max_retries)
    retries.max_total = timeout
    hasty = copy.copy(client)
    hasty.retry_config = retries
    return hasty


def _is_away(error: GlobusError) -> bool:
    if isinstance(error, GlobusAPIError):
        return error.http_status not in range(400, 500) or error.http_status in (408, 429)
    return isinstance(error, (NetworkError, _NoAnswerError))


def _refusal_of_auth(error: GlobusError) -> CheckFailedError:
    return CheckFailedError(
        "this service cannot check tokens; its operator can see why",
        code="InternalServerError",
        status=500,
    )
