"""What all operations share: refusals, and the checked parts of requests."""

from __future__ import annotations

import datetime
import typing as t
import uuid

from flask import request

from globus_core.testing.sandbox import ApiError

#: the largest body of a request, and the largest entry, in bytes
LARGEST = 10_000_000

#: the codes of Search for the codes with which the sandbox itself refuses requests
_CODES = {
    "UNAUTHORIZED": "Unauthorized.Generic",
    "FORBIDDEN": "Forbidden.Generic",
    "BAD_REQUEST": "BadRequest.Generic",
    "INVALID_PARAMETERS": "BadRequest.ValidationError",
    "NOT_FOUND": "NotFound.Generic",
    "NOT_IMPLEMENTED": "NotImplemented.Generic",
}


def error_document(error: ApiError) -> dict[str, t.Any]:
    """
    The body of an error.

    :param error: the error
    """
    return {
        "@datatype": "GError",
        "@version": "2017-09-01",
        "status": error.status,
        "code": _CODES.get(error.code, error.code),
        "message": error.detail,
        "request_id": uuid.uuid4().hex,
        **error.extra,
    }


def invalid(detail: str, where: str | None = None) -> ApiError:
    """
    The refusal of a document or a query that is wrong.

    :param detail: what is wrong
    :param where: the part of the document; None for all of it
    """
    extra = {} if where is None else {"error_data": {where: [detail]}}
    return ApiError(400, detail, code="BadRequest.ValidationError", extra=extra)


def lacking(what: str) -> ApiError:
    """
    The answer to what the service has and the sandbox has not.

    :param what: what that is
    """
    return ApiError(501, f"the sandbox of search does not have {what}")


def missing(detail: str, code: str = "NotFound.Generic") -> ApiError:
    """
    The refusal if something does not exist.

    :param detail: what does not exist
    :param code: the error code
    """
    return ApiError(404, detail, code=code)


def body() -> dict[str, t.Any]:
    """
    The JSON object in the current request.

    :raises ApiError: 413 if it is too large, 400 if there is none
    """
    if (request.content_length or 0) > LARGEST:
        detail = "a request must not be larger than 10 MB"
        raise ApiError(413, detail, code="RequestEntityTooLarge")
    document = request.get_json(silent=True)
    if not isinstance(document, dict):
        raise invalid("the body must be a JSON object")
    return document


def text(document: t.Mapping[str, t.Any], name: str) -> str:
    """
    A member of a document that must be text.

    :param document: the document
    :param name: the name of the member
    :raises ApiError: 400 if it is missing, empty or not text
    """
    value = document.get(name)
    if not isinstance(value, str) or not value:
        raise invalid(f"{name} must be a text that is not empty", name)
    return value


def iso(seconds: float, separator: str = " ") -> str:
    """
    A time as Search writes it, in UTC.

    :param seconds: UTC epoch seconds
    :param separator: what is between date and time
    """
    when = datetime.datetime.fromtimestamp(int(seconds), datetime.timezone.utc)
    return when.replace(tzinfo=None).isoformat(separator)
