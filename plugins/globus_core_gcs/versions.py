"""
Documents that say by their DATA_TYPE which version of the API they need.
"""

from __future__ import annotations

from globus_core.documents import MISSING

from .base_document import GCSDocument

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .base_document import Fields

    Version: t.TypeAlias = tuple[int, int, int]

_FIRST = (1, 0, 0)


class VersionedDocument(GCSDocument):
    """
    A document whose DATA_TYPE is the lowest version that knows all of its keys.

    A key that is None counts, one that is MISSING does not.

    :param fields: the fields by their wire names; a DATA_TYPE that is MISSING is found
    :param additional_fields: further fields, which win
    """

    #: what stands before the ``#``
    DATATYPE_BASE: str = ""
    #: key -> the version that brought it
    DATATYPE_VERSION_IMPLICATIONS: t.ClassVar[dict[str, Version]] = {}
    #: functions of the document, each giving a version that is needed, or None
    DATATYPE_VERSION_CALLBACKS: t.ClassVar[tuple[t.Callable[[t.Any], Version | None], ...]] = ()

    def __init__(self, fields: t.Mapping[str, t.Any], additional_fields: Fields = None) -> None:
        super().__init__(fields, additional_fields)
        if self.get("DATA_TYPE", MISSING) is MISSING:
            version = max(self._needed_versions())
            self["DATA_TYPE"] = f"{self.DATATYPE_BASE}#{'.'.join(map(str, version))}"

    def _needed_versions(self) -> t.Iterator[Version]:
        yield _FIRST
        for key, version in self.DATATYPE_VERSION_IMPLICATIONS.items():
            if self.get(key, MISSING) is not MISSING:
                yield version
        for ask in self.DATATYPE_VERSION_CALLBACKS:
            needed = ask(self)
            if needed is not None:
                yield needed
