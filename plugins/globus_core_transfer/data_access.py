"""
The consents that mapped collections need beside that for Transfer itself.
"""

from __future__ import annotations

from globus_core import BaseClient
from globus_core.documents import path
from globus_core.exc import GlobusSDKUsageError, ValidationError
from globus_core.scopes import GCSCollectionScopes, TransferScopes

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from typing_extensions import Self

    from globus_core.documents import IDs

    from .endpoints import ID


class DataAccess(BaseClient):
    """
    The methods that ask an app for access to collections.
    """

    service_name = "transfer"

    def add_app_data_access_scope(self, collection_ids: IDs) -> Self:
        """
        Ask the client's app for the scope ``data_access`` of collections.

        Only mapped collections without high assurance have this scope. For others the login ends
        with the error that the scope is unknown; :meth:`for_collections` leaves them out.

        :param collection_ids: the id of a collection, or several
        :raises ValidationError: if an id is not a UUID
        :raises GlobusSDKUsageError: if the client has no app
        """
        self._check_app()
        scopes = [GCSCollectionScopes(each).data_access for each in _uuids(collection_ids)]
        optional = [scope.with_optional(True) for scope in scopes]
        return self.add_app_scope(TransferScopes.all.with_dependencies(optional))

    def for_collections(self, *collection_ids: ID) -> Self:
        """
        Ask the client's app for the consents that collections need, by one login at most.

        Each collection is looked up once; only mapped ones without high assurance need a consent.
        A consent that was given before is enough. Otherwise the next request logs in.

        :param collection_ids: the ids of the collections
        :return: the client
        :raises ValidationError: if an id is not a UUID
        :raises GlobusSDKUsageError: if the client has no app
        :raises TransferAPIError: if a collection is unknown; nothing is asked for then
        """
        self._check_app()
        documents = [self._collection(each) for each in dict.fromkeys(_uuids(collection_ids))]
        needed = [document["id"] for document in documents if _needs_consent(document)]
        return self.add_app_data_access_scope(needed) if needed else self

    def _collection(self, collection_id: str) -> t.Any:
        return self.get(path("/v0.10/endpoint/{}", collection_id)).data

    def _check_app(self) -> None:
        if self._app is None:
            raise GlobusSDKUsageError("the client has no app to ask for access to collections")


def _needs_consent(document: t.Mapping[str, t.Any]) -> bool:
    is_mapped = document.get("entity_type") == "GCSv5_mapped_collection"
    return is_mapped and not document.get("high_assurance")


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
