"""
Sending through aiohttp: the one call of a transport that reaches the network.

A request that is sent inside of an awaited call goes through aiohttp, whatever the client and
however it was made. All else stays as it is: a transport prepares the request, follows redirects,
keeps to its limits and tries again. What comes back is a response of requests, and what fails is
an exception of requests, so that the errors are the same too.

An :class:`AioTransport` keeps the connections of one transport. They belong to an event loop: each
loop has its own, and they are closed with the transport, or when the loop ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import io
import os
import weakref

import aiohttp
import requests
from requests.adapters import HTTPAdapter
from requests.hooks import dispatch_hook
from requests.sessions import SessionRedirectMixin
from requests.utils import select_proxy
from yarl import URL

from globus_core import waiting
from globus_core.transport import other_sessions
from globus_core.transport.limits import AttemptLimits, current_limits, read_within_limits
from globus_core.transport.streamed_bodies import StreamedBody

from .bodies import Upload, raw_response
from .bridge import check_may_block, current_call, in_turn, wait_for
from .connections import connector
from .failures import as_of_requests
from .heads import missing, received, to_send
from .loop_end import loop_end
from .tls import tls_context

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.transport import RequestsTransport

    R = t.TypeVar("R")
    Timeout = float | tuple[float | None, float | None] | None

#: bytes of a body that are sent at once
_PIECE = 64 * 1024
#: seconds for which a connection is kept that nobody uses
_KEPT_SECONDS = 15.0


class AioTransport(SessionRedirectMixin):
    """
    Sends the prepared requests of one transport through aiohttp.

    :param by_requests: gives the session of requests, for what aiohttp cannot send: through a
        SOCKS proxy, with a header in another character set than UTF-8, or with a body that an
        encoder has given a request for requests
    """

    def __init__(self, by_requests: t.Callable[[], requests.Session]) -> None:
        self._by_requests = by_requests
        self._sessions: dict[asyncio.AbstractEventLoop, aiohttp.ClientSession] = {}

    def send(
        self,
        request: requests.PreparedRequest,
        *,
        stream: bool,
        timeout: Timeout,
        verify: bool | str,
        proxies: dict[str, str],
        allow_redirects: bool,
    ) -> requests.Response:
        """
        Send a request once; called inside of an awaited call.

        :param request: the request
        :param stream: leave the body of a successful response to the caller
        :param timeout: seconds for the connection and for each read
        :param verify: how to check certificates
        :param proxies: the proxies by scheme
        :param allow_redirects: False; redirects are the transport's
        :raises requests.RequestException: if there is no complete response
        """
        if any(request.hooks.values()):
            options = {"stream": stream, "timeout": timeout, "verify": verify, "proxies": proxies}
            response = _WithoutHooks(self).send(request, **options)
            call_hooks: t.Callable[..., requests.Response] = dispatch_hook
            return call_hooks("response", request.hooks, response, **options)
        proxy = select_proxy(request.url or "", proxies) if proxies else None
        sent = to_send(request)
        if sent is None or (proxy and proxy.lower().startswith("socks")):
            return self._in_thread(request, stream, timeout, verify, proxies)
        limits = current_limits.get()
        sending = self._send(request, sent, limits, timeout, verify, proxy)
        answer, body = _awaited(sending, request, timeout)
        response = received(request, answer)
        if body is not None:
            vars(response).update(_content=body, _content_consumed=True)
            return response
        response.raw = raw_response(answer, limits, response.headers, request.method)
        read_within_limits(response)
        return response

    async def _send(
        self,
        request: requests.PreparedRequest,
        headers: dict[str, str],
        limits: AttemptLimits | None,
        timeout: Timeout,
        verify: bool | str,
        proxy: str | None,
    ) -> tuple[aiohttp.ClientResponse, bytes | None]:
        """Send it, and read the body at once if that is plain and not too large."""
        url = request.url or ""
        session = self._opened() or await self._open()
        upload: Upload | None = None
        data: t.Any = request.body
        if isinstance(data, StreamedBody) and limits is not None:
            upload = Upload(data, limits)
            limits.slow_to_send = True
            data = upload.pieces()
        elif isinstance(data, bytes) and len(data) > _PIECE:
            data = io.BytesIO(data)  # which is sent piece by piece
        sending = session.request(
            request.method or "",
            _address(url),
            data=data,
            headers=headers,
            skip_auto_headers=missing(request),
            allow_redirects=False,
            ssl=tls_context(verify) if url[:6].lower() == "https:" else True,
            proxy=None if proxy is None else _with_scheme(proxy),
            timeout=_timeouts(timeout),
        )
        if upload is not None:
            answer = await upload.sent(sending)
        else:
            answer = await sending
        if not _is_read_at_once(answer, limits):
            return answer, None
        body = await answer.read()
        await in_turn()  # the answers to many requests may have come together
        return answer, body

    def _in_thread(
        self,
        request: requests.PreparedRequest,
        stream: bool,
        timeout: Timeout,
        verify: bool | str,
        proxies: dict[str, str],
    ) -> requests.Response:
        def send() -> requests.Response:
            return self._by_requests().send(
                request,
                stream=stream,
                timeout=timeout,
                verify=verify,
                proxies=proxies,
                allow_redirects=False,
            )

        return waiting.blocking(send)

    def _opened(self) -> aiohttp.ClientSession | None:
        """The session of the running loop, if there is one."""
        known = self._sessions.get(asyncio.get_running_loop())
        return None if known is None or known.closed else known

    async def _open(self) -> aiohttp.ClientSession:
        """A session for the running loop."""
        loop = asyncio.get_running_loop()
        for other in [other for other in self._sessions if other.is_closed()]:
            del self._sessions[other]
        end = loop_end()
        await end.begin()
        session = self._sessions[loop] = aiohttp.ClientSession(
            connector=connector(_KEPT_SECONDS),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
        )
        session._retry_connection = False  # whether to send again is the transport's decision
        end.keep_open(session)
        return session

    def close(self) -> None:
        """
        Close all connections: those of the running loop now if that can be awaited, others soon.
        """
        loop = asyncio._get_running_loop()
        if loop in self._sessions and _can_wait_for_renewals():
            wait_for(loop_end().close_now(self._sessions.pop(loop)))
        self.close_soon()

    def close_soon(self) -> None:
        """
        Have each loop that is running close its connections; callable from any thread.
        """
        while self._sessions:
            loop, session = self._sessions.popitem()
            with contextlib.suppress(RuntimeError):  # it has ended, and closed them
                loop.call_soon_threadsafe(_close_soon, session)

    def drop(self) -> None:
        """Leave the connections to the parent process, of which this is a copy."""
        _inherited.extend(self._sessions.values())
        self._sessions = {}


class _WithoutHooks:
    """
    What requests calls the connection of a response: its hooks send again by it, as those for
    digest authentication do.
    """

    def __init__(self, transport: AioTransport) -> None:
        self._transport = transport

    def send(self, request: requests.PreparedRequest, **options: t.Any) -> requests.Response:
        """Send a request once, and call no hook."""
        plain = request.copy()
        plain.hooks = {}
        response: t.Any = self._transport.send(plain, allow_redirects=False, **options)
        response.request, response.connection = request, self
        return response  # type: ignore[no-any-return]


_inherited: list[aiohttp.ClientSession] = []


def _close_soon(session: aiohttp.ClientSession) -> None:
    loop_end().close_soon(session)


def _address(url: str) -> URL:
    """The URL without a name and password, which would become a header."""
    address = URL(url, encoded=True)
    return address if address.raw_user is None else address.with_user(None)


def _with_scheme(proxy: str) -> str:
    return proxy if "://" in proxy else f"http://{proxy}"


@functools.lru_cache(maxsize=64)
def _timeouts(timeout: Timeout) -> aiohttp.ClientTimeout:
    """Those that aiohttp has; connections keep to the limits by themselves."""
    connect, read = timeout if isinstance(timeout, tuple) else (timeout, timeout)
    return aiohttp.ClientTimeout(sock_connect=connect, sock_read=read)


def _is_read_at_once(answer: aiohttp.ClientResponse, limits: AttemptLimits | None) -> bool:
    """Whether a body has not to be looked at while it is read."""
    if limits is None or limits.stream or "Content-Encoding" in answer.headers:
        return False
    if limits.most_bytes is None:
        return True
    length = answer.content_length
    return length is not None and length <= limits.most_bytes


def _awaited(sending: t.Awaitable[R], request: requests.PreparedRequest, timeout: Timeout) -> R:
    try:
        return wait_for(sending)
    except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
        failure = as_of_requests(error, request, timeout)
    raise failure  # out here, since the context of an exception may show secrets


class _Transports:
    """The one :class:`AioTransport` of each transport."""

    def __init__(self) -> None:
        self._known: weakref.WeakKeyDictionary[RequestsTransport, AioTransport] = (
            weakref.WeakKeyDictionary()
        )

    def get(self, transport: RequestsTransport) -> AioTransport | None:
        """
        How a transport sends here and now; None leaves it to requests.

        Mocks replace functions of requests; then these are used.
        """
        if _is_mocked():
            return None
        if current_call() is None:
            check_may_block()
            return None
        known = self._known.get(transport)
        if known is None:
            owner = weakref.ref(transport)

            def by_requests() -> requests.Session:
                alive = owner()
                assert alive is not None  # it is sending
                return alive.session

            known = self._known[transport] = AioTransport(by_requests)
            weakref.finalize(transport, known.close_soon).atexit = False
        return known

    def close(self, transport: RequestsTransport) -> None:
        if _can_wait_for_renewals():
            wait_for(loop_end().finish_tasks())  # they may send, or be about to
        known = self._known.get(transport)
        if known is not None:
            known.close()

    def after_fork_in_child(self) -> None:
        for known in list(self._known.values()):
            known.drop()


def _can_wait_for_renewals() -> bool:
    """Whether this is an awaited call, and not in a renewal, for which others may wait."""
    call = current_call()
    return call is not None and not call.shielded


def _is_mocked() -> bool:
    """Whether a library for tests answers in place of the network."""
    send, get_adapter = HTTPAdapter.send, requests.Session.get_adapter
    return (
        getattr(send, "__module__", "") != HTTPAdapter.__module__
        or getattr(get_adapter, "__module__", "") != requests.Session.__module__
    )


_transports = _Transports()


def install() -> None:
    """
    Send through aiohttp from now on, inside of awaited calls; done once in a process.
    """
    other_sessions.use(_transports)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_transports.after_fork_in_child)

__all__ = ("AioTransport", "install")
