"""
Exceptions of aiohttp as those of requests, so that errors, retries and advice are the same.
"""

from __future__ import annotations

import asyncio
from http.client import HTTPException, IncompleteRead, RemoteDisconnected

import aiohttp
import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError, ProtocolError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    Timeout = float | tuple[float | None, float | None] | None


def as_of_requests(
    error: Exception, request: requests.PreparedRequest, timeout: Timeout
) -> requests.RequestException:
    """
    What requests would raise for an exception of aiohttp.

    :param error: what aiohttp raised
    :param request: the request
    :param timeout: seconds for the connection and for each read
    """
    if isinstance(error, requests.RequestException):
        return error
    connect = timeout[0] if isinstance(timeout, tuple) else timeout
    made = _converted(error, request, connect)
    made.__cause__ = _without_secrets(error)
    return made


def _converted(
    error: Exception, request: requests.PreparedRequest, connect: float | None
) -> requests.RequestException:
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return requests.ConnectTimeout(f"no connection, timeout={connect}", request=request)
    if isinstance(error, asyncio.TimeoutError):
        return requests.ReadTimeout(error, request=request)
    if isinstance(error, (aiohttp.ClientProxyConnectionError, aiohttp.ClientHttpProxyError)):
        return requests.exceptions.ProxyError(_without_secrets(error), request=request)
    if isinstance(error, (aiohttp.ClientSSLError, aiohttp.ServerFingerprintMismatch)):
        return requests.exceptions.SSLError(_below(error), request=request)
    if isinstance(error, aiohttp.NonHttpUrlClientError):
        return requests.exceptions.InvalidSchema(error, request=request)
    if isinstance(error, aiohttp.InvalidURL):
        return requests.exceptions.InvalidURL(error, request=request)
    if isinstance(error, aiohttp.ClientConnectorError):
        return _not_connected(error, request)
    if isinstance(error, aiohttp.ClientPayloadError):
        return requests.exceptions.ChunkedEncodingError(
            ProtocolError(str(error), IncompleteRead(b"")), request=request
        )
    return requests.ConnectionError(
        ProtocolError("the connection was cut", _of_the_library(error)), request=request
    )


def while_reading(error: Exception) -> Exception:
    """
    What a file would raise for an exception of aiohttp while a body is read from it.

    :param error: what aiohttp raised
    """
    if isinstance(error, asyncio.TimeoutError):
        return TimeoutError("timed out")
    if isinstance(error, aiohttp.ClientPayloadError):
        return IncompleteRead(b"")
    if isinstance(error, OSError):
        return error
    return ConnectionResetError(str(error))


def _not_connected(
    error: aiohttp.ClientConnectorError, request: requests.PreparedRequest
) -> requests.ConnectionError:
    nobody: t.Any = None
    refused = NewConnectionError(nobody, "no connection")
    refused.__cause__ = _below(error)
    reason = MaxRetryError(nobody, request.url or "", refused)
    reason.__cause__ = refused
    return requests.ConnectionError(reason, request=request)


def _below(error: Exception) -> BaseException:
    """The exception of the operating system or of TLS, which says more."""
    for name in ("certificate_error", "os_error"):
        below = getattr(error, name, None)
        if isinstance(below, BaseException):
            return below
    return error


def _without_secrets(error: Exception) -> BaseException:
    """
    The exception, or what is known of it without the headers of the request, which some have, or
    the password for the proxy, which others have.
    """
    if isinstance(error, aiohttp.ClientResponseError):
        return HTTPException(error.message)
    if isinstance(error, aiohttp.ClientConnectorError):
        return error.os_error
    return error


def _of_the_library(error: Exception) -> Exception:
    """The exception that ``http.client`` has for it."""
    if isinstance(error, aiohttp.ClientResponseError):
        return HTTPException(error.message)
    if isinstance(error, aiohttp.ServerDisconnectedError):
        return RemoteDisconnected("the connection ended without a response")
    if isinstance(error, OSError) and error.errno is not None:
        return OSError(error.errno, error.strerror)  # makes the class of the number
    return error
