"""Timers from the documents of requests, in the new and in the old form."""

from __future__ import annotations

import re
import typing as t
import uuid

from globus_core.scopes import SpecificFlowScopes
from globus_core.testing.sandbox import ApiError, Caller, World

from .answers import Document, Place, invalid, member
from .jobs import Job
from .schedules import read_job_schedule, read_schedule

_TRANSFER_ACTION = "https://actions.automate.globus.org/transfer/transfer/run"
_FLOW_ACTION = "https://flows.automate.globus.org/flows/{}/run"
#: paths of the two actions of the old form that the sandbox has
_TRANSFER_PATH = re.compile(r"https://[^/]+(/transfer)?/transfer/run/?")
_FLOW_PATH = re.compile(r"https?://.+/flows/([0-9a-fA-F-]{36})/run/?")
#: names of a transfer in the old form, with their names in Transfer
_RENAMED: dict[str, str] = {
    "source_endpoint_id": "source_endpoint",
    "destination_endpoint_id": "destination_endpoint",
}
_TIMER: Place = ("body", "timer")


def new_timer(world: World, caller: Caller, body: Document) -> Job:
    """
    A timer in the new form.

    :param world: the data shared with the other services
    :param caller: whose it is
    :param body: the request's body
    :raises ApiError: 422 for a wrong field, 501 if the sandbox does not have the service
    """
    timer = member(body, "timer", ("body",), dict)
    kind = member(timer, "timer_type", _TIMER, str)
    if kind not in ("transfer", "flow"):
        raise invalid((*_TIMER, "timer_type"), "value must be 'transfer' or 'flow'")
    now = world.clock.now()
    schedule = member(timer, "schedule", _TIMER, dict)
    sent = member(timer, "body", _TIMER, dict)
    flow_id = None
    if kind == "flow":
        flow_id = _flow_id(member(timer, "flow_id", _TIMER, str), (*_TIMER, "flow_id"))
    else:
        _check_transfer(sent, (*_TIMER, "body"))
    world.url("transfer" if flow_id is None else "flows")
    return Job(
        id=world.new_id(),
        caller=caller,
        kind=kind,
        body=sent,
        schedule=read_schedule(schedule, (*_TIMER, "schedule"), now),
        submitted_at=now,
        callback_url=_TRANSFER_ACTION if flow_id is None else _FLOW_ACTION.format(flow_id),
        callback_body={"body": sent} if flow_id is None else sent,
        name=timer.get("name"),
        flow_id=flow_id,
        scope=None if flow_id is None else str(SpecificFlowScopes(flow_id).user),
    )


def new_job(world: World, caller: Caller, body: Document) -> Job:
    """
    A timer in the old form.

    :param world: the data shared with the other services
    :param caller: whose it is
    :param body: the request's body
    :raises ApiError: 422 for a wrong field, 501 for a URL that the sandbox cannot call
    """
    url = member(body, "callback_url", ("body",), str)
    sent = member(body, "callback_body", ("body",), dict)
    now = world.clock.now()
    schedule = read_job_schedule(body, now)
    flow = _FLOW_PATH.fullmatch(url)
    if flow is None and not _TRANSFER_PATH.fullmatch(url):
        raise ApiError(501, f"timers of the sandbox cannot call {url}, only Transfer and Flows")
    flow_id = None if flow is None else flow[1].lower()
    world.url("transfer" if flow_id is None else "flows")
    return Job(
        id=world.new_id(),
        caller=caller,
        kind="transfer" if flow_id is None else "flow",
        body=sent if flow_id is not None else _transfer(sent),
        schedule=schedule,
        submitted_at=now,
        callback_url=url,
        callback_body=sent,
        name=body.get("name"),
        flow_id=flow_id,
        scope=body.get("scope"),
    )


def _transfer(sent: Document) -> Document:
    """The document of Transfer for that of the action of the old form."""
    place = ("body", "callback_body", "body")
    body: Document = dict(member(sent, "body", place[:-1], dict))
    items = member(body, "transfer_items", place, list)
    if not all(isinstance(item, dict) for item in items):
        raise invalid((*place, "transfer_items"), "value is not a valid dict")
    del body["transfer_items"]
    document = {_RENAMED.get(name, name): value for name, value in body.items()}
    document["DATA_TYPE"] = "transfer"
    document["DATA"] = [{"DATA_TYPE": "transfer_item", **item} for item in items]
    for old, new in _RENAMED.items():
        if new not in document:
            member(body, old, place, str)
    return document


def _check_transfer(body: Document, place: Place) -> None:
    for name, kind in (("source_endpoint", str), ("destination_endpoint", str), ("DATA", list)):
        member(body, name, place, t.cast("type", kind))


def _flow_id(value: str, place: Place) -> str:
    try:
        return str(uuid.UUID(value))
    except ValueError:
        raise invalid(place, "value is not a valid uuid", "type_error.uuid") from None
