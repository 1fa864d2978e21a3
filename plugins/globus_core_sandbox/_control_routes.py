"""The control API: what tests and developers do to a running sandbox over HTTP."""

from __future__ import annotations

import typing as t

import attrs
from flask import Blueprint, Response, jsonify, request

from ._errors import ApiError
from ._fault_checks import FaultError
from ._faults import describe_kinds
from ._state import State

PREFIX = "/_sandbox"


class _Control:
    def __init__(self, state: State) -> None:
        self._state = state

    def show(self) -> Response:
        return jsonify(describe(self._state))

    def clock(self) -> Response:
        body = _body()
        if "set" in body:
            self._state.clock.set(_number(body, "set"))
        self._state.clock.advance(_number(body, "advance", 0.0))
        return jsonify({"now": self._state.clock.now()})

    def rotate_keys(self) -> Response:
        _body()
        self._state.keys.rotate()
        return jsonify({"kid": self._state.keys.current.kid})

    def show_faults(self) -> Response:
        return jsonify({"waiting": len(self._state.faults), "kinds": describe_kinds()})

    def add_fault(self) -> Response:
        try:
            self._state.faults.order(_body())
        except FaultError as error:
            raise ApiError(400, str(error)) from error
        return jsonify({"waiting": len(self._state.faults)})

    def clear_faults(self) -> Response:
        self._state.faults.clear()
        return jsonify({"waiting": 0})

    def deny(self) -> Response:
        self._state.settings.denials = int(_number(_body(), "times", 1))
        return jsonify({"denials": self._state.settings.denials})

    def configure(self) -> Response:
        change_settings(self._state, _body())
        return jsonify(attrs.asdict(self._state.settings))

    def journal(self) -> Response:
        return jsonify({"records": [attrs.asdict(r) for r in self._state.journal.records()]})

    def count(self) -> Response:
        given = request.args
        number = self._state.journal.count(
            path=given.get("path"),
            method=given.get("method"),
            grant_type=given.get("grant_type"),
            status=given.get("status", type=int),
        )
        return jsonify({"count": number})

    def reset(self) -> Response:
        _body()
        self._state.reset()
        return jsonify(describe(self._state))


def control_blueprint(state: State) -> Blueprint:
    """
    The routes.

    :param state: the sandbox's memory
    """
    control = _Control(state)
    routes = Blueprint("control", __name__, url_prefix=PREFIX)
    for path, view, method in (
        ("/state", control.show, "GET"),
        ("/clock", control.clock, "POST"),
        ("/keys/rotate", control.rotate_keys, "POST"),
        ("/faults", control.show_faults, "GET"),
        ("/faults", control.add_fault, "POST"),
        ("/faults", control.clear_faults, "DELETE"),
        ("/denials", control.deny, "POST"),
        ("/settings", control.configure, "POST"),
        ("/journal", control.journal, "GET"),
        ("/journal/count", control.count, "GET"),
        ("/reset", control.reset, "POST"),
    ):
        routes.add_url_rule(path, f"{view.__name__}", view, methods=[method])
    return routes


def describe(state: State) -> dict[str, t.Any]:
    """
    The sandbox as the control API shows it; its secrets are made up and meant to be read.

    :param state: the sandbox's memory
    """
    return {
        "url": state.url,
        "issuer": state.issuer,
        "now": state.clock.now(),
        "offset": state.clock.offset,
        "settings": attrs.asdict(state.settings),
        "people": [attrs.asdict(person) for person in state.seeds.people],
        "clients": [attrs.asdict(client) for client in state.seeds.clients],
        "faults": len(state.faults),
        "tokens": len(state.tokens),
        "synthetic_identities": state.people.synthetic,
    }


def change_settings(state: State, changes: t.Mapping[str, t.Any]) -> None:
    """
    Change settings while the sandbox runs.

    :param state: the sandbox's memory
    :param changes: new values by name
    :raises ApiError: if there is no such setting or the value has the wrong type
    """
    current = attrs.asdict(state.settings)
    for name, value in changes.items():
        if name not in current or type(value) is not type(current[name]):
            raise ApiError(400, f"no such setting: {name!r} = {value!r}")
    for name, value in changes.items():
        setattr(state.settings, name, value)


def _body() -> dict[str, t.Any]:
    # Insisting on JSON keeps forms of foreign web pages out.
    body = request.get_json()
    if not isinstance(body, dict):
        raise ApiError(400, "the body must be a JSON object")
    return body


def _number(body: dict[str, t.Any], name: str, default: float | None = None) -> float:
    value = body.get(name, default)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ApiError(400, f"{name!r} must be a number")
    return value
