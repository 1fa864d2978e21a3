"""
The documents of bookmarks in the second version of the Transfer API.
"""

from __future__ import annotations

from globus_core.documents import Document

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .endpoints import ID


class BookmarkCreateDocument(Document):
    """
    A bookmark to create.

    :param collection: the id of the collection
    :param name: the name of the bookmark
    :param path: the path on the collection
    :param additional_fields: further attributes, which win
    """

    def __init__(
        self,
        collection: ID,
        name: str,
        path: str,
        *,
        additional_fields: t.Mapping[str, t.Any] | None = None,
    ) -> None:
        data = {
            "type": "Bookmark",
            "attributes": {"name": name, "path": path, **(additional_fields or {})},
            "relationships": {"collection": {"data": {"type": "Collection", "id": collection}}},
        }
        super().__init__({"data": data})


class BookmarkUpdateDocument(Document):
    """
    Another name and path for a bookmark.

    :param name: the name of the bookmark
    :param path: the path on its collection
    :param additional_fields: further attributes, which win
    """

    def __init__(
        self, name: str, path: str, *, additional_fields: t.Mapping[str, t.Any] | None = None
    ) -> None:
        attributes = {"name": name, "path": path, **(additional_fields or {})}
        super().__init__({"data": {"type": "Bookmark", "attributes": attributes}})
