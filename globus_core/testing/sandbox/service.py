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

    It is created before all services exist; :py:meth:`reset` is called once they do.

    :param world: the data shared with the other services
    """

    #: the last part of its URL; None for the name under which it is offered
    path: str | None = None
    #: its name in ``GLOBUS_SDK_SERVICE_URL_<NAME>``; None for the name under which it is offered,
    #: empty if clients learn its address elsewhere
    service_name: str | None = None
    #: the resource server of its tokens
    resource_server: str = ""
    #: the scopes of its tokens
    scopes: tuple[ServiceScope, ...] = ()
    #: whether it has all paths of the real service, so that an unknown path is a 404; if not, the
    #: response is a 501 that says that the sandbox does not have it
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
        The control verbs by name, such as ``disconnect``, by which tests control the service.

        Each is called with keyword arguments from JSON, and returns a dict for JSON, or None. It
        may raise ApiError.
        """
        return {}

    def describe(self) -> dict[str, t.Any]:
        """
        The state of the service for the control API, as JSON data.
        """
        return {}

    def reset(self) -> None:
        """
        Return to the initial state, with the scopes of the class.
        """

    def dump(self) -> dict[str, t.Any]:
        """
        What ``globus-core sandbox --state FILE`` keeps of the service, as JSON data.

        It is called about once a second, also while requests are answered.
        """
        return {}

    def load(self, document: dict[str, t.Any]) -> None:
        """
        Return to what was kept; called after :py:meth:`reset`, before the first request.

        :param document: what :py:meth:`dump` returned
        :raises ValueError: if it does not fit
        """

    def start(self) -> None:
        """
        Called when the URL is known, before the first request.
        """

    def stop(self) -> None:
        """
        Called after the last request: end threads, close files.
        """

    def error_document(self, error: ApiError) -> dict[str, t.Any]:
        """
        The body of an error, here in the shape of Globus Auth.

        :param error: the error
        """
        return error_document(error.status, error.detail, code=error.code, extra=error.extra)

    def caller(self, *scopes: str) -> Caller:
        """
        The caller of the current request.

        :param scopes: scopes, one of which the token must have; none accepts any token
        :raises ApiError: 401 without a token for this service, 403 if it has none of the scopes
        """
        return self.world.caller(self.resource_server, scopes)

    def token(self, *scopes: str, on_behalf_of: Caller | None = None) -> str:
        """
        An access token for requests to another service of the sandbox.

        :param scopes: the requested scopes, all of one resource server
        :param on_behalf_of: the caller whose consents are used; None for the service's own identity
        :raises ApiError: if a scope is unknown or was not approved
        """
        return self.world.token(self.resource_server, scopes, on_behalf_of)
