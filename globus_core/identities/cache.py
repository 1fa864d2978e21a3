"""
The contract of a cache of identities.
"""

from __future__ import annotations

import abc

from globus_core.exc.base import GlobusSDKUsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .identity import Identity


class IdentityCacheDescription:
    """
    Where a cache keeps identities, how many, and how it has served.

    :param location: a path, a URL without secrets, or ``memory of this process``
    :param shared: whether other processes see what is cached
    :param entries: keys with an answer; a record counts once for each of its keys
    :param negative_entries: how many of them say that a key is unknown
    :param hits: keys answered since the cache was opened, or, where all who share it are
        counted, since it was last emptied
    :param misses: keys not answered, counted in the same way
    :param oldest_seconds: age of the oldest entry in seconds; None where it is not known
    :param size_bytes: what it takes on disk; None where it is not on disk
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

    def __repr__(self) -> str:
        return f"<identities in {self.location}: {self.entries} entries>"


class IdentityCache(abc.ABC):
    """
    Remembers identities by their keys, and that a key is unknown.

    Keys come in normal form, a record comes once under each key that it is to be found by, and
    None stands for "unknown". Namespaces keep apart what different Auth servers have answered.
    A cache may forget whatever it likes, and should forget "unknown" sooner than a record. It
    is safe to share between threads. One that is chosen by name is made by a call without
    arguments, by URL with :meth:`from_url`.
    """

    @classmethod
    def from_url(cls, url: str) -> IdentityCache:
        """
        The cache that a URL names.

        :param url: the URL, whose scheme is the name under which the cache is offered
        :raises GlobusSDKUsageError: if the cache cannot be chosen by a URL, or not by this one
        """
        scheme = url.partition(":")[0]
        raise GlobusSDKUsageError(
            f"the identity cache {scheme!r} takes no URL; choose it by its name alone"
        )

    @abc.abstractmethod
    def get_many(self, keys: t.Iterable[str], *, namespace: str = "") -> dict[str, Identity | None]:
        """
        What is remembered of some keys; keys that nothing is known of are left out.

        :param keys: keys in normal form
        :param namespace: whose answers are wanted
        """

    @abc.abstractmethod
    def put_many(self, entries: t.Mapping[str, Identity | None], *, namespace: str = "") -> None:
        """
        Remember answers, in place of earlier ones.

        :param entries: records by key in normal form; None for a key that is unknown
        :param namespace: whose answers these are
        """

    @abc.abstractmethod
    def discard_many(self, keys: t.Iterable[str], *, namespace: str = "") -> int:
        """
        Forget some keys, and say how many of them had an answer.

        :param keys: keys in normal form
        :param namespace: whose answers are to be forgotten
        """

    @abc.abstractmethod
    def clear(self) -> None:
        """
        Forget everything, in all namespaces.
        """

    @abc.abstractmethod
    def describe(self) -> IdentityCacheDescription:
        """
        Where the cache is, how much is in it, and how it has served.
        """

    def close(self) -> None:
        """
        Give back files and connections; the cache may be used again afterwards.
        """
        return
