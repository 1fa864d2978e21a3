"""The answers that all operations share: results, lists and refusals."""

from __future__ import annotations

import typing as t
import uuid

from flask import request

from globus_core.testing.sandbox import ApiError

#: the codes of Transfer for the codes with which the sandbox itself refuses requests
CODES = {
    "UNAUTHORIZED": "AuthenticationFailed",
    "FORBIDDEN": "PermissionDenied",
    "BAD_REQUEST": "BadRequest",
    "INVALID_PARAMETERS": "BadRequest",
    "NOT_FOUND": "ClientError.NotFound",
    "NOT_IMPLEMENTED": "NotImplemented",
}


def resource() -> str:
    """
    The path of the current request, without the prefix of the service and of the API's version.
    """
    return "/" + request.path.partition("/v0.10/")[2]


def error_document(error: ApiError) -> dict[str, t.Any]:
    """
    The body of an error.

    :param error: the error
    """
    return {
        "code": CODES.get(error.code, error.code),
        "message": error.detail,
        "request_id": request_id(),
        "resource": resource(),
        **error.extra,
    }


def result(code: str, message: str, **members: t.Any) -> dict[str, t.Any]:
    """
    The body that says what was done.

    :param code: the code of the result
    :param message: the same in words
    :param members: further members
    """
    return {
        "DATA_TYPE": "result",
        "code": code,
        "message": message,
        "request_id": request_id(),
        "resource": resource(),
        **members,
    }


def request_id() -> str:
    """
    A fresh request id, in the form of Transfer's.
    """
    return uuid.uuid4().hex[:9]


def bad(detail: str) -> ApiError:
    """
    The refusal of a wrong request.

    :param detail: what is wrong
    """
    return ApiError(400, detail, code="BadRequest")


def denied(detail: str) -> ApiError:
    """
    The refusal of what the caller may not do.

    :param detail: what is not allowed
    """
    return ApiError(403, detail, code="PermissionDenied")


def missing(detail: str) -> ApiError:
    """
    The refusal if something does not exist.

    :param detail: what does not exist
    """
    return ApiError(404, detail, code="ClientError.NotFound")


def body(data_type: str | None = None) -> dict[str, t.Any]:
    """
    The JSON object in the current request.

    :param data_type: the value that ``DATA_TYPE`` must have, or None
    :raises ApiError: 400 if there is none
    """
    document = request.get_json(silent=True)
    if not isinstance(document, dict):
        raise bad("the body must be a JSON object")
    if data_type is not None and document.get("DATA_TYPE", data_type) != data_type:
        raise bad(f"DATA_TYPE must be {data_type!r}")
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
        raise bad(f"{name} must be a text that is not empty")
    return value


def number(name: str, default: int, most: int) -> int:
    """
    A number in the query of the current request.

    :param name: the name of the parameter
    :param default: the number if it is not given
    :param most: the largest number
    :raises ApiError: 400 for anything else
    """
    value = request.args.get(name)
    if value is None:
        return default
    if not value.isascii() or not value.isdigit() or int(value) > most:
        raise bad(f"{name} must be a number from 0 to {most}")
    return int(value)


def flag(name: str, default: bool) -> bool:
    """
    A flag in the query of the current request.

    :param name: the name of the parameter
    :param default: the value if it is not given
    :raises ApiError: 400 for anything other than a flag
    """
    value = request.args.get(name, str(int(default))).lower()
    if value not in {"0", "1", "true", "false"}:
        raise bad(f"{name} must be 0 or 1")
    return value in {"1", "true"}
