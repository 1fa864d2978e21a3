"""
The errors of a sandboxed API, and their JSON documents.
"""

from __future__ import annotations

import typing as t
import uuid
from http import HTTPStatus


class ApiError(Exception):
    """
    A request is refused.

    :param status: the HTTP status
    :param detail: what is wrong, in one sentence
    :param code: the error code; None derives it from the status
    :param extra: further members of the error, such as the required scopes
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        code: str | None = None,
        extra: t.Mapping[str, t.Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.code = code or HTTPStatus(status).name
        self.extra = dict(extra or {})


def error_document(
    status: int,
    detail: str,
    *,
    code: str | None = None,
    extra: t.Mapping[str, t.Any] | None = None,
) -> dict[str, t.Any]:
    """
    An error body in the shape of Globus Auth, with a fresh request id.

    :param status: the HTTP status
    :param detail: what is wrong
    :param code: the error code; None derives it from the status
    :param extra: further members of the error
    """
    try:
        known = HTTPStatus(status)
        name, title = known.name, known.phrase
    except ValueError:
        name, title = "ERROR", "Error"
    code = code or name
    item = {
        "status": str(status),
        "id": str(uuid.uuid4()),
        "code": code,
        "title": title,
        "detail": detail,
        **(extra or {}),
    }
    return {"errors": [item], "error": code.lower(), "error_description": title}
