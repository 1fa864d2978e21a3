"""
Why stored tokens, or tokens to be stored, are not good enough.
"""

from __future__ import annotations

from globus_core.documents import utc_text
from globus_core.exc.base import GlobusError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.scopes import Scope


class TokenValidationError(GlobusError):
    """
    Tokens did not pass validation.

    :ivar revocation_failures: of a login whose tokens were refused and therefore revoked: those
        that could not be
    """

    revocation_failures: t.Sequence[t.Any] = ()


class IdentityValidationError(TokenValidationError):
    """
    The identity of tokens did not pass validation.
    """


class MissingIdentityError(IdentityValidationError, LookupError):
    """
    Tokens came without an ID token, so nobody knows whose they are.
    """

    advice = "ask for the scope 'openid' as well"


class IdentityMismatchError(IdentityValidationError, ValueError):
    """
    Tokens are of another identity than those stored before.

    :param message: what happened, in one sentence
    :param stored_id: the identity known before
    :param new_id: the identity of the new tokens
    """

    advice = "log in with the same identity as before, or log out first"

    def __init__(self, message: str, stored_id: str, new_id: str) -> None:
        super().__init__(message)
        self.stored_id = stored_id
        self.new_id = new_id


class MissingTokenError(TokenValidationError, LookupError):
    """
    There is no token, or no refresh token, for a resource server.

    :param message: what happened, in one sentence
    :param resource_server: the resource server; None where that is not known
    """

    advice = "log in"

    def __init__(self, message: str, resource_server: str | None = None) -> None:
        super().__init__(message)
        self.resource_server = resource_server


class ExpiredTokenError(TokenValidationError, ValueError):
    """
    A stored access token has expired, and nothing is there to renew it.

    :param expires_at_seconds: when it expired, in UTC epoch seconds
    :ivar expiration: the same
    """

    advice = "log in again; with request_refresh_tokens=True that is needed less often"

    def __init__(self, expires_at_seconds: int) -> None:
        super().__init__(f"the access token expired at {utc_text(expires_at_seconds)}")
        self.expires_at_seconds = expires_at_seconds
        self.expiration = expires_at_seconds


class UnmetScopeRequirementsError(TokenValidationError, ValueError):
    """
    Tokens, or the consents behind them, do not cover what is required.

    :param message: what happened, in one sentence
    :param scope_requirements: what is required, by resource server
    """

    advice = "log in and allow the access that is asked for"

    def __init__(self, message: str, scope_requirements: t.Mapping[str, t.Sequence[Scope]]) -> None:
        super().__init__(message)
        self.scope_requirements = scope_requirements
