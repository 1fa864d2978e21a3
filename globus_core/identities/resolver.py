"""
The contract of a resolver: what turns keys into identities.
"""

from __future__ import annotations

import abc

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t
    import uuid

    from .resolution import Resolution


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
        """
