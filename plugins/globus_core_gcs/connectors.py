"""
The connectors of Globus Connect Server, by name and id.
"""

from __future__ import annotations

import dataclasses
import re
import typing as t
import uuid

from globus_core.arguments import check_text


@dataclasses.dataclass
class GlobusConnectServerConnector:
    """
    A kind of storage that Globus Connect Server can serve.

    :param name: the name to show
    :param connector_id: its id, the same on every endpoint
    """

    name: str
    connector_id: str

    def __post_init__(self) -> None:
        check_text(self.name, "name")
        check_text(self.connector_id, "connector_id")


_Connector = GlobusConnectServerConnector


class ConnectorTable:
    """
    The known connectors, as attributes of the class.
    """

    ACTIVESCALE = _Connector("ActiveScale", "7251f6c8-93c9-11eb-95ba-12704e0d6a4d")
    AZURE_BLOB = _Connector("Azure Blob", "9436da0c-a444-11eb-af93-12704e0d6a4d")
    BLACKPEARL = _Connector("BlackPearl", "7e3f3f5e-350c-4717-891a-2f451c24b0d4")
    BOX = _Connector("Box", "7c100eae-40fe-11e9-95a3-9cb6d0d9fd63")
    CEPH = _Connector("Ceph", "1b6374b0-f6a4-4cf7-a26f-f262d9c6ca72")
    DROPBOX = _Connector("Dropbox", "49b00fd6-63f1-48ae-b27f-d8af4589f876")
    GOOGLE_CLOUD_STORAGE = _Connector(
        "Google Cloud Storage", "56366b96-ac98-11e9-abac-9cb6d0d9fd63"
    )
    GOOGLE_DRIVE = _Connector("Google Drive", "976cf0cf-78c3-4aab-82d2-7c16adbcc281")
    HPSS = _Connector("HPSS", "fb656a17-0f69-4e59-95ff-d0a62ca7bdf5")
    IRODS = _Connector("iRODS", "e47b6920-ff57-11ea-8aaa-000c297ab3c2")
    ONEDRIVE = _Connector("OneDrive", "28ef55da-1f97-11eb-bdfd-12704e0d6a4d")
    POSIX = _Connector("POSIX", "145812c8-decc-41f1-83cf-bb2a85a2a70b")
    POSIX_STAGING = _Connector("POSIX Staging", "052be037-7dda-4d20-b163-3077314dc3e6")
    S3 = _Connector("S3", "7643e831-5f6c-4b47-a07f-8ee90f401d23")

    @classmethod
    def all_connectors(cls) -> t.Iterator[GlobusConnectServerConnector]:
        """
        Yield each connector of the table.
        """
        for name in dir(cls):
            value = getattr(cls, name)
            if isinstance(value, GlobusConnectServerConnector):
                yield value

    @classmethod
    def lookup(cls, name_or_id: uuid.UUID | str) -> GlobusConnectServerConnector | None:
        """
        Find a connector; None if the table has none of that name or id.

        :param name_or_id: case does not matter; spaces, ``-`` and ``_`` are the same
        """
        wanted = _normal(str(name_or_id))
        for connector in cls.all_connectors():
            if wanted in (_normal(connector.connector_id), _normal(connector.name)):
                return connector
        return None

    @classmethod
    def extend(
        cls,
        *,
        connector_name: str,
        connector_id: uuid.UUID | str,
        attribute_name: str | None = None,
    ) -> type[ConnectorTable]:
        """
        Return a table with one more connector; this one stays as it is.

        :param connector_name: the name to show
        :param connector_id: the id of the connector
        :param attribute_name: its attribute in the new table; None takes the name in upper
            case, with ``_`` for spaces
        """
        attribute = attribute_name or connector_name.upper().replace(" ", "_")
        connector = GlobusConnectServerConnector(connector_name, str(connector_id))
        return type("ExtendedConnectorTable", (cls,), {attribute: connector})


def _normal(text: str) -> str:
    return re.sub(r"[_\- ]+", "-", text.strip().lower())
