"""
The access token that an authorizer holds for now: its header, and until when it is used.
"""

from __future__ import annotations

import time

from globus_core.arguments import check_numbers

from .base import GlobusAuthorizer, bearer_header

#: seconds before its expiry from which a token is not used
EXPIRES_ADJUST_SECONDS = 60


class HeldToken(GlobusAuthorizer):
    """
    Holds an access token, which may be set, and set to expire, at any time.

    The attributes have their defaults on the class, so that a subclass need not call ``__init__``.
    """

    _token: str | None = None
    _header: str = ""
    _expires_at: int | None = None
    #: the end of the token's use; a float, as the clock's values are, which compare faster
    _valid_until: float = 0.0

    @property
    def access_token(self) -> str | None:
        """The current access token, or None if there is none. It may have expired."""
        return self._token

    @access_token.setter
    def access_token(self, token: str | None) -> None:
        self._header = "" if token is None else bearer_header(token)
        self._token = token
        self._limit_use(EXPIRES_ADJUST_SECONDS)

    @property
    def expires_at(self) -> int | None:
        """When the token expires, in UTC epoch seconds; None makes the next request get another."""
        return self._expires_at

    @expires_at.setter
    def expires_at(self, seconds: int | None) -> None:
        check_numbers(expires_at=seconds)
        self._expires_at = seconds
        self._limit_use(EXPIRES_ADJUST_SECONDS)

    def _limit_use(self, margin: float) -> None:
        """Use the token until some seconds before it expires."""
        usable = self._token is not None and self._expires_at is not None
        self._valid_until = float(self._expires_at - margin) if usable else 0.0  # type: ignore[operator]

    def _hold(self, access_token: str, expires_at: int, *, new: bool = False) -> None:
        self._header = bearer_header(access_token)
        self._token = access_token
        self._expires_at = expires_at
        margin: float = EXPIRES_ADJUST_SECONDS
        if new:  # one that expires within a few minutes must still be usable
            margin = min(margin, max(expires_at - time.time(), 0) / 4)
        self._limit_use(margin)

    def _drop(self) -> None:
        """Hold no token."""
        self._token, self._header = None, ""
        self._expires_at, self._valid_until = None, 0.0

    def _fresh(self) -> bool:
        return time.time() < self._valid_until

    def _expires_before(self, end: float) -> bool:
        return self._token is None or self._expires_at is None or self._expires_at <= end
