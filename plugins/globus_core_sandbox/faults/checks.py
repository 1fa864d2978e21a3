"""The parts of a fault, and combinations that are not allowed."""

from __future__ import annotations

import json
import re
import typing as t
from reprlib import repr as short

DELIVERY_PARTS = ("cut", "cut_by", "drip", "pace", "endless", "chunked")
RETRY_PARTS = ("retry_after", "retry_after_date")
_BODY_PARTS = ("body", "redirect_to", "inflates_to")

_LARGEST_BOMB = 1_000_000_000
_FARTHEST_DATE = 1_000_000_000

# RFC 9110, 5.6.2
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")

Parts = dict[str, t.Any]


class FaultError(Exception):
    """
    A fault is not valid; the text gives the reason.
    """


def given(parts: Parts, *names: str) -> list[str]:
    """
    The parts, out of some, that a fault has.

    :param parts: the parts of the fault by name
    :param names: the parts to look for
    """
    return [name for name in names if parts.get(name) is not None and parts[name] is not False]


def check(parts: Parts) -> None:
    """
    Check the parts of a fault.

    :param parts: the parts of the fault by name
    :raises FaultError: if a part is unknown or wrong, or two contradict each other
    """
    for name, value in parts.items():
        if name not in _CHECKS:
            raise FaultError(f"no such fault: it has no part {name!r}")
        wanted, good = _CHECKS[name]
        if not good(value):
            raise FaultError(f"no such fault: {name} is {short(value)}, but must be {wanted}")
    for conflict, found in _CONFLICTS:
        if found(parts):
            raise FaultError(f"no such fault: {conflict}")


def _is_number(value: object, lowest: float, highest: float) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return lowest <= value <= highest


def _is_whole(value: object, lowest: int, highest: int) -> bool:
    return isinstance(value, int) and _is_number(value, lowest, highest)


def _is_header(value: object) -> bool:
    if isinstance(value, (int, float)):
        return not isinstance(value, bool)
    if not isinstance(value, str) or "\r" in value or "\n" in value:
        return False
    return all(ord(letter) < 256 for letter in value)


def _are_headers(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(name, str) and _NAME.fullmatch(name) is not None and _is_header(text)
        for name, text in value.items()
    )


def _is_body(value: object) -> bool:
    if isinstance(value, bytes):
        return True
    try:
        value.encode() if isinstance(value, str) else json.dumps(value)
    except (TypeError, ValueError):
        return False
    return True


def _is_cut(value: object) -> bool:
    return value in ("start", "headers", "body") or _is_whole(value, 0, _LARGEST_BOMB)


def _or_none(good: t.Callable[[t.Any], bool]) -> t.Callable[[t.Any], bool]:
    return lambda value: value is None or good(value)


def _one_of(*values: str) -> t.Callable[[t.Any], bool]:
    return lambda value: value is None or value in values


def _is_switch(value: object) -> bool:
    return isinstance(value, bool)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


_CHECKS: dict[str, tuple[str, t.Callable[[t.Any], bool]]] = {
    "path": ("text", _is_text),
    "method": ("text or None", _or_none(_is_text)),
    "status": ("from 200 to 999, or None", _or_none(lambda value: _is_whole(value, 200, 999))),
    "body": ("text, bytes, or serialisable as JSON", _is_body),
    "headers": ("header names and values, without line breaks", _are_headers),
    "times": ("at least 1, or None", _or_none(lambda value: _is_whole(value, 1, 10**9))),
    "latency": ("seconds from 0 to a day", lambda value: _is_number(value, 0, 86400)),
    "drop": ("True or False", _is_switch),
    "redirect_to": ("a path or URL", _or_none(lambda value: _is_text(value) and _is_header(value))),
    "retry_after": ("a number or a line of text", _or_none(_is_header)),
    "retry_after_date": (
        "seconds, at most 30 years",
        _or_none(lambda value: _is_number(value, -_FARTHEST_DATE, _FARTHEST_DATE)),
    ),
    "inflates_to": (
        f"from 2 to {_LARGEST_BOMB} bytes",
        _or_none(lambda value: _is_whole(value, 2, _LARGEST_BOMB)),
    ),
    "chunked": ("True or False", _is_switch),
    "cut": ("'start', 'headers', 'body' or a number of bytes", _or_none(_is_cut)),
    "cut_by": ("'close', 'reset', 'silence' or 'end'", _one_of("close", "reset", "silence", "end")),
    "drip": ("'headers' or 'body'", _one_of("headers", "body")),
    "pace": ("seconds from 0 to a day", _or_none(lambda value: _is_number(value, 0, 86400))),
    "endless": ("True or False", _is_switch),
}


_CONFLICTS: tuple[tuple[str, t.Callable[[Parts], bool]], ...] = (
    (
        "drop sends no response, so only cut_by and latency go with it",
        lambda parts: (
            bool(parts.get("drop"))
            and bool(given(parts, *_BODY_PARTS, "status", "cut", "drip", "chunked", *RETRY_PARTS))
        ),
    ),
    (
        "cut_by says how cut or drop end the connection, so pass one of them",
        lambda parts: bool(given(parts, "cut_by")) and not _is_broken_off(parts),
    ),
    (
        "cut_by 'end' needs a cut in the body",
        lambda parts: (
            parts.get("cut_by") == "end"
            and (bool(parts.get("drop")) or parts.get("cut") in ("start", "headers"))
        ),
    ),
    (
        "pace and endless need drip",
        lambda parts: bool(given(parts, "pace", "endless")) and not parts.get("drip"),
    ),
    (
        "an endless response cannot be cut",
        lambda parts: bool(parts.get("endless")) and _is_broken_off(parts),
    ),
    (
        "body, redirect_to and inflates_to exclude each other",
        lambda parts: len(given(parts, *_BODY_PARTS)) > 1,
    ),
    (
        "retry_after and retry_after_date exclude each other",
        lambda parts: len(given(parts, *RETRY_PARTS)) > 1,
    ),
    (
        "status None sends the real response, which takes no body and no redirect",
        lambda parts: parts.get("status", 0) is None and bool(given(parts, *_BODY_PARTS)),
    ),
    (
        "redirect_to needs a status from 300 to 399",
        lambda parts: (
            bool(given(parts, "redirect_to")) and parts.get("status", 302) not in range(300, 400)
        ),
    ),
)


def _is_broken_off(parts: Parts) -> bool:
    return bool(parts.get("drop")) or parts.get("cut") is not None
