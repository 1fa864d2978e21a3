"""WSGI middleware in front of the web application: host check, faults and journal."""

from __future__ import annotations

import typing as t

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request
from werkzeug.wrappers import Response as PlainResponse

from globus_core.testing.sandbox import is_loopback

from ..control.routes import PREFIX
from ..faults.answers import faulty_answer, faulty_headers
from ..faults.queue import Fault
from .delivery import WIRE
from .journal import JournalRecord

if t.TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from ..world import World


class Middleware:
    """
    Handles every request first: checks the host, applies ordered faults, writes the journal.

    :param app: the wrapped application
    :param world: the data that the services share
    :param any_host: accept every ``Host`` header
    """

    def __init__(self, app: WSGIApplication, world: World, *, any_host: bool = False) -> None:
        self._app = app
        self._world = world
        self._any_host = any_host

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> t.Iterable[bytes]:
        request = Request(environ, populate_request=False)
        if not self._any_host and not is_loopback(_host_name(request)):
            # A public web page must not reach the sandbox through its own host name (DNS
            # rebinding).
            return PlainResponse("unknown host", 421)(environ, start_response)
        if request.path.startswith(PREFIX):
            return self._app(environ, start_response)
        return self._answer(request, environ, start_response)

    def _answer(
        self, request: Request, environ: WSGIEnvironment, start_response: StartResponse
    ) -> t.Iterable[bytes]:
        grant_type, client_id = _who(request)
        statuses = [0]
        fault = self._world.faults.take(request.method, request.path)

        def note_status(status: str, headers: t.Any, *rest: t.Any) -> t.Callable[[bytes], object]:
            statuses.append(0 if fault and fault.silent else int(status.split()[0]))
            if fault:
                headers = faulty_headers(headers, fault, request, self._world.clock.now())
            return start_response(status, headers, *rest)

        try:
            application = self._behaviour(fault, request) if fault else self._app
            return application(environ, t.cast("StartResponse", note_status))
        finally:
            self._world.journal.add(
                JournalRecord(
                    time=self._world.clock.now(),
                    method=request.method,
                    path=request.path,
                    status=statuses[-1],
                    grant_type=grant_type,
                    client_id=client_id,
                )
            )

    def _behaviour(self, fault: Fault, request: Request) -> WSGIApplication:
        """
        The application that replaces the real one, after the fault's latency.
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
    if not request.environ["wsgi.input"].seekable():  # streamed, for the application alone
        return None, None
    try:
        form = request.form
    except HTTPException:
        return None, None
    finally:
        request.environ["wsgi.input"].seek(0)
    basic = request.authorization
    name = basic.username if basic is not None and basic.type == "basic" else None
    client = name or form.get("client_id") or request.args.get("client_id")
    return form.get("grant_type"), client
