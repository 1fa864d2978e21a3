"""
``globus-core token``: an access token for curl, scripts, and programs in other languages.
"""

from __future__ import annotations

import contextlib
import sys
import time

import click

from globus_core import hookspecs
from globus_core.exc import LoginRequiredError

from .app_options import complete_offered, with_app
from .durations import as_seconds
from .stored_token import MIN_VALID, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core import BaseClient
    from globus_core.globus_app import GlobusApp
    from globus_core.token_storage import TokenStorageData


@click.command()
@click.argument(
    "wanted",
    metavar="[SERVICE|RESOURCE_SERVER]",
    default="auth",
    shell_complete=complete_offered(hookspecs.globus_clients),
)
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    metavar="SCOPE",
    help="A scope that the token must have; can be repeated.",
)
@click.option(
    "--min-valid",
    metavar="TIME",
    default=f"{MIN_VALID}s",
    show_default=True,
    callback=as_seconds,
    help="Renew the token if it is good for less, such as 10m or 12h.",
)
@click.option("--header", is_flag=True, help="Print the Authorization header for the token.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with scopes and the expiry.")
@with_app(access_token_suffices=True)
def token(
    app: GlobusApp,
    wanted: str,
    scopes: tuple[str, ...],
    min_valid: int,
    header: bool,
    as_json: bool,
) -> None:
    """Print a valid access token for a SERVICE, such as transfer, or a resource server.

    It is taken from the storage, and renewed first if needed, once for all programs. In a terminal
    it logs in if needed; elsewhere it never asks. Whoever has the token can act for you until it
    expires: do not pass it on a command line; curl takes its header from a file:

    \b
      globus-core token transfer --header | curl -H @- https://...

    Exit code 0: the token was printed; 1: it cannot be had, or not for long enough; 2: wrong usage;
    4: a login is needed.
    """
    source = _Tokens(app, _client_class(wanted), wanted, scopes)
    with contextlib.redirect_stdout(sys.stderr):  # where a login may print its link
        data = source.valid_for(min_valid)
    click.echo(shown(data, header=header, as_json=as_json))


def _client_class(name: str) -> type[BaseClient] | None:
    """The client of a service with this name, or with this resource server; None if unknown."""
    from globus_core.service_clients import client_class, service_names

    names = service_names()
    if name in names:
        return client_class(name)
    for each in names:
        with contextlib.suppress(Exception):  # a plugin that is not usable is not the one
            found = client_class(each)
            if found.resource_server == name:
                return found
    return None


class _Tokens:
    """
    Gets the token of one resource server for an app.

    :param app: the app
    :param client: the class of the service's client, if there is one
    :param name: the service or resource server as the user named it
    :param scopes: the scopes that the token must have
    """

    def __init__(
        self,
        app: GlobusApp,
        client: type[BaseClient] | None,
        name: str,
        scopes: tuple[str, ...],
    ) -> None:
        self._app = app
        self._client = client
        self.name = name
        self.resource_server: str = getattr(client, "resource_server", None) or name
        if client is not None and client.resource_server is None:
            raise click.UsageError(
                f"each {name!r} service has a resource server of its own: name that one"
            )
        self._require(scopes)

    def _require(self, scopes: tuple[str, ...]) -> None:
        """Tell the app which scopes the token must have: those named, or any where it has one."""
        known = self._known()
        if not scopes and known is not None:
            if self._app.renews_by != "client secret":
                return
            scopes = (known.scope,)  # which it asks for again in each renewal
        if scopes:
            self._app.add_scope_requirements({self.resource_server: " ".join(scopes)})
        elif self._client is not None:
            self._client(app=self._app).close()  # requires the scopes that it needs
        else:
            raise _unknown(self.resource_server)

    def valid_for(self, seconds: int) -> TokenStorageData:
        """
        A token that is good for so many seconds.

        :param seconds: the seconds
        :raises LoginRequiredError: if it takes a login, and nobody is there
        """
        data = self._renewed(seconds)
        left = int(data.expires_at_seconds - time.time())
        if left > seconds:
            return data
        if self._app.renews_by is not None and data.refresh_token is not None:
            raise click.ClickException(
                f"a new token for {self.resource_server!r} is good for {left} seconds; no token is "
                f"good for {seconds}"
            )
        if not _somebody_is_there():
            raise LoginRequiredError(
                f"the token for {self.resource_server!r} is good for {max(left, 0)} seconds only, "
                "and cannot be renewed"
            )
        self._app.login(force=True)
        return self._renewed(seconds)

    def _renewed(self, seconds: int) -> TokenStorageData:
        from globus_core.authorizers import RenewingAuthorizer
        from globus_core.token_storage.validating_token_storage import MissingTokenError

        get = self._app.get_authorizer
        if not _somebody_is_there():
            get = self._app.get_authorizer_without_login
        try:
            authorizer = get(self.resource_server)
        except MissingTokenError as error:
            if self._app.renews_by == "client secret" or _somebody_is_there():
                raise
            again = f"globus-core token {self.name}"
            raise LoginRequiredError(f"{error}; run '{again}' in a terminal, to log in") from error
        authorizer.get_authorization_header()
        if isinstance(authorizer, RenewingAuthorizer):
            authorizer.ensure_valid_for(hours=seconds / 3600)
        data = self._known()
        if data is None:
            raise LoginRequiredError(f"the token for {self.resource_server!r} has been removed")
        return data

    def _known(self) -> TokenStorageData | None:
        storage: t.Any = self._app.token_storage.token_storage
        data: TokenStorageData | None = storage.get_token_data(self.resource_server)
        return data


def _unknown(name: str) -> Exception:
    """The error for a name that is no service's: it is mistyped, or a resource server."""
    from difflib import get_close_matches

    from globus_core.service_clients import service_names

    near = get_close_matches(name, service_names(), n=1)
    if near:
        return click.UsageError(f"there is no service {name!r}. Did you mean {near[0]!r}?")
    return LoginRequiredError(
        f"there is no token for {name!r}; to get one, name a scope of it with --scope"
    )


def _somebody_is_there() -> bool:
    """Whether a person can log in: standard output is often captured, the others are not."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))
