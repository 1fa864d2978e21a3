"""The web application: the routes of all services, and their error documents."""

from __future__ import annotations

import json
import typing as t
from http import HTTPStatus

from flask import Blueprint, Flask, Response, request
from werkzeug.exceptions import HTTPException

from globus_core.testing.sandbox import ApiError, error_document

from ..control.routes import PREFIX, control_blueprint
from ..services import Service
from .server import LARGEST_BODY

if t.TYPE_CHECKING:
    from ..host import Host

_NO_ROUTE = (404, 405)


def make_app(host: Host) -> Flask:
    """
    Build the web application, without the middleware.

    :param host: the sandbox's services and the data they share
    """
    app = Flask("globus_core_sandbox")
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.url_map.strict_slashes = False
    for service in host.services.values():
        app.register_blueprint(_blueprint(service))
    app.register_blueprint(control_blueprint(host))
    errors = _Errors(host.services.values())
    app.register_error_handler(ApiError, errors.refuse)
    app.register_error_handler(HTTPException, errors.fail)
    return app


def _blueprint(service: Service) -> Blueprint:
    # Names of blueprints and of their views must not contain a dot.
    name = service.name.replace(".", "_")
    blueprint = Blueprint(name, __name__, url_prefix=service.prefix or None)
    for number, route in enumerate(service.sandbox.routes()):
        blueprint.add_url_rule(route.path, f"view{number}", route.view, methods=[route.method])
    return blueprint


class _Errors:
    """
    Error responses, in the form of the service that was called.

    :param services: the services
    """

    def __init__(self, services: t.Iterable[Service]) -> None:
        self._services = [*services]

    def refuse(self, error: ApiError) -> Response:
        """
        The response of a view that raised.

        :param error: the exception
        """
        service = self._service()
        if service is None:
            body = error_document(error.status, error.detail, code=error.code, extra=error.extra)
        else:
            body = service.sandbox.error_document(error)
        response = Response(json.dumps(body), error.status, mimetype="application/json")
        if error.status == 401:
            response.headers["WWW-Authenticate"] = 'Bearer realm="globus-core sandbox"'
        return response

    def fail(self, error: HTTPException) -> Response:
        """
        The response if no view was found, or the framework refuses the request.

        :param error: the exception of the framework
        """
        status = error.code or 500
        service = self._service()
        if status in _NO_ROUTE and service and service.prefix and not service.sandbox.is_complete:
            lack = f"the sandbox of {service.name} does not have {request.method} {request.path}"
            return self.refuse(ApiError(501, lack))
        return self.refuse(ApiError(status, error.description or error.name, code=_code(status)))

    def _service(self) -> Service | None:
        """
        The service that a path belongs to; None for the control API.
        """
        path = request.path + "/"
        if path.startswith(PREFIX + "/"):
            return None
        prefixed = (s for s in self._services if s.prefix and path.startswith(s.prefix + "/"))
        root = next((s for s in self._services if not s.prefix), None)
        return next(prefixed, root)


def _code(status: int) -> str:
    try:
        return HTTPStatus(status).name
    except ValueError:
        return "ERROR"
