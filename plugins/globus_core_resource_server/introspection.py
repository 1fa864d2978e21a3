"""
Asking Globus Auth whose a token is.
"""

from __future__ import annotations

import logging
import typing as t
from functools import partial

from globus_core.exc import GlobusError, ValidationError

from .answers import Answers, Limits, NoAnswerError, failure, hasty
from .caller import Caller
from .memory import Known, Memory, SharedMemory, Storable

if t.TYPE_CHECKING:
    from globus_core import ConfidentialAppAuthClient

    Policies = frozenset[str]

#: what the introspection is to include
INCLUDE = ("session_info", "identity_set_detail")
#: by how much the clock of this host may be fast before it is worth a warning, in seconds
CLOCK_ERROR = 60.0

_log = logging.getLogger("globus_core.resource_server")


class Introspection(Answers):
    """
    Knows the callers of tokens; an answer is a caller, or None if the token is not active.

    :param client: asks Globus Auth
    :param shared: what all workers know, or None
    :param limits: how long and how much is remembered
    :param clock: the time in UTC epoch seconds
    """

    kind = "introspection"
    away = "Globus Auth cannot be reached to check the token"

    def __init__(
        self,
        client: ConfidentialAppAuthClient,
        shared: SharedMemory | None,
        limits: Limits,
        clock: t.Callable[[], float],
    ) -> None:
        super().__init__(shared, limits, clock)
        self._client = hasty(client, limits.timeout)
        # apart, so that made-up tokens drive out no caller
        self._refused = Memory[Known](limits.max_entries)

    def remembered(self, digest: bytes, policies: Policies) -> Known | None:
        """
        What this process knows for sure about a token, without asking anyone.

        :param digest: the SHA-256 of the token
        :param policies: authentication policies that the answer must be about
        """
        known = self._memory.get(digest) or self._refused.get(digest)
        if known is None or not known.is_fresh(self._clock()):
            return None
        return known if not policies or _is_about(known, policies) else None

    def known(self, digest: bytes, token: str, policies: Policies) -> Known:
        """
        What is known about a token; Globus Auth is asked if that is too old.

        :param digest: the SHA-256 of the token
        :param token: the token
        :param policies: authentication policies that the answer must be about
        :raises CheckFailedError: if Globus Auth does not answer, and nothing usable is known
        """
        known = self.remembered(digest, policies)
        if known is not None:
            return known

        def suffices(known: Known) -> bool:
            return known.is_fresh(self._clock()) and _is_about(known, policies)

        ask = partial(self._introspect, digest, token, policies)
        return self.find(digest, ask, suffices, asked_for=" ".join(sorted(policies)))

    def forget(self, digest: bytes) -> None:
        """
        Refuse a token that Globus Auth has refused elsewhere, until it is asked again.

        :param digest: the SHA-256 of the token
        """
        self._note(digest, None, self._clock())

    def _introspect(
        self, digest: bytes, token: str, policies: Policies, now: float
    ) -> Caller | None:
        latest = self._memory.get(digest)
        if latest is not None:  # so that checkers with different policies need not ask in turns
            policies |= asked_about(latest.answer.facts)
        extra: dict[str, t.Any] = {}
        if policies:
            extra["authentication_policies"] = sorted(policies)
        try:
            answer = self._client.oauth2_token_introspect(token, include=INCLUDE, **extra).data
            if not isinstance(answer, dict) or not isinstance(answer.get("active"), bool):
                raise NoAnswerError("the response to an introspection does not say 'active'")
            # what does not expire is no access token: refresh tokens are active as well
            if not answer["active"] or answer.get("exp") is None:
                return None
            caller = Caller(_with_policies(answer, policies), now)
        except GlobusError as error:
            raise failure(error, self.away, self.broken) from error
        if now < caller.expires_at:
            return caller
        if now > caller.expires_at + CLOCK_ERROR:
            _log.warning(
                "a token that Globus Auth calls active expired %.0f seconds ago by this host's "
                "clock, and is refused: check the clock",
                now - caller.expires_at,
            )
        return None

    def _here(self, digest: bytes) -> Known | None:
        return self._memory.get(digest) or self._refused.get(digest)

    def _note(self, digest: bytes, answer: Caller | None, now: float) -> Known:
        if answer is not None:
            known = self.fresh(answer, now, answer.expires_at)
            self._refused.discard(digest)
            self._memory.put(digest, known)
            return known
        until = now + self._limits.refusal_ttl
        known = Known(None, now, until, until)
        was_active = self._memory.get(digest) is not None
        self._memory.discard(digest)
        self._refused.put(digest, known)
        if self._shared is not None and was_active:
            self._shared.discard(self.kind, digest)
        return known

    def _read(self, document: dict[str, t.Any], asked_at: float) -> Known | None:
        try:
            caller = Caller(document, asked_at)
        except ValidationError:
            return None
        return self.fresh(caller, asked_at, caller.expires_at)

    def _storable(self, known: Known) -> Storable | None:
        caller: Caller | None = known.answer
        if caller is None:
            return None
        return Storable(caller.id, caller.username, caller.facts, caller.checked_at)


def asked_about(facts: t.Mapping[str, t.Any]) -> Policies:
    """
    The policies that an introspection was about, evaluated or not.

    :param facts: the response to the introspection
    """
    found = facts.get("policy_evaluations")
    return frozenset(found) if isinstance(found, dict) else frozenset()


def _with_policies(answer: t.Mapping[str, t.Any], policies: Policies) -> t.Mapping[str, t.Any]:
    """A response with an empty entry for each policy that it says nothing about."""
    if policies <= asked_about(answer):
        return answer
    found = answer.get("policy_evaluations")
    found = found if isinstance(found, dict) else {}
    unsaid: dict[str, t.Any] = {policy: {} for policy in sorted(policies)}
    return {**answer, "policy_evaluations": {**unsaid, **found}}


def _is_about(known: Known, policies: Policies) -> bool:
    return known.answer is None or policies <= asked_about(known.answer.facts)
