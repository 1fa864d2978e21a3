"""
Keys that were announced and are not answered yet, and look-ups that include them.
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
    Announced keys in their order, each kind in a queue of its own.

    Text from :meth:`quick_add` is put into the queues when that becomes necessary. A look-up takes
    keys, so that no other look-up takes them too. They stay announced until they are answered, so
    that whoever asks for all keys in the meantime waits for them too.
    """

    def __init__(self) -> None:
        self._inbox: dict[str, None] = {}
        self._inbox_lock = ForkSafeLock()
        self._lock = ForkSafeLock()
        # keys in normal form, each with the caller's spelling
        self._waiting: dict[str, str] = {}
        self._taken: dict[str, str] = {}
        self._queues: dict[str, deque[str]] = {kind: deque() for kind in ("id", "name", "bare")}

    def __len__(self) -> int:
        return len(self._inbox) + len(self._waiting) + len(self._taken)

    def __contains__(self, key: str) -> bool:
        return key in self._waiting or key in self._taken

    def spellings(self, *, names: bool) -> set[str]:
        """
        The keys of one kind as the callers spelled them.

        :param names: True for names, False for ids
        """
        with self._lock.held():
            announced = {**self._waiting, **self._taken}
        return {given for key, given in announced.items() if (_kind(key) != "id") is names}

    def quick_add(self, otherwise: t.Callable[[t.Any, t.Any], bool]) -> t.Callable[..., bool]:
        """
        A function that announces text almost as fast as ``set.add``.

        :param otherwise: called with anything that is not text
        """
        inbox = self._inbox

        def add(identity_id: t.Any = None, *, identity_document: t.Any = None) -> bool:
            if type(identity_id) is not str or identity_document is not None:
                return otherwise(identity_id, identity_document)
            if identity_id in inbox:
                return False
            inbox[identity_id] = None
            return True

        return add

    def sort(self, known: t.Callable[[list[str]], t.Collection[str]]) -> None:
        """
        Put the text from :meth:`quick_add` into the queues.

        :param known: returns those of the given keys that need not be announced
        """
        if not self._inbox:
            return
        with self._inbox_lock.held():  # other threads must find all keys in the queues afterwards
            given = list(self._inbox)
            keys = [normalize_key(key) for key in given]
            needless = known(keys)
            self.add_many(pair for pair in zip(keys, given, strict=True) if pair[0] not in needless)
            for key in given:
                del self._inbox[key]

    def add(self, key: str, given: str) -> bool:
        """
        Announce a key, and return whether it was not announced yet.

        :param key: the key in normal form
        :param given: the caller's spelling
        """
        with self._lock.held():
            if key in self:
                return False
            self._add(key, given, _kind(key))
            return True

    def add_many(self, keys: t.Iterable[tuple[str, str]]) -> None:
        """
        Announce keys, except those that are announced already.

        :param keys: keys in normal form, each with the caller's spelling
        """
        with self._lock.held():
            for key, given in keys:
                if key not in self:
                    self._add(key, given, _kind(key))

    def discard_many(self, keys: t.Iterable[str]) -> None:
        """
        Remove keys that are answered.

        :param keys: keys in normal form, which need not be announced
        """
        if not self._waiting and not self._taken:
            return
        with self._lock.held():
            for key in keys:
                # It stays in its queue, and is skipped when its turn comes.
                self._waiting.pop(key, None)
                self._taken.pop(key, None)

    def clear(self) -> None:
        """
        Remove all keys.
        """
        with self._lock.held():
            self._inbox.clear()
            self._waiting.clear()
            self._taken.clear()
            for queue in self._queues.values():
                queue.clear()

    def oldest(self, count: int) -> list[str]:
        """
        The oldest keys in normal form that no look-up has taken.

        :param count: the largest number of keys
        """
        if not self._waiting:
            return []
        with self._lock.held():
            return list(islice(self._waiting, count))

    # for look-ups

    def take(self, keys: t.Iterable[str]) -> list[str]:
        """
        Take keys, and return those that were announced and that no other look-up had taken.

        :param keys: keys in normal form, which need not be announced
        """
        with self._lock.held():
            return [key for key in keys if self._take(key) is not None]

    def take_oldest(self, like: str, count: int) -> list[str]:
        """
        Take the oldest keys of one kind.

        :param like: a key of that kind, in normal form
        :param count: the largest number of keys
        """
        kind = _kind(like)
        return [key for key, _ in self._take_from("name" if kind == "bare" else kind, count)]

    def take_bare(self, count: int) -> list[tuple[str, str]]:
        """
        Take the oldest bare names, each with the caller's spelling.

        :param count: the largest number of keys
        """
        return self._take_from("bare", count)

    def take_all(self) -> list[tuple[str, str]]:
        """
        Take all keys in normal form, each with the caller's spelling.

        This includes the keys that other look-ups have taken, because one can wait for those.
        """
        with self._lock.held():
            self._taken.update(self._waiting)
            self._waiting.clear()
            for queue in self._queues.values():
                queue.clear()
            return list(self._taken.items())

    def put_back(self, keys: t.Iterable[str]) -> None:
        """
        Let other look-ups take keys that were taken and not answered.

        :param keys: keys in normal form; those that have been answered meanwhile are ignored
        """
        with self._lock.held():
            for key in keys:
                given = self._taken.get(key)
                if given is not None:
                    self._add(key, given, _kind(key))
                    del self._taken[key]  # last, so that an interrupt loses no key

    def put_back_all(self) -> None:
        """
        Let other look-ups take all keys, after one that ended before it knew what it had taken.

        A key that yet another look-up is asking for is not asked for twice, since those share it.
        """
        self.put_back(list(self._taken))

    def put_back_named(self, bare: list[tuple[str, str]], named: list[tuple[str, str]]) -> None:
        """
        Put bare names back under the usernames or ids that institutions gave them.

        :param bare: the result of :meth:`take_bare`
        :param named: the same names translated; an unknown name is its own key
        """
        with self._lock.held():
            for key, _ in bare:
                self._taken.pop(key, None)
            for key, given in named:
                if key not in self:
                    self._add(key, given, "name" if _kind(key) == "bare" else _kind(key))

    def _add(self, key: str, given: str, kind: str) -> None:
        self._queues[kind].append(key)  # first: in the queue alone, it would be skipped
        self._waiting[key] = given

    def _take(self, key: str) -> str | None:
        given = self._waiting.get(key)
        if given is not None:
            self._taken[key] = given
            del self._waiting[key]  # last, so that an interrupt loses no key
        return given

    def _take_from(self, kind: str, count: int) -> list[tuple[str, str]]:
        taken: list[tuple[str, str]] = []
        with self._lock.held():
            queue = self._queues[kind]
            while queue and len(taken) < count:
                key = queue.popleft()
                given = self._take(key)
                if given is not None:
                    taken.append((key, given))
        return taken


class AnnouncedLookUps:
    """
    Looks up keys, together with announced ones.

    :param announced: the announced keys
    :param resolver: looks them up
    :param batch_size: the largest number of keys in a request
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
        Look up a key, and announced keys of its kind in the same requests.

        :param key: the key in normal form
        :param canonical: the same; for a bare name, the username or id from an institution
        """
        wanted = self._announced.take({key, canonical})
        taken = list(wanted)
        room = self._batch_size * self._batches - 1

        def more() -> list[str]:
            along = self._announced.take_oldest(canonical, room)
            taken.extend(along)
            return along

        try:
            self._name_bare(room)
            answers = self._resolver.look_up([canonical], more=more)
        except BaseException:
            self._announced.put_back(taken)
            raise
        self._note(answers)
        if not failed(answers[canonical]):
            self._announced.discard_many(wanted)
        self._announced.put_back([name for name in taken if failed(answers.get(name))])
        # Someone who works through the announced keys gets all connections the next time.
        self._batches = ROUNDS * self._resolver.max_connections if wanted else 1
        return answers[canonical]

    def many(self, keys: list[tuple[str, str]], progress: Progress | None) -> Resolution:
        """
        Look up some keys, which need not be announced.

        :param keys: keys in normal form, each with the caller's spelling
        :param progress: called with the number of answered keys and of all keys
        """
        meant = self._resolver.spellings.translated(keys)
        answers = self._resolver.look_up([key for key, _ in meant], progress=progress)
        self._note(answers)
        resolution = gathered(meant, answers)
        # Bare names were announced under their own key, and answered under another one.
        still_open = {given for given, why in resolution.unresolved.items() if failed(why)}
        self._announced.discard_many(key for key, given in keys if given not in still_open)
        if still_open:
            self._announced.put_back([key for key, given in keys if given in still_open])
        return resolution

    def all(self, progress: Progress | None) -> Resolution:
        """
        Look up all announced keys; wait for those that other threads are looking up.

        :param progress: called with the number of answered keys and of all keys
        """
        try:
            return self.many(self._announced.take_all(), progress)
        except BaseException:
            self._announced.put_back_all()
            raise

    def _name_bare(self, count: int) -> None:
        """Ask institutions about bare names, which is foreign code, before any lock is held."""
        bare = self._announced.take_bare(count)
        if bare:
            self._announced.put_back_named(bare, self._resolver.spellings.translated(bare))


def failed(answer: Answer | None) -> bool:
    """
    Whether nothing is known about a key, so that it should be looked up again.

    :param answer: its answer; None if there is none
    """
    if isinstance(answer, Unresolved):
        return answer.reason == FAILED or answer.error is not None
    return answer is None


def _kind(key: str) -> str:
    if "@" in key:
        return "name"
    return "bare" if is_username(key) else "id"
