"""
Places on collections, as arguments of commands.
"""

from __future__ import annotations

import click

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    Place: t.TypeAlias = tuple[str, str | None]


class PlaceType(click.ParamType):  # type: ignore[type-arg]  # not of click 8.1
    """
    ``COLLECTION_ID:PATH`` or only ``COLLECTION_ID``; the value is the id and the path or None.

    :param path_required: refuse an id alone
    """

    name = "place"

    def __init__(self, *, path_required: bool = False) -> None:
        self._path_required = path_required

    def convert(
        self, value: t.Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Place:
        import uuid

        if isinstance(value, tuple):
            return value
        collection, _, path = str(value).partition(":")
        try:
            uuid.UUID(collection)
        except ValueError:
            self.fail(f"{collection!r} is not the id of a collection, which is a UUID", param, ctx)
        if self._path_required and not path:
            self.fail(f"a path is missing: {collection}:PATH", param, ctx)
        return collection, path or None
