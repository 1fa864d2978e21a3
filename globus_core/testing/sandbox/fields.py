"""
Checked fields of JSON documents: each check returns the value to use, or raises an error that says
what it must be.
"""

from __future__ import annotations

import re
import typing as t
import uuid

from .errors import ApiError

Check = t.Callable[[t.Any], t.Any]

INVALID = "INVALID_PARAMETERS"


class FieldError(ValueError):
    """
    A field has an invalid value; the text says what it must be.
    """


def read(
    body: t.Any,
    checks: t.Mapping[str, Check],
    required: t.Iterable[str] = (),
    *,
    wrapper: str | None = None,
) -> dict[str, t.Any]:
    """
    The checked fields of a request's body.

    :param body: the parsed body
    :param checks: the check of each field, by name; other fields are refused
    :param required: the fields that must be present
    :param wrapper: the key of the object with the fields; None if the body is that object
    :raises ApiError: 400 if the body is invalid; names the field
    """
    fields = body.get(wrapper) if wrapper is not None and isinstance(body, dict) else body
    if not isinstance(body, dict) or not isinstance(fields, dict):
        inside = "" if wrapper is None else f" with an object {wrapper!r}"
        raise bad(f"the body must be a JSON object{inside}")
    owner = wrapper or "the body"
    if missing := [name for name in required if name not in fields]:
        raise bad(f"{owner} needs {', '.join(missing)}")
    return {name: _checked(owner, name, value, checks) for name, value in fields.items()}


def _checked(owner: str, name: str, value: t.Any, checks: t.Mapping[str, Check]) -> t.Any:
    if name not in checks:
        raise bad(f"{owner} has no field {name!r}")
    try:
        return checks[name](value)
    except FieldError as error:
        raise bad(f"{name} must be {error}") from error


def bad(detail: str) -> ApiError:
    """
    The error for a wrong body or query.

    :param detail: what is wrong
    """
    return ApiError(400, detail, code=INVALID)


def text(value: t.Any) -> str:
    """
    One line of text.
    """
    if not isinstance(value, str) or not value.strip() or re.search(r"[\r\n]", value):
        raise FieldError("a line of text")
    return value


def flag(value: t.Any) -> bool:
    """
    True or false.
    """
    if not isinstance(value, bool):
        raise FieldError("true or false")
    return value


def seconds(value: t.Any) -> int:
    """
    A time span, in whole seconds.
    """
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise FieldError("a number of seconds")
    return value


def identifier(value: t.Any) -> str:
    """
    A UUID, in its canonical form.
    """
    try:
        return str(uuid.UUID(value))
    except (AttributeError, TypeError, ValueError) as error:
        raise FieldError("a UUID") from error


def matching(pattern: str, meaning: str) -> Check:
    """
    Text that matches a pattern.

    :param pattern: a regular expression for the whole text
    :param meaning: the description of such a text, for the error
    """
    compiled = re.compile(pattern)

    def check(value: t.Any) -> str:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            raise FieldError(meaning)
        return value

    return check


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


def list_of(check: Check) -> Check:
    """
    A list, as a tuple.

    :param check: the check of each item
    """

    def check_all(value: t.Any) -> tuple[t.Any, ...]:
        if not isinstance(value, list):
            raise FieldError("a list")
        return tuple(check(item) for item in value)

    return check_all


def object_of(checks: t.Mapping[str, Check]) -> Check:
    """
    An object with exactly these members.

    :param checks: the check of each member, by name
    """

    def check_members(value: t.Any) -> dict[str, t.Any]:
        if not isinstance(value, dict) or value.keys() != checks.keys():
            raise FieldError("an object with " + ", ".join(checks))
        return {name: check(value[name]) for name, check in checks.items()}

    return check_members


def nullable(check: Check) -> Check:
    """
    A value that may also be null.

    :param check: the check of any other value
    """
    return lambda value: None if value is None else check(value)
