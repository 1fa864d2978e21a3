"""
Sending by something other than requests, where a plugin has a better way.

A transport prepares a request, follows redirects, keeps to its limits and tries again; the one
call that reaches the network is ``session.send``, as of ``requests.Session``. A plugin can give
the session: one for asyncio must not block the thread of the event loop.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    import requests

    from .requests_transport import RequestsTransport

    class Session(t.Protocol):
        """What a transport needs of a session."""

        def send(
            self,
            request: requests.PreparedRequest,
            *,
            stream: bool,
            timeout: t.Any,
            verify: bool | str,
            proxies: dict[str, str],
            allow_redirects: bool,
        ) -> requests.Response:
            """Send once, within ``limits.current_limits``; raises what requests would raise."""
            ...

    class Sessions(t.Protocol):
        """Gives sessions to transports."""

        def get(self, transport: RequestsTransport) -> Session | None:
            """The session for a request that is sent here and now; None leaves it to requests."""

        def close(self, transport: RequestsTransport) -> None:
            """Close what the sessions of a transport have opened."""


_sessions: Sessions | None = None


def use(sessions: Sessions | None) -> None:
    """
    Ask a plugin for sessions from now on, in all threads.

    :param sessions: gives them; None leaves all to requests
    """
    global _sessions
    _sessions = sessions


def find(transport: RequestsTransport) -> Session | None:
    """
    The session for a request that is sent here and now; None leaves it to requests.

    :param transport: the transport that sends it
    """
    return None if _sessions is None else _sessions.get(transport)


def close(transport: RequestsTransport) -> None:
    """
    Close what the sessions of a transport have opened.

    :param transport: the transport
    """
    if _sessions is not None:
        _sessions.close(transport)
