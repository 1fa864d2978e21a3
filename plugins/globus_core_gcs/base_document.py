"""
The base of the documents of Globus Connect Server.
"""

from __future__ import annotations

from globus_core.documents import Document

from .hidden_secrets import hidden

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t
    import uuid

    from globus_core.documents import MissingType

    ID: t.TypeAlias = uuid.UUID | str | MissingType
    Fields: t.TypeAlias = t.Mapping[str, t.Any] | MissingType | None


class GCSDocument(Document):
    """
    A document whose ``repr`` hides secrets, also those in documents and dicts within it.

    The values themselves stay as they are.
    """

    def __repr__(self) -> str:
        shown = {**hidden(self), **dict.fromkeys(self._secret_fields & self.keys(), "***")}
        return f"{type(self).__name__}({shown})"
