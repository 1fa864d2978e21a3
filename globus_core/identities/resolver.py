"""
The contract of a resolver, which finds the identities of keys.
"""

from __future__ import annotations

import abc

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t
    import uuid

    from .identity import Identity
    from .resolution import Resolution, Unresolved


class IdentityResolver(abc.ABC):
    """
    Looks up identities, many at once. It is safe to share between threads.
    """

    @abc.abstractmethod
    def resolve_many(
        self,
        keys: t.Iterable[str | uuid.UUID],
        *,
        progress: t.Callable[[int, int], None] | None = None,
    ) -> Resolution:
        """
        Find the identities of some keys.

        A failed look-up affects only its own keys: the others are found, and the result contains
        the error.

        :param keys: identity ids, usernames, and bare names that an institution understands
        :param progress: called in the caller's thread with the number of keys resolved so far and
            of all keys, duplicates counted once
        :raises GlobusSDKUsageError: if one of them is neither text nor a ``uuid.UUID``
        """

    @abc.abstractmethod
    def resolve_iter(
        self,
        keys: t.Iterable[str | uuid.UUID],
        *,
        progress: t.Callable[[int, int], None] | None = None,
    ) -> t.Iterator[tuple[str, Identity | Unresolved]]:
        """
        Yield the results as they arrive, each with its key as the caller spelled it.

        Keys are read in portions and results are not kept, so their number is not limited by
        memory.

        :param keys: as for :meth:`resolve_many`
        :param progress: called with the number of keys resolved so far, and of all keys if ``keys``
            has a length, else of those read so far
        """
