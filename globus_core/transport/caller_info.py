"""
What a transport must know of the client that calls it.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.authorizers import GlobusAuthorizer

    from .retry import RetryCheck, RetryConfig


class RequestCallerInfo:
    """
    The caller's side of one request.

    :param retry_config: when and how often to try again
    :param resource_server: the resource server called, or None where the client has none
    :param authorizer: gives the Authorization header, or None for a call without one
    :param extra_checks: retry checks of the calling client, asked after those of the config
    :param single_use: the request spends something that works once (a code, a rotating refresh
        token), so it is not sent again once it may have arrived
    :param trusted_origins: other origins to which a redirect may take the credentials
    """

    __slots__ = (
        "authorizer",
        "extra_checks",
        "resource_server",
        "retry_config",
        "single_use",
        "trusted_origins",
    )

    def __init__(
        self,
        *,
        retry_config: RetryConfig,
        resource_server: str | None = None,
        authorizer: GlobusAuthorizer | None = None,
        extra_checks: t.Sequence[RetryCheck] = (),
        single_use: bool = False,
        trusted_origins: t.Collection[str] = (),
    ) -> None:
        self.retry_config = retry_config
        self.resource_server = resource_server
        self.authorizer = authorizer
        self.extra_checks = extra_checks
        self.single_use = single_use
        self.trusted_origins = trusted_origins
