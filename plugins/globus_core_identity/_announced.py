"""
Keys that were announced and not asked for yet, and look-ups that take them along.
"""

from __future__ import annotations

import typing as t
from collections import deque
from itertools import islice

from globus_core.identities import (
    FAILED,
    Identity,
    Resolution,
    Unresolved,
    is_username,
    normalize_key,
)
from globus_core.locks import ForkSafeLock

from ._spellings import gathered
from .resolver import ROUNDS, ChainResolver

if t.TYPE_CHECKING:
    Answer: t.TypeAlias = Identity | Unresolved
    Progress = t.Callable[[int, int], None]


class AnnouncedKeys:
    """
    Announced keys in the order in which they came, those of one kind together.

    Text that comes through :meth:`quick_add` is put in order when that is needed.
    """

    def __init__(self) -> None:
        self._inbox: dict[str, None] = {}
        self._inbox_lock = ForkSafeLock()
        self._lock = ForkSafeLock()
        self._keys: dict[str, str] = {}
        self._queues: dict[str, deque[str]] = {kind: deque() for kind in ("id", "name", "bare")}

    def __len__(self) -> int:
        return len(self._inbox) + len(self._keys)

    def __contains__(self, key: str) -> bool:
        return key in self._keys

    def quick_add(self, otherwise: t.Callable[[t.Any], bool]) -> t.Callable[[t.Any], bool]:
        """
        A function that announces text about as quickly as a set takes it.

        :param otherwise: called with whatever is no text
        """
        inbox = self._inbox

        def add(identity_id: t.Any) -> bool:
            if type(identity_id) is not str:
                return otherwise(identity_id)
            if identity_id in inbox:
                return False
            inbox[identity_id] = None
            return True

        return add

    def sort(self, known: t.Callable[[list[str]], t.Collection[str]]) -> None:
        """
        Put in order what came through :meth:`quick_add`.

        :param known: gives those of some keys that need not be announced
        """
        if not self._inbox:
            return
        with self._inbox_lock:  # whoever comes second must find all keys in their queues
            given = list(self._inbox)
            keys = [normalize_key(key) for key in given]
            needless = known(keys)
            self.add_many(pair for pair in zip(keys, given, strict=True) if pair[0] not in needless)
            for key in given:
                del self._inbox[key]

    def add(self, key: str, given: str) -> bool:
        """
        Announce a key, and say whether it was not announced yet.

        :param key: the key in normal form
        :param given: as the caller spelled it
        """
        with self._lock:
            if key in self._keys:
                return False
            self._keys[key] = given
            self._queues[_kind(key)].append(key)
            return True

    def add_many(self, keys: t.Iterable[tuple[str, str]]) -> None:
        """
        Announce keys, those that are announced already excepted.

        :param keys: keys in normal form, each with the caller's spelling
        """
        with self._lock:
            for key, given in keys:
                if key not in self._keys:
                    self._keys[key] = given
                    self._queues[_kind(key)].append(key)

    def promote(self, key: str, given: str) -> None:
        """
        Announce a bare name by what an institution made of it.

        :param key: the key in normal form; still the bare name where nobody knew it
        :param given: as the caller spelled it
        """
        with self._lock:
            self._keys[key] = given
            self._queues["name" if _kind(key) == "bare" else _kind(key)].append(key)

    def discard(self, key: str) -> bool:
        """
        Take a key back, and say whether it was announced.

        :param key: the key in normal form
        """
        with self._lock:
            # It stays in its queue, where it is passed over when its turn comes.
            return self._keys.pop(key, None) is not None

    def discard_many(self, keys: t.Iterable[str]) -> None:
        """
        Take keys back that may be announced.

        :param keys: keys in normal form
        """
        if not self._keys:
            return
        with self._lock:
            for key in keys:
                self._keys.pop(key, None)

    def oldest(self, count: int) -> list[str]:
        """
        The oldest keys in normal form, which stay announced.

        :param count: how many to give at most
        """
        with self._lock:
            return list(islice(self._keys, count))

    def take(self, like: str, count: int) -> list[str]:
        """
        Take the oldest keys of one kind.

        :param like: a key of that kind, in normal form
        :param count: how many to take at most
        """
        kind = _kind(like)
        return [key for key, _ in self._take("name" if kind == "bare" else kind, count)]

    def take_bare(self, count: int) -> list[str]:
        """
        Take the oldest bare names, as the caller spelled them.

        :param count: how many to take at most
        """
        return [given for _, given in self._take("bare", count)]

    def take_all(self) -> list[tuple[str, str]]:
        """
        Take all keys in normal form, each as the caller spelled it.
        """
        with self._lock:
            taken = list(self._keys.items())
            self._keys.clear()
            for queue in self._queues.values():
                queue.clear()
        return taken

    def put_back(self, keys: list[str]) -> None:
        """
        Announce keys again that were taken in vain.

        :param keys: keys as the caller spelled them
        """
        self.add_many((normalize_key(key), key) for key in keys)

    def _take(self, kind: str, count: int) -> list[tuple[str, str]]:
        taken: list[tuple[str, str]] = []
        with self._lock:
            queue = self._queues[kind]
            while queue and len(taken) < count:
                key = queue.popleft()
                given = self._keys.pop(key, None)
                if given is not None:
                    taken.append((key, given))
        return taken


class AnnouncedLookUps:
    """
    Looks keys up, and announced ones along with them.

    :param announced: the announced keys
    :param resolver: looks them up
    :param batch_size: how many keys a request may have
    :param note: called with the answers of each look-up
    """

    def __init__(
        self,
        announced: AnnouncedKeys,
        resolver: ChainResolver,
        batch_size: int,
        note: t.Callable[[t.Mapping[str, Answer]], None],
    ) -> None:
        self._announced = announced
        self._resolver = resolver
        self._batch_size = batch_size
        self._note = note
        self._batches = 1

    def one(self, key: str, canonical: str) -> Answer:
        """
        Look up a key, and announced ones of its kind in the same requests.

        :param key: the key in normal form
        :param canonical: what institutions make of it, if it is a bare name; else the same
        """
        was_announced = [self._announced.discard(name) for name in {key, canonical}]
        room = self._batch_size * self._batches - 1
        # Institutions are foreign code, so bare names are put in order before any lock is held.
        bare = self._resolver.spellings.by_key(self._announced.take_bare(room))
        for name, given in bare.items():
            self._announced.promote(name, given[0])
        taken: list[str] = []

        def more() -> list[str]:
            taken.extend(self._announced.take(canonical, room))
            return taken

        try:
            answers = self._resolver.look_up([canonical], more=more)
        except BaseException:
            self._announced.put_back(taken)
            raise
        self._note(answers)
        self._announced.put_back([name for name in taken if failed(answers.get(name))])
        # Whoever works through what is announced has all connections at work the next time.
        self._batches = ROUNDS * self._resolver.max_connections if any(was_announced) else 1
        return answers[canonical]

    def many(self, keys: list[tuple[str, str]], progress: Progress | None) -> Resolution:
        """
        Look up some keys, announced or not.

        :param keys: keys in normal form, each with the caller's spelling
        :param progress: called with the number of keys answered and of all keys
        """
        spellings = self._resolver.spellings.grouped(keys)
        answers = self._resolver.look_up(spellings, progress=progress)
        self._note(answers)
        resolution = gathered(spellings, answers)
        # Bare names were announced as they are, and answered as what an institution made of them.
        still_open = {given for given, why in resolution.unresolved.items() if failed(why)}
        self._announced.discard_many(key for key, given in keys if given not in still_open)
        return resolution

    def all(self, progress: Progress | None) -> Resolution:
        """
        Look up everything that is announced; what fails stays announced.

        :param progress: called with the number of keys answered and of all keys
        """
        taken = self._announced.take_all()
        try:
            resolution = self.many(taken, progress)
        except BaseException:
            self._announced.add_many(taken)
            raise
        self._announced.put_back([key for key, why in resolution.unresolved.items() if failed(why)])
        return resolution


def failed(answer: Answer | None) -> bool:
    """
    Whether nothing is known of a key, so that it should be asked for again.

    :param answer: what the look-up gave for it; None for nothing
    """
    if isinstance(answer, Unresolved):
        return answer.reason == FAILED or answer.error is not None
    return answer is None


def _kind(key: str) -> str:
    if "@" in key:
        return "name"
    return "bare" if is_username(key) else "id"
