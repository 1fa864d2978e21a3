"""
Protecting single views of a Flask application.
"""

from __future__ import annotations

import functools
import typing as t

from globus_core.arguments import check_has

from .refusals import RefusedError

if t.TYPE_CHECKING:
    from .checker import TokenChecker

    View = t.Callable[..., t.Any]


def flask_protection(checker: TokenChecker) -> t.Callable[[View], View]:
    """
    A decorator of Flask views, which are only called for callers who may.

    The caller is ``flask.g.caller``. A :class:`RefusedError` that the view raises is answered as
    well.

    :param checker: checks the tokens
    :raises GlobusSDKUsageError: if it is no checker
    """
    from flask import Response, current_app, g, request

    check_has(checker, "checker", ("check",), "a TokenChecker")

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def checked(*args: t.Any, **kwargs: t.Any) -> t.Any:
            try:
                g.caller = checker.check(request.headers.get("Authorization"))
                return current_app.ensure_sync(view)(*args, **kwargs)
            except RefusedError as error:
                return Response(error.body, error.status, error.headers)

        return checked

    return decorate
