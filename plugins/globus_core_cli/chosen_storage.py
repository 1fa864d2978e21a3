"""
The token storages that arguments of a command name.
"""

from __future__ import annotations

import os

import click

from globus_core import compose, hookspecs
from globus_core.exc import GlobusSDKUsageError

from .app_options import CLIENT_ID_VAR

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.token_storage import TokenStorage

    C = t.TypeVar("C", bound=t.Callable[..., t.Any])

_SQLITE = b"SQLite format 3\0"
_ENCRYPTED = b'{"format": "globus-core encrypted tokens"'
_METHODS = ("get_token_data_by_resource_server", "store_token_data_by_resource_server")


def storage_options(command: C) -> C:
    """
    Add the options that say whose storage a name means, and which namespace is meant.

    :param command: the function of a click command
    """
    for option in (
        click.option(
            "--namespace", metavar="NAME", help="Only this namespace; all of them by default."
        ),
        click.option(
            "--app-name",
            metavar="NAME",
            default="globus-core",
            show_default=True,
            help="The app whose storage a name means.",
        ),
        click.option(
            "--client-id",
            metavar="ID",
            envvar=CLIENT_ID_VAR,
            show_envvar=True,
            help="The client whose storage a name means.",
        ),
    ):
        command = option(command)
    return command


def chosen_storage(chosen: str, *, client_id: str | None, app_name: str) -> TokenStorage:
    """
    The storage that an argument names.

    :param chosen: a name (``keyring``), a URL (``json:///path``), or the path of a file
    :param client_id: the client whose storage a name means; None if it is not known
    :param app_name: the app whose storage a name means
    :raises click.UsageError: if there is no such storage
    """
    is_name = chosen in compose.merged(hookspecs.globus_token_storages)
    choice = chosen if is_name or not os.path.isfile(chosen) else _url_of_file(chosen)

    if is_name and client_id is None:
        raise click.UsageError(
            f"the name {chosen!r} means the storage of an app, which needs --client-id or "
            f"{CLIENT_ID_VAR}; or give a URL such as '{chosen}:///folder/file'"
        )

    def of_app(provider: t.Any) -> t.Any:
        from globus_core.globus_app import GlobusAppConfig

        return provider.for_globus_app(
            client_id=client_id, app_name=app_name, config=GlobusAppConfig(), namespace="DEFAULT"
        )

    try:
        storage: TokenStorage = compose.select_by_url(
            hookspecs.globus_token_storages,
            choice,
            what="token storage",
            by_name=of_app,
            methods=_METHODS,
            namespace="DEFAULT",
        )
    except GlobusSDKUsageError as error:
        raise click.UsageError(f"{error}; a file that exists can be given by its path") from error
    return storage


def namespaces_of(storage: TokenStorage, only: str | None) -> list[str]:
    """
    The namespaces of a storage that have tokens.

    :param storage: the storage
    :param only: the only one that is wanted, or None
    """
    if only is not None:
        return [only]
    try:
        return sorted(storage.namespaces())
    except NotImplementedError:  # a third party's
        return [storage.namespace]


def _url_of_file(path: str) -> str:
    """The URL for a token file of whatever kind, also one of globus-sdk."""
    from urllib.request import pathname2url

    try:
        with open(path, "rb") as file:
            beginning = file.read(100)
    except OSError as error:
        raise click.UsageError(f"{path!r} cannot be read: {error.strerror}") from error
    scheme = "json"
    if beginning.startswith(_SQLITE):
        scheme = "sqlite"
    elif beginning.startswith(_ENCRYPTED):
        raise click.UsageError(
            f"{path!r} is encrypted; write 'keyring://{os.path.abspath(path)}' if its key is in "
            "the keyring, or else 'encrypted://...'"
        )
    return f"{scheme}://{pathname2url(os.path.abspath(path))}"
