"""
Protecting an ASGI application: FastAPI, Starlette, Quart, Django.
"""

from __future__ import annotations

import typing as t

from globus_core.arguments import check_functions, check_has

from .event_loops import LoopChecks
from .refusals import RefusedError

if t.TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    from .checker import TokenChecker

    Message = MutableMapping[str, t.Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    ASGIApplication = Callable[[Message, Receive, Send], Awaitable[None]]

#: where the caller is in the scope of a request
CALLER_KEY = "globus.caller"
#: a policy of the server was violated (RFC 6455 section 7.4.1)
POLICY_VIOLATION = 1008
#: the longest reason for closing a websocket, in bytes (RFC 6455 section 5.5)
_LONGEST_REASON = 123


class ASGIProtection:
    """
    An ASGI application that only calls another one for callers who may.

    The caller is in the scope under ``globus.caller``. Known callers are let in without a thread;
    others are checked in one of asyncio's, so the event loop never waits. A :class:`RefusedError`
    that the other application raises before it has begun a response, such as one of a stricter
    checker, is answered as well. A refused websocket is closed before it is accepted.

    :param app: the application to protect
    :param checker: checks the tokens
    :raises GlobusSDKUsageError: if an argument cannot be used
    """

    def __init__(self, app: ASGIApplication, checker: TokenChecker) -> None:
        check_functions(app=app)
        check_has(checker, "checker", ("check", "remembered"), "a TokenChecker")
        self._app = app
        self._checks = LoopChecks(checker)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):  # such as the start of the server
            await self._app(scope, receive, send)
            return
        has_begun = False

        async def noting_send(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            caller = await self._checks.caller(authorization_in(scope))
            await self._app({**scope, CALLER_KEY: caller}, receive, noting_send)
        except RefusedError as error:
            if has_begun:
                raise
            await _refuse(scope, send, error)


def authorization_in(scope: Message) -> str | None:
    """
    The header of a request; two of them are no token, as with WSGI, where the server joins them.

    :param scope: the scope of the request
    """
    found = [value for name, value in scope["headers"] if name.lower() == b"authorization"]
    return b", ".join(found).decode("latin-1") if found else None


def reason_to_close(error: RefusedError) -> str:
    """
    Why a websocket is closed, as long as that may be.

    :param error: the refusal
    """
    return str(error).encode()[:_LONGEST_REASON].decode(errors="ignore")


async def _refuse(scope: Message, send: Send, error: RefusedError) -> None:
    if scope["type"] == "websocket":
        reason = reason_to_close(error)
        await send({"type": "websocket.close", "code": POLICY_VIOLATION, "reason": reason})
        return
    headers = {**error.headers, "Content-Length": str(len(error.body))}
    encoded = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": error.status, "headers": encoded})
    await send({"type": "http.response.body", "body": error.body})
