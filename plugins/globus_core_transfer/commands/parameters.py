"""
What the commands have in common: places on collections, and the client that they are given.
"""

from __future__ import annotations

import functools

import click

from globus_core.cli import with_app, with_output

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.globus_app import GlobusApp

    R = t.TypeVar("R")
    Place: t.TypeAlias = tuple[str, str | None]

#: how times are entered; those without a zone are in local time
TIME = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"])


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


def with_client(
    *, only_reads: bool = False
) -> t.Callable[[t.Callable[..., R]], t.Callable[..., R]]:
    """
    Add the options for an app and ``--json`` to a click command, and pass it a TransferClient.

    The function gets the keyword arguments ``client`` and ``output``.

    :param only_reads: whether a login without refresh tokens is enough, as for ``with_app``
    """

    def decorate(command: t.Callable[..., R]) -> t.Callable[..., R]:
        @with_output("Print JSON, as the Transfer API gives it.")
        @with_app(access_token_suffices=only_reads)
        @functools.wraps(command)
        def run(*args: t.Any, app: GlobusApp, **kwargs: t.Any) -> R:
            from ..client import TransferClient

            with TransferClient(app=app) as client:
                return command(*args, client=client, **kwargs)

        return run

    return decorate
