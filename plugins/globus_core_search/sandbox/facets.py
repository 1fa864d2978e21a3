"""Facets of queries: what is counted, and how."""

from __future__ import annotations

import collections
import typing as t

from . import answers
from .indices import Entry
from .results import values

#: how many characters of a date in ISO 8601 tell its interval
_INTERVALS = {"year": 4, "month": 7, "day": 10}
_SIZE = 10

Document = dict[str, t.Any]


def counted(facets: t.Any, entries: t.Sequence[Entry]) -> list[Document]:
    """
    The results of facets.

    :param facets: the facets of a query
    :param entries: what was found
    :raises ApiError: 400 if a facet is wrong, 501 if the sandbox does not have it
    """
    if not isinstance(facets, list) or not all(isinstance(each, dict) for each in facets):
        raise answers.invalid("facets must be a list of objects", "facets")
    return [_result(facet, entries) for facet in facets]


def _result(facet: Document, entries: t.Sequence[Entry]) -> Document:
    field, kind = facet.get("field_name"), facet.get("type", "terms")
    if not isinstance(field, str) or not field:
        raise answers.invalid("a facet has a field_name", "facets")
    if kind not in _KINDS:
        raise answers.invalid(f"there is no type of facets {kind!r}", "facets")
    found = [values(entry.content, field) for entry in entries]
    return {
        "@datatype": "GFacetResult",
        "@version": "2017-09-01",
        "name": facet.get("name", field),
        **_KINDS[kind](facet, found),
    }


def _terms(facet: Document, found: list[list[t.Any]]) -> Document:
    counts = collections.Counter(
        value for each in found for value in {v for v in each if not isinstance(v, dict)}
    )
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], str(pair[0])))
    return {"buckets": [_bucket(*pair) for pair in ordered[: _size(facet)]]}


def _dates(facet: Document, found: list[list[t.Any]]) -> Document:
    interval = facet.get("date_interval")
    if interval not in _INTERVALS:
        raise answers.lacking(f"facets by {interval}")
    length = _INTERVALS[interval]
    counts = collections.Counter(
        value[:length] for each in found for value in each if isinstance(value, str)
    )
    return {"buckets": [_bucket(*pair) for pair in sorted(counts.items())]}


def _numbers(facet: Document, found: list[list[t.Any]]) -> Document:
    ends = facet.get("histogram_range")
    if not isinstance(ends, dict) or not all(_is_number(ends.get(n)) for n in ("low", "high")):
        raise answers.invalid("a numeric_histogram has a histogram_range", "facets")
    size, low = _size(facet), ends["low"]
    width = (ends["high"] - low) / size
    if width <= 0:
        raise answers.invalid("low must be less than high", "facets.histogram_range")
    counts = [0] * size
    for value in (value for each in found for value in each if _is_number(value)):
        place = int((value - low) // width)
        if 0 <= place < size:
            counts[place] += 1
    edges = [low + width * place for place in range(size + 1)]
    return {
        "buckets": [
            _bucket({"from": edges[place], "to": edges[place + 1]}, count)
            for place, count in enumerate(counts)
        ]
    }


def _sum(facet: Document, found: list[list[t.Any]]) -> Document:
    return {"value": sum(_flat(found))}


def _avg(facet: Document, found: list[list[t.Any]]) -> Document:
    numbers = _flat(found)
    return {"value": sum(numbers) / len(numbers) if numbers else None}


_KINDS: dict[str, t.Callable[[Document, list[list[t.Any]]], Document]] = {
    "terms": _terms,
    "date_histogram": _dates,
    "numeric_histogram": _numbers,
    "sum": _sum,
    "avg": _avg,
}


def _bucket(value: t.Any, count: int) -> Document:
    return {"@datatype": "GBucket", "@version": "2017-09-01", "value": value, "count": count}


def _size(facet: Document) -> int:
    size = facet.get("size", _SIZE)
    if isinstance(size, bool) or not isinstance(size, int) or size < 1:
        raise answers.invalid("size must be a number from 1", "facets.size")
    return size


def _flat(found: list[list[t.Any]]) -> list[t.Any]:
    return [value for each in found for value in each if _is_number(value)]


def _is_number(value: t.Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
