"""
The endpoint itself.
"""

from __future__ import annotations

from globus_core import MISSING, BaseClient
from globus_core.documents import comma_joined, query

from .responses import UnpackingGCSResponse

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t
    import uuid

    from globus_core import MissingType

    ID: t.TypeAlias = uuid.UUID | str
    Body: t.TypeAlias = t.Mapping[str, t.Any]
    Params: t.TypeAlias = t.Mapping[str, t.Any] | None
    Words: t.TypeAlias = str | t.Iterable[str] | MissingType


class Endpoint(BaseClient):
    """
    The methods for the endpoint.
    """

    service_name = "globus_connect_server"

    def get_gcs_info(self, query_params: Params = None) -> UnpackingGCSResponse:
        """
        Fetch what an endpoint says of itself to everybody: its ids, its domain and the version of
        its manager. No Authorization header is sent.

        :param query_params: further query parameters, which win
        :raises GCSAPIError: if the endpoint does not answer with it
        """
        response = self.get(
            "/info", query_params=query(query_params), automatic_authorization=False
        )
        return UnpackingGCSResponse(response, "info")

    def get_endpoint(self, query_params: Params = None) -> UnpackingGCSResponse:
        """
        Fetch the endpoint's document.

        :param query_params: further query parameters, which win
        :raises GCSAPIError: if the caller may not see it
        """
        response = self.get("/endpoint", query_params=query(query_params))
        return UnpackingGCSResponse(response, "endpoint")

    def update_endpoint(
        self,
        endpoint_data: Body,
        *,
        include: Words = MISSING,
        query_params: Params = None,
    ) -> UnpackingGCSResponse:
        """
        Change the endpoint.

        :param endpoint_data: the fields to change, such as an :class:`EndpointDocument`
        :param include: ``endpoint`` has the whole document in the answer; MISSING has only the
            result
        :param query_params: further query parameters, which win
        :raises GCSAPIError: if the caller does not administer the endpoint, or a field is wrong
        """
        params = query(query_params, include=comma_joined(include))
        response = self.patch("/endpoint", data=endpoint_data, query_params=params)
        return UnpackingGCSResponse(response, "endpoint")
