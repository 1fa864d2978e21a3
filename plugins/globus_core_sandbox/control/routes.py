"""The control API, by which tests and developers control a running sandbox over HTTP."""

from __future__ import annotations

import typing as t

import attrs
from flask import Blueprint, Response, jsonify, request

from globus_core.testing.sandbox import ApiError, fields, routes

from ..faults.checks import FaultError
from ..faults.queue import describe_kinds

if t.TYPE_CHECKING:
    from ..host import Host
    from ..services import Service

PREFIX = "/_sandbox"


class _Control:
    def __init__(self, host: Host) -> None:
        self._host = host
        self._world = host.world

    def show(self) -> Response:
        return jsonify(self._host.describe())

    def clock(self) -> Response:
        body = _body()
        if "set" in body:
            self._world.clock.set(_number(body, "set"))
        self._world.clock.advance(_number(body, "advance", 0.0))
        return jsonify({"now": self._world.clock.now()})

    def show_faults(self) -> Response:
        return jsonify({"waiting": len(self._world.faults), "kinds": describe_kinds()})

    def add_fault(self) -> Response:
        try:
            self._world.faults.order(_body())
        except FaultError as error:
            raise fields.bad(str(error)) from error
        return jsonify({"waiting": len(self._world.faults)})

    def clear_faults(self) -> Response:
        self._world.faults.clear()
        return jsonify({"waiting": 0})

    def journal(self) -> Response:
        return jsonify({"records": [attrs.asdict(r) for r in self._world.journal.records()]})

    def count(self) -> Response:
        given = request.args
        number = self._world.journal.count(
            path=given.get("path"),
            method=given.get("method"),
            grant_type=given.get("grant_type"),
            status=given.get("status", type=int),
        )
        return jsonify({"count": number})

    def reset(self) -> Response:
        _body()
        self._host.reset()
        return jsonify(self._host.describe())

    def verb(self, service: str, verb: str) -> Response:
        return jsonify(self._host.control(service, verb, _body()))


def control_blueprint(host: Host) -> Blueprint:
    """
    The routes of the control API.

    :param host: the sandbox's services and the data they share
    """
    control = _Control(host)
    table = routes(
        ("GET", "/state", control.show),
        ("POST", "/clock", control.clock),
        ("GET", "/faults", control.show_faults),
        ("POST", "/faults", control.add_fault),
        ("DELETE", "/faults", control.clear_faults),
        ("GET", "/journal", control.journal),
        ("GET", "/journal/count", control.count),
        ("POST", "/reset", control.reset),
        ("POST", "/<service>/<path:verb>", control.verb),
    )
    blueprint = Blueprint("control", __name__, url_prefix=PREFIX)
    for route in table:
        blueprint.add_url_rule(route.path, route.view.__name__, route.view, methods=[route.method])
    for service in host.services.values():
        if not service.prefix:
            _add_short_paths(blueprint, control, service)
    return blueprint


def _add_short_paths(blueprint: Blueprint, control: _Control, service: Service) -> None:
    """
    The verbs of the service at the root are also at the root of the control API.
    """
    for number, verb in enumerate(service.sandbox.verbs()):
        blueprint.add_url_rule(
            f"/{verb}",
            f"short{number}",
            control.verb,
            methods=["POST"],
            defaults={"service": service.name, "verb": verb},
        )


def _body() -> dict[str, t.Any]:
    # Requiring JSON excludes forms on foreign web pages.
    body = request.get_json()
    if not isinstance(body, dict):
        raise ApiError(400, "the body must be a JSON object")
    return body


def _number(body: dict[str, t.Any], name: str, default: float | None = None) -> float:
    value = body.get(name, default)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ApiError(400, f"{name!r} must be a number")
    return value
