"""What requests hold, refusals in the forms of Timers, and times as text."""

from __future__ import annotations

import datetime
import typing as t

from flask import request

from globus_core.testing.sandbox import ApiError

Document = dict[str, t.Any]
Place = tuple[str, ...]


def error_document(error: ApiError) -> Document:
    """
    The body of an error: one object under ``detail`` for each wrong field, or one under ``error``.

    :param error: the error
    """
    if error.status == 422:
        return {"detail": error.extra["detail"]}
    return {"error": {"code": error.code, "detail": error.detail, "status": error.status}}


def invalid(place: Place, message: str, kind: str = "value_error") -> ApiError:
    """
    The refusal of a wrong field.

    :param place: where it is, from ``body`` on
    :param message: what is wrong
    :param kind: the kind of error
    """
    told = {"loc": [*place], "msg": message, "type": kind}
    return ApiError(422, f"{message}: {'.'.join(place)}", extra={"detail": [told]})


def missing(place: Place) -> ApiError:
    """
    The refusal if a field is not there.

    :param place: where it should be
    """
    return invalid(place, "field required", "value_error.missing")


def body() -> Document:
    """
    The JSON object in the current request; empty without a body.

    :raises ApiError: 422 for anything else
    """
    if not request.data:
        return {}
    found = request.get_json(silent=True)
    if not isinstance(found, dict):
        raise invalid(("body",), "value is not a valid dict", "type_error.dict")
    return found


def member(document: Document, name: str, place: Place, kind: type) -> t.Any:
    """
    A member that must be there.

    :param document: the object that it is in
    :param name: its name
    :param place: where the object is
    :param kind: the class that it must have
    :raises ApiError: 422 for anything else
    """
    value = document.get(name)
    if value is None:
        raise missing((*place, name))
    if not isinstance(value, kind):
        raise invalid((*place, name), f"value is not a valid {kind.__name__}")
    return value


def time_text(seconds: float | None) -> str | None:
    """
    A time as Timers writes it.

    :param seconds: the time, in UTC epoch seconds, or None
    """
    if seconds is None:
        return None
    moment = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return moment.isoformat(timespec="seconds")


def read_time(value: t.Any, place: Place) -> float:
    """
    A time in a request, in epoch seconds.

    :param value: the time
    :param place: where it is
    :raises ApiError: 422 if it is not one, has no time zone, or is in no year of UTC
    """
    text = value.strip() if isinstance(value, str) else ""
    text = f"{text[:-1]}+00:00" if text[-1:] in ("Z", "z") else text
    try:
        found = datetime.datetime.fromisoformat(text)
        if found.utcoffset() is None:
            raise invalid(place, "datetime must have a timezone")
        return found.astimezone(datetime.timezone.utc).timestamp()
    except (ValueError, OverflowError):
        raise invalid(place, "invalid datetime format") from None
