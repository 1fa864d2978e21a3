"""
What the commands have in common: times, and the client that they are given.
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

#: how times are entered; those without a zone are in local time
TIME = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"])


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
