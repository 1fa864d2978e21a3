"""
Sending through ``requests``: one session, own redirects, retries, nothing that hangs.

Requests are prepared here and handed to ``Session.send``: that is where mocks and tracers hook
in, and ``Session.request`` would read ``.netrc``, which replaces a Bearer header. Proxies and
CA bundle are looked up once for an origin, not once for a request.
"""

from __future__ import annotations

import contextvars
import os
import time

import globus_core
from globus_core._log import LazyLogger
from globus_core._origins import is_loopback, origin

from .client_info import GlobusClientInfo
from .default_retry_checks import may_have_arrived
from .limits import AttemptLimits, current_limits
from .retry import Budget, RetryCheckRunner, RetryContext, Tuned

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    import requests

    from .caller_info import RequestCallerInfo
    from .representation_providers import RequestsRepresentationProvider

    Verify = bool | str
    Key = tuple[str | None, ...]
    Timeout = float | tuple[float | None, float | None] | None

log = LazyLogger("globus_core.transport")

#: seconds for one attempt with its redirects and its body, unless they are set
DEFAULT_TOTAL_TIMEOUT = 300.0
TOTAL_TIMEOUT_VAR = "GLOBUS_CORE_TOTAL_TIMEOUT"
#: bytes of the largest body that is read into memory, unless they are set
DEFAULT_MAX_BODY_BYTES = 1024**3

#: origins whose proxies and CA bundle are remembered
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


_current: contextvars.ContextVar[RequestsTransport | None] = contextvars.ContextVar(
    "globus_core_transport", default=None
)


class RequestsTransport:
    """
    The way out to the network; may be shared by clients and threads, and survives a fork.

    :param verify_ssl: whether to check certificates, or the path of a CA file; None takes
        ``GLOBUS_SDK_VERIFY_SSL``, then True
    :param http_timeout: seconds to wait for a connection and for each read, or one number for
        each of the two; None takes ``GLOBUS_SDK_HTTP_TIMEOUT``, then 60; -1 waits for ever
    :param total_timeout: seconds until an attempt must have ended, with its redirects and its
        body, however steadily something comes; for a stream, until the headers are there. None
        takes ``GLOBUS_CORE_TOTAL_TIMEOUT``, then 300, or as long as ``http_timeout`` allows
        for connecting and one read where that is more; -1 sets no deadline
    :param max_body_bytes: the largest body, decompressed, that is read into memory; a larger
        one is an error. None reads any
    :ivar headers: what is sent with every request; may be changed
    """

    #: what a RetryConfig has if it is not told otherwise
    DEFAULT_MAX_RETRIES = 5
    BASE_USER_AGENT = f"globus-core-py-{globus_core.__version__}"

    def __init__(
        self,
        verify_ssl: Verify | None = None,
        http_timeout: Timeout = None,
        *,
        total_timeout: float | None = None,
        max_body_bytes: int | None = DEFAULT_MAX_BODY_BYTES,
    ) -> None:
        from globus_core import config

        self.verify_ssl: Verify = config.get_ssl_verify(verify_ssl)
        self.http_timeout: Timeout = _timeout(http_timeout)
        self._total_timeout = _total_timeout(total_timeout)
        self.max_body_bytes = max_body_bytes
        self._user_agent = self.BASE_USER_AGENT
        self.headers = {"Accept": "application/json", "User-Agent": self._user_agent}
        self.globus_client_info = GlobusClientInfo(update_callback=self._set_client_info)
        self._encoders: dict[str, RequestsRepresentationProvider] | None = None
        self._session: tuple[int, requests.Session] | None = None
        self._surroundings: dict[Key, tuple[t.Any, Verify]] = {}

    # settings

    @property
    def encoders(self) -> dict[str, RequestsRepresentationProvider]:
        """The encoders by the name that ``encoding`` may have; may be added to."""
        if self._encoders is None:
            from . import representation_providers as providers

            self._encoders = {
                "text": providers.RequestEncoder(),
                "json": providers.JSONRequestEncoder(),
                "form": providers.FormRequestEncoder(),
            }
        return self._encoders

    @property
    def json_provider(self) -> RequestsRepresentationProvider:
        """The encoder for JSON."""
        return self.encoders["json"]

    @staticmethod
    def get_current_transport() -> RequestsTransport:
        """
        The transport that is sending a request just now; for encoders and retry checks.

        :raises LookupError: if none is
        """
        transport = _current.get()
        if transport is None:
            raise LookupError("no transport is sending a request just now")
        return transport

    @property
    def user_agent(self) -> str:
        """The User-Agent header; what is set is appended to the SDK's own product."""
        return self._user_agent

    @user_agent.setter
    def user_agent(self, value: str) -> None:
        self._user_agent = f"{self.BASE_USER_AGENT}/{value}"
        self.headers["User-Agent"] = self._user_agent

    @property
    def total_timeout(self) -> float | None:
        """Seconds until an attempt must have ended, or None for no deadline."""
        if self._total_timeout is not None:
            return None if self._total_timeout == -1 else self._total_timeout
        timeout = self.http_timeout
        connect, read = timeout if isinstance(timeout, tuple) else (timeout, timeout)
        if connect is None or read is None:
            return None
        return max(DEFAULT_TOTAL_TIMEOUT, connect + read)

    @total_timeout.setter
    def total_timeout(self, seconds: float | None) -> None:
        self._total_timeout = -1 if seconds is None else _total_timeout(seconds)

    def _set_client_info(self, info: GlobusClientInfo) -> None:
        self.headers.pop("X-Globus-Client-Info", None)
        if info:
            self.headers["X-Globus-Client-Info"] = info.format()

    def tune(
        self,
        *,
        verify_ssl: Verify | None = None,
        http_timeout: Timeout = None,
        total_timeout: float | None = None,
    ) -> Tuned:
        """
        Change settings for a ``with`` block; they are put back however the block ends.

        :param verify_ssl: see the constructor; None leaves it
        :param http_timeout: seconds; None leaves it, -1 waits for ever
        :param total_timeout: seconds; None leaves it, -1 sets no deadline
        """
        from globus_core import config

        changes: dict[str, t.Any] = {}
        if verify_ssl is not None:
            changes["verify_ssl"] = config.get_ssl_verify(verify_ssl)
        if http_timeout is not None:
            changes["http_timeout"] = _timeout(http_timeout)
        if total_timeout is not None:
            changes["_total_timeout"] = _total_timeout(total_timeout)
        return Tuned(self, changes)

    def close(self) -> None:
        """
        Close all connections. The transport opens new ones if it is used again.
        """
        known, self._session = self._session, None
        if known is not None:
            known[1].close()

    @property
    def session(self) -> requests.Session:
        """The session of this process; a child process gets one of its own."""
        known = self._session
        if known is not None and known[0] == os.getpid():
            return known[1]
        import requests

        from ._adapter import Adapter
        from .instrumentation import hide_queries_in_log

        # No lock: of two threads that come here at once both get a good session, and a lock
        # held during a fork would stay held in the child.
        session = requests.Session()
        session.trust_env = False  # or a redirect, although it is not followed, has netrc read
        adapter = Adapter()
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        hide_queries_in_log(_current)
        self._session = (os.getpid(), session)
        return session

    # sending

    def request(
        self,
        method: str,
        url: str,
        *,
        caller_info: RequestCallerInfo,
        query_params: t.Mapping[str, t.Any] | None = None,
        data: t.Any = None,
        headers: t.Mapping[str, str] | None = None,
        encoding: str | None = None,
        allow_redirects: bool = True,
        stream: bool = False,
    ) -> requests.Response:
        """
        Send a request, trying again as the caller's retry settings say.

        :param method: the HTTP method
        :param url: the whole URL without a query
        :param caller_info: authorizer and retry settings of the caller
        :param query_params: the query; MISSING and None are left out
        :param data: the body in Python's terms; None for no body
        :param headers: headers beside those that the transport sends with everything
        :param encoding: ``json``, ``form`` or ``text``; None takes text for str and bytes, else
            JSON
        :param allow_redirects: follow redirects; credentials stay with the first origin
        :param stream: do not read the body yet
        :raises NetworkError: if no response came, after all retries
        :raises ValueError: for an unknown encoding
        """
        unprepared = self._encode(method, url, query_params, data, headers, encoding)
        outer = _current.set(self)
        try:
            return self._send_and_retry(unprepared, caller_info, allow_redirects, stream)
        finally:
            _current.reset(outer)

    def _send_and_retry(
        self,
        unprepared: requests.Request,
        caller: RequestCallerInfo,
        allow_redirects: bool,
        stream: bool,
    ) -> requests.Response:
        config = caller.retry_config
        runner = RetryCheckRunner([*config.checks, *caller.extra_checks])
        budget = Budget(config.max_total)
        attempt = 0
        while True:
            context = RetryContext(attempt, caller_info=caller)
            self._try(unprepared, context, allow_redirects, stream)
            if attempt >= config.max_retries or (caller.single_use and may_have_arrived(context)):
                return _outcome(context)
            if not runner.should_retry(context):
                return _outcome(context)
            pause = min(config.backoff(context), config.max_sleep)
            if not budget.allows(pause):
                log.debug("not trying again after %s", budget)
                return _outcome(context)
            if context.response is not None:
                context.response.close()
            log.debug("trying again in %.2f s (attempt %d failed)", pause, attempt)
            if pause > 0:
                time.sleep(pause)
            attempt += 1

    def _encode(
        self,
        method: str,
        url: str,
        query_params: t.Mapping[str, t.Any] | None,
        data: t.Any,
        headers: t.Mapping[str, str] | None,
        encoding: str | None,
    ) -> requests.Request:
        if encoding is None:
            encoding = "text" if isinstance(data, (bytes, str)) else "json"
        if encoding not in self.encoders:
            known = ", ".join(sorted(self.encoders))
            raise ValueError(f"unknown encoding {encoding!r}; known: {known}")
        all_headers = {**self.headers, **(headers or {})}
        return self.encoders[encoding].encode(method, url, query_params, data, all_headers)

    def _try(
        self,
        unprepared: requests.Request,
        context: RetryContext,
        allow_redirects: bool,
        stream: bool,
    ) -> None:
        """Send once and note on the context how it ended."""
        from ._prepare import prepare
        from .instrumentation import AttemptTrace

        prepared = prepare(unprepared)
        context.sent_authorization = _authorize(prepared, context.caller_info)
        observed = AttemptTrace(prepared, context)
        limits = AttemptLimits(self.total_timeout, self.max_body_bytes, stream)
        outer = current_limits.set(limits)
        try:
            trusted = context.caller_info.trusted_origins
            context.response = self._send_following(prepared, limits, allow_redirects, trusted)
        except Exception as error:
            if not _is_of_the_network(error):
                raise
            context.exception = _too_late(error, prepared, limits) if limits.expired else error
            # urllib3 says how long it waited for headers, but not for a part of the body.
            context.exception.allowed_seconds = _read_seconds(self.http_timeout)  # type: ignore[attr-defined]
        finally:
            current_limits.reset(outer)
        observed.ended(context)

    def _send_following(
        self,
        prepared: requests.PreparedRequest,
        limits: AttemptLimits,
        allow_redirects: bool,
        trusted: t.Collection[str],
    ) -> requests.Response:
        response = self._send(prepared, limits)
        history: list[requests.Response] = []
        while allow_redirects and response.is_redirect:
            import requests

            from .redirects import MAX_REDIRECTS, redirected

            response.close()
            history.append(response)
            if len(history) > MAX_REDIRECTS:
                raise requests.TooManyRedirects("redirected in circles", request=prepared)
            prepared = redirected(self.session, prepared, response, trusted)
            response = self._send(prepared, limits)
        response.history = history
        if limits.stream:
            limits.disable_deadline()
        return response

    def _send(self, prepared: requests.PreparedRequest, limits: AttemptLimits) -> requests.Response:
        proxies, verify = self._surrounding(prepared.url or "")
        return self.session.send(
            prepared,
            stream=limits.stream,
            timeout=limits.shorten(self.http_timeout),
            verify=verify,
            proxies=proxies,
            allow_redirects=False,
        )

    def _surrounding(self, url: str) -> tuple[t.Any, Verify]:
        """Proxies and CA bundle for a URL's origin, as the environment is now."""
        key = (url[: url.find("/", len("https://"))], str(self.verify_ssl), *_environment())
        known = self._surroundings.get(key)
        if known is None:
            if len(self._surroundings) >= _MOST_ORIGINS:
                self._surroundings.clear()
            known = self._surroundings[key] = _proxies(url), _verify(self.verify_ssl)
        return known


def _environment() -> t.Iterable[t.Any]:
    known = getattr(os.environ, "_data", None)
    if known is None:
        return map(os.environ.get, _ENVIRONMENT)
    # One look past its wrapper, which encodes and decodes, is ten times as fast.
    return map(known.get, _ENCODED)


def _proxies(url: str) -> dict[str, str]:
    # Over plain http a proxy reads the credentials, which are for this machine only.
    if is_loopback(url):
        return {}
    from requests.utils import get_environ_proxies

    proxies: dict[str, str] = get_environ_proxies(url, no_proxy=None)
    return proxies


def _verify(setting: Verify) -> Verify:
    if setting is not True:
        return setting
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        path = os.environ.get(name)
        if path and not os.path.exists(path):
            from globus_core.exc import GlobusSDKUsageError

            raise GlobusSDKUsageError(f"{name} names {path!r}, which does not exist")
        if path:
            return path
    return True


def _read_seconds(timeout: Timeout) -> float | None:
    return timeout[1] if isinstance(timeout, tuple) else timeout


def _outcome(context: RetryContext) -> requests.Response:
    if context.response is not None:
        return context.response
    from globus_core.exc import convert_request_exception

    assert context.exception is not None
    error = convert_request_exception(context.exception)
    raise error from (None if error is context.exception else context.exception)


def _authorize(prepared: requests.PreparedRequest, caller: RequestCallerInfo) -> str | None:
    """Put the Authorization header on, unless anybody on the way could read it."""
    if caller.authorizer is not None:
        header = caller.authorizer.get_authorization_header()
        if header is None:
            prepared.headers.pop("Authorization", None)
        else:
            prepared.headers["Authorization"] = _checked(header)
    sent: t.Any = prepared.headers.get("Authorization")
    if sent is not None or caller.single_use:
        _refuse_plain_http(prepared.url or "")
    return None if sent is None else str(sent)


def _checked(header: str) -> str:
    """The header, unless http.client would refuse it, with its value in the message."""
    if header.isascii() and header.isprintable():
        return header
    from globus_core.exc import GlobusSDKUsageError

    raise GlobusSDKUsageError(
        "the token or secret has a character that no header can carry, such as a line break; "
        "was it read from a file without strip()?"
    )


def _refuse_plain_http(url: str) -> None:
    if not url.startswith("http://") or is_loopback(url):
        return
    from globus_core.exc import GlobusSDKUsageError

    raise GlobusSDKUsageError(
        f"credentials are not sent over plain http to {origin(url)!r}; use https"
    )


def _is_of_the_network(error: Exception) -> bool:
    import urllib3

    from globus_core.exc import GlobusSDKUsageError, NetworkError

    if isinstance(error, GlobusSDKUsageError):
        return False
    # requests lets some foreign exceptions through
    foreign = (OSError, ValueError, urllib3.exceptions.HTTPError)
    return isinstance(error, (NetworkError, *foreign))


def _too_late(
    error: Exception, prepared: requests.PreparedRequest, limits: AttemptLimits
) -> Exception:
    """The error of an attempt that ended after its deadline, by the name of that deadline."""
    from globus_core.exc import GlobusTimeoutError, convert_request_exception

    converted = convert_request_exception(error)
    if not isinstance(converted, GlobusTimeoutError):
        return error
    late = type(converted)(
        f"no whole answer from {origin(prepared.url or '')} within {limits.seconds:g} seconds, "
        "which is the total deadline of an attempt",
        error,
    )
    late.advice = f"allow more time with total_timeout or {TOTAL_TIMEOUT_VAR}"
    return late


def _total_timeout(value: float | None) -> float | None:
    """The setting: seconds, -1 for no deadline, None where nothing is set."""
    from globus_core import config

    if value is None:
        text = os.environ.get(TOTAL_TIMEOUT_VAR, "")
        if not text:
            return None
        value = _seconds(text)
    seconds = config.get_http_timeout(value)
    return -1 if seconds is None else seconds


def _seconds(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        from globus_core.exc import GlobusSDKUsageError

        raise GlobusSDKUsageError(
            f"{TOTAL_TIMEOUT_VAR} must be a number of seconds above 0, or -1 for no deadline, "
            f"not {text!r}"
        ) from None


def _timeout(value: Timeout) -> Timeout:
    from globus_core import config

    if isinstance(value, tuple):
        connect, read = (None if one is None else config.get_http_timeout(one) for one in value)
        return connect, read
    return config.get_http_timeout(value)
