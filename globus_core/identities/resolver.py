"""
The contract of a resolver: what turns keys into identities.
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
    Looks identities up, many at once. It is safe to share between threads.
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

        A look-up that fails fails only the keys that it was made for: the rest is found, and
        the result says what went wrong.

        :param keys: identity ids, usernames, and bare names that an institution understands
        :param progress: called in the caller's thread with the number of keys answered so far
            and of all keys, duplicates counted once
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
        Give the answers as they come, each with its key as the caller spelled it.

        Keys are read bit by bit and answers are not kept, so that their number does not count.

        :param keys: as for :meth:`resolve_many`
        :param progress: called with the number of keys answered so far, and of all keys where
            ``keys`` has a length, else of those read so far
        """
