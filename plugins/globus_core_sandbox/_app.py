"""The web application: routes, error documents, and the layer of faults and journal around them."""

from __future__ import annotations

import json
import logging
import typing as t

from flask import Flask, Response
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request
from werkzeug.wrappers import Response as PlainResponse

from ._api import Api
from ._clients_api import ClientsApi
from ._control_routes import PREFIX, control_blueprint
from ._delivery import WIRE
from ._errors import ApiError, error_document
from ._fault_answers import faulty_answer, faulty_headers
from ._faults import Fault
from ._journal import JournalRecord
from ._oauth import Server
from ._pages import Pages
from ._projects_api import ProjectsApi
from ._records import is_loopback
from ._scopes_api import ScopesApi
from ._state import State

if t.TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_LARGEST_BODY = 1_000_000


def make_app(state: State) -> Flask:
    """
    Build the web application, without the faults around it.

    :param state: the sandbox's memory
    """
    _silence_secrets()
    app = Flask("globus_core_sandbox")
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST_BODY
    app.url_map.strict_slashes = False
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    server = Server(app, state)
    app.register_blueprint(Api(server).blueprint())
    for part in (ProjectsApi(state), ClientsApi(state), ScopesApi(state)):
        app.register_blueprint(part.blueprint())
    app.register_blueprint(Pages(server).blueprint())
    app.register_blueprint(control_blueprint(state))
    app.register_error_handler(ApiError, _api_error)
    app.register_error_handler(HTTPException, _http_error)
    return app


def _silence_secrets() -> None:
    # Authlib writes the tokens it issues to its debug log.
    logger = logging.getLogger("authlib")
    if logger.level == logging.NOTSET:
        logger.setLevel(logging.INFO)


def _api_error(error: ApiError) -> Response:
    body = json.dumps(error_document(error.status, error.detail, code=error.code))
    response = Response(body, error.status, mimetype="application/json")
    if error.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="globus-core sandbox"'
    return response


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    body = json.dumps(error_document(status, error.description or error.name))
    return Response(body, status, mimetype="application/json")


class Gate:
    """
    What every request passes first: the host check, faults on order, and the journal.

    :param app: the application behind it
    :param state: the sandbox's memory
    :param any_host: accept every ``Host`` header
    """

    def __init__(self, app: WSGIApplication, state: State, *, any_host: bool = False) -> None:
        self._app = app
        self._state = state
        self._any_host = any_host

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> t.Iterable[bytes]:
        request = Request(environ, populate_request=False)
        if not self._any_host and not is_loopback(_host_name(request)):
            # A page of the open web must not reach the sandbox through a name of its own.
            return PlainResponse("unknown host", 421)(environ, start_response)
        if request.path.startswith(PREFIX):
            return self._app(environ, start_response)
        return self._answer(request, environ, start_response)

    def _answer(
        self, request: Request, environ: WSGIEnvironment, start_response: StartResponse
    ) -> t.Iterable[bytes]:
        grant_type, client_id = _who(request)
        statuses = [0]
        fault = self._state.faults.take(request.method, request.path)

        def note_status(status: str, headers: t.Any, *rest: t.Any) -> t.Callable[[bytes], object]:
            statuses.append(0 if fault and fault.silent else int(status.split()[0]))
            if fault:
                headers = faulty_headers(headers, fault, request, self._state.clock.now())
            return start_response(status, headers, *rest)

        try:
            application = self._behaviour(fault, request) if fault else self._app
            return application(environ, t.cast("StartResponse", note_status))
        finally:
            self._state.journal.add(
                JournalRecord(
                    time=self._state.clock.now(),
                    method=request.method,
                    path=request.path,
                    status=statuses[-1],
                    grant_type=grant_type,
                    client_id=client_id,
                )
            )

    def _behaviour(self, fault: Fault, request: Request) -> WSGIApplication:
        """
        The application that stands in for the real one, after the fault's latency.
        """
        wire = request.environ[WIRE]
        wire.wait(fault.latency)
        wire.delivery = fault.delivery
        return self._app if fault.status is None else faulty_answer(fault)


def _host_name(request: Request) -> str:
    host = request.environ.get("HTTP_HOST", "localhost")
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    return str(name).strip("[]")


def _who(request: Request) -> tuple[str | None, str | None]:
    """
    The grant type and the client of a request.
    """
    try:
        form = request.form
    except HTTPException:
        return None, None
    request.environ["wsgi.input"].seek(0)
    basic = request.authorization
    name = basic.username if basic is not None and basic.type == "basic" else None
    client = name or form.get("client_id") or request.args.get("client_id")
    return form.get("grant_type"), client
