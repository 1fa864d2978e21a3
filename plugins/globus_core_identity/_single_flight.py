"""
Look-ups in progress, which callers who want the same keys share.
"""

from __future__ import annotations

import contextlib
import contextvars
import os
import threading
import time
import typing as t

from globus_core import waiting
from globus_core.exc import GlobusError
from globus_core.identities import FAILED, Identity, Unresolved
from globus_core.locks import ForkSafeLock

if t.TYPE_CHECKING:
    Answer: t.TypeAlias = Identity | Unresolved

#: how long to wait for another thread's look-up of the same key, in seconds
WAIT_SECONDS = 600.0

# The look-ups that wait for the plugin that is running in this context.
_inside: contextvars.ContextVar[tuple[Lookup, ...]] = contextvars.ContextVar(
    "globus_identities_inside", default=()
)


class Lookup:
    """
    One caller's look-up of keys that no other caller is looking up.
    """

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.answers: dict[str, Answer] = {}
        self._finished = False
        self._lock = threading.Lock()  # taken itself: an interrupt can come inside a condition
        self._changed = threading.Condition(self._lock)

    def settle(self, answers: t.Mapping[str, Answer]) -> None:
        """
        Pass answers to the callers who wait for them.

        :param answers: answers by key
        """
        with self._lock:
            self.answers.update(answers)
            self._changed.notify_all()

    def finish(self) -> None:
        """
        End the look-up; callers stop waiting for it.
        """
        with self._lock:
            self._finished = True
            self._changed.notify_all()

    @contextlib.contextmanager
    def calling_plugins(self) -> t.Iterator[None]:
        """
        Mark this look-up as waiting for the code in the block, which therefore cannot wait for it.
        """
        token = _inside.set((*_inside.get(), self))
        try:
            yield
        finally:
            _inside.reset(token)

    def answer_to(self, key: str, deadline: float) -> Answer | None:
        """
        Wait for the answer to a key; None if the look-up ends without one.

        :param key: a key of this look-up
        :param deadline: when to stop waiting, by ``time.monotonic``
        """
        if self in _inside.get() and key not in self.answers:
            return _failed(key, "this was called from inside a look-up of the same key")
        with self._lock:
            while not self._finished and key not in self.answers:
                left = deadline - time.monotonic()
                if left <= 0:
                    return _failed(
                        key,
                        f"another thread's look-up did not finish within {WAIT_SECONDS:g} seconds",
                    )
                waiting.wait(self._changed, left)
            return self.answers.get(key)


class Lookups:
    """
    All look-ups in progress, by key.
    """

    def __init__(self) -> None:
        self._renew()

    def _renew(self) -> None:
        self._lock = ForkSafeLock()
        self._by_key: dict[str, Lookup] = {}
        self._pid = os.getpid()

    def claim(
        self, keys: t.Iterable[str], lookup: Lookup | None = None
    ) -> tuple[Lookup, dict[str, Lookup]]:
        """
        Claim the keys that are not being looked up, and find the look-ups of the others.

        :param keys: keys in normal form
        :param lookup: claims them; the caller can release it even if an interrupt ends this. None
            makes one
        """
        if self._pid != os.getpid():
            self._renew()  # the threads that look up those keys are not in this process
        lookup = lookup or Lookup()
        with self._lock.held():
            joined = self._join(lookup, keys)
        return lookup, joined

    def extend(self, lookup: Lookup, more: t.Callable[[], t.Iterable[str]]) -> list[str]:
        """
        Add keys to a look-up, and return those that were not being looked up.

        :param lookup: the look-up from :meth:`claim`
        :param more: returns the keys in normal form, which no one else can claim meanwhile
        """
        before = len(lookup.keys)
        with self._lock.held():
            self._join(lookup, more())
        return lookup.keys[before:]

    def release(self, lookup: Lookup) -> None:
        """
        Remove a look-up; callers that wait for keys without an answer have to ask themselves.

        :param lookup: the look-up from :meth:`claim`
        """
        with self._lock.held():
            for key in lookup.keys:
                if self._by_key.get(key) is lookup:
                    del self._by_key[key]
        lookup.finish()

    def _join(self, lookup: Lookup, keys: t.Iterable[str]) -> dict[str, Lookup]:
        claimed = dict.fromkeys(keys, lookup)
        if self._by_key.keys().isdisjoint(claimed):  # as nearly always
            lookup.keys.extend(claimed)  # first, so that a release finds what was claimed
            self._by_key.update(claimed)
            return {}
        joined: dict[str, Lookup] = {}
        for key in claimed:
            other = self._by_key.get(key)
            if other is None:
                lookup.keys.append(key)  # first, so that a release finds what was claimed
                self._by_key[key] = lookup
            elif other is not lookup:
                joined[key] = other
        return joined


def _failed(key: str, message: str) -> Unresolved:
    return Unresolved(key, FAILED, error=GlobusError(message))
