"""
Settings of a transport: timeouts, proxies and CA bundles, and the older ``transport_params``.
"""

from __future__ import annotations

import os

from globus_core.exc.base import GlobusSDKUsageError
from globus_core.origins import is_loopback

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .requests_transport import RequestsTransport
    from .retry import RetryConfig

    Verify = bool | str
    Timeout = float | tuple[float | None, float | None] | None

#: default for the seconds of a call with its redirects, pauses and retries
DEFAULT_TOTAL_TIMEOUT = 120.0
TOTAL_TIMEOUT_VAR = "GLOBUS_CORE_TOTAL_TIMEOUT"
#: default for the largest body in bytes that is read into memory
DEFAULT_MAX_BODY_BYTES = 1024**3

#: number of origins whose proxies and CA bundle are remembered
_MOST_ORIGINS = 256
_ENVIRONMENT = (
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
)
_ENCODED = tuple(map(os.environ.encodekey, _ENVIRONMENT))

#: names in ``transport_params`` and today's names of these retry settings
_RETRY_PARAMS = {
    "retry_backoff": "backoff",
    "max_sleep": "max_sleep",
    "max_retries": "max_retries",
    "max_total": "max_total",
}
_TRANSPORT_PARAMS = {"verify_ssl", "http_timeout", "total_timeout", "max_body_bytes"}


class EnvironmentSettings:
    """
    Proxies and CA bundles from environment variables.

    They are looked up once for each origin, and again when a variable has changed. Looking them up
    for each request, as requests does, takes 161 microseconds.
    """

    def __init__(self) -> None:
        #: the variables, and what was looked up while they were so
        self._known: tuple[tuple[t.Any, ...], dict[t.Any, tuple[dict[str, str], Verify]]] = (), {}

    def get(self, url: str, verify_ssl: Verify) -> tuple[dict[str, str], Verify]:
        """
        Proxies, and how to check certificates, for the origin of a URL.

        :param url: the URL
        :param verify_ssl: the transport's setting
        :raises GlobusSDKUsageError: if a proxy or a CA bundle that is named cannot be used
        """
        now = tuple(_environment())
        variables, known = self._known
        if now != variables:
            known = {}
            self._known = now, known
        key = url[: url.find("/", len("https://"))], verify_ssl
        found = known.get(key)
        if found is None:
            if len(known) >= _MOST_ORIGINS:
                known.clear()
            found = known[key] = _proxies(url), _verify(url, verify_ssl)
        return found


def _environment() -> t.Iterable[t.Any]:
    known = getattr(os.environ, "_data", None)
    if known is None:
        return map(os.environ.get, _ENVIRONMENT)
    # Ten times as fast as going through os.environ, which encodes and decodes.
    return map(known.get, _ENCODED)


def _proxies(url: str) -> dict[str, str]:
    # Over plain http a proxy could read credentials that are meant for this machine only.
    if is_loopback(url):
        return {}
    from requests.utils import get_environ_proxies

    proxies: dict[str, str] = get_environ_proxies(url, no_proxy=None)
    if proxies:
        from .proxy_and_ca_checks import check_proxy

        check_proxy(url, proxies)
    return proxies


def _verify(url: str, setting: Verify) -> Verify:
    named = _ca_bundle() if setting is True else ("verify_ssl or GLOBUS_SDK_VERIFY_SSL", setting)
    if named is None:
        return True
    name, path = named
    if isinstance(path, str) and url[:6].lower() == "https:":
        from .proxy_and_ca_checks import check_ca

        check_ca(name, path)
    return path


def _ca_bundle() -> tuple[str, Verify] | None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        path = os.environ.get(name)
        if path and not os.path.exists(path):
            raise GlobusSDKUsageError(f"{name} names {path!r}, which does not exist")
        if path:
            return name, path
    return None


def checked_timeout(value: Timeout) -> Timeout:
    """
    The setting ``http_timeout``: seconds, a pair of them, or None for no timeout.

    :param value: the value given; None takes the variable
    """
    from globus_core import config

    if isinstance(value, tuple):
        connect, read = (None if one is None else config.get_http_timeout(one) for one in value)
        return connect, read
    return config.get_http_timeout(value)


def checked_total_timeout(value: float | None) -> float | None:
    """
    The setting ``total_timeout``: seconds, -1 for no deadline, None where nothing is set.

    :param value: the value given; None takes the variable
    """
    from globus_core import config

    if value is None:
        text = os.environ.get(TOTAL_TIMEOUT_VAR, "")
        if not text:
            return None
        value = _seconds(text)
    seconds = config.get_http_timeout(value)
    return -1 if seconds is None else seconds


def total_timeout_in_force(setting: float | None, timeout: Timeout) -> float | None:
    """
    Seconds that a call may take, or None for no deadline.

    :param setting: as :func:`checked_total_timeout` gives it
    :param timeout: seconds to wait for a connection and for each read
    """
    if setting is not None:
        return None if setting == -1 else setting
    connect, read = timeout if isinstance(timeout, tuple) else (timeout, timeout)
    if connect is None or read is None:
        return None
    return max(DEFAULT_TOTAL_TIMEOUT, connect + read)


def _seconds(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise GlobusSDKUsageError(
            f"{TOTAL_TIMEOUT_VAR} must be a number of seconds above 0, or -1 for no deadline, "
            f"not {text!r}"
        ) from None


def transport_and_retries(
    transport: RequestsTransport | None,
    retry_config: RetryConfig | None,
    transport_params: t.Mapping[str, t.Any] | None,
) -> tuple[RequestsTransport, RetryConfig]:
    """
    The transport and retry settings of a client, from its arguments.

    :param transport: the transport; None makes one
    :param retry_config: when to retry; None makes the default
    :param transport_params: the settings of both as one dict, as in 3.x of globus-sdk
    :raises GlobusSDKUsageError: if the arguments contradict each other
    """
    from .requests_transport import RequestsTransport
    from .retry import RetryConfig

    params = dict(transport_params or {})
    if params and transport is not None:
        raise GlobusSDKUsageError("pass 'transport' or 'transport_params', not both")
    retries = {new: params.pop(old) for old, new in _RETRY_PARAMS.items() if old in params}
    checks = params.pop("retry_checks", ())
    if (retries or checks) and retry_config is not None:
        raise GlobusSDKUsageError(
            "retry settings are in both 'retry_config' and 'transport_params'"
        )
    if retry_config is None:
        retry_config = RetryConfig(**retries)
        retry_config.checks.register_many_checks(checks)
    unknown = params.keys() - _TRANSPORT_PARAMS
    if unknown:
        raise GlobusSDKUsageError(f"unknown transport_params: {', '.join(sorted(unknown))}")
    return transport or RequestsTransport(**params), retry_config
