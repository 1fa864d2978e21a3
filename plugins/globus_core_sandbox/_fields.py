"""Reading the JSON bodies of the API: each field by a check that names it when it is wrong."""

from __future__ import annotations

import re
import typing as t
import uuid

from flask import request

from ._errors import ApiError

INVALID = "INVALID_PARAMETERS"
Check = t.Callable[[t.Any], t.Any]


class FieldError(ValueError):
    """
    A value that a field cannot have; the text says what it must be.
    """


def read(
    wrapper: str, checks: t.Mapping[str, Check], required: t.Iterable[str] = ()
) -> dict[str, t.Any]:
    """
    The checked fields of the request's body.

    :param wrapper: the key that they stand under
    :param checks: what each field can be, by name
    :param required: the fields that must be there
    :raises ApiError: 400 if the body is not that, naming the field
    """
    body = request.get_json()
    fields = body.get(wrapper) if isinstance(body, dict) else None
    if not isinstance(fields, dict):
        raise bad(f"the body must be a JSON object with an object {wrapper!r}")
    if missing := [name for name in required if name not in fields]:
        raise bad(f"{wrapper} needs {', '.join(missing)}")
    return {name: _checked(wrapper, name, value, checks) for name, value in fields.items()}


def _checked(wrapper: str, name: str, value: t.Any, checks: t.Mapping[str, Check]) -> t.Any:
    if name not in checks:
        raise bad(f"{wrapper} has no field {name!r}")
    try:
        return checks[name](value)
    except FieldError as error:
        raise bad(f"{name} must be {error}") from error


def bad(detail: str) -> ApiError:
    """
    The refusal of a body or a query.

    :param detail: what is wrong
    """
    return ApiError(400, detail, code=INVALID)


def text(value: t.Any) -> str:
    """One line of text."""
    if not isinstance(value, str) or not value.strip() or re.search(r"[\r\n]", value):
        raise FieldError("a line of text")
    return value


def flag(value: t.Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise FieldError("true or false")
    return value


def seconds(value: t.Any) -> int:
    """A time span."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise FieldError("a number of seconds")
    return value


def an_id(value: t.Any) -> str:
    """An id in its normal spelling."""
    try:
        return str(uuid.UUID(value))
    except (AttributeError, TypeError, ValueError) as error:
        raise FieldError("a UUID") from error


def suffix(value: t.Any) -> str:
    """The last part of a scope string."""
    if not isinstance(value, str) or not re.fullmatch("[a-z0-9_]+", value):
        raise FieldError("lower-case letters, digits and underscores")
    return value


def one_of(*known: str) -> Check:
    """
    One of several words.

    :param known: the words
    """

    def check(value: t.Any) -> str:
        if value not in known:
            raise FieldError("one of " + ", ".join(known))
        return str(value)

    return check


def several(check: Check) -> Check:
    """
    A list, as a tuple.

    :param check: what its items can be
    """

    def check_all(value: t.Any) -> tuple[t.Any, ...]:
        if not isinstance(value, list):
            raise FieldError("a list")
        return tuple(check(item) for item in value)

    return check_all


def nullable(check: Check) -> Check:
    """
    Null as well.

    :param check: what it can be otherwise
    """
    return lambda value: None if value is None else check(value)
