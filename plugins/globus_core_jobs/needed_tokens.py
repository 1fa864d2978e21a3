"""
Which tokens a job needs, as options say it.
"""

from __future__ import annotations

import click

from globus_core import hookspecs
from globus_core.cli import complete_offered
from globus_core.exc import GlobusError, GlobusSDKUsageError, LoginRequiredError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.globus_app import GlobusApp
    from globus_core.scopes import Scope

    C = t.TypeVar("C", bound=t.Callable[..., t.Any])


def with_needs(command: C) -> C:
    """
    Add the options ``--scope`` and ``--service`` to a click command.

    :param command: gets the keyword arguments ``scopes`` and ``services``
    """
    scope = click.option(
        "--scope",
        "scopes",
        multiple=True,
        metavar="SCOPE",
        callback=_scopes,
        help="A scope that the job needs; can be repeated. By default all tokens of the login.",
    )
    service = click.option(
        "--service",
        "services",
        multiple=True,
        metavar="NAME",
        callback=_services,
        shell_complete=complete_offered(hookspecs.globus_clients),
        help="A service that the job uses, such as transfer; can be repeated.",
    )
    return scope(service(command))


def require(
    app: GlobusApp, scopes: t.Sequence[Scope], services: t.Sequence[str], *, may_log_in: bool
) -> list[str]:
    """
    Have an app require what a job needs, and return the resource servers.

    :param app: the app
    :param scopes: scopes, or none
    :param services: names of services, or none; with neither, all tokens that are stored
    :param may_log_in: whether to log in for what is missing
    :raises LoginRequiredError: if something is missing and nobody may or can log in
    """
    if not scopes and not services:
        return _all_stored(app)
    for service in services:
        _require_service(app, service)
    missing = [str(scope) for scope in scopes if _granting(app, scope) is None]
    _get(app, missing, may_log_in=may_log_in)
    found = {str(scope): _granting(app, scope) for scope in scopes}
    for scope, resource_server in found.items():
        if resource_server is None:
            raise LoginRequiredError(f"the login does not grant the scope {scope!r}")
        app.add_scope_requirements({resource_server: scope})
    return list(dict.fromkeys([*map(_resource_server, services), *filter(None, found.values())]))


def _scopes(
    context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> list[Scope]:
    from globus_core.scopes import ScopeParser

    if not all(map(str.strip, values)):
        raise click.BadParameter("a scope is empty", context, parameter)
    try:
        return list(ScopeParser.parse(" ".join(values))) if values else []
    except GlobusError as error:
        raise click.BadParameter(str(error), context, parameter) from error


def _services(
    context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> tuple[str, ...]:
    for value in values:
        try:
            _resource_server(value)
        except GlobusSDKUsageError as error:
            raise click.BadParameter(str(error), context, parameter) from error
    return values


def _stored(app: GlobusApp) -> t.Mapping[str, t.Any]:
    return app.token_storage.token_storage.get_token_data_by_resource_server()


def _all_stored(app: GlobusApp) -> list[str]:
    stored = _stored(app)
    if not stored:
        error = LoginRequiredError("nobody is logged in, or the login has ended")
        error.advice = "log in, or name what is needed with --scope or --service"
        raise error
    app.add_scope_requirements(
        {server: data.scope.split() for server, data in stored.items() if data.scope}
    )
    return sorted(stored)


def _resource_server(service: str) -> str:
    from globus_core.service_clients import client_class

    server = client_class(service).resource_server
    if server is None:
        raise GlobusSDKUsageError(
            f"the service {service!r} has no tokens that are known beforehand"
        )
    return server


def _require_service(app: GlobusApp, service: str) -> None:
    """Have an app require its token for a service, or else what the service's client needs."""
    from globus_core.service_clients import client_class

    resource_server = _resource_server(service)
    stored = _stored(app).get(resource_server)
    if stored is not None and stored.scope:
        app.add_scope_requirements({resource_server: stored.scope.split()})
        return
    with client_class(service)(app=app):
        pass


def _granting(app: GlobusApp, scope: Scope) -> str | None:
    """The resource server whose stored token grants a scope, or None."""
    for resource_server, data in _stored(app).items():
        if scope.scope_string in data.scope.split():
            return resource_server
    return None


def _get(app: GlobusApp, missing: list[str], *, may_log_in: bool) -> None:
    """Log in for scopes that are missing, and for what the app requires anyway."""
    from globus_core.gare import GlobusAuthorizationParameters

    if may_log_in or app.renews_by == "client secret":
        wanted = GlobusAuthorizationParameters(required_scopes=missing) if missing else None
        app.login(auth_params=wanted)
    elif missing:
        import shlex

        options = [f"--app-name={app.app_name}", *(f"--scope={scope}" for scope in missing)]
        command = shlex.join(["globus-core", "login", *options])
        error = LoginRequiredError(f"the login does not grant {' '.join(missing)}", command=command)
        error.advice = f"run this in a terminal: {command}"
        raise error
