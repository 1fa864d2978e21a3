"""
Protecting a WSGI application (PEP 3333): Django, Bottle, Pyramid, Flask as a whole.
"""

from __future__ import annotations

import sys
import typing as t
from http import HTTPStatus

from globus_core.arguments import check_functions, check_has

from .refusals import RefusedError

if t.TYPE_CHECKING:
    from .checker import TokenChecker

    Environ: t.TypeAlias = dict[str, t.Any]
    StartResponse: t.TypeAlias = t.Callable[..., t.Any]
    WSGIApplication: t.TypeAlias = t.Callable[[Environ, StartResponse], t.Iterable[bytes]]

#: where the caller is in the environment of a request
CALLER_KEY = "globus.caller"


class WSGIProtection:
    """
    A WSGI application that only calls another one for callers who may.

    The caller is in the environment under ``globus.caller``. A :class:`RefusedError` that the other
    application raises when it is called, such as one of a stricter checker, is
    answered as well.

    :param app: the application to protect
    :param checker: checks the tokens
    :raises GlobusSDKUsageError: if an argument cannot be used
    """

    def __init__(self, app: WSGIApplication, checker: TokenChecker) -> None:
        check_functions(app=app)
        check_has(checker, "checker", ("check",), "a TokenChecker")
        self._app = app
        self._checker = checker

    def __call__(self, environ: Environ, start_response: StartResponse) -> t.Iterable[bytes]:
        try:
            environ[CALLER_KEY] = self._checker.check(environ.get("HTTP_AUTHORIZATION"))
            return self._app(environ, start_response)
        except RefusedError as error:
            status = HTTPStatus(error.status)
            headers = {**error.headers, "Content-Length": str(len(error.body))}
            start_response(f"{status.value} {status.phrase}", list(headers.items()), sys.exc_info())
            return [error.body]
