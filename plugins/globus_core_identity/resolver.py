"""
The resolver: cache, then institutions, then Globus Auth.
"""

from __future__ import annotations

import contextvars
import logging
import time
import typing as t

from globus_core.identities import (
    FAILED,
    INVALID,
    UNKNOWN,
    Identity,
    IdentityCache,
    IdentityResolver,
    Resolution,
    Unresolved,
    is_bare_name,
    key_problem,
    normalize_key,
)

from . import _extensions
from ._batches import MOST_KEYS, Batch, batches
from ._flight import PATIENCE, Flight, Flights
from ._globus import IdentitiesClient, ask, is_hopeless

if t.TYPE_CHECKING:
    import uuid
    from concurrent.futures import Future

    Answer: t.TypeAlias = Identity | Unresolved
    Answered: t.TypeAlias = tuple[dict[str, Answer], list[Identity]]
    Progress = t.Callable[[int, int], None]

log = logging.getLogger(__name__)

#: connections used at once if the caller does not say
CONNECTIONS = 8
MOST_CONNECTIONS = 32


class ChainResolver(IdentityResolver):
    """
    Answers from a cache, from institutions' directories, and from Globus Auth for the rest.

    Keys are asked for in full batches, several at once. Callers who want the same keys at the
    same time share one look-up. What Globus does not know is remembered as unknown; a look-up
    that fails is not remembered.

    :param auth_client: has ``get_identities(ids=...)`` and ``get_identities(usernames=...)``
    :param cache: where answers are kept
    :param batch_size: how many keys a request may have, at most 100
    :param max_connections: how many requests may be under way at once, at most 32
    """

    def __init__(
        self,
        auth_client: IdentitiesClient,
        cache: IdentityCache,
        *,
        batch_size: int = MOST_KEYS,
        max_connections: int = CONNECTIONS,
    ) -> None:
        self.cache = cache
        self.batch_size = min(batch_size, MOST_KEYS)
        self.max_connections = min(max_connections, MOST_CONNECTIONS)
        self._client = auth_client
        base_url = getattr(auth_client, "base_url", "")
        self._namespace = base_url if isinstance(base_url, str) else ""
        self._flights = Flights()
        self._names: dict[str, str] = {}
        self._cache_failed = False

    def resolve_many(
        self,
        keys: t.Iterable[str | uuid.UUID],
        *,
        progress: Progress | None = None,
    ) -> Resolution:
        """
        Find the identities of some keys.

        :param keys: identity ids, usernames, and bare names that an institution understands
        :param progress: called with the number of keys answered and of all keys
        """
        spellings = self.spellings(keys)
        return gathered(spellings, self.look_up(spellings, progress=progress))

    def spellings(self, keys: t.Iterable[str | uuid.UUID]) -> dict[str, list[str]]:
        """
        Keys in normal form, each with the callers' spellings of it.

        :param keys: keys as the caller spelled them
        """
        spellings: dict[str, list[str]] = {}
        for key in keys:
            spellings.setdefault(self.canonical(key), []).append(str(key))
        return spellings

    def canonical(self, key: str | uuid.UUID) -> str:
        """
        A key in normal form; a bare name becomes what an institution makes of it.

        :param key: the key as the caller spelled it
        """
        normal = normalize_key(key)
        if "@" in normal or not is_bare_name(normal):
            return normal
        known = self._names.get(normal)
        if known is not None:
            return known
        named = _extensions.canonical_name(str(key).strip()) if normal else None
        if named is None:
            return normal
        self._names[normal] = named
        return named

    def remembered(self, keys: t.Iterable[str]) -> dict[str, Answer]:
        """
        What the cache holds, without asking anybody.

        :param keys: keys in normal form
        """
        try:
            known = self.cache.get_many(keys, namespace=self._namespace)
        except Exception as error:  # the boundary to foreign code
            self._report_cache(error)
            return {}
        return {
            key: Unresolved(key, UNKNOWN) if record is None else record
            for key, record in known.items()
        }

    def remember(self, entries: t.Mapping[str, Identity | None]) -> None:
        """
        Put answers in the cache; a cache that fails is reported once and otherwise ignored.

        :param entries: records by key in normal form; None for a key that is unknown
        """
        try:
            self.cache.put_many(entries, namespace=self._namespace)
        except Exception as error:  # the boundary to foreign code
            self._report_cache(error)

    def forget(self, keys: t.Iterable[str]) -> int:
        """
        Take keys out of the cache, and say how many of them it had an answer for.

        :param keys: keys in normal form
        """
        return self.cache.discard_many(keys, namespace=self._namespace)

    def clear(self) -> None:
        """
        Empty the cache, and forget what institutions made of bare names.
        """
        self._names.clear()
        self.cache.clear()

    def look_up(
        self,
        keys: t.Iterable[str],
        *,
        more: t.Callable[[], t.Iterable[str]] | None = None,
        progress: Progress | None = None,
    ) -> dict[str, Answer]:
        """
        An answer for each key, and for those that were looked up along with them.

        :param keys: keys in normal form
        :param more: gives further keys, if something has to be looked up at all
        :param progress: called with the number of keys answered and of all keys
        """
        flight, joined = self._flights.claim(dict.fromkeys(keys))
        try:
            for answers in self._answers(flight, more):
                flight.settle(answers)
                if progress is not None:
                    progress(len(flight.answers), len(flight.keys) + len(joined))
        finally:
            self._flights.release(flight)
        return flight.answers | self._await(joined, len(flight.answers), progress)

    def _await(
        self, joined: dict[str, Flight], done: int, progress: Progress | None
    ) -> dict[str, Answer]:
        """Answers for the keys that other callers were looking up already."""
        deadline = time.monotonic() + PATIENCE
        answers = {key: flight.wait(key, deadline) for key, flight in joined.items()}
        if answers and progress is not None:
            progress(done + len(answers), done + len(answers))
        return answers

    def _answers(
        self, flight: Flight, more: t.Callable[[], t.Iterable[str]] | None
    ) -> t.Iterator[dict[str, Answer]]:
        """The chain: each link answers what those before it left open."""
        left = yield from self._at_hand(flight.keys)
        if left and more is not None:
            left += yield from self._at_hand(self._flights.extend(flight, more()))
        if not left:
            return
        asserted = self._asserted(left)
        if asserted:
            yield asserted
            left = [key for key in left if key not in asserted]
        for answers, identities in self._fly(batches(left, self.batch_size)):
            yield self._noted(answers, identities)

    def _at_hand(self, keys: list[str]) -> t.Generator[dict[str, Answer], None, list[str]]:
        """Answer what needs nobody to be asked, and return the keys that are left."""
        answers: dict[str, Answer] = {}
        for key in keys:
            problem = key_problem(key)
            if problem is not None:
                answers[key] = Unresolved(key, INVALID, detail=problem)
        answers |= self.remembered([key for key in keys if key not in answers])
        if answers:
            yield answers
        return [key for key in keys if key not in answers]

    def _asserted(self, keys: list[str]) -> dict[str, Answer]:
        found = _extensions.asserted(keys)
        records = {key: _extensions.enriched(record) for key, record in found.items()}
        if records:
            # Only under the key that was asked: an institution's word on a username does not
            # answer for the identity id that it names.
            self.remember(records)
        return dict(records)

    def _noted(self, answers: dict[str, Answer], identities: list[Identity]) -> dict[str, Answer]:
        """What Globus Auth answered, enriched and remembered under id and username."""
        entries: dict[str, Identity | None] = {}
        full = {id(identity): _extensions.enriched(identity) for identity in identities}
        for record in full.values():
            entries[record.id] = record
            entries.setdefault(normalize_key(record.username), record)
        for key, answer in answers.items():
            if isinstance(answer, Identity):
                answers[key] = entries[key] = full[id(answer)]
            elif answer.reason == UNKNOWN:
                entries[key] = None
        if entries:
            self.remember(entries)
        return answers

    def _fly(self, parts: list[Batch]) -> t.Iterator[Answered]:
        """Send batches, several at once, and give each answer as it comes."""
        if len(parts) <= 1 or self.max_connections == 1:
            yield from self._one_by_one(parts)
            return
        from concurrent.futures import ThreadPoolExecutor, as_completed

        workers = min(len(parts), self.max_connections)
        with ThreadPoolExecutor(workers, thread_name_prefix="globus-identities") as pool:
            flying = {
                # In the caller's context, so that tracers see whose requests these are.
                pool.submit(contextvars.copy_context().run, ask, self._client, part): part
                for part in parts
            }
            blocker: Unresolved | None = None
            try:
                for future in as_completed(flying):
                    if future.cancelled() and blocker is not None:
                        yield _refused(flying[future], blocker), []
                        continue
                    answered = future.result()
                    yield answered
                    blocker = blocker or _blocker(answered)
                    if blocker is not None:
                        _cancel(flying)
            finally:
                _cancel(flying)

    def _one_by_one(self, parts: list[Batch]) -> t.Iterator[Answered]:
        blocker: Unresolved | None = None
        for part in parts:
            if blocker is not None:
                yield _refused(part, blocker), []
                continue
            answered = ask(self._client, part)
            blocker = _blocker(answered)
            yield answered

    def _report_cache(self, error: Exception) -> None:
        if self._cache_failed:
            return
        self._cache_failed = True
        kind = type(self.cache).__name__
        log.warning("the identity cache %s fails and is done without: %s", kind, error)


def gathered(
    spellings: t.Mapping[str, t.Iterable[str]], answers: t.Mapping[str, Answer]
) -> Resolution:
    """
    The answers under the callers' spellings of the keys.

    :param spellings: for each key in normal form, how it was spelled
    :param answers: for each key in normal form, its answer
    """
    resolution = Resolution()
    for canonical, given in spellings.items():
        for key in given:
            resolution.add(key, answers[canonical])
    return resolution


def _blocker(answered: Answered) -> Unresolved | None:
    """The answer that shows further requests to be of no use, if there is one."""
    for answer in answered[0].values():
        if isinstance(answer, Unresolved) and is_hopeless(answer.error):
            return answer
    return None


def _cancel(futures: t.Iterable[Future[t.Any]]) -> None:
    for future in futures:
        future.cancel()


def _refused(part: Batch, blocker: Unresolved) -> dict[str, Answer]:
    return {key: Unresolved(key, FAILED, error=blocker.error) for key in part.keys}
