"""
Errors of tokens that fail validation when they are stored or read.
"""

from __future__ import annotations

from globus_core.documents import utc_text
from globus_core.exc.base import GlobusError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime
    import typing as t

    from globus_core.scopes import Scope


class TokenValidationError(GlobusError):
    """
    Tokens did not pass validation.

    :ivar revocation_failures: after a login whose tokens failed and were therefore revoked: the
        revocations that failed
    """

    revocation_failures: t.Sequence[t.Any] = ()


class IdentityValidationError(TokenValidationError):
    """
    The identity of tokens did not pass validation.
    """


class MissingIdentityError(IdentityValidationError, LookupError):
    """
    Tokens came without an ID token, so their identity is not known.
    """

    advice = "also request the scope 'openid'"


class IdentityMismatchError(IdentityValidationError, ValueError):
    """
    Tokens have a different identity than those stored before.

    :param message: what happened, in one sentence
    :param stored_id: the identity known before
    :param new_id: the identity of the new tokens
    """

    advice = "log in with the same identity as before, or log out first"

    def __init__(self, message: str, stored_id: str, new_id: str) -> None:
        super().__init__(message)
        self.message = str(self)
        self.stored_id = stored_id
        self.new_id = new_id


class MissingTokenError(TokenValidationError, LookupError):
    """
    There is no token, or no refresh token, for a resource server.

    :param message: what happened, in one sentence
    :param resource_server: the resource server; None if it is not known
    """

    advice = "log in"

    def __init__(self, message: str, resource_server: str | None = None) -> None:
        super().__init__(message)
        self.message = str(self)
        self.resource_server = resource_server


class ExpiredTokenError(TokenValidationError, ValueError):
    """
    A stored access token has expired and cannot be renewed.

    :param expires_at_seconds: when it expired, in UTC epoch seconds
    :ivar expiration: the same as a datetime in local time, without a time zone
    """

    advice = "log in again; with request_refresh_tokens=True this is needed less often"

    def __init__(self, expires_at_seconds: int) -> None:
        super().__init__(f"the access token expired at {utc_text(expires_at_seconds)}")
        self.message = str(self)
        self.expires_at_seconds = expires_at_seconds
        self.expiration = _local_time(expires_at_seconds)


def _local_time(seconds: float) -> datetime.datetime:
    """A time, or the first or last one that there is."""
    import datetime

    try:
        return datetime.datetime.fromtimestamp(seconds)
    except (OverflowError, OSError, ValueError):
        return datetime.datetime.max if seconds > 0 else datetime.datetime.min


class UnmetScopeRequirementsError(TokenValidationError, ValueError):
    """
    Tokens, or the consents behind them, do not cover what is required.

    :param message: what happened, in one sentence
    :param scope_requirements: what is required, by resource server
    """

    advice = "log in and allow the requested access"

    def __init__(self, message: str, scope_requirements: t.Mapping[str, t.Sequence[Scope]]) -> None:
        super().__init__(message)
        self.message = str(self)
        self.scope_requirements = scope_requirements
