"""What requests hold: documents and their fields, each checked when it is read."""

from __future__ import annotations

import typing as t

from flask import request

from globus_core.testing.sandbox import fields


def document() -> dict[str, t.Any]:
    """
    The JSON object in the current request.

    :raises ApiError: 400 if there is none
    """
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise fields.bad("the body must be a JSON object")
    return body


def text(body: t.Mapping[str, t.Any], name: str) -> str:
    """
    A field that must be there, and text.

    :param body: the document
    :param name: the field's name
    :raises ApiError: 400 for anything else
    """
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise fields.bad(f"{name} must be a text that is not empty")
    return value


def identifier(body: t.Mapping[str, t.Any], name: str) -> str | None:
    """
    A field that is a UUID; None if it is not there.

    :param body: the document
    :param name: the field's name
    :raises ApiError: 400 for anything else
    """
    value = body.get(name)
    if value is None:
        return None
    try:
        return str(fields.identifier(value))
    except fields.FieldError as error:
        raise fields.bad(f"{name} must be {error}") from error


def choice(name: str, known: tuple[str, ...]) -> str:
    """
    A word in the query of the current request; the first one if it is not there.

    :param name: the name of the parameter
    :param known: the words
    :raises ApiError: 400 for anything else
    """
    value = request.args.get(name, known[0])
    if value not in known:
        raise fields.bad(f"{name} must be one of {', '.join(known)}")
    return value
