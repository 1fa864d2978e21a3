"""Filters of queries."""

from __future__ import annotations

import typing as t

from . import answers
from .results import values

Test = t.Callable[[t.Mapping[str, t.Any]], bool]

_COMPARISONS: dict[str, t.Callable[[t.Any, t.Any], bool]] = {
    "from": lambda value, end: bool(value >= end),
    "gte": lambda value, end: bool(value >= end),
    "gt": lambda value, end: bool(value > end),
    "to": lambda value, end: bool(value <= end),
    "lte": lambda value, end: bool(value <= end),
    "lt": lambda value, end: bool(value < end),
}


def test_of(filters: t.Any, where: str = "filters") -> Test:
    """
    Whether a content passes all of several filters.

    :param filters: the filters of a query
    :param where: where they are, for errors
    :raises ApiError: 400 if one is wrong, 501 if the sandbox does not have its type
    """
    tests = [_test(each, where) for each in _objects(filters, where)]
    return lambda content: all(test(content) for test in tests)


def _test(document: dict[str, t.Any], where: str) -> Test:
    kind = document.get("type")
    if kind in {"geo_bounding_box", "geo_shape"}:
        raise answers.lacking(f"filters of type {kind}")
    make = _TYPES.get(str(kind))
    if make is None:
        raise answers.invalid(f"there is no type of filters {kind!r}", where)
    return make(document, where)


def _match_all(document: dict[str, t.Any], where: str) -> Test:
    field, wanted = _field(document, where), _values(document, where)
    return lambda content: all(value in values(content, field) for value in wanted)


def _match_any(document: dict[str, t.Any], where: str) -> Test:
    field, wanted = _field(document, where), _values(document, where)
    return lambda content: any(value in values(content, field) for value in wanted)


def _range(document: dict[str, t.Any], where: str) -> Test:
    field, ranges = _field(document, where), _objects(document.get("values"), f"{where}.values")
    for each in ranges:
        if not each or each.keys() - _COMPARISONS.keys():
            raise answers.invalid(f"a range has {', '.join(_COMPARISONS)}", f"{where}.values")
    return lambda content: any(
        _is_between(value, ends) for value in values(content, field) for ends in ranges
    )


def _exists(document: dict[str, t.Any], where: str) -> Test:
    field = _field(document, where)
    return lambda content: bool(values(content, field))


def _not(document: dict[str, t.Any], where: str) -> Test:
    inner = document.get("filter")
    if not isinstance(inner, dict):
        raise answers.invalid("a filter of type not has a filter", where)
    test = _test(inner, f"{where}.filter")
    return lambda content: not test(content)


def _and(document: dict[str, t.Any], where: str) -> Test:
    return test_of(document.get("filters"), f"{where}.filters")


def _or(document: dict[str, t.Any], where: str) -> Test:
    where = f"{where}.filters"
    tests = [_test(each, where) for each in _objects(document.get("filters"), where)]
    return lambda content: any(test(content) for test in tests)


_TYPES: dict[str, t.Callable[[dict[str, t.Any], str], Test]] = {
    "match_all": _match_all,
    "match_any": _match_any,
    "range": _range,
    "exists": _exists,
    "not": _not,
    "and": _and,
    "or": _or,
}


def _is_between(value: t.Any, ends: t.Mapping[str, t.Any]) -> bool:
    return all(
        end == "*" or (_comparable(value, end) and _COMPARISONS[name](value, end))
        for name, end in ends.items()
    )


def _comparable(value: t.Any, end: t.Any) -> bool:
    kinds: tuple[t.Any, ...] = (str, (int, float))
    return any(isinstance(value, kind) and isinstance(end, kind) for kind in kinds)


def _objects(value: t.Any, where: str) -> list[dict[str, t.Any]]:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise answers.invalid("this must be a list of objects", where)
    return value


def _field(document: dict[str, t.Any], where: str) -> str:
    field = document.get("field_name")
    if not isinstance(field, str) or not field:
        raise answers.invalid("a filter has a field_name", f"{where}.field_name")
    return field


def _values(document: dict[str, t.Any], where: str) -> list[t.Any]:
    wanted = document.get("values")
    if not isinstance(wanted, list):
        raise answers.invalid("a filter has a list of values", f"{where}.values")
    return wanted
