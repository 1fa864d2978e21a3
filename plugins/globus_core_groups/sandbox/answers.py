"""Bodies of requests, and refusals in the shape of Globus Groups."""

from __future__ import annotations

import typing as t

from flask import request

from globus_core.testing.sandbox import ApiError, fields

Document = dict[str, t.Any]

_INVALID = "VALIDATION_ERROR"


def error_document(error: ApiError) -> Document:
    """
    The body of an error.

    :param error: the error
    """
    if error.code == _INVALID:
        return {"detail": [{"loc": ["body"], "msg": error.detail, "type": "value_error"}]}
    return {"code": error.code, "detail": error.detail, **error.extra}


def invalid(detail: str) -> ApiError:
    """
    The refusal of a request that is not as it must be.

    :param detail: what is wrong
    """
    return ApiError(422, detail, code=_INVALID)


def forbidden(detail: str) -> ApiError:
    """
    The refusal of what the caller may not do.

    :param detail: what is not allowed
    """
    return ApiError(403, detail, code="FORBIDDEN")


def missing(detail: str) -> ApiError:
    """
    The refusal if something does not exist.

    :param detail: what does not exist
    """
    return ApiError(404, detail, code="NOT_FOUND")


def identifier(value: str) -> str:
    """
    An id in the path of a request.

    :param value: the id
    :raises ApiError: 422 if it is no UUID
    """
    try:
        return fields.identifier(value)
    except fields.FieldError:
        raise invalid(f"{value!r} is no UUID") from None


def body() -> Document:
    """
    The JSON object in the current request.

    :raises ApiError: 422 if there is none
    """
    document = request.get_json(silent=True)
    if not isinstance(document, dict):
        raise invalid("the body must be a JSON object")
    return document


def checked(
    document: t.Any, checks: t.Mapping[str, fields.Check], required: t.Iterable[str] = ()
) -> Document:
    """
    The checked fields of an object; others are ignored.

    :param document: the object
    :param checks: the check of each field
    :param required: the fields that it must have
    :raises ApiError: 422 if it is no object, lacks a field, or has a wrong one
    """
    if isinstance(document, dict):
        document = {name: value for name, value in document.items() if name in checks}
    try:
        return fields.read(document, checks, required)
    except ApiError as error:
        raise invalid(error.detail) from None


def by_identity(
    document: Document, checks: t.Mapping[str, fields.Check], own: t.Container[str]
) -> dict[str, Document]:
    """
    The checked fields of each of the caller's identities.

    :param document: objects by identity id
    :param checks: the check of each field
    :param own: the caller's identities
    :raises ApiError: 422 if one is wrong, 403 for the identity of somebody else
    """
    found = {identifier(key): checked(value, checks) for key, value in document.items()}
    for identity in found:
        if identity not in own:
            raise forbidden(f"{identity} is no identity of yours")
    return found


def words(name: str, known: t.Collection[str]) -> list[str]:
    """
    Words in the query of the current request, repeated or joined by commas.

    :param name: the name of the parameter
    :param known: the words that it may have
    :raises ApiError: 422 for another one
    """
    found = [word for value in request.args.getlist(name) for word in value.split(",") if word]
    for word in found:
        if word not in known:
            raise invalid(f"{name} may have {', '.join(known)}, not {word!r}")
    return found
