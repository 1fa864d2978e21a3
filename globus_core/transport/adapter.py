"""
The adapter of the session: connections that keep to the deadline, bodies of limited size.

It overrides what requests lets adapters override; ``send`` stays that of requests, because mocks
replace it.
"""

from __future__ import annotations

import functools
import socket
import ssl

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
from urllib3.util.connection import allowed_gai_family
from urllib3.util.wait import wait_for_read

from .deadline_response import DeadlineResponse
from .limits import current_limits, read_within_limits

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .limits import AttemptLimits

#: number of origins whose connections are kept
ORIGINS = 32
#: connections kept for one origin; further threads open and close their own
CONNECTIONS = 64

#: bytes that any server takes in before it answers
_SENT_AT_ONCE = 16 * 1024


class _WithinLimits:
    """
    Allows each piece of a stream the read timeout, and reads responses until the deadline.
    """

    response_class: t.Any = DeadlineResponse
    auto_open: int
    sock: t.Any

    def send(self, data: t.Any) -> None:
        limits = current_limits.get()
        if limits is None:
            super().send(data)  # type: ignore[misc]
            return
        if self.sock is None and self.auto_open:
            # as http.client would, but before the time that is left is looked at
            self.connect()  # type: ignore[attr-defined]
        if self.sock is not None:
            self._allow_until(limits)
        if limits.lifted or len(data) > _SENT_AT_ONCE:
            limits.slow_to_send = True
        try:
            super().send(data)  # type: ignore[misc]
        except TimeoutError as error:
            sock = self.sock
            if limits.slow_to_send and sock is not None and wait_for_read(sock, timeout=0):
                raise BrokenPipeError from error  # so that urllib3 reads the answer that is there
            raise
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError) as error:
            raise BrokenPipeError from error  # the same over TLS, which reports it as an own error

    def _allow_until(self, limits: AttemptLimits) -> None:
        timeout = limits.read_timeout(limits.read)
        if timeout != self.sock.gettimeout():
            self.sock.settimeout(timeout)


class _EachAddress(_WithinLimits):
    """
    Tries the addresses of a host in turn, and leaves each of them its share of the time.

    urllib3 allows each of them the whole timeout, so that a network that drops packets would cost
    a minute for each address of the host.
    """

    _dns_host: str
    port: int
    timeout: t.Any

    def _new_conn(self) -> t.Any:
        limits = current_limits.get()
        if limits is None:
            return super()._new_conn()  # type: ignore[misc]
        host, usual = self._dns_host, self.timeout
        addresses = _addresses(host, self.port)
        try:
            while True:
                self._dns_host = addresses.pop(0)
                self.timeout = limits.connect_timeout(usual, len(addresses) + 1)
                try:
                    return _shortened(super()._new_conn(), limits, usual)  # type: ignore[misc]
                except (ConnectTimeoutError, NewConnectionError):
                    if not addresses:
                        raise
        except TimeoutError as error:
            raise ConnectTimeoutError(self, str(error)) from error
        finally:
            self._dns_host, self.timeout = host, usual


def _shortened(sock: socket.socket, limits: AttemptLimits, usual: float | None) -> socket.socket:
    """A new socket that waits no longer than to the deadline while TLS is agreed upon."""
    try:
        sock.settimeout(limits.connect_timeout(usual, 1))
    except TimeoutError:
        sock.close()
        raise
    return sock


def _addresses(host: str, port: int) -> list[str]:
    """The addresses of a host; the host itself if there are none, so that urllib3 says why."""
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, allowed_gai_family(), socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return [host]
    return list(dict.fromkeys(str(address[0]) for *_, address in found)) or [host]


class Connection(_EachAddress, HTTPConnection):
    """
    A connection whose responses are read until the deadline.
    """


class SecureConnection(_EachAddress, HTTPSConnection):
    """
    The same over TLS.
    """


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


@functools.cache
def _within_limits(pool_class: t.Any) -> t.Any:
    """A class of pools like the given one, whose connections keep to the limits."""
    if issubclass(pool_class.ConnectionCls, _WithinLimits):
        return pool_class
    connection_class = type("Connection", (_WithinLimits, pool_class.ConnectionCls), {})
    return type("Pool", (pool_class,), {"ConnectionCls": connection_class})


class Session(requests.Session):
    """
    A session for responses whose redirects the transport follows.
    """

    def resolve_redirects(
        self, resp: requests.Response, *args: t.Any, **options: t.Any
    ) -> t.Iterator[t.Any]:
        # after each response, requests would prepare the next request, and split URLs for that
        return super().resolve_redirects(resp, *args, **options) if resp.is_redirect else iter(())


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
        if proxy.lower().startswith("socks"):
            own = manager.pool_classes_by_scheme
            manager.pool_classes_by_scheme = {name: _within_limits(own[name]) for name in own}
        else:
            manager.pool_classes_by_scheme = self.pool_classes
        return manager

    def build_response(self, req: requests.PreparedRequest, resp: t.Any) -> requests.Response:
        response: requests.Response = super().build_response(req, resp)
        read_within_limits(response)
        return response
