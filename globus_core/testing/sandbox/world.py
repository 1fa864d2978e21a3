"""
What the sandbox provides to the services that run in it.
"""

# the methods of a protocol have no body
# pyright: reportReturnType=false
from __future__ import annotations

import dataclasses
import typing as t

from globus_core.identities import Identity

from .errors import ApiError
from .registry import Collection, Registry, ServiceScope
from .routing import Route


@dataclasses.dataclass(frozen=True)
class Caller:
    """
    The holder of an access token.

    :param identity: the identity id of the person or client
    :param username: its username
    :param identities: the ids of all linked identities, the first one included
    :param client_id: the client that the token was issued to
    :param resource_server: the resource server of the token
    :param scopes: the token's scopes
    :param dependent_scopes: the dependent scopes that were approved for the service to use
    :param token: the access token
    """

    identity: str
    username: str
    identities: tuple[str, ...]
    client_id: str
    resource_server: str
    scopes: frozenset[str]
    dependent_scopes: frozenset[str]
    token: str = dataclasses.field(repr=False)


class People(t.Protocol):
    """
    The identities of the sandbox.
    """

    def identity(self, key: str) -> Identity | None:
        """
        An identity; None if there is none.

        :param key: its id or username
        """

    def people(self) -> list[Identity]:
        """
        The people at the start of the sandbox.
        """


class Authority(People, t.Protocol):
    """
    The service that issues tokens; it sets itself as :py:attr:`World.authority`.
    """

    def caller(self, token: str) -> Caller | None:
        """
        The holder of an access token; None if the token is unknown, expired or revoked.

        :param token: the access token
        """

    def issue(
        self, resource_server: str, scopes: t.Sequence[str], on_behalf_of: Caller | None
    ) -> str:
        """
        An access token for a service.

        :param resource_server: the resource server of the service that asks
        :param scopes: the scopes, all of one resource server
        :param on_behalf_of: the caller whose consents are used; None for the service's own identity
        :raises ApiError: if a scope is unknown or was not approved
        """


class Permissions(t.Protocol):
    """
    The service that knows who may use the files of guest collections; it sets itself as
    :py:attr:`World.permissions`.
    """

    def permits(self, caller: Caller, collection: Collection, path: str, wanted: str) -> bool:
        """
        Whether a caller may use a path.

        :param caller: the caller
        :param collection: the collection
        :param path: the path in it
        :param wanted: ``r`` or ``rw``
        """


class Clock(t.Protocol):
    """
    The sandbox's clock: real time with an offset.
    """

    def now(self) -> float:
        """
        The time, in UTC epoch seconds.
        """

    def advance(self, seconds: float) -> None:
        """
        Move the time.

        :param seconds: how far; negative to move back
        """

    def watch(self, moved: t.Callable[[], None]) -> None:
        """
        Be told when the time was moved.

        :param moved: called each time, in the thread that moves it
        """


class Faults(t.Protocol):
    """
    The faults that are ordered for coming requests.
    """

    def order(self, order: dict[str, t.Any]) -> None:
        """
        Order a fault.

        :param order: the arguments of ``Sandbox.fail``, by name
        """

    def clear(self) -> None:
        """
        Remove the faults that are still ordered.
        """


class Journal(t.Protocol):
    """
    The requests so far.
    """

    def records(self) -> list[t.Any]:
        """
        All requests, oldest first: time, method, path, status.
        """


class World(People, t.Protocol):
    """
    The data that all services of one sandbox share.
    """

    authority: Authority | None
    permissions: Permissions | None

    @property
    def clock(self) -> Clock:
        """
        The clock of all services.
        """

    @property
    def faults(self) -> Faults:
        """
        The faults that are ordered for coming requests.
        """

    @property
    def journal(self) -> Journal:
        """
        The requests so far.
        """

    @property
    def collections(self) -> Registry[Collection]:
        """
        The collections of files, by id.
        """

    @property
    def scopes(self) -> Registry[ServiceScope]:
        """
        The scopes of services, by scope string; an added scope can be requested at once.
        """

    def new_id(self) -> str:
        """
        A fresh UUID.
        """

    def url(self, service: str) -> str:
        """
        The URL of a service, with a slash at its end.

        :param service: its name
        :raises ApiError: 501 if this sandbox does not have the service
        """

    def open_secure(
        self, routes: t.Iterable[Route], errors: t.Callable[[ApiError], dict[str, t.Any]]
    ) -> str:
        """
        Listen on a port of its own on loopback, by TLS, and return the URL, which ends with a
        slash; for services whose clients insist on ``https``, or that have several hosts.

        Bodies are streamed there, in both directions. The port is closed when the sandbox stops.

        :param routes: what is answered there
        :param errors: makes the body of an error
        """

    def close_secure(self, url: str) -> None:
        """
        Close what :py:meth:`open_secure` has opened.

        :param url: the URL that it returned
        """

    def caller(self, resource_server: str, scopes: t.Sequence[str] = ()) -> Caller:
        """
        The caller of the current request.

        :param resource_server: the resource server that its token must be for
        :param scopes: scopes, one of which the token must have; empty accepts any token
        :raises ApiError: 401 without such a token, 403 if it has none of the scopes
        """

    def token(
        self,
        resource_server: str,
        scopes: t.Sequence[str],
        on_behalf_of: Caller | None = None,
    ) -> str:
        """
        An access token with which one service calls another.

        :param resource_server: the resource server of the service that asks
        :param scopes: the requested scopes, all of one resource server
        :param on_behalf_of: the caller whose consents are used; None for the service's own identity
        :raises ApiError: if a scope is unknown or was not approved
        """
