"""
The app that a command uses, and the options for it.
"""

from __future__ import annotations

import contextlib
import functools
import os

import click

from globus_core import compose, hookspecs

from .log_options import log_options

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.globus_app import GlobusApp
    from globus_core.scopes import Scope
    from globus_core.token_storage import TokenStorage

    Scopes: t.TypeAlias = "str | Scope | t.Iterable[str | Scope]"
    R = t.TypeVar("R")

#: also used by find_credentials; there is no option for a secret, because other users of the
#: machine can see command lines
CLIENT_ID_VAR = "GLOBUS_CLIENT_ID"

_NO_CLIENT_ID = (
    "a client id is required, and none is built in. Register a native app at "
    'https://app.globus.org/settings/developers ("thick client"), then pass its id with '
    f"--client-id or set {CLIENT_ID_VAR}; 'globus-core sandbox' prints one to try things out."
)
_DEFAULT_NAMESPACE = "DEFAULT"


def offered(hook: t.Any, what: str) -> t.Callable[..., str]:
    """
    Make the callback of an option whose value is a name, or a URL, that plugins offer.

    :param hook: the registration hook
    :param what: what is being chosen, for the error: ``token storage``
    """

    def check(context: click.Context, parameter: click.Parameter, value: str) -> str:
        if context.resilient_parsing:  # for a completion
            return value
        name = value.partition(":")[0]
        with _usage_errors(context, parameter):
            compose.select(hook, name, what=what)
        return value

    return check


def complete_offered(
    hook: t.Any,
) -> t.Callable[[click.Context, click.Parameter, str], list[str]]:
    """
    Make the ``shell_complete`` of an option whose value is a name that plugins offer.

    :param hook: the registration hook
    """

    def complete(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
        return sorted(name for name in compose.merged(hook) if name.startswith(begun))

    return complete


def _complete_environment(
    context: click.Context, parameter: click.Parameter, begun: str
) -> list[str]:
    from globus_core.config.environments import known_names

    return sorted(name for name in known_names() if name.startswith(begun))


def _environment(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> str | None:
    """Refuse an environment that nobody knows, also one that the variable names."""
    if context.resilient_parsing:
        return value
    from globus_core.config.environments import known_environment

    with _usage_errors(context, parameter):
        known_environment(value)
    return value


@contextlib.contextmanager
def _usage_errors(context: click.Context, parameter: click.Parameter) -> t.Iterator[None]:
    from globus_core.exc import GlobusSDKUsageError

    try:
        yield
    except GlobusSDKUsageError as error:
        raise click.BadParameter(str(error), context, parameter) from error


def _options(*, checked: bool) -> tuple[t.Callable[..., t.Any], ...]:
    """The options for an app; ``checked`` refuses values that nobody offers."""
    return (
        click.option(
            "--client-id",
            metavar="ID",
            envvar=CLIENT_ID_VAR,
            show_envvar=True,
            help="The id of the client to use.",
        ),
        click.option(
            "--app-name",
            metavar="NAME",
            default="globus-core",
            show_default=True,
            help="The name of the app whose tokens are used.",
        ),
        click.option(
            "--namespace",
            metavar="NAME",
            default=_DEFAULT_NAMESPACE,
            show_default=True,
            envvar="GLOBUS_CORE_NAMESPACE",
            show_envvar=True,
            help="The namespace in the token storage; keeps several logins apart.",
        ),
        click.option(
            "--token-storage",
            metavar="NAME|URL",
            default="json",
            show_default=True,
            envvar="GLOBUS_CORE_TOKEN_STORAGE",
            show_envvar=True,
            callback=offered(hookspecs.globus_token_storages, "token storage") if checked else None,
            shell_complete=complete_offered(hookspecs.globus_token_storages),
            help="Where tokens are kept.",
        ),
        click.option(
            "--environment",
            metavar="NAME",
            callback=_environment if checked else None,
            shell_complete=_complete_environment,
            help="The Globus environment.  [env var: GLOBUS_SDK_ENVIRONMENT]",
        ),
        click.option(
            "--login-flow",
            metavar="NAME",
            default="auto",
            show_default=True,
            envvar="GLOBUS_CORE_LOGIN_FLOW",
            show_envvar=True,
            callback=offered(hookspecs.globus_login_flows, "login flow") if checked else None,
            shell_complete=complete_offered(hookspecs.globus_login_flows),
            help="How to log in, if a login is needed.",
        ),
    )


def with_app(
    *,
    scopes: t.Mapping[str, Scopes] | None = None,
    may_log_in: bool = True,
    access_token_suffices: bool = False,
    network_notes: bool = True,
) -> t.Callable[[t.Callable[..., R]], t.Callable[..., R]]:
    """
    Add the options for an app to a click command, and pass the app to it.

    The function gets the keyword argument ``app``: a UserApp, or a ClientApp or TokenApp if
    ``find_credentials`` finds credentials. The app is closed when the command ends. It requests
    refresh tokens, and logs in when a request needs it; without a terminal it raises a
    LoginRequiredError with the command to run. While a server does not answer, and before a request
    is sent again, a line on standard error says so. In the days before the login ends, another one
    does.

    :param scopes: the required scopes, by resource server; clients with the app add their own
    :param may_log_in: False for a command that must not prompt: if tokens are missing, it raises
        a TokenValidationError
    :param access_token_suffices: True for a command that only reads: a login that another program
        made without refresh tokens is enough for it
    :param network_notes: False for a command whose standard error is not always its own; it uses
        ``network_notes_shown`` itself, and does not warn before a login ends
    """

    def decorate(command: t.Callable[..., R]) -> t.Callable[..., R]:
        @functools.wraps(command)
        def run(
            *args: t.Any,
            make_app: t.Callable[[], GlobusApp],
            **kwargs: t.Any,
        ) -> R:
            from ._login_end import session_lifetime, warn_of_end
            from .network_notes import show_network_notes

            lifetime = session_lifetime()
            if network_notes:
                show_network_notes(click.get_current_context())
            app = make_app()
            result = command(*args, app=app, **kwargs)
            if network_notes:
                warn_of_end(app, lifetime)
            return result

        return _with_maker(
            run,
            _options(checked=True),
            may_log_in=may_log_in,
            scope_requirements=scopes,
            access_token_suffices=access_token_suffices,
        )

    return decorate


def with_app_maker() -> t.Callable[[t.Callable[..., R]], t.Callable[..., R]]:
    """
    Add the options of :func:`with_app` to a command that also works where no app can be made.

    The function gets the keyword argument ``make_app``, which makes the app or raises a GlobusError
    or a click exception. No value is checked before. The app never logs in, and is closed when the
    command ends.
    """
    return lambda command: _with_maker(
        command, _options(checked=False), may_log_in=False, access_token_suffices=True
    )


def _with_maker(
    command: t.Callable[..., R],
    options: t.Sequence[t.Callable[..., t.Any]],
    *,
    may_log_in: bool,
    **given: t.Any,
) -> t.Callable[..., R]:
    """A command with the options for an app, which gets a function that makes it."""

    @functools.wraps(command)
    def run(
        *args: t.Any,
        client_id: str | None,
        app_name: str,
        namespace: str,
        token_storage: str,
        environment: str | None,
        login_flow: str,
        **kwargs: t.Any,
    ) -> R:
        settings = {
            "token_storage": _in_namespace(token_storage, namespace),
            "environment": environment or "",
            "request_refresh_tokens": True,
        }
        if not may_log_in:
            settings["token_validation_error_handler"] = None
        context = click.get_current_context()

        def make_app() -> GlobusApp:
            app = _make_app(client_id, app_name, login_flow, settings, given)
            context.call_on_close(app.close)
            return app

        return command(*args, make_app=make_app, **kwargs)

    for option in (log_options, *reversed(options)):
        run = option(run)
    return run


def _make_app(
    client_id: str | None,
    app_name: str,
    login_flow: str,
    settings: dict[str, t.Any],
    given: dict[str, t.Any],
) -> GlobusApp:
    from globus_core.globus_app import GlobusAppConfig, default_app, find_credentials

    named = {CLIENT_ID_VAR: client_id} if client_id else {}
    search = find_credentials(environ={**os.environ, **named})
    if search.used is None and search.client_id is None:
        raise click.UsageError(_NO_CLIENT_ID)
    return default_app(
        app_name,
        config=GlobusAppConfig(login_flow_manager=login_flow, **settings),
        search=search,
        **given,
    )


def _in_namespace(chosen: str, namespace: str) -> t.Any:
    """The setting for a storage in a namespace; apps themselves use the default namespace."""
    return chosen if namespace == _DEFAULT_NAMESPACE else _InNamespace(chosen, namespace)


class _InNamespace:
    """
    Provides a token storage with a given namespace.

    :param chosen: the storage's name or URL
    :param namespace: the namespace
    """

    def __init__(self, chosen: str, namespace: str) -> None:
        self._chosen = chosen
        self._namespace = namespace
        #: the options that make ``globus-core login`` use this storage, for error messages
        self.login_options = {"--token-storage": chosen, "--namespace": namespace}

    def for_globus_app(
        self, *, app_name: str, config: t.Any, client_id: str, namespace: str
    ) -> TokenStorage:
        """Make the storage of an app, in this namespace for the server in use."""
        from globus_core.config import get_service_url, token_namespace

        auth_url = get_service_url("auth", config.environment)
        namespace = token_namespace(self._namespace, auth_url, config.environment)

        def provided(provider: t.Any) -> t.Any:
            return provider.for_globus_app(
                app_name=app_name, config=config, client_id=client_id, namespace=namespace
            )

        storage: TokenStorage = compose.select_by_url(
            hookspecs.globus_token_storages,
            self._chosen,
            what="token storage",
            by_name=provided,
            methods=("get_token_data_by_resource_server",),
            namespace=namespace,
        )
        return storage
