"""
The base class of a service's sandbox.
"""

from __future__ import annotations

import typing as t

from .errors import ApiError, error_document
from .registry import ServiceScope
from .routing import Route
from .world import Caller, World


class ServiceSandbox:
    """
    One service in the sandbox, as a plugin offers it by the hook ``globus_sandbox_services``.

    It is made before all services are there, and :py:meth:`reset` once they are.

    :param world: what it shares with the other services
    """

    #: what its address ends with, None for the name under which it is offered
    path: str | None = None
    #: its name in ``GLOBUS_SDK_SERVICE_URL_<NAME>``, None for the name under which it is offered
    service_name: str | None = None
    #: where tokens for it are used
    resource_server: str = ""
    #: the scopes it takes
    scopes: tuple[ServiceScope, ...] = ()
    #: whether a path it does not know is one that the service does not have; if not, the
    #: answer is 501 and says that the sandbox does not have it
    is_complete: bool = False

    def __init__(self, world: World) -> None:
        self.world = world

    def routes(self) -> t.Iterable[Route]:
        """
        The operations of the service.
        """
        return ()

    def verbs(self) -> t.Mapping[str, t.Callable[..., t.Any]]:
        """
        The control verbs by name, such as ``disconnect``: what a test does to the service.

        Each is called with JSON values by name, and returns a dict for JSON, or None. It may
        raise ApiError.
        """
        return {}

    def describe(self) -> dict[str, t.Any]:
        """
        What the sandbox tells about the service, good for JSON.
        """
        return {}

    def reset(self) -> None:
        """
        Return to the first state; the scopes of the class are there again.
        """

    def start(self) -> None:
        """
        The address is known, and requests will come.
        """

    def stop(self) -> None:
        """
        No more requests will come: end threads, close files.
        """

    def error_document(self, error: ApiError) -> dict[str, t.Any]:
        """
        The body of an error, here in the shape of Globus Auth.

        :param error: the error
        """
        return error_document(error.status, error.detail, code=error.code, extra=error.extra)

    def caller(self, *scopes: str) -> Caller:
        """
        Who sent the request that is being answered.

        :param scopes: scopes, one of which the token must have; none for any
        :raises ApiError: 401 without a token for this service, 403 if it has none of the scopes
        """
        return self.world.caller(self.resource_server, scopes)

    def token(self, *scopes: str, on_behalf_of: Caller | None = None) -> str:
        """
        An access token for requests to another service of the sandbox.

        :param scopes: the scopes wanted, all of one resource server
        :param on_behalf_of: whose consents are used; None for the service's own identity
        :raises ApiError: if a scope is unknown or was not approved
        """
        return self.world.token(self.resource_server, scopes, on_behalf_of)
