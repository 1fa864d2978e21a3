"""
Protecting single path operations of a FastAPI application.
"""

# pyright: reportMissingImports=false
from __future__ import annotations

import inspect
import typing as t

from globus_core.arguments import check_has

from .asgi import CALLER_KEY, POLICY_VIOLATION, authorization_in, reason_to_close
from .event_loops import LoopChecks
from .refusals import RefusedError

if t.TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import HTTPConnection, Request
    from starlette.responses import Response
    from starlette.websockets import WebSocket

    from .caller import Caller
    from .checker import TokenChecker


class FastAPIProtection:
    """
    A dependency of FastAPI, whose value is the caller (extra ``fastapi``).

    ``Depends(protection)`` is for path operations, routers and websockets. The caller is in the
    scope of the request under ``globus.caller`` as well. The application answers every
    :class:`RefusedError` from then on, such as one that a path operation raises. Known callers are
    let in without a thread; others are checked in one of asyncio's.

    :param app: the application
    :param checker: checks the tokens; for stricter path operations, make another dependency with
        ``checker.requiring(...)``
    :raises GlobusSDKUsageError: if an argument cannot be used
    :raises ImportError: if the extra ``fastapi`` is not installed
    """

    def __init__(self, app: FastAPI, checker: TokenChecker) -> None:
        check_has(app, "app", ("add_exception_handler",), "a FastAPI application")
        check_has(checker, "checker", ("check", "remembered"), "a TokenChecker")
        self._checks = LoopChecks(checker)
        self.__signature__ = _signature()
        answer: t.Any = _answer
        app.add_exception_handler(RefusedError, answer)

    async def __call__(self, connection: HTTPConnection, bearer: object = None) -> Caller:
        caller = await self._checks.caller(authorization_in(connection.scope))
        connection.scope[CALLER_KEY] = caller
        return caller


def _signature() -> inspect.Signature:
    """What FastAPI reads, with the scheme that its documentation pages offer to log in with."""
    from fastapi import Depends
    from fastapi.security import HTTPBearer
    from starlette.requests import HTTPConnection

    parameter, kind = inspect.Parameter, inspect.Parameter.POSITIONAL_OR_KEYWORD
    scheme = HTTPBearer(scheme_name="Globus Auth", auto_error=False)
    return inspect.Signature(
        [
            parameter("connection", kind, annotation=HTTPConnection),
            parameter("bearer", kind, default=Depends(scheme)),
        ]
    )


async def _answer(connection: Request | WebSocket, error: RefusedError) -> Response | None:
    from starlette.responses import Response
    from starlette.websockets import WebSocket

    if isinstance(connection, WebSocket):
        await connection.close(POLICY_VIOLATION, reason_to_close(error))
        return None
    return Response(error.body, error.status, error.headers)
