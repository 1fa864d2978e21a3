"""
What the services of a sandbox know in common: collections and scopes.
"""

from __future__ import annotations

import dataclasses
import threading
import typing as t

T = t.TypeVar("T")


@dataclasses.dataclass(frozen=True)
class Collection:
    """
    A collection of files, in a folder of this machine.

    :param id: the collection's id
    :param root: the folder; no path leaves it
    :param kind: ``gcp``, ``mapped`` or ``guest``
    :param owner: the identity id of its owner
    """

    id: str
    root: str
    kind: str
    owner: str


@dataclasses.dataclass(frozen=True)
class ServiceScope:
    """
    A scope that a service of the sandbox takes.

    :param scope_string: what applications ask for
    :param resource_server: where tokens for it are used
    :param name: what the consent page says
    :param dependent_scopes: the scopes that the service itself needs for it
    :param allows_refresh_token: whether refresh tokens are issued for it
    """

    scope_string: str
    resource_server: str
    name: str
    dependent_scopes: tuple[str, ...] = ()
    allows_refresh_token: bool = True


class Registry(t.Generic[T]):
    """
    Things by a key of their own, for several threads.

    :param key: gives the key of a thing
    """

    def __init__(self, key: t.Callable[[T], str]) -> None:
        self._key = key
        self._lock = threading.Lock()
        self._known: dict[str, T] = {}

    def __iter__(self) -> t.Iterator[T]:
        with self._lock:
            return iter(list(self._known.values()))

    def add(self, *things: T) -> None:
        """
        Add things, or replace those with the same key.

        :param things: the things
        """
        with self._lock:
            self._known.update({self._key(thing): thing for thing in things})

    def find(self, key: str) -> T | None:
        """
        The thing with a key, None if there is none.

        :param key: the key
        """
        with self._lock:
            return self._known.get(key)

    def remove(self, key: str) -> None:
        """
        Remove a thing, if it is there.

        :param key: its key
        """
        with self._lock:
            self._known.pop(key, None)

    def clear(self) -> None:
        """
        Remove everything.
        """
        with self._lock:
            self._known.clear()
