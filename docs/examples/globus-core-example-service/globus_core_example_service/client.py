"""The service's client, scopes and errors."""

from __future__ import annotations

import typing as t

from globus_core import BaseClient, GlobusHTTPResponse, Scope
from globus_core.exc import GlobusAPIError
from globus_core.paging import MarkerPaginator, has_paginator
from globus_core.scopes import StaticScopeCollection


class _ExampleScopes(StaticScopeCollection):
    # the id by which Globus Auth knows the service, and the scopes registered for it
    resource_server = "5d0a6c1e-3f4b-4b7a-9c28-1e7f9d3a6b52"

    all = Scope(f"https://auth.globus.org/scopes/{resource_server}/all")


ExampleScopes = _ExampleScopes()


class ExampleAPIError(GlobusAPIError):
    """An error response of the service, which says in ``hint`` what could help."""

    hint: str | None = None

    def parse_body(self, body: dict[str, t.Any]) -> None:
        super().parse_body(body)
        hint = body.get("hint")
        self.hint = hint if isinstance(hint, str) else None


class ExampleClient(BaseClient):
    """Things, which people make and share."""

    service_name = "example-service"
    base_url = "https://example-service.example.org/v1/"
    scopes = ExampleScopes
    error_class = ExampleAPIError

    @property
    def default_scope_requirements(self) -> list[Scope]:
        return [ExampleScopes.all]

    def get_thing(self, thing_id: str) -> GlobusHTTPResponse:
        return self.get(f"things/{thing_id}")

    def create_thing(self, name: str) -> GlobusHTTPResponse:
        return self.post("things", data={"name": name})

    @has_paginator(MarkerPaginator, items_key="things")
    def list_things(self, *, marker: str | None = None) -> GlobusHTTPResponse:
        """The first page, or the one that a marker stands for."""
        return self.get("things", query_params={} if marker is None else {"marker": marker})
