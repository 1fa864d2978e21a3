"""The envelopes of a manager's responses, and its refusals."""

from __future__ import annotations

import typing as t

from flask import request

from globus_core.testing.sandbox import ApiError

MOST = 1000

#: the codes of managers for those with which the sandbox itself refuses requests
_CODES = {
    "UNAUTHORIZED": "not_authenticated",
    "FORBIDDEN": "permission_denied",
    "BAD_REQUEST": "bad_request",
    "NOT_FOUND": "not_found",
    "NOT_IMPLEMENTED": "not_implemented",
}


def envelope(*data: t.Mapping[str, t.Any], message: str = "", **members: t.Any) -> dict[str, t.Any]:
    """
    The body of a response.

    :param data: the documents in it
    :param message: what was done
    :param members: further members, which win
    """
    return {
        "DATA_TYPE": "result#1.0.0",
        "code": "success",
        "http_response_code": 200,
        "detail": "success",
        "message": message,
        "data": [*data],
        "has_next_page": False,
        "marker": "",
        **members,
    }


def page(documents: t.Sequence[t.Mapping[str, t.Any]]) -> dict[str, t.Any]:
    """
    A page of a list, as ``page_size`` and ``marker`` of the request ask for.

    :param documents: all documents
    :raises ApiError: 400 for a size or marker that is none
    """
    size, start = _number("page_size", 100), _number("marker", 0)
    if not 1 <= size <= MOST:
        raise bad(f"page_size must be from 1 to {MOST}")
    end = start + size
    more = end < len(documents)
    return envelope(*documents[start:end], has_next_page=more, marker=str(end) if more else "")


def error_document(error: ApiError) -> dict[str, t.Any]:
    """
    The body of an error.

    :param error: the error
    """
    return envelope(
        code=_CODES.get(error.code, error.code),
        http_response_code=error.status,
        message=error.detail,
        **{"detail": None, **error.extra},
    )


def bad(detail: str) -> ApiError:
    """
    The refusal of a wrong request.

    :param detail: what is wrong
    """
    return ApiError(400, detail, code="bad_request")


def invalid(field: str, detail: str) -> ApiError:
    """
    The refusal of a wrong document.

    :param field: the wrong field
    :param detail: what it must be
    """
    told = [{"loc": [field], "msg": detail, "type": "value_error"}]
    return ApiError(422, f"{field}: {detail}", code="unprocessable_entity", extra={"detail": told})


def denied(detail: str) -> ApiError:
    """
    The refusal of what the caller may not do.

    :param detail: what is not allowed
    """
    return ApiError(403, detail, code="permission_denied")


def missing(what: str) -> ApiError:
    """
    The refusal if something does not exist.

    :param what: what does not exist
    """
    return ApiError(404, f"there is no {what}", code="not_found")


def body(kind: str) -> dict[str, t.Any]:
    """
    The document in the current request.

    :param kind: the name in its DATA_TYPE, such as ``role``
    :raises ApiError: 400 if there is none, 422 if it is of another type
    """
    try:
        document = request.get_json(silent=True)
    except RecursionError:
        raise bad("the body is nested too deeply") from None
    if not isinstance(document, dict):
        raise bad("the body must be a JSON object")
    given = document.get("DATA_TYPE", f"{kind}#1.0.0")
    if not isinstance(given, str) or given.partition("#")[0] != kind:
        raise invalid("DATA_TYPE", f"must be {kind}#..., not {given!r}")
    return document


def text(document: t.Mapping[str, t.Any], name: str) -> str:
    """
    A member of a document that must be text.

    :param document: the document
    :param name: the name of the member
    :raises ApiError: 422 if it is missing, empty or not text
    """
    value = document.get(name)
    if not isinstance(value, str) or not value:
        raise invalid(name, "must be text that is not empty")
    return value


def _number(name: str, default: int) -> int:
    value = request.args.get(name)
    if not value:
        return default
    if not value.isascii() or not value.isdigit() or len(value) > 9:
        raise bad(f"{name} is not valid")
    return int(value)
