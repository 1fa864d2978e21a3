"""
Keys that were announced and not asked for yet.
"""

from __future__ import annotations

import typing as t
from collections import deque
from itertools import islice

from globus_core.identities import is_username, normalize_key
from globus_core.locks import ForkSafeLock


class AnnouncedKeys:
    """
    Announced keys in the order in which they came, those of one kind together.
    """

    def __init__(self) -> None:
        self._lock = ForkSafeLock()
        self._keys: dict[str, str] = {}
        self._queues: dict[str, deque[str]] = {kind: deque() for kind in ("id", "name", "bare")}

    def __len__(self) -> int:
        return len(self._keys)

    def __contains__(self, key: str) -> bool:
        return key in self._keys

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


def _kind(key: str) -> str:
    if "@" in key:
        return "name"
    return "bare" if is_username(key) else "id"
