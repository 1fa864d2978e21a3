"""Error documents in the shape of Globus Auth."""

from __future__ import annotations

import typing as t
import uuid
from http import HTTPStatus


class ApiError(Exception):
    """
    A refusal by the API.

    :param status: HTTP status
    :param code: error code; None derives it from the status
    :param detail: what is wrong, one sentence
    """

    def __init__(self, status: int, detail: str, *, code: str | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.code = code or HTTPStatus(status).name


def error_document(status: int, detail: str, *, code: str | None = None) -> dict[str, t.Any]:
    """
    An error body, with a fresh request id.

    :param status: HTTP status
    :param detail: what is wrong
    :param code: error code; None derives it from the status
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
    }
    return {"errors": [item], "error": code.lower(), "error_description": title}
