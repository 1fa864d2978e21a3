"""
Converting exceptions of the HTTP libraries into ours.

The messages say what happened and with which host, the advice what to try. Neither repeats the text
of the library, which may contain whole URLs.
"""

from __future__ import annotations

import os

from .network import (
    GlobusConnectionError,
    GlobusConnectionTimeoutError,
    GlobusTimeoutError,
    NetworkError,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    # class, whether it is retryable, message, and advice (None for that of the class)
    Judgement: t.TypeAlias = tuple[type[NetworkError], bool, str, "str | None"]

__all__ = (
    "GlobusConnectionError",
    "GlobusConnectionTimeoutError",
    "GlobusTimeoutError",
    "NetworkError",
    "convert_request_exception",
)


def convert_request_exception(exc: Exception) -> NetworkError:
    """
    Convert an exception that sending a request raised into one of our errors.

    Credentials are removed from the texts of the exception and of its causes, since a traceback
    shows them next to ours.

    :param exc: the exception, of requests, urllib3 or the standard library
    """
    if isinstance(exc, NetworkError):
        return exc
    from ._redact import chain, hide_credentials

    hide_credentials(exc)
    wrapped = list(chain(exc))
    error_class, retryable, message, advice = _judge(exc, wrapped)
    error = error_class(message.format(host=_host(wrapped)), exc)
    if advice is not None:
        error.advice = advice
    error.retryable = retryable
    return error


def _judge(exc: Exception, wrapped: list[BaseException]) -> Judgement:
    names = {name for item in wrapped for name in _class_names(item)}
    if proxy := _judge_proxy(exc, wrapped, names):
        return proxy
    if names & {"gaierror", "NameResolutionError", "LocationParseError"}:
        return GlobusConnectionError, True, "the name of {host} cannot be resolved", _DNS
    if timeout := _judge_timeout(wrapped, names):
        return timeout
    if "SSLError" in names:
        return GlobusConnectionError, False, *_judge_tls(wrapped)
    for known, message, advice in _REFUSALS:
        if known in names:
            return NetworkError, False, message, advice
    for known, message, advice in _CAUSES:
        if known in names:
            return _connection_class(exc), True, message, advice
    if names & _CONNECTION_TROUBLE or ("OSError" in names and "RequestException" not in names):
        return _connection_class(exc), True, "the connection to {host} failed", _CHECK_NETWORK
    return NetworkError, False, f"the request to {{host}} failed with {type(exc).__name__}", None


def _judge_proxy(exc: Exception, wrapped: list[BaseException], names: set[str]) -> Judgement | None:
    if names & {"InvalidProxyURL", "ProxySchemeUnknown"}:
        return NetworkError, False, "the proxy that was named cannot be used", _PROXY
    if "InvalidSchema" in names and "SOCKS" in str(exc):
        return NetworkError, False, "a SOCKS proxy needs PySocks, which is not installed", _SOCKS
    if names & _CONNECTION_TROUBLE and _is_socks(wrapped):
        text = f"the SOCKS proxy{_socks_variable()} on the way to {{host}} failed"
        return GlobusConnectionError, True, text, _PROXY
    if "ProxyError" in names:
        return GlobusConnectionError, True, "the proxy on the way to {host} failed", _PROXY
    return None


def _is_socks(wrapped: list[BaseException]) -> bool:
    """Whether no connection came about by a SOCKS proxy, which only the class tells."""
    for item in wrapped:
        if "NewConnectionError" in _class_names(item):
            made_by = vars(item).get("conn") or vars(item).get("pool")
            return any(kind.__name__.startswith("SOCKS") for kind in type(made_by).__mro__)
    return False


def _socks_variable() -> str:
    for name in ("https_proxy", "http_proxy", "all_proxy"):
        for spelled in (name, name.upper()):
            if os.environ.get(spelled, "").lower().startswith("socks"):
                return f" that {spelled} names"
    return ""


def _judge_timeout(wrapped: list[BaseException], names: set[str]) -> Judgement | None:
    # urllib3 1 treats a refused connection as a connection timeout
    if names & {"ConnectTimeout", "ConnectTimeoutError"} and "NewConnectionError" not in names:
        text = f"no connection to {{host}} within {_seconds(wrapped)}"
        return GlobusConnectionTimeoutError, True, text, None
    if names & {"Timeout", "TimeoutError"} and "NewConnectionError" not in names:
        return GlobusTimeoutError, True, f"{{host}} sent nothing for {_seconds(wrapped)}", None
    return None


_CONNECTION_TROUBLE = {"ConnectionError", "NewConnectionError", "ProtocolError", "HTTPException"}
_CHECK_NETWORK = "check the network connection, and whether a firewall or proxy is in the way"
_PROXY = "check the proxy that the variables HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY name"
_SOCKS = "run pip install 'requests[socks]', or name another proxy"
_DNS = "check the host name for typos, and the network connection"
_AGAIN = "try again; if it happens often, the network or the server has a problem"
_TRUST = (
    "check the clock of this machine; if your network has a certificate authority of its own, "
    "name its file in GLOBUS_SDK_VERIFY_SSL or REQUESTS_CA_BUNDLE"
)
_SPEAKS_TLS = "check that the address and port speak https, and that no proxy is in the way"
_BAD_URL = "check the URL, and GLOBUS_SDK_SERVICE_URL_* if one of these variables is set"

_CAUSES = (
    (
        "ConnectionRefusedError",
        "{host} refused the connection",
        "check the address and port, and whether the server is running",
    ),
    ("IncompleteRead", "{host} closed the connection in the middle of the response", _AGAIN),
    ("ChunkedEncodingError", "{host} closed the connection in the middle of the response", _AGAIN),
    ("RemoteDisconnected", "{host} closed the connection without a response", _AGAIN),
    ("ConnectionResetError", "{host} cut the connection", _AGAIN),
    ("BrokenPipeError", "{host} cut the connection", _AGAIN),
)

_REFUSALS = (
    ("TooManyRedirects", "{host} redirected too many times", _BAD_URL),
    ("InvalidSchema", "the scheme of the URL is neither http nor https", _BAD_URL),
    ("MissingSchema", "the URL does not begin with https://", _BAD_URL),
    ("InvalidURL", "the URL is not valid", _BAD_URL),
    ("ContentDecodingError", "the response of {host} cannot be decompressed", _AGAIN),
    ("DecodeError", "the response of {host} cannot be decompressed", _AGAIN),
)


def _judge_tls(wrapped: list[BaseException]) -> tuple[str, str]:
    for item in wrapped:
        if reason := getattr(item, "verify_message", None):
            # Braces are doubled, since the message goes through str.format.
            shown = str(reason).replace("{", "{{").replace("}", "}}")
            return f"the certificate of {{host}} cannot be trusted ({shown})", _TRUST
    return "no secure connection to {host} could be negotiated", _SPEAKS_TLS


def _connection_class(exc: Exception) -> type[NetworkError]:
    # in requests, a body that breaks off is not a connection error
    broken_off = "ChunkedEncodingError" in _class_names(exc)
    return NetworkError if broken_off else GlobusConnectionError


def _class_names(exc: BaseException) -> list[str]:
    return [kind.__name__ for kind in type(exc).__mro__]


def _host(wrapped: list[BaseException]) -> str:
    """The host of the request, with the port if the URL has one."""
    for item in wrapped:
        url = getattr(getattr(item, "request", None), "url", None)
        if isinstance(url, str) and "://" in url:
            authority = url.partition("://")[2].replace("?", "/").replace("#", "/").split("/")[0]
            return authority.rpartition("@")[2]
    for item in wrapped:
        pool = getattr(item, "pool", None)
        if isinstance(host := getattr(pool, "host", None), str):
            return host
    return "the server"


def _seconds(wrapped: list[BaseException]) -> str:
    import re

    for item in wrapped:
        if found := re.search(r"timeout=([\d.]+)", str(item)):
            return _in_words(float(found.group(1)))
    allowed = getattr(wrapped[0], "allowed_seconds", None) if wrapped else None
    return "the time allowed" if allowed is None else _in_words(allowed)


def _in_words(seconds: float) -> str:
    return "1 second" if seconds == 1 else f"{seconds:g} seconds"
