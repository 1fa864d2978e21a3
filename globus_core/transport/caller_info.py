"""
What a transport must know of the client that calls it.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.authorizers import GlobusAuthorizer
    from globus_core.client import BaseClient

    from .retry import RetryCheck, RetryConfig


class RequestCallerInfo:
    """
    The caller's side of one request.

    :param retry_config: when and how often to try again
    :param resource_server: the resource server called, or None where the client has none; or a
        function that returns it, called at most once and only when it is needed
    :param authorizer: gives the Authorization header, or None for a call without one
    :param standard_checks: retry checks in place of ``DEFAULT_RETRY_CHECKS``; None keeps those,
        which are then in the config
    :param extra_checks: retry checks of the calling client, asked after all others
    :param single_use: the request uses something that works only once (a code, a rotating
        refresh token), so it is not sent again if it may have arrived
    :param trusted_origins: other origins to which a redirect may take the credentials
    :param client: the calling client, or None; observers are told of it
    """

    __slots__ = (
        "_resource_server",
        "authorizer",
        "client",
        "extra_checks",
        "retry_config",
        "single_use",
        "standard_checks",
        "trusted_origins",
    )

    def __init__(
        self,
        *,
        retry_config: RetryConfig,
        resource_server: str | t.Callable[[], str | None] | None = None,
        authorizer: GlobusAuthorizer | None = None,
        standard_checks: t.Sequence[RetryCheck] | None = None,
        extra_checks: t.Sequence[RetryCheck] = (),
        single_use: bool = False,
        trusted_origins: t.Collection[str] = (),
        client: BaseClient | None = None,
    ) -> None:
        self.retry_config = retry_config
        self._resource_server = resource_server
        self.authorizer = authorizer
        self.standard_checks = standard_checks
        self.extra_checks = extra_checks
        self.single_use = single_use
        self.trusted_origins = trusted_origins
        self.client = client

    @property
    def resource_server(self) -> str | None:
        """The resource server called, or None."""
        if callable(self._resource_server):
            self._resource_server = self._resource_server()
        return self._resource_server

    def checks(self) -> list[RetryCheck]:
        """
        The retry checks for this request, in the order in which they are asked.
        """
        checks = [*self.retry_config.checks]
        if self.standard_checks is None:
            return [*checks, *self.extra_checks]
        if checks:  # a config shared with another client may contain the default ones
            from .default_retry_checks import DEFAULT_RETRY_CHECKS

            checks = [check for check in checks if check not in DEFAULT_RETRY_CHECKS]
        return [*checks, *self.standard_checks, *self.extra_checks]
