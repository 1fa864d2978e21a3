"""
The client for the second version of the Compute API.
"""

from __future__ import annotations

from globus_core import MISSING, BaseClient, GlobusHTTPResponse
from globus_core.documents import listed, path, query
from globus_core.scopes import ComputeScopes

from .errors import ComputeAPIError
from .responses import ConnectionResponse

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t
    import uuid

    from globus_core import MissingType
    from globus_core.documents import IDs

    ID: t.TypeAlias = uuid.UUID | str


class ComputeClientV2(BaseClient):
    """
    Endpoints, functions and their tasks, by the second version of the API.

    It asks an app for the scope ``all``. Arguments and results of functions are serialized by the
    program, for example with the package ``globus-compute-sdk``.
    """

    service_name = "compute"
    error_class = ComputeAPIError
    scopes = ComputeScopes
    default_scope_requirements = [ComputeScopes.all]  # pyright: ignore  # on the class too
    canned_responses = "compute.v2"

    def get_version(self, service: str | MissingType = MISSING) -> GlobusHTTPResponse:
        """
        Fetch the version of the API, and of what it works with.

        The body is text unless ``service`` asks for more.

        :param service: ``all`` for an object with the versions of all parts; MISSING for that of
            the API
        :raises ComputeAPIError: if there is no such part
        """
        return self.get("/v2/version", query_params=query(service=service))

    def get_result_amqp_url(self) -> GlobusHTTPResponse:
        """
        Fetch new credentials for the queue of the caller's results.

        ``connection_url`` holds a password, which the text of the response hides.

        :raises ComputeAPIError: if it is refused
        """
        return ConnectionResponse(self.get("/v2/get_amqp_result_connection_url"))

    # endpoints

    def register_endpoint(self, data: dict[str, t.Any]) -> GlobusHTTPResponse:
        """
        Register an endpoint.

        The ``connection_url`` of each queue holds a password, which the text of the response hides.

        :param data: the endpoint's document
        :raises ComputeAPIError: if it is refused
        """
        return ConnectionResponse(self.post("/v2/endpoints", data=data))

    def get_endpoint(self, endpoint_id: ID) -> GlobusHTTPResponse:
        """
        Fetch an endpoint.

        :param endpoint_id: the endpoint's id
        :raises ComputeAPIError: if there is none, or the caller may not see it
        """
        return self.get(path("/v2/endpoints/{}", endpoint_id))

    def get_endpoint_status(self, endpoint_id: ID) -> GlobusHTTPResponse:
        """
        Fetch what an endpoint does: ``status``, such as ``online``, and ``details``.

        :param endpoint_id: the endpoint's id
        :raises ComputeAPIError: if there is none, or the caller may not see it
        """
        return self.get(path("/v2/endpoints/{}/status", endpoint_id))

    def get_endpoints(self, role: str | MissingType = MISSING) -> GlobusHTTPResponse:
        """
        List endpoints; the body is an array.

        :param role: ``owner`` for the caller's own, ``any`` for all that the caller may use;
            MISSING leaves it to the service
        :raises ComputeAPIError: if there is no such role
        """
        return self.get("/v2/endpoints", query_params=query(role=role))

    def delete_endpoint(self, endpoint_id: ID) -> GlobusHTTPResponse:
        """
        Delete an endpoint.

        :param endpoint_id: the endpoint's id
        :raises ComputeAPIError: if there is none, or it is not the caller's
        """
        return self.delete(path("/v2/endpoints/{}", endpoint_id))

    def lock_endpoint(self, endpoint_id: ID) -> GlobusHTTPResponse:
        """
        Keep an endpoint from registering again for some time.

        :param endpoint_id: the endpoint's id
        :raises ComputeAPIError: if there is none, or it is not the caller's
        """
        return self.post(path("/v2/endpoints/{}/lock", endpoint_id))

    # functions

    def register_function(self, data: dict[str, t.Any]) -> GlobusHTTPResponse:
        """
        Register a function; its id is ``function_uuid``.

        :param data: the function's document, with its serialized code
        :raises ComputeAPIError: if it is refused
        """
        return self.post("/v2/functions", data=data)

    def get_function(self, function_id: ID) -> GlobusHTTPResponse:
        """
        Fetch a function.

        :param function_id: the function's id
        :raises ComputeAPIError: if there is none, or the caller may not see it
        """
        return self.get(path("/v2/functions/{}", function_id))

    def delete_function(self, function_id: ID) -> GlobusHTTPResponse:
        """
        Delete a function.

        :param function_id: the function's id
        :raises ComputeAPIError: if there is none, or it is not the caller's
        """
        return self.delete(path("/v2/functions/{}", function_id))

    # tasks

    def get_task(self, task_id: ID) -> GlobusHTTPResponse:
        """
        Fetch a task: ``status``, and once it has ended ``result`` or ``exception``.

        :param task_id: the task's id
        :raises ComputeAPIError: if the caller has no such task
        """
        return self.get(path("/v2/tasks/{}", task_id))

    def get_task_batch(self, task_ids: IDs) -> GlobusHTTPResponse:
        """
        Fetch several tasks at once, by their ids under ``results``.

        :param task_ids: the id of a task, or several
        :raises ComputeAPIError: if it is refused
        """
        return self.post("/v2/batch_status", data={"task_ids": listed(task_ids)})

    def get_task_group(self, task_group_id: ID) -> GlobusHTTPResponse:
        """
        List the tasks that were submitted together.

        :param task_group_id: the group's id
        :raises ComputeAPIError: if the caller has no such group
        """
        return self.get(path("/v2/taskgroup/{}", task_group_id))

    def submit(self, data: dict[str, t.Any]) -> GlobusHTTPResponse:
        """
        Submit tasks, each for a function and an endpoint.

        :param data: the document with the tasks
        :raises ComputeAPIError: if it is refused
        """
        return self.post("/v2/submit", data=data)
