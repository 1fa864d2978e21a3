"""
Tunnels: connections between two streams of data, through stream access points (JSON:API).
"""

from __future__ import annotations

from globus_core import MISSING, BaseClient, GlobusHTTPResponse
from globus_core.documents import path, query
from globus_core.exc import GlobusSDKUsageError
from globus_core.response import IterableJSONAPIResponse

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .endpoints import ID, Body, Params
    from .tunnel_documents import CreateTunnelData


class TunnelsOfBothVersions(BaseClient):
    """
    The methods for tunnels that both clients have in the same form.
    """

    service_name = "transfer"

    def update_tunnel(self, tunnel_id: ID, update_doc: Body) -> GlobusHTTPResponse:
        """
        Change a tunnel, or stop it.

        :param tunnel_id: the tunnel's id
        :param update_doc: what to change, such as a :class:`TunnelUpdateDocument`
        :raises TransferAPIError: if the caller has no such tunnel, or the change is not possible
        """
        return self.patch(path("/v2/tunnels/{}", tunnel_id), data=update_doc)

    def get_tunnel(self, tunnel_id: ID, *, query_params: Params = None) -> GlobusHTTPResponse:
        """
        Fetch a tunnel: its state, addresses and ports.

        :param tunnel_id: the tunnel's id
        :param query_params: further query parameters, which win
        :raises TransferAPIError: if the caller has no such tunnel
        """
        return self.get(path("/v2/tunnels/{}", tunnel_id), query_params=query(query_params))

    def delete_tunnel(self, tunnel_id: ID) -> GlobusHTTPResponse:
        """
        Delete a tunnel that has ended.

        :param tunnel_id: the tunnel's id
        :raises TransferAPIError: if the caller has no such tunnel, or it is still in use
        """
        return self.delete(path("/v2/tunnels/{}", tunnel_id))

    def list_tunnels(self, *, query_params: Params = None) -> IterableJSONAPIResponse:
        """
        List the caller's tunnels.

        :param query_params: further query parameters, which win
        """
        return IterableJSONAPIResponse(self.get("/v2/tunnels", query_params=query(query_params)))

    def get_stream_access_point(
        self, stream_ap_id: ID, *, query_params: Params = None
    ) -> GlobusHTTPResponse:
        """
        Fetch a stream access point, at which a tunnel begins or ends.

        :param stream_ap_id: its id
        :param query_params: further query parameters, which win
        :raises TransferAPIError: if there is none with this id
        """
        return self.get(
            path("/v2/stream_access_points/{}", stream_ap_id), query_params=query(query_params)
        )


class Tunnels(TunnelsOfBothVersions):
    """
    The methods for tunnels, as :class:`TransferClient` has them.
    """

    def create_tunnel(self, data: dict[str, t.Any] | CreateTunnelData) -> GlobusHTTPResponse:
        """
        Create a tunnel.

        If there is no ``submission_id``, a new one is stored in ``data``. Then the same document
        can be sent again, after an error for example, without creating a second tunnel.

        :param data: the tunnel
        :raises GlobusSDKUsageError: if the document has no ``data``
        :raises TransferAPIError: if it is refused
        """
        if "data" not in data:
            raise GlobusSDKUsageError("the document of a tunnel must have 'data'")
        attributes = data["data"].setdefault("attributes", {})
        if attributes.get("submission_id", MISSING) is MISSING:
            import uuid

            attributes["submission_id"] = str(uuid.uuid1())
        return self.post("/v2/tunnels", data=data)

    def get_tunnel_events(
        self, tunnel_id: ID, *, query_params: Params = None
    ) -> GlobusHTTPResponse:
        """
        Fetch what has happened to a tunnel, under ``data``.

        :param tunnel_id: the tunnel's id
        :param query_params: further query parameters, which win
        :raises TransferAPIError: if the caller has no such tunnel
        """
        return self.get(path("/v2/tunnels/{}/events", tunnel_id), query_params=query(query_params))
