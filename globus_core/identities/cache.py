"""
The contract of a cache of identities.
"""

from __future__ import annotations

import abc

from globus_core.exc.base import GlobusSDKUsageError
from globus_core.printable import safe_repr

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t
    from contextlib import AbstractContextManager

    from .identity import Identity

#: how long to wait for somebody else who asks about the same key, in seconds
ASKING_SECONDS = 30.0


class IdentityCacheDescription:
    """
    Where a cache keeps identities, how many, and its hits and misses.

    :param location: a path, a URL without secrets, or ``memory of this process``
    :param shared: whether other processes see what is cached
    :param entries: keys with an entry; a record counts once for each of its keys
    :param negative_entries: how many of them mark a key as unknown
    :param hits: keys found since the cache was opened; if the cache counts for all processes that
        share it, since it was last cleared
    :param misses: keys not found, counted in the same way
    :param oldest_seconds: age of the oldest entry in seconds; None if it is not known
    :param size_bytes: its size on disk; None if it is not on disk
    """

    __slots__ = (
        "entries",
        "hits",
        "location",
        "misses",
        "negative_entries",
        "oldest_seconds",
        "shared",
        "size_bytes",
    )

    def __init__(
        self,
        *,
        location: str,
        shared: bool,
        entries: int,
        negative_entries: int = 0,
        hits: int = 0,
        misses: int = 0,
        oldest_seconds: float | None = None,
        size_bytes: int | None = None,
    ) -> None:
        self.location = location
        self.shared = shared
        self.entries = entries
        self.negative_entries = negative_entries
        self.hits = hits
        self.misses = misses
        self.oldest_seconds = oldest_seconds
        self.size_bytes = size_bytes

    def to_dict(self) -> dict[str, t.Any]:
        """
        The same as a dict, for JSON.
        """
        return {name: getattr(self, name) for name in self.__slots__}

    @safe_repr
    def __repr__(self) -> str:
        return f"<identities in {self.location}: {self.entries} entries>"


class IdentityCache(abc.ABC):
    """
    Stores identities by their keys, and which keys are unknown.

    Keys are in normal form, a record is stored under each key by which it can be found, and None
    means "unknown". A namespace is any text: namespaces separate the answers of different Auth
    servers, and those given while other plugins were in use. A cache may drop any entry, and should
    drop "unknown" sooner than a record. It is safe to share between threads. If it is selected by
    name it is created without arguments, by URL with :meth:`from_url`.
    """

    @classmethod
    def from_url(cls, url: str) -> IdentityCache:
        """
        The cache that a URL selects.

        :param url: the URL, whose scheme is the name under which the cache is offered
        :raises GlobusSDKUsageError: if the cache cannot be selected by a URL, or not by this one
        """
        scheme = url.partition(":")[0]
        raise GlobusSDKUsageError(
            f"the identity cache {scheme!r} takes no URL; select it by its name"
        )

    @abc.abstractmethod
    def get_many(self, keys: t.Iterable[str], *, namespace: str = "") -> dict[str, Identity | None]:
        """
        The entries of some keys; keys without an entry are left out.

        :param keys: keys in normal form
        :param namespace: whose entries to read
        """

    @abc.abstractmethod
    def put_many(self, entries: t.Mapping[str, Identity | None], *, namespace: str = "") -> None:
        """
        Store entries, replacing earlier ones.

        :param entries: records by key in normal form; None for a key that is unknown
        :param namespace: whose entries these are
        """

    @abc.abstractmethod
    def discard_many(self, keys: t.Iterable[str], *, namespace: str = "") -> int:
        """
        Remove the entries of some keys, and return how many there were.

        :param keys: keys in normal form
        :param namespace: whose entries to remove
        """

    @abc.abstractmethod
    def clear(self) -> None:
        """
        Remove all entries, in all namespaces.
        """

    @abc.abstractmethod
    def describe(self) -> IdentityCacheDescription:
        """
        Where the cache is, how much is in it, and its hits and misses.
        """

    def asking(
        self, key: str, *, namespace: str = "", timeout: float = ASKING_SECONDS
    ) -> AbstractContextManager[object]:
        """
        Ask somebody about a key in a ``with`` block, for which others that ask about it wait.

        Whoever had to wait looks at the entry again before they ask. The block of a process that
        has ended keeps nobody waiting for long. The one here makes nobody wait, so that several
        ask at the same time; a cache that can do better overrides it.

        :param key: the key in normal form
        :param namespace: whose entry it is
        :param timeout: the longest time to wait for another block, in seconds
        :raises RenewalError: if it is not over by then
        """
        from contextlib import nullcontext

        return nullcontext()

    def close(self) -> None:
        """
        Close files and connections; the cache can be used again afterwards.
        """
        return
