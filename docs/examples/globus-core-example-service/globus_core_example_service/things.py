"""The chapter on things."""

from __future__ import annotations

import typing as t

from globus_core import BaseClient, GlobusHTTPResponse
from globus_core.documents import comma_joined, path, query
from globus_core.paging import MarkerPaginator, has_paginator

from .responses import ExampleThingList


class Things(BaseClient):
    """The methods for things."""

    def get_thing(self, thing_id: str) -> GlobusHTTPResponse:
        """
        Fetch one thing.

        :param thing_id: its id
        :raises ExampleAPIError: if there is no such thing
        """
        return self.get(path("things/{}", thing_id))

    def create_thing(self, thing: t.Mapping[str, t.Any]) -> GlobusHTTPResponse:
        """
        Make a thing.

        :param thing: the thing, such as a :class:`ExampleThing`
        """
        return self.post("things", data=thing)

    @has_paginator(MarkerPaginator, items_key="things")
    def list_things(
        self,
        *,
        tags: str | t.Iterable[str] | None = None,
        limit: int | None = None,
        marker: str | None = None,
    ) -> ExampleThingList:
        """
        List the things, one page of them.

        :param tags: only things with one of these tags; None for all
        :param limit: how many at the most; None leaves it to the service
        :param marker: from an earlier page, for the next one
        """
        params = query(tags=comma_joined(tags), limit=limit, marker=marker)
        return ExampleThingList(self.get("things", query_params=params))
