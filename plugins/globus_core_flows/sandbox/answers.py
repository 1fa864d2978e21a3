"""The answers that all operations share: refusals, bodies, pages."""

from __future__ import annotations

import base64
import binascii
import datetime
import typing as t
import uuid

from flask import request

from globus_core.testing.sandbox import ApiError

#: a place in a request, and what is wrong there
Problem = tuple[list[t.Any], str]

#: the codes of Flows for the codes with which the sandbox itself refuses requests
CODES = {"UNAUTHORIZED": "AUTHENTICATION_ERROR"}


def error_document(error: ApiError) -> dict[str, t.Any]:
    """
    The body of an error.

    :param error: the error
    """
    extra = dict(error.extra)
    code, detail = CODES.get(error.code, error.code), extra.pop("detail", error.detail)
    if scopes := extra.pop("required_scopes", None):
        code, detail = "MISSING_SCOPE", f"This needs one of the scopes {', '.join(scopes)}"
    told = {"code": code, "detail": detail, **extra}
    return {"error": told, "debug_id": str(uuid.uuid4())}


def invalid(problems: t.Sequence[Problem]) -> ApiError:
    """
    The refusal of a document that is not valid.

    :param problems: what is wrong, and where
    """
    count = f"{len(problems)} validation error{'' if len(problems) == 1 else 's'}"
    texts = [f"{'.'.join(['$', *map(str, place)])}: {text}" for place, text in problems]
    message = f"{count} in body. {'; '.join(texts)}"
    detail = [{"loc": place, "msg": text, "type": "value_error"} for place, text in problems]
    extra = {"detail": detail, "message": message}
    return ApiError(422, message, code="UNPROCESSABLE_ENTITY", extra=extra)


def missing(what: str, key: str) -> ApiError:
    """
    The refusal if something does not exist, or the caller must not see it.

    :param what: what it is
    :param key: its id
    """
    return ApiError(404, f"No {what} has the id {key}", code="NOT_FOUND")


def denied(what: str, key: str, permission: str) -> ApiError:
    """
    The refusal of what the caller may not do.

    :param what: what it is
    :param key: its id
    :param permission: the permission that is missing
    """
    return ApiError(403, f"You lack a permission on the {what} {key}: {permission}.")


def conflict(detail: str) -> ApiError:
    """
    The refusal of what does not fit the state of something.

    :param detail: why not
    """
    return ApiError(409, detail, code="STATE_CONFLICT")


def not_here(what: str) -> ApiError:
    """
    The refusal of what the sandbox does not have.

    :param what: what it is
    """
    return ApiError(501, f"the sandbox does not have {what}")


def body() -> dict[str, t.Any]:
    """
    The JSON object in the current request.

    :raises ApiError: 422 if there is none
    """
    document = request.get_json(silent=True)
    if not isinstance(document, dict):
        raise invalid([([], "the body must be a JSON object")])
    return document


def listed(name: str) -> list[str]:
    """
    The values of a parameter that takes several with commas, or is repeated.

    :param name: the parameter
    """
    parts = ",".join(request.args.getlist(name)).split(",")
    return [part.strip() for part in parts if part.strip()]


def one_of(name: str, known: t.Iterable[str]) -> list[str]:
    """
    The values of a parameter that takes some words.

    :param name: the parameter
    :param known: the words
    :raises ApiError: 422 for another one
    """
    found, words = listed(name), list(known)
    if wrong := [each for each in found if each not in words]:
        raise invalid([([name], f"{wrong[0]!r} is none of {', '.join(words)}")])
    return found


def flag(name: str) -> bool:
    """
    Whether a flag is set in the query.

    :param name: the parameter
    """
    return request.args.get(name, "").lower() in {"1", "true"}


def in_order(items: list[dict[str, t.Any]], known: t.Iterable[str]) -> list[dict[str, t.Any]]:
    """
    Documents in the order that the query asks for.

    :param items: the documents
    :param known: the fields that they can be ordered by
    :raises ApiError: 422 for another order
    """
    words = tuple(known)
    for part in reversed(listed("orderby")):
        field, _, direction = part.partition(" ")
        if field not in words or direction not in {"ASC", "DESC"}:
            wanted = f"one of {', '.join(words)}, a space, and ASC or DESC"
            raise invalid([(["orderby"], f"{part!r} must be {wanted}")])
        items = sorted(items, key=lambda item: str(item[field]), reverse=direction == "DESC")
    return items


def page(key: str, items: t.Sequence[t.Any], *, size: str, default: int) -> dict[str, t.Any]:
    """
    A page of a list, as the query asks for it.

    :param key: where the items are
    :param items: all of them
    :param size: the parameter that says how many at once
    :param default: how many without it
    :raises ApiError: 422 if a parameter is malformed
    """
    limit, start = _number(size, default), _start()
    end = start + limit
    marker = base64.urlsafe_b64encode(str(end).encode()).decode() if end < len(items) else None
    return {
        key: items[start:end],
        "limit": limit,
        "has_next_page": marker is not None,
        "marker": marker,
    }


def iso(seconds: float) -> str:
    """
    A time as Flows writes it.

    :param seconds: the time, in UTC epoch seconds
    """
    at = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return at.isoformat(timespec="microseconds")


def _number(name: str, default: int) -> int:
    value = request.args.get(name)
    if value is None:
        return default
    if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= 100:
        raise invalid([([name], "must be a number from 1 to 100")])
    return int(value)


def _start() -> int:
    marker = request.args.get("marker")
    if marker is None:
        return 0
    try:
        return int(base64.urlsafe_b64decode(marker))
    except (ValueError, binascii.Error):
        raise invalid([(["marker"], "is not one of a page before")]) from None
