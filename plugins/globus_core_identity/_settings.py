"""
The settings of caches and look-ups, in arguments and URLs.
"""

from __future__ import annotations

import typing as t

from globus_core.arguments import check_numbers
from globus_core.exc import GlobusSDKUsageError

#: how long an unknown key is not looked up again, in seconds
NEGATIVE_TTL = 300.0
KINDS: dict[str, type] = {"max_entries": int, "ttl": float, "negative_ttl": float}


def check_positive(**settings: float) -> None:
    """
    Check that sizes and times are greater than 0.

    :param settings: numbers by name
    :raises GlobusSDKUsageError: if one is not greater than 0
    """
    for name, value in settings.items():
        check_numbers(**{name: value})
        if not value > 0:
            raise GlobusSDKUsageError(f"{name} must be greater than 0, not {value!r}")


def check_count(value: int, name: str, *, most: int | None = None) -> None:
    """
    Check that a count is at least 1.

    :param value: the count
    :param name: its name
    :param most: the largest count; None sets no limit
    :raises GlobusSDKUsageError: if it is not a number, or out of range
    """
    check_numbers(**{name: value})
    if value < 1 or (most is not None and value > most):
        allowed = "at least 1" if most is None else f"from 1 to {most}"
        raise GlobusSDKUsageError(f"{name} must be {allowed}, not {value!r}")


def from_query(query: str) -> dict[str, t.Any]:
    """
    The settings in the query of a cache's URL: ``max_entries=1000&ttl=60``.

    :param query: the part of the URL after the question mark
    :raises GlobusSDKUsageError: if a setting is unknown, or a value is not a number
    """
    from urllib.parse import parse_qsl

    settings: dict[str, t.Any] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name not in KINDS:
            known = ", ".join(KINDS)
            raise GlobusSDKUsageError(
                f"unknown setting {name!r} of an identity cache; known settings: {known}"
            )
        try:
            settings[name] = KINDS[name](value)
        except ValueError:
            raise GlobusSDKUsageError(f"{name} must be a number, not {value!r}") from None
    return settings
