"""The operations that search, and that delete what a query finds."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import typing as t

from flask import request

from globus_core.testing.sandbox import Route, routes

from . import answers, facets
from .access import ADMINS, Access
from .indices import Index
from .query import MOST, Query, fields_of
from .results import result
from .tasks import Queue

Document = dict[str, t.Any]

_SEARCHED = fields_of("marker")
_SCROLLED = fields_of("offset", "facets", "post_facet_filters", "sort")
_DELETED = fields_of("marker", "limit", "offset", "facets", "post_facet_filters", "sort")
_BOOLEANS = {"true": True, "false": False}


class QueryApi:
    """
    Searches indices.

    :param access: who may do what
    :param queue: deletes
    """

    def __init__(self, access: Access, queue: Queue) -> None:
        self._access = access
        self._queue = queue

    def routes(self, around: t.Callable[..., t.Any]) -> list[Route]:
        """
        The routes of queries.

        :param around: decorates each view
        """
        return routes(
            ("GET", "/index/<index_id>/search", self.search),
            ("POST", "/index/<index_id>/search", self.post_search),
            ("POST", "/index/<index_id>/scroll", self.scroll),
            ("POST", "/index/<index_id>/delete_by_query", self.delete),
            prefix="/v1",
            around=around,
        )

    def search(self, index_id: str) -> Document:
        """
        Search by the parameters of the address.

        :param index_id: the index
        """
        given: Document = dict(request.args)
        for name in given.keys() & {"limit", "offset"}:
            given[name] = int(given[name]) if given[name].isdecimal() else given[name]
        for name in given.keys() & {"advanced", "bypass_visible_to"}:
            given[name] = _BOOLEANS.get(given[name].lower(), given[name])
        return self._search(index_id, given)

    def post_search(self, index_id: str) -> Document:
        """
        Search by a document.

        :param index_id: the index
        """
        return self._search(index_id, answers.body())

    def scroll(self, index_id: str) -> Document:
        """
        The next of all results.

        :param index_id: the index
        """
        given = answers.body()
        query = Query(given, _SCROLLED)
        index, principals = self._searched(index_id, query)
        digest = _digest(index, given)
        after = _number(given.get("marker"), digest)
        found = list(itertools.islice(query.find(index, principals, after=after), query.limit + 1))
        page, more = found[: query.limit], len(found) > query.limit
        last = index.numbers[page[-1].subject] if page else after
        return {
            "@datatype": "GSearchResult",
            "@version": "2017-09-01",
            "count": len(page),
            "gmeta": [result(f.subject, f.entries) for f in page],
            "has_next_page": more,
            "marker": _marker(last, digest) if more else None,
        }

    def delete(self, index_id: str) -> tuple[Document, int]:
        """
        Delete the subjects that a query finds, whoever may see them.

        :param index_id: the index
        """
        index = self._access.writable(index_id)
        query = Query(answers.body(), _DELETED)

        def work() -> None:
            for found in list(query.find(index, None)):
                index.remove(found.subject)

        return {"task_id": self._queue.add(index.id, work).id}, 202

    def _search(self, index_id: str, given: Document) -> Document:
        query = Query(given, _SEARCHED)
        index, principals = self._searched(index_id, query)
        found = list(query.find(index, principals))
        counted = facets.counted(query.facets, [entry for f in found for entry in f.entries])
        left = query.later(found)
        page = left[query.offset : min(query.offset + query.limit, MOST)]
        answer = {
            "@datatype": "GSearchResult",
            "@version": "2017-09-01",
            "count": len(page),
            "total": len(left),
            "offset": query.offset,
            "has_next_page": query.offset + len(page) < len(left),
            "gmeta": [result(f.subject, f.entries) for f in page],
        }
        return {**answer, "facet_results": counted} if query.facets else answer

    def _searched(self, index_id: str, query: Query) -> tuple[Index, frozenset[str] | None]:
        caller = self._access.reader()
        index = self._access.open(index_id)
        if not query.flag("bypass_visible_to"):
            return index, caller.principals
        self._access.allow(caller, index, ADMINS)
        return index, None


def _digest(index: Index, given: Document) -> str:
    same = {name: value for name, value in given.items() if name not in {"marker", "limit"}}
    text = json.dumps([index.id, same], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _marker(number: int, digest: str) -> str:
    return base64.urlsafe_b64encode(f"{digest}.{number}".encode()).decode().rstrip("=")


def _number(marker: t.Any, digest: str) -> int:
    """After which subject a page begins."""
    if marker is None:
        return 0
    try:
        text = base64.urlsafe_b64decode(str(marker) + "===").decode()
        known, _, number = text.partition(".")
        if known == digest:
            return int(number)
    except ValueError:
        pass
    raise answers.invalid("the marker is not of a page of this query", "marker")
