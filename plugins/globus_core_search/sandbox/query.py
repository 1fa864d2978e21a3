"""Queries: read from a document, and what they find."""

from __future__ import annotations

import dataclasses
import typing as t

from . import answers, filters, words
from .indices import Entry, Index
from .results import values

#: no search goes beyond so many results, and no page is larger
MOST = 10_000
_LIMIT = 10

_LACKING = ("boosts", "filter_principal_sets", "query_template", "resource_type")
_KNOWN = {
    "q",
    "limit",
    "offset",
    "advanced",
    "filters",
    "facets",
    "post_facet_filters",
    "sort",
    "bypass_visible_to",
    "marker",
}


@dataclasses.dataclass(frozen=True)
class Found:
    """
    A subject that was found.

    :param subject: the subject
    :param entries: its entries that fit
    :param score: how well the best of them fits
    """

    subject: str
    entries: list[Entry]
    score: int


class Query:
    """
    A query.

    :param document: its document
    :param allowed: the fields that it may have
    :raises ApiError: 400 if it is wrong, 501 if the sandbox does not have what it asks for
    """

    def __init__(self, document: t.Mapping[str, t.Any], allowed: t.Collection[str]) -> None:
        given = {name: value for name, value in document.items() if name[:1] != "@"}
        for name in _LACKING:
            if given.pop(name, None):
                raise answers.lacking(f"{name} of queries")
        if unknown := given.keys() - allowed:
            raise answers.invalid(f"a query has no field {min(unknown)!r} here", min(unknown))
        if given.get("q") is None and not given.get("filters"):
            raise answers.invalid("a query needs q or filters", "q")
        self._given = given
        text = "*" if given.get("q") is None else given["q"]
        self._score = words.score(text, advanced=self.flag("advanced"))
        self._fits = filters.test_of(given.get("filters") or [])
        self.limit = self._number("limit", _LIMIT, MOST)
        self.offset = self._number("offset", 0, MOST - 1)
        self.facets = given.get("facets") or []
        self._fits_later = filters.test_of(
            given.get("post_facet_filters") or [], "post_facet_filters"
        )
        self._sort = _sorting(given.get("sort") or [])

    def flag(self, name: str) -> bool:
        """
        A member that is true or false; false if it is not given.

        :param name: its name
        :raises ApiError: 400 if it is something else
        """
        value = self._given.get(name) or False
        if not isinstance(value, bool):
            raise answers.invalid(f"{name} must be true or false", name)
        return value

    def find(
        self, index: Index, principals: frozenset[str] | None, *, after: int = 0
    ) -> t.Iterator[Found]:
        """
        What it finds, in the order of the index.

        :param index: the index
        :param principals: what the caller is; None finds what others may see, too
        :param after: the number of the subject after which it begins
        """
        for subject, entries in index.subjects.items():
            if index.numbers[subject] <= after:
                continue
            fitting, best = [], 0
            for entry in entries.values():
                if principals is not None and entry.visible_to.isdisjoint(principals):
                    continue
                score = self._score(entry)
                if score and self._fits(entry.content):
                    fitting.append(entry)
                    best = max(best, score)
            if fitting:
                yield Found(subject, fitting, best)

    def later(self, found: t.Iterable[Found]) -> list[Found]:
        """
        What is left after ``post_facet_filters``, in the order that the query asks for.

        :param found: what was found
        """
        left = [f for f in found if any(self._fits_later(entry.content) for entry in f.entries)]
        left.sort(key=lambda f: -f.score)
        for field, is_descending in reversed(self._sort):
            left.sort(key=lambda f: _key(f, field), reverse=is_descending)
            left.sort(key=lambda f: _key(f, field) is _NOTHING)
        return left

    def _number(self, name: str, default: int, most: int) -> int:
        value = self._given.get(name)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
            raise answers.invalid(f"{name} must be a number from 0 to {most}", name)
        return value


def fields_of(*left_out: str) -> set[str]:
    """
    The fields of queries.

    :param left_out: those that are not allowed
    """
    return _KNOWN - set(left_out)


#: of a subject without the field, which is last in either order
_NOTHING = (0, 0)


def _key(found: Found, field: str) -> tuple[int, t.Any]:
    for entry in found.entries:
        for value in values(entry.content, field):
            if isinstance(value, (int, float)):
                return 1, value
            return 2, str(value)
    return _NOTHING


def _sorting(sort: t.Any) -> list[tuple[str, bool]]:
    if not isinstance(sort, list):
        raise answers.invalid("sort must be a list", "sort")
    found = []
    for each in sort:
        field = each.get("field_name") if isinstance(each, dict) else None
        order = each.get("order", "asc") if isinstance(each, dict) else None
        if not isinstance(field, str) or order not in {"asc", "desc"}:
            raise answers.invalid("sort has a field_name, and an order of asc or desc", "sort")
        found.append((field, order == "desc"))
    return found
