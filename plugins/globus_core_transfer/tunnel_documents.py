"""
The documents of tunnels, in both versions of the Transfer API.
"""

from __future__ import annotations

from globus_core import MISSING
from globus_core.documents import Document

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core import MissingType

    from .endpoints import ID

    Fields: t.TypeAlias = t.Mapping[str, t.Any] | None


class CreateTunnelData(Document):
    """
    A tunnel to create by :class:`TransferClient`.

    :param initiator_stream_access_point: the id of the access point from which it is opened
    :param listener_stream_access_point: the id of the access point that waits for it
    :param label: a name for people
    :param submission_id: the same id means the same tunnel; MISSING makes a new one at sending
    :param lifetime_mins: how long it may exist, in minutes; MISSING leaves it to Transfer
    :param restartable: whether it is opened again after a failure; MISSING leaves it to Transfer
    :param additional_fields: further attributes, which win
    """

    def __init__(
        self,
        initiator_stream_access_point: ID,
        listener_stream_access_point: ID,
        *,
        label: str | MissingType = MISSING,
        submission_id: ID | MissingType = MISSING,
        lifetime_mins: int | MissingType = MISSING,
        restartable: bool | MissingType = MISSING,
        additional_fields: Fields = None,
    ) -> None:
        attributes = {
            "label": label,
            "submission_id": submission_id,
            "restartable": restartable,
            "lifetime_mins": lifetime_mins,
            **(additional_fields or {}),
        }
        super().__init__(
            _tunnel(initiator_stream_access_point, listener_stream_access_point, attributes)
        )


class TunnelCreateDocument(Document):
    """
    A tunnel to create by :class:`TransferClientV2`.

    :param initiator_stream_access_point: the id of the access point from which it is opened
    :param listener_stream_access_point: the id of the access point that waits for it
    :param label: a name for people
    :param listener_port: the port at which to listen; MISSING leaves it to Transfer
    :param listener_ip_address: the address at which to listen; MISSING leaves it to Transfer
    :param submission_id: the same id means the same tunnel; MISSING makes a new one now
    :param lifetime_mins: how long it may exist, in minutes; MISSING leaves it to Transfer
    :param restartable: whether it is opened again after a failure; MISSING leaves it to Transfer
    :param additional_fields: further attributes, which win
    """

    def __init__(
        self,
        initiator_stream_access_point: ID,
        listener_stream_access_point: ID,
        *,
        label: str | MissingType = MISSING,
        listener_port: int | MissingType = MISSING,
        listener_ip_address: str | MissingType = MISSING,
        submission_id: ID | MissingType = MISSING,
        lifetime_mins: int | MissingType = MISSING,
        restartable: bool | MissingType = MISSING,
        additional_fields: Fields = None,
    ) -> None:
        if submission_id is MISSING:
            import uuid

            submission_id = uuid.uuid1()
        attributes = {
            "label": label,
            "listener_port": listener_port,
            "listener_ip_address": listener_ip_address,
            "submission_id": submission_id,
            "restartable": restartable,
            "lifetime_mins": lifetime_mins,
            **(additional_fields or {}),
        }
        super().__init__(
            _tunnel(initiator_stream_access_point, listener_stream_access_point, attributes)
        )


class TunnelUpdateDocument(Document):
    """
    What to change of a tunnel.

    :param label: a name for people
    :param listener_port: the port at which to listen
    :param listener_ip_address: the address at which to listen
    :param state: ``STOPPING`` closes the tunnel
    :param additional_fields: further attributes, which win
    """

    def __init__(
        self,
        *,
        label: str | MissingType = MISSING,
        listener_port: int | MissingType = MISSING,
        listener_ip_address: str | MissingType = MISSING,
        state: t.Literal["STOPPING"] | MissingType = MISSING,
        additional_fields: Fields = None,
    ) -> None:
        attributes = {
            "label": label,
            "listener_port": listener_port,
            "listener_ip_address": listener_ip_address,
            "state": state,
            **(additional_fields or {}),
        }
        super().__init__({"data": {"type": "Tunnel", "attributes": attributes}})


def _tunnel(initiator: ID, listener: ID, attributes: dict[str, t.Any]) -> dict[str, t.Any]:
    relationships = {
        "listener": {"data": {"type": "StreamAccessPoint", "id": listener}},
        "initiator": {"data": {"type": "StreamAccessPoint", "id": initiator}},
    }
    return {"data": {"type": "Tunnel", "relationships": relationships, "attributes": attributes}}
