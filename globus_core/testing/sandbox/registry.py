"""
The data that the services of a sandbox share: collections and scopes.
"""

from __future__ import annotations

import dataclasses
import threading
import typing as t

T = t.TypeVar("T")


@dataclasses.dataclass(frozen=True)
class Collection:
    """
    A collection of files, in a local folder.

    :param id: the collection's id
    :param root: the folder; no path leads out of it
    :param kind: ``gcp``, ``mapped`` or ``guest``; ``endpoint`` for a host of collections, which has
        no files
    :param owner: the identity id of its owner
    :param name: its display name
    :param high_assurance: whether it holds protected data
    :param default_directory: the folder that is used without a path, from the root
    :param host: the id of the collection that a guest collection belongs to, or None
    :param endpoint: the id of the endpoint that a mapped or guest collection is on, or None
    :param manager_url: the URL of the manager of that endpoint, or None
    :param https_server: the URL at which its files can be had over HTTPS, or None
    """

    id: str
    root: str
    kind: str
    owner: str
    name: str = ""
    high_assurance: bool = False
    default_directory: str = "/"
    host: str | None = None
    endpoint: str | None = None
    manager_url: str | None = None
    https_server: str | None = None


@dataclasses.dataclass(frozen=True)
class ServiceScope:
    """
    A scope of a service of the sandbox.

    :param scope_string: the scope string that applications request
    :param resource_server: the resource server of its tokens
    :param name: its text on the consent page
    :param dependent_scopes: the scopes that the service needs for it
    :param allows_refresh_token: whether refresh tokens are issued for it
    """

    scope_string: str
    resource_server: str
    name: str
    dependent_scopes: tuple[str, ...] = ()
    allows_refresh_token: bool = True


class Registry(t.Generic[T]):
    """
    A thread-safe collection of objects, each with a key.

    :param key: returns the key of an object
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
        Add objects, or replace those with the same key.

        :param things: the things
        """
        with self._lock:
            self._known.update({self._key(thing): thing for thing in things})

    def find(self, key: str) -> T | None:
        """
        The object with a key; None if there is none.

        :param key: the key
        """
        with self._lock:
            return self._known.get(key)

    def remove(self, key: str) -> None:
        """
        Remove an object, if it exists.

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
