"""
The resolver: cache, then institutions, then Globus Auth.
"""

from __future__ import annotations

import functools
import itertools
import logging
import threading
import time
import typing as t

from globus_core import compose, provenance, waiting
from globus_core.identities import (
    GLOBUS,
    INVALID,
    UNKNOWN,
    Identity,
    IdentityCache,
    IdentityResolver,
    Resolution,
    Unresolved,
    key_problem,
)
from globus_core.identities.keys import all_canonical
from globus_core.locks import PerProcess
from globus_core.printable import one_line
from globus_core.rate_limits import RateLimiter, without_429_retries
from globus_core.steps import Step

from ._auth_source import IdentitiesClient, ask, checked_includes
from ._batches import MOST_KEYS, batches
from ._deadline_calls import start
from ._institutions import TIMEOUT, Institutions
from ._sending import Sending
from ._single_flight import WAIT_SECONDS, Lookup, Lookups
from ._spellings import Spellings, gathered, respelled

if t.TYPE_CHECKING:
    import uuid

    from ._auth_source import Answered
    from ._batches import Batch

    Answer: t.TypeAlias = Identity | Unresolved
    Answers: t.TypeAlias = dict[str, Answer]
    Progress = t.Callable[[int, int], None]

log = logging.getLogger("globus_core.identities")

#: how many connections are used at once by default
CONNECTIONS = 8
MOST_CONNECTIONS = 32
#: where keys are read bit by bit: how many rounds of requests are read at a time
ROUNDS = 4


class ChainResolver(IdentityResolver):
    """
    Asks a cache first, then institutions' directories, and Globus Auth for the rest.

    Keys are requested in full batches, several at once. Callers who want the same keys at the same
    time share one look-up. After a 429, all of them wait as long as the server says, and continue
    with fewer requests at once. Keys that Globus does not know are cached as unknown; failures are
    not cached.

    :param auth_client: has ``get_identities(ids=...)`` and ``get_identities(usernames=...)``
    :param cache: where answers are kept
    :param batch_size: the largest number of keys in a request, at most 100
    :param max_connections: how many requests may run at once, at most 32
    :param include: what to include with identities: ``identity_provider``
    :param extension_timeout: how long an institution's plugin may take for each batch of 100 names
        or identities, and for the keys of one look-up, in seconds; later answers are discarded
    :raises GlobusSDKUsageError: if something cannot be included
    :ivar spellings: finds the keys that callers mean
    """

    def __init__(
        self,
        auth_client: IdentitiesClient,
        cache: IdentityCache,
        *,
        batch_size: int = MOST_KEYS,
        max_connections: int = CONNECTIONS,
        include: t.Iterable[str] = (),
        extension_timeout: float = TIMEOUT,
    ) -> None:
        self.cache = cache
        self.batch_size = min(batch_size, MOST_KEYS)
        self.max_connections = min(max_connections, MOST_CONNECTIONS)
        self.include = checked_includes(include)
        self._client = without_429_retries(auth_client)
        base_url = getattr(auth_client, "base_url", "")
        self._server = base_url if isinstance(base_url, str) else ""
        self._lookups = Lookups()
        self._limiter = PerProcess(functools.partial(RateLimiter, self.max_connections))
        self._institutions = Institutions(extension_timeout)
        self.spellings = Spellings(self._institutions)
        self._cache_failed = False

    def resolve_many(
        self,
        keys: t.Iterable[str | uuid.UUID],
        *,
        progress: Progress | None = None,
    ) -> Resolution:
        """
        Find the identities of some keys.

        :param keys: identity ids, usernames, and bare names that an institution knows
        :param progress: called with the number of answered keys and of all keys
        """
        meant = self.spellings.meant(keys)
        return gathered(meant, self.look_up([key for key, _ in meant], progress=progress))

    def resolve_iter(
        self,
        keys: t.Iterable[str | uuid.UUID],
        *,
        progress: Progress | None = None,
    ) -> t.Iterator[tuple[str, Answer]]:
        """
        Yield the answers as they arrive, each with the caller's spelling of its key.

        Keys are read a few batches at a time; a key that occurs repeatedly among them is answered
        once for each spelling. Closing the iterator waits for the requests that are running.

        :param keys: identity ids, usernames, and bare names that an institution knows
        :param progress: called with the number of answered keys, and of all keys if ``keys`` has a
            length, otherwise of those read so far
        """
        for spelling, _, answer in self.answered(keys, progress=progress):
            yield spelling, answer

    def answered(
        self, keys: t.Iterable[str | uuid.UUID], *, progress: Progress | None = None
    ) -> t.Iterator[tuple[str, str, Answer]]:
        """
        The answers of :meth:`resolve_iter`, as spelling, key in normal form, and answer.

        :param keys: as there
        :param progress: as there
        """
        size = len(keys) if isinstance(keys, t.Sized) else 0
        done = read = 0
        source = iter(keys)
        window = ROUNDS * self.batch_size * self.max_connections
        while part := list(itertools.islice(source, window)):
            read += len(part)
            spellings: dict[str, list[str]] = {}
            for key, spelling in self.spellings.meant(part):
                spellings.setdefault(key, []).append(spelling)
            for answers in self._streamed(list(spellings)):
                for key, answer in answers.items():
                    given = spellings.get(key, ())
                    done += len(given)
                    for spelling in dict.fromkeys(given):
                        yield spelling, key, respelled(spelling, answer)
                if progress is not None:
                    progress(done, max(size, read))

    def remembered(self, keys: t.Iterable[str]) -> Answers:
        """
        The cache's answers for some keys.

        :param keys: keys in normal form
        """
        try:
            known: t.Any = self.cache.get_many(keys, namespace=self._namespace())
            if type(known) is not dict:
                known = dict(compose.expect(known, t.Mapping, self.cache, "get_many"))
            for record in known.values():
                if record is not None and not isinstance(record, Identity):
                    compose.expect(record, (Identity, type(None)), self.cache, "get_many")
        except BaseException as error:  # the boundary to foreign code
            self._report_cache(error)
            return {}
        return {
            key: Unresolved(key, UNKNOWN) if one is None else one
            for key, one in known.items()
            if one is None or self.is_usable(one)
        }

    def remember(
        self, entries: t.Mapping[str, Identity | None], *, namespace: str | None = None
    ) -> None:
        """
        Store answers in the cache; if it fails, that is logged once and otherwise ignored.

        :param entries: records by key in normal form; None for an unknown key
        :param namespace: whose answers these are; None means those of the plugins in use now
        """
        if namespace is None:
            namespace = self._namespace()
        try:
            self.cache.put_many(entries, namespace=namespace)
        except BaseException as error:  # the boundary to foreign code
            self._report_cache(error)

    def forget(self, keys: t.Iterable[str]) -> int:
        """
        Remove keys from the cache, and return for how many of them it had an answer.

        :param keys: keys in normal form
        """
        return compose.called(int, self.cache, "discard_many", keys, namespace=self._namespace())

    def clear(self) -> None:
        """
        Empty the cache, and forget what bare names stand for.
        """
        self.spellings.forget_names()
        compose.called(object, self.cache, "clear")

    def look_up(
        self,
        keys: t.Iterable[str],
        *,
        more: t.Callable[[], t.Iterable[str]] | None = None,
        progress: Progress | None = None,
        told: t.Callable[[Answers], None] | None = None,
        stopped: threading.Event | None = None,
    ) -> Answers:
        """
        An answer for each key, and for the further keys that were looked up with them.

        :param keys: keys in normal form
        :param more: returns further keys to look up; called only if a request is necessary
        :param progress: called with the number of answered keys and of all keys
        :param told: called with answers as they arrive
        :param stopped: set when the answers are no longer wanted
        :raises LookUpEndedError: if ``stopped`` is set
        """
        stopped = stopped or threading.Event()
        left: t.Iterable[str] = dict.fromkeys(keys)
        deadline = time.monotonic() + WAIT_SECONDS
        answers: Answers = {}
        while True:
            lookup = Lookup()
            try:
                try:
                    _, joined = self._lookups.claim(left, lookup)
                    for part in self._answers(lookup, more, stopped):
                        if stopped.is_set():
                            raise LookUpEndedError
                        lookup.settle(part)
                        answers.update(part)
                        if told is not None:
                            told(part)
                        if progress is not None:
                            owed = len(lookup.keys) - len(lookup.answers) + len(joined)
                            progress(len(answers), len(answers) + owed)
                finally:
                    self._lookups.release(lookup)
            except BaseException:
                self._lookups.release(lookup)  # again: an interrupt may have ended the first
                raise
            shared = {key: other.answer_to(key, deadline) for key, other in joined.items()}
            part = {key: answer for key, answer in shared.items() if answer is not None}
            answers.update(part)
            left, more = shared.keys() - part.keys(), None  # what others left unanswered
            if part and told is not None:
                told(part)
            if part and progress is not None:
                progress(len(answers), len(answers) + len(left))
            if not left:
                return answers

    def _streamed(self, keys: list[str]) -> t.Iterator[Answers]:
        """Answers as they arrive, from a thread, so that a slow caller delays no one else."""
        import contextvars
        import queue

        answers: queue.SimpleQueue[Answers | BaseException | None] = queue.SimpleQueue()
        enough = threading.Event()

        def work() -> None:
            try:
                self.look_up(keys, told=answers.put, stopped=enough)
                answers.put(None)
            except BaseException as error:  # raised in the caller's thread
                answers.put(error)

        run = contextvars.copy_context().run
        thread = threading.Thread(target=run, args=(work,), name="globus-identities-stream")
        started = start(thread)
        try:
            while (part := waiting.blocking(answers.get)) is not None:
                if isinstance(part, BaseException):
                    raise part
                yield part
        finally:
            enough.set()
            self._limiter.get().wake()
            if started:
                waiting.blocking(thread.join)

    def _answers(
        self,
        lookup: Lookup,
        more: t.Callable[[], t.Iterable[str]] | None,
        stopped: threading.Event,
    ) -> t.Iterator[Answers]:
        """The chain: each link answers what the links before it did not."""
        left = yield from self._at_hand(lookup.keys)
        if left and more is not None:
            left += yield from self._at_hand(self._lookups.extend(lookup, more))
        if not left:
            return
        asserted = self._asserted(lookup, left)
        if asserted:
            yield asserted
            left = [key for key in left if key not in asserted]
        parts = batches(left, self.batch_size)
        sending = Sending(self._ask, self._limiter.get(), stopped)
        for answers, others in sending.answers(parts, self.max_connections):
            yield self._enrich_and_cache(lookup, answers, others)

    def _ask(self, part: Batch) -> Answered:
        with Step("look_up", resource_server="auth.globus.org", count=len(part.keys)):
            return ask(self._client, part, self.include)

    def _at_hand(self, keys: list[str]) -> t.Generator[Answers, None, list[str]]:
        """Answer invalid and cached keys, and return the others."""
        answers: Answers = {}
        for key in () if all_canonical(keys) else keys:
            problem = key_problem(key)
            if problem is not None:
                answers[key] = Unresolved(key, INVALID, detail=problem)
        answers |= self.remembered([key for key in keys if key not in answers])
        if answers:
            yield answers
        return [key for key in keys if key not in answers]

    def _asserted(self, lookup: Lookup, keys: list[str]) -> Answers:
        namespace = self._namespace()  # first: plugins may change meanwhile
        with lookup.calling_plugins():
            found = self._institutions.resolve(keys)
            if not found:
                return {}
            self._institutions.enrich(found)
        # Only under the key that was looked up: an institution's record for a username is no
        # answer for the identity id in it.
        self.remember(found, namespace=namespace)
        return dict(found)

    def _enrich_and_cache(
        self, lookup: Lookup, answers: Answers, others: dict[str, Identity]
    ) -> Answers:
        """The answers of Globus Auth, enriched, and cached under id and username."""
        namespace = self._namespace()
        with lookup.calling_plugins():
            self._institutions.enrich(answers, others)
        entries: dict[str, Identity | None] = {**others}
        for key, answer in answers.items():
            if isinstance(answer, Identity):
                entries[key] = answer
            elif answer.reason == UNKNOWN and answer.detail is None:
                entries[key] = None
        if entries:
            self.remember(entries, namespace=namespace)
        return answers

    def _namespace(self) -> str:
        """Whose answers to use: those of the server, together with the plugins in use."""
        fingerprint = self._institutions.fingerprint()
        return f"{self._server}#{fingerprint}" if fingerprint else self._server

    def is_usable(self, record: Identity) -> bool:
        """
        Whether a cached record has everything to include, and its plugins are in use.

        :param record: the record
        """
        if self.include and record.source == GLOBUS:
            included = record.included
            if not all(name in included for name in self.include):
                return False
        return self._institutions.vouch_for(record)

    def _report_cache(self, error: BaseException) -> None:
        compose.raise_interrupt(error)
        if self._cache_failed:
            return
        self._cache_failed = True
        kind, origin = type(self.cache).__name__, provenance.origin(self.cache)
        problem = one_line(str(error)) or type(error).__name__
        log.warning(
            "identity cache %s (%s) failed; continuing without it: %s", kind, origin, problem
        )


class LookUpEndedError(Exception):
    """
    Ends a look-up whose answers are no longer wanted.
    """
