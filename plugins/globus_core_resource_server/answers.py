"""
Asking a service about tokens, as seldom as allowed, and going on for a while when it is away.
"""

from __future__ import annotations

import copy
import logging
import typing as t
from functools import partial

from globus_core.exc import GlobusAPIError, GlobusError, NetworkError

from .flights import Flights
from .memory import Known, Memory
from .refusals import CheckFailedError, RefusedError

if t.TYPE_CHECKING:
    from globus_core import BaseClient

    from .memory import SharedMemory, Storable

    C = t.TypeVar("C", bound=BaseClient)
    Ask = t.Callable[[float], t.Any]
    Suffices = t.Callable[[Known], bool]

#: how long a service is not asked again when it could not be reached, in seconds
PAUSE = 5.0

_log = logging.getLogger("globus_core.resource_server")


class NoAnswerError(GlobusError):
    """
    Something else than the service has answered, such as a proxy.
    """


class Limits(t.NamedTuple):
    """
    How long and how much is remembered; the times are in seconds.
    """

    ttl: float
    refusal_ttl: float
    outage: float
    max_entries: int
    timeout: float


class Outage:
    """
    Whether a service is away; while it is, one thread tries again every few seconds.
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
        The service could not be reached.

        :param now: the time
        """
        self._failing, self._until = True, now + PAUSE

    def end(self) -> None:
        """
        The service has answered.
        """
        self._failing = False


class Answers:
    """
    What a service says about tokens: from memory, from the memory of all workers, from itself.

    A subclass says what an answer is, and how it is stored in a shared cache.

    :param shared: what all workers know, or None
    :param limits: how long and how much is remembered
    :param clock: the time in UTC epoch seconds
    """

    #: what is asked for, in the keys of the shared cache
    kind: str
    #: for the errors if nobody answers, or not this service
    away: str
    broken: str = "this service cannot check tokens; its operator can see why"

    def __init__(
        self, shared: SharedMemory | None, limits: Limits, clock: t.Callable[[], float]
    ) -> None:
        self._shared = shared
        self._limits = limits
        self._clock = clock
        self._flights = Flights()
        self._outage = Outage()
        self._memory = Memory[Known](limits.max_entries)

    def find(self, digest: bytes, ask: Ask, suffices: Suffices, *, asked_for: str = "") -> Known:
        """
        The answer about a token; the service is asked if what is known does not suffice.

        :param digest: the SHA-256 of the token
        :param ask: asks the service; gets the time
        :param suffices: whether what is known is new and complete enough
        :param asked_for: separates questions about the same token that have different answers
        :raises RefusedError: if the service does not answer, and nothing usable is known
        """
        search = partial(self._search, digest, ask, suffices)
        return self._flights.answer(digest + asked_for.encode(), search)

    def fresh(self, answer: t.Any, asked_at: float, ends: float) -> Known:
        """
        An answer with the times until which it counts.

        :param answer: the answer
        :param asked_at: when it was given, in UTC epoch seconds
        :param ends: when the token expires, in UTC epoch seconds
        """
        limits = self._limits
        return Known(
            answer,
            asked_at,
            min(asked_at + limits.ttl, ends),
            min(asked_at + max(limits.ttl, limits.outage), ends),
        )

    # what a subclass says

    def _here(self, digest: bytes) -> Known | None:
        """What this process knows, even if it is too old."""
        return self._memory.get(digest)

    def _note(self, digest: bytes, answer: t.Any, now: float) -> Known:
        """Remember an answer here."""
        raise NotImplementedError

    def _read(self, document: dict[str, t.Any], asked_at: float) -> Known | None:
        """The answer that another worker has stored; None if it cannot be read."""
        raise NotImplementedError

    def _storable(self, known: Known) -> Storable | None:
        """What other workers may know of an answer; None if nothing."""
        raise NotImplementedError

    # asking

    def _search(self, digest: bytes, ask: Ask, suffices: Suffices) -> Known:
        latest = self._latest(digest, suffices)
        if latest is not None and suffices(latest):
            return latest
        if self._shared is None:
            return self._ask(digest, ask, suffices, latest)

        def alone() -> Known:
            latest = self._latest(digest, suffices)  # another worker may have asked meanwhile
            if latest is not None and suffices(latest):
                return latest
            return self._ask(digest, ask, suffices, latest)

        return self._shared.alone(self.kind, digest, alone, self._limits.timeout)

    def _latest(self, digest: bytes, suffices: Suffices) -> Known | None:
        """What was known last, here or by all workers."""
        mine = self._here(digest)
        if self._shared is None or (mine is not None and suffices(mine)):
            return mine
        stored = self._shared.get(self.kind, digest)
        theirs = None if stored is None else self._read(*stored)
        if theirs is None or (mine is not None and mine.asked_at >= theirs.asked_at):
            return mine
        if suffices(theirs):
            self._memory.put(digest, theirs)
        return theirs

    def _ask(self, digest: bytes, ask: Ask, suffices: Suffices, latest: Known | None) -> Known:
        now = self._clock()
        if self._outage.is_on(now):
            return self._despite_outage(suffices, latest)
        try:
            answer = ask(now)
        except RefusedError as error:
            if error.status != 503:
                raise
            self._outage.begin(self._clock())
            return self._despite_outage(suffices, latest, error)
        self._outage.end()
        known = self._note(digest, answer, now)
        storable = None if self._shared is None else self._storable(known)
        if self._shared is not None and storable is not None:
            self._shared.put(self.kind, digest, storable)
        return known

    def _despite_outage(
        self, suffices: Suffices, latest: Known | None, error: RefusedError | None = None
    ) -> Known:
        """What is known although it is too old, if it says enough."""
        now = self._clock()
        if latest is not None and now < latest.usable_until:
            as_if_new = latest._replace(asked_at=now, fresh_until=latest.usable_until)
            if suffices(as_if_new):
                return latest
        raise CheckFailedError(self.away, code="ServiceUnavailable") from (
            error and error.__cause__
        )


def hasty(client: C, timeout: float) -> C:
    """
    The same client with its connections, but one that gives up soon.

    :param client: a client
    :param timeout: seconds that an answer may take
    """
    retries = copy.copy(client.retry_config)
    retries.max_retries = min(1, retries.max_retries)
    retries.max_total = timeout
    copied = copy.copy(client)
    copied.retry_config = retries
    return copied


def is_away(error: GlobusError) -> bool:
    """
    Whether an error means that a service cannot answer now.

    :param error: the error of a request
    """
    if isinstance(error, GlobusAPIError):
        return error.http_status not in range(400, 500) or error.http_status in (408, 429)
    return isinstance(error, (NetworkError, NoAnswerError))


def failure(error: GlobusError, away: str, broken: str) -> CheckFailedError:
    """
    The answer to the caller when a service could not be asked, to be raised ``from error``.

    The log gets the reason, for the operator: what the caller is told does not have it.

    :param error: why not
    :param away: the message if the service cannot be reached
    :param broken: the message if it refuses to answer
    """
    if is_away(error):
        _log.warning("%s: %s", away, error)
        return CheckFailedError(away, code="ServiceUnavailable")
    _log.error("%s: %s", broken, error)
    return CheckFailedError(broken, code="InternalServerError", status=500)
