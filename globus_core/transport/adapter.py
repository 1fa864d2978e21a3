"""
The adapter of the session: connections that keep to the deadline, bodies of limited size.

It overrides what requests lets adapters override; ``send`` stays that of requests, because mocks
replace it.
"""

from __future__ import annotations

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from .deadline_response import DeadlineResponse
from .limits import current_limits, read_within_limits

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    import requests

#: number of origins whose connections are kept
ORIGINS = 32
#: connections kept for one origin; further threads open and close their own
CONNECTIONS = 64


class _StreamSending:
    """Allows each piece of a stream the read timeout."""

    sock: t.Any

    def send(self, data: t.Any) -> None:
        limits = current_limits.get()
        if limits is not None and limits.lifted and self.sock is not None:
            self.sock.settimeout(limits.read_timeout(None))
        super().send(data)  # type: ignore[misc]


class Connection(_StreamSending, HTTPConnection):
    """
    A connection whose responses are read until the deadline.
    """

    response_class = DeadlineResponse


class SecureConnection(_StreamSending, HTTPSConnection):
    """
    The same over TLS.
    """

    response_class = DeadlineResponse


class Pool(HTTPConnectionPool):
    """
    The connections to one origin.
    """

    ConnectionCls: t.Any = Connection


class SecurePool(HTTPSConnectionPool):
    """
    The same over TLS.
    """

    ConnectionCls: t.Any = SecureConnection


class Adapter(HTTPAdapter):
    """
    An adapter that sends and reads within the limits of the current attempt.
    """

    pool_classes: dict[str, type[HTTPConnectionPool]] = {"http": Pool, "https": SecurePool}

    def __init__(self) -> None:
        super().__init__(pool_connections=ORIGINS, pool_maxsize=CONNECTIONS)

    def init_poolmanager(self, *args: t.Any, **options: t.Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = self.pool_classes

    def proxy_manager_for(self, proxy: str, **options: t.Any) -> t.Any:
        manager = super().proxy_manager_for(proxy, **options)
        if not proxy.lower().startswith("socks"):  # whose connection classes are different
            manager.pool_classes_by_scheme = self.pool_classes
        return manager

    def build_response(self, req: requests.PreparedRequest, resp: t.Any) -> requests.Response:
        response: requests.Response = super().build_response(req, resp)
        read_within_limits(response)
        return response
