"""The data that all services of one sandbox share."""

from __future__ import annotations

import typing as t
import uuid

from flask import request

from globus_core.identities import Identity
from globus_core.testing.sandbox import (
    ApiError,
    Authority,
    Caller,
    Collection,
    Permissions,
    Registry,
    Route,
    ServiceScope,
)

from .clock import Clock
from .faults.queue import Faults
from .http.journal import Journal
from .http.secure import SecureAddresses


class World:
    """
    The world of one sandbox; :py:class:`globus_core.testing.sandbox.World` is its contract.
    """

    def __init__(self) -> None:
        self.clock = Clock()
        self.faults = Faults()
        self.journal = Journal()
        self.collections: Registry[Collection] = Registry(lambda collection: collection.id)
        self.scopes: Registry[ServiceScope] = Registry(lambda scope: scope.scope_string)
        self.authority: Authority | None = None
        #: who may use the files of guest collections; set by the service that knows
        self.permissions: Permissions | None = None
        self.secure = SecureAddresses(self)
        self.addresses: dict[str, str] = {}

    def reset(self) -> None:
        """
        Return to the initial state.
        """
        self.clock.reset()
        self.collections.clear()
        self.scopes.clear()
        self.faults.clear()
        self.journal.clear()

    def new_id(self) -> str:
        """
        A fresh UUID.
        """
        return str(uuid.uuid4())

    def url(self, service: str) -> str:
        """
        The URL of a service, with a slash at its end.

        :param service: its name
        :raises ApiError: 501 if this sandbox does not have the service
        """
        address = self.addresses.get(service)
        if address is None:
            raise ApiError(501, f"this sandbox does not have the service {service!r}")
        return address

    def open_secure(
        self, routes: t.Iterable[Route], errors: t.Callable[[ApiError], dict[str, t.Any]]
    ) -> str:
        """
        Listen on a port of its own, by TLS, and return the URL, which ends with a slash.

        :param routes: what is answered there
        :param errors: makes the body of an error
        """
        return self.secure.open(routes, errors)

    def close_secure(self, url: str) -> None:
        """
        Close a port that is open by TLS.

        :param url: its URL
        """
        self.secure.close_one(url)

    def caller(self, resource_server: str, scopes: t.Sequence[str] = ()) -> Caller:
        """
        The caller of the current request.

        :param resource_server: the resource server that its token must be for
        :param scopes: scopes, one of which the token must have; empty accepts any token
        :raises ApiError: 401 without such a token, 403 if it has none of the scopes
        """
        given = request.authorization
        token = given.token if given is not None and given.type == "bearer" else None
        caller = self._authority().caller(token) if token else None
        if caller is None or caller.resource_server != resource_server:
            raise ApiError(401, "Call must be authenticated with a valid access token")
        if scopes and caller.scopes.isdisjoint(scopes):
            raise ApiError(
                403, "the token lacks the required scope", extra={"required_scopes": [*scopes]}
            )
        return caller

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
        return self._authority().issue(resource_server, scopes, on_behalf_of)

    def identity(self, key: str) -> Identity | None:
        """
        An identity; None if there is none.

        :param key: its id or username
        """
        return self._authority().identity(key)

    def people(self) -> list[Identity]:
        """
        The people at the start of the sandbox.
        """
        return self._authority().people()

    def _authority(self) -> Authority:
        if self.authority is None:
            raise ApiError(501, "no service of this sandbox issues tokens")
        return self.authority
