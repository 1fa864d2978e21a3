"""The client, put together from the chapters of the API."""

from __future__ import annotations

from globus_core import BaseClient, Scope
from globus_core.transport.default_retry_checks import DEFAULT_RETRY_CHECKS

from .errors import ExampleAPIError, check_broken
from .pictures import Pictures
from .scopes import ExampleScopes
from .things import Things


class ExampleClient(Things, Pictures, BaseClient):
    """Things, which people make and share."""

    service_name = "example_service"
    service_url = "https://example-service.example.org/v1/"
    scopes = ExampleScopes
    error_class = ExampleAPIError
    retry_checks = (check_broken, *DEFAULT_RETRY_CHECKS)

    @property
    def default_scope_requirements(self) -> list[Scope]:
        """What an app asks for if it is not told otherwise."""
        return [ExampleScopes.all]
