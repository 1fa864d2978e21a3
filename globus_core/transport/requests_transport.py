"""
Sending through ``requests``: one session, our own redirects, retries and deadlines.

Requests are prepared here and handed to ``Session.send``: that is where mocks and tracers hook
in, and ``Session.request`` would read ``.netrc``, which replaces a Bearer header.
"""

from __future__ import annotations

import contextvars
import os

import globus_core
from globus_core.arguments import check_numbers

from . import other_sessions
from .client_info import GlobusClientInfo
from .encoding import Encoders, JSONProvider, RepresentationProviders, as_bytes
from .retry import Tuned
from .settings import (
    DEFAULT_MAX_BODY_BYTES,
    EnvironmentSettings,
    checked_timeout,
    checked_total_timeout,
    total_timeout_in_force,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    import requests

    from .caller_info import RequestCallerInfo
    from .prepare import Shortcut
    from .representation_providers import RequestsRepresentationProvider
    from .settings import Timeout, Verify

_current: contextvars.ContextVar[RequestsTransport | None] = contextvars.ContextVar(
    "globus_core_transport", default=None
)


class RequestsTransport:
    """
    Sends requests; can be shared by clients and threads, and survives a fork.

    :param verify_ssl: whether to check certificates, or the path of a CA file; None takes
        ``GLOBUS_SDK_VERIFY_SSL``, then True
    :param http_timeout: seconds to wait for a connection and for each read, or one number for
        each of the two; None takes ``GLOBUS_SDK_HTTP_TIMEOUT``, then 60; -1 for no timeout
    :param total_timeout: seconds that a call may take, with its redirects, its body, the pauses and
        the retries, however steadily data arrives. The time for streamed bodies, in either
        direction, and for logins does not count. None takes ``GLOBUS_CORE_TOTAL_TIMEOUT``, then
        120, or as long as ``http_timeout`` allows for connecting and one read where that is more;
        -1 sets no deadline
    :param max_body_bytes: the largest body, decompressed, that is read into memory; a larger
        one is an error. None reads any
    :ivar headers: headers sent with every request; can be changed
    """

    encoders = Encoders()
    representation_providers = RepresentationProviders()
    json_provider = JSONProvider()

    #: default of RetryConfig
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
        self.http_timeout: Timeout = checked_timeout(http_timeout)
        self._total_timeout = checked_total_timeout(total_timeout)
        check_numbers(max_body_bytes=max_body_bytes)
        self.max_body_bytes = max_body_bytes
        self._user_agent = self.BASE_USER_AGENT
        self.headers = {"Accept": "application/json", "User-Agent": self._user_agent}
        self.globus_client_info = GlobusClientInfo(update_callback=self._set_client_info)
        self.environment = EnvironmentSettings()
        self._opened: tuple[int, tuple[requests.Session, Shortcut | None]] | None = None
        self._set_session: requests.Session | None = None

    # settings

    @staticmethod
    def get_current_transport() -> RequestsTransport:
        """
        The transport that is sending a request now; for encoders and retry checks.

        :raises LookupError: if none is
        """
        transport = _current.get()
        if transport is None:
            raise LookupError("no transport is sending a request now")
        return transport

    @property
    def user_agent(self) -> str:
        """The User-Agent header; a value that is set is appended to the SDK's own product."""
        return self._user_agent

    @user_agent.setter
    def user_agent(self, value: str) -> None:
        self._user_agent = f"{self.BASE_USER_AGENT}/{value}"
        self.headers["User-Agent"] = self._user_agent

    @property
    def total_timeout(self) -> float | None:
        """Seconds that a call may take, or None for no deadline."""
        return total_timeout_in_force(self._total_timeout, self.http_timeout)

    @total_timeout.setter
    def total_timeout(self, seconds: float | None) -> None:
        self._total_timeout = -1 if seconds is None else checked_total_timeout(seconds)

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
        Change settings for a ``with`` block; they are restored when the block ends.

        :param verify_ssl: see the constructor; None leaves it
        :param http_timeout: seconds; None leaves it, -1 for no timeout
        :param total_timeout: seconds; None leaves it, -1 sets no deadline
        """
        from globus_core import config

        changes: dict[str, t.Any] = {}
        if verify_ssl is not None:
            changes["verify_ssl"] = config.get_ssl_verify(verify_ssl)
        if http_timeout is not None:
            changes["http_timeout"] = checked_timeout(http_timeout)
        if total_timeout is not None:
            changes["_total_timeout"] = checked_total_timeout(total_timeout)
        return Tuned(self, changes)

    def close(self) -> None:
        """
        Close all connections. The transport opens new ones if it is used again.
        """
        other_sessions.close(self)
        known, self._opened = self._opened, None
        if known is not None:
            known[1][0].close()
        if self._set_session is not None:
            self._set_session.close()

    def __getstate__(self) -> dict[str, t.Any]:
        fresh = {"_opened": None, "_set_session": None, "environment": EnvironmentSettings()}
        return {**vars(self), **fresh}

    @property
    def session(self) -> requests.Session:
        """
        The session of this process; a child process gets one of its own.

        Another one may be set, and is used until it is deleted; only its ``send`` is called.
        """
        return self._set_session or self._own_session()[0]

    @session.setter
    def session(self, session: requests.Session) -> None:
        self._set_session = session

    @session.deleter
    def session(self) -> None:
        self._set_session = None

    def open(self) -> tuple[requests.Session, Shortcut | None]:
        """
        The session in use, and the fast way to prepare requests for it if there is one.
        """
        if self._set_session is None and type(self).session is _SESSION:
            own = self._own_session()
            other: t.Any = other_sessions.find(self)
            return own if other is None else (other, own[1])
        return self.session, None

    def _own_session(self) -> tuple[requests.Session, Shortcut | None]:
        known = self._opened
        if known is not None and known[0] == os.getpid():
            return known[1]
        from .adapter import Session
        from .fast import choose
        from .instrumentation import hide_queries_in_log

        # No lock: two threads that get here at once both get a working session, and a lock held
        # during a fork would stay held in the child.
        session = Session()
        session.trust_env = False  # else requests reads .netrc for redirects
        adapter_class, shortcut = choose()
        adapter = adapter_class()
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        hide_queries_in_log(_current)
        self._opened = (os.getpid(), (session, shortcut))
        return session, shortcut

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
        Send a request, with retries as the caller's settings say.

        :param method: the HTTP method
        :param url: the whole URL without a query
        :param caller_info: authorizer and retry settings of the caller
        :param query_params: the query; MISSING and None are left out
        :param data: the body as Python data; None for no body. A file in binary mode or an
            iterator of bytes is sent piece by piece, and again only if it can be rewound
        :param headers: headers in addition to those sent with every request
        :param encoding: ``json``, ``form`` or ``text``; None takes text for str, bytes, files
            and iterators, else JSON
        :param allow_redirects: follow redirects; credentials stay with the first origin
        :param stream: do not read the body of a successful response yet
        :raises NetworkError: if no response came, after all retries
        :raises ValueError: for an unknown encoding
        """
        from globus_core.transport.send_call import send_call  # a relative import takes longer

        unprepared = self._encode(method, url, query_params, data, headers, encoding)
        outer = _current.set(self)
        try:
            return send_call(self, unprepared, caller_info, allow_redirects, stream)
        finally:
            _current.reset(outer)

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
            encoding = "json" if data is None else _usual_encoding(data)
        encoder = self._encoder(encoding)
        all_headers = {**self.headers, **(headers or {})}
        return as_bytes(encoder.encode(method, url, query_params, data, all_headers))

    def _encoder(self, encoding: str) -> RequestsRepresentationProvider:
        if encoding == "json":
            return self.json_provider
        encoders = self.representation_providers
        if encoding in encoders:
            return encoders[encoding]
        raise ValueError(f"unknown encoding {encoding!r}; known: {', '.join(sorted(encoders))}")


_SESSION = RequestsTransport.session


def _usual_encoding(data: t.Any) -> str:
    from .streamed_bodies import is_stream

    return "text" if isinstance(data, (bytes, str)) or is_stream(data) else "json"
