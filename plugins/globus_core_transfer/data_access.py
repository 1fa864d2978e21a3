"""
The consents that mapped collections need beside that for Transfer itself.
"""

from __future__ import annotations

from globus_core import BaseClient
from globus_core.exc import GlobusSDKUsageError, ValidationError
from globus_core.scopes import GCSCollectionScopes, TransferScopes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing_extensions import Self

    from globus_core.documents import IDs


class DataAccess(BaseClient):
    """
    The method that asks an app for access to collections.
    """

    service_name = "transfer"

    def add_app_data_access_scope(self, collection_ids: IDs) -> Self:
        """
        Ask the client's app for the scope ``data_access`` of collections.

        Only mapped collections without high assurance have this scope. For others the login ends
        with the error that the scope is unknown.

        :param collection_ids: the id of a collection, or several
        :raises ValidationError: if an id is not a UUID
        :raises GlobusSDKUsageError: if the client has no app
        """
        if self._app is None:
            raise GlobusSDKUsageError("the client has no app to ask for access to collections")
        scopes = [GCSCollectionScopes(each).data_access for each in _uuids(collection_ids)]
        optional = [scope.with_optional(True) for scope in scopes]
        return self.add_app_scope(TransferScopes.all.with_dependencies(optional))


def _uuids(ids: IDs) -> list[str]:
    """Ids as text, after a check that all of them are UUIDs."""
    import uuid

    if isinstance(ids, (str, uuid.UUID)):
        return [_uuid("collection_ids", ids)]
    return [_uuid(f"collection_ids[{at}]", each) for at, each in enumerate(ids)]


def _uuid(name: str, value: object) -> str:
    import uuid

    try:
        uuid.UUID(str(value))
    except ValueError:
        raise ValidationError(f"{name!r} must be a UUID, not {value!r}") from None
    return str(value)
