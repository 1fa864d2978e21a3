"""
The client for the third version of the Compute API.
"""

from __future__ import annotations

from globus_core import BaseClient, GlobusHTTPResponse
from globus_core.documents import path
from globus_core.scopes import ComputeScopes

from .errors import ComputeAPIError
from .responses import ConnectionResponse

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .client_v2 import ID


class ComputeClientV3(BaseClient):
    """
    What the third version of the API has for endpoints, functions and tasks.

    It asks an app for the scope ``all``. The other methods are those of :class:`ComputeClientV2`.
    """

    service_name = "compute"
    error_class = ComputeAPIError
    scopes = ComputeScopes
    default_scope_requirements = [ComputeScopes.all]  # pyright: ignore  # on the class too
    canned_responses = "compute.v3"

    def register_endpoint(self, data: dict[str, t.Any]) -> GlobusHTTPResponse:
        """
        Register an endpoint.

        The ``connection_url`` of each queue holds a password, which the text of the response hides.

        :param data: the endpoint's document
        :raises ComputeAPIError: if it is refused
        """
        return ConnectionResponse(self.post("/v3/endpoints", data=data))

    def update_endpoint(self, endpoint_id: ID, data: dict[str, t.Any]) -> GlobusHTTPResponse:
        """
        Replace the document of an endpoint; the answer is that of a registration.

        :param endpoint_id: the endpoint's id
        :param data: the endpoint's document
        :raises ComputeAPIError: if there is none, or it is not the caller's
        """
        return ConnectionResponse(self.put(path("/v3/endpoints/{}", endpoint_id), data=data))

    def lock_endpoint(self, endpoint_id: ID) -> GlobusHTTPResponse:
        """
        Keep an endpoint from registering again for some time.

        :param endpoint_id: the endpoint's id
        :raises ComputeAPIError: if there is none, or it is not the caller's
        """
        return self.post(path("/v3/endpoints/{}/lock", endpoint_id))

    def get_endpoint_allowlist(self, endpoint_id: ID) -> GlobusHTTPResponse:
        """
        Fetch the functions that may run on an endpoint: ``restricted`` and ``functions``.

        :param endpoint_id: the endpoint's id
        :raises ComputeAPIError: if there is none, or the caller may not see it
        """
        return self.get(path("/v3/endpoints/{}/allowed_functions", endpoint_id))

    def register_function(self, data: dict[str, t.Any]) -> GlobusHTTPResponse:
        """
        Register a function; its id is ``function_uuid``.

        :param data: the function's document, with its serialized code
        :raises ComputeAPIError: if it is refused
        """
        return self.post("/v3/functions", data=data)

    def submit(self, endpoint_id: ID, data: dict[str, t.Any]) -> GlobusHTTPResponse:
        """
        Submit tasks to an endpoint; their ids are in ``tasks``, by the ids of functions.

        :param endpoint_id: the endpoint's id
        :param data: the document with the tasks
        :raises ComputeAPIError: if it is refused
        """
        return self.post(path("/v3/endpoints/{}/submit", endpoint_id), data=data)
