"""
The contract of authorizers, and authorizers with a fixed header.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

from globus_core.documents import why_not_bearer
from globus_core.exc.base import GlobusSDKUsageError, NotPicklableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from typing_extensions import Self


class GlobusAuthorizer(ABC):
    """
    Provides the Authorization header of a request.

    A subclass overrides :meth:`get_authorization_header`. One that can replace a refused header may
    also have ``handle_refused_header(header)``, which receives the refused header and is called
    instead of :meth:`handle_missing_authorization`.
    """

    @abstractmethod
    def get_authorization_header(self) -> str | None:
        """
        The header's value for the next request, or None for a request without one.
        """

    def handle_missing_authorization(self) -> bool:
        """
        React to a 401: return whether to try again with a new header.
        """
        return False

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    # copies of a client use the same token, which is renewed once for all of them

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, t.Any]) -> Self:
        return self


class NullAuthorizer(GlobusAuthorizer):
    """
    Sends no Authorization header, and removes one that the caller has set.
    """

    def get_authorization_header(self) -> None:
        """
        None, for no header.
        """


class StaticGlobusAuthorizer(GlobusAuthorizer):
    """
    Provides a fixed header; a subclass sets ``header_val``.

    :ivar header_val: the header's value, which is a secret
    """

    header_val: str

    def get_authorization_header(self) -> str:
        """
        The header's value.
        """
        return self.header_val

    def __getstate__(self) -> t.NoReturn:
        raise NotPicklableError(
            f"{type(self).__name__} holds a secret and cannot be pickled; make it, and the client "
            "that uses it, in the other process"
        )


def bearer_header(access_token: str) -> str:
    """
    The Authorization header for an access token (RFC 6750 section 2.1).

    :param access_token: the token
    :raises GlobusSDKUsageError: if it is empty, or cannot be sent in a header
    """
    reason = why_not_bearer(access_token)
    if reason is None:
        return f"Bearer {access_token}"
    raise GlobusSDKUsageError(f"{reason}; strip() what was read from a file or a variable")
