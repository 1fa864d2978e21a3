"""
``globus-core session``: who has signed in, and signing in again for what a service demands.
"""

from __future__ import annotations

import click

from .app_options import with_app
from .exit_codes import ExitCode
from .output import with_output

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.gare import GlobusAuthorizationParameters
    from globus_core.globus_app import GlobusApp

    from .output import Output


def split(
    context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> tuple[str, ...]:
    """
    The values of an option that may be repeated, each of which may be several with commas.

    :param context: click's context
    :param parameter: the option
    :param values: what was given
    :raises click.BadParameter: if one of them is empty
    """
    found = tuple(part.strip() for value in values for part in value.split(","))
    if "" in found:
        raise click.BadParameter("a value is empty", context, parameter)
    return found


policy_option = click.option(
    "--policy",
    "policies",
    multiple=True,
    metavar="ID",
    callback=split,
    help="An authentication policy that the session must meet; can be repeated.",
)


def refuse_service_account(app: GlobusApp) -> None:
    """
    Say that requirements on a session make no sense for an app with a client's secret.

    :param app: the app
    :raises click.UsageError: if it is one
    """
    if app.renews_by == "client secret":
        raise click.UsageError("a service account signs in with its secret, and has no session")


@click.group()
def session() -> None:
    """Show the session, and sign in again for what a service demands of it.

    A session is what Globus Auth knows of a login: which of your identities have signed in, when,
    and how. Renewed tokens belong to the same session, so only a new sign-in changes it.
    """


@session.command()
@click.option("--offline", is_flag=True, help="Do not ask Globus Auth for usernames.")
@with_output()
@with_app(may_log_in=False, access_token_suffices=True)
def show(app: GlobusApp, offline: bool, output: Output) -> None:
    """Show which of your identities have signed in, and when.

    Exit code 0: somebody is logged in; 2: wrong usage; 4: nobody is.
    """
    _show(app, output, offline=offline)


@session.command()
@policy_option
@click.option(
    "--domain",
    "domains",
    multiple=True,
    metavar="DOMAIN",
    callback=split,
    help="Sign in with an identity of this domain; of several, one is enough.",
)
@click.option(
    "--identity",
    "identities",
    multiple=True,
    metavar="NAME|ID",
    callback=split,
    help="Sign in with this identity; can be repeated.",
)
@click.option("--mfa", is_flag=True, help="Sign in with a second factor.")
@with_output("Print JSON, as session show does.")
@with_app()
def update(
    app: GlobusApp,
    policies: tuple[str, ...],
    domains: tuple[str, ...],
    identities: tuple[str, ...],
    mfa: bool,
    output: Output,
) -> None:
    """Sign in again, as a service demands; without options, with the identity you have.

    The errors of services say which policy, domain or identity they want. All stored tokens are
    replaced, so that they belong to the new session.

    Exit code 0: signed in; 1: the login failed; 2: wrong usage; 4: nobody can log in here.
    """
    from globus_core.gare import GlobusAuthorizationParameters

    refuse_service_account(app)
    required = _identity_ids(app, identities)
    if mfa and not (required or domains):  # it says nothing without them
        required = _own_identity(app)
    _sign_in(
        app,
        GlobusAuthorizationParameters(
            session_required_policies=list(policies),
            session_required_single_domain=list(domains),
            session_required_identities=required,
            session_required_mfa=True if mfa else None,
            required_scopes=_stored_scopes(app),  # whose tokens then belong to the new session
            prompt="login",
        ),
    )
    _show(app, output)


@session.command()
@click.argument("scopes", nargs=-1, required=True)
@with_output("Print JSON: the scopes of each stored token.")
@with_app()
def consent(app: GlobusApp, scopes: tuple[str, ...], output: Output) -> None:
    """Consent to SCOPES, and store the tokens for them.

    A scope may have others that it depends on in brackets; put it in quotation marks then.

    Exit code 0: consented; 1: the login failed; 2: wrong usage; 4: nobody can log in here.
    """
    from globus_core.gare import GlobusAuthorizationParameters

    _check_scopes(scopes)
    _sign_in(app, GlobusAuthorizationParameters(required_scopes=list(scopes)))
    stored = app.token_storage.token_storage.get_token_data_by_resource_server()
    output.table(
        ("resource_server", "scope"),
        [(server, data.scope) for server, data in sorted(stored.items())],
        empty="no tokens",
    )


def _show(app: GlobusApp, output: Output, *, offline: bool = False) -> None:
    from ._session_status import described, session_status

    status = session_status(app, offline=offline)
    output.show(status, described)
    if not status["logged_in"]:
        raise SystemExit(ExitCode.LOGIN_NEEDED)


def _sign_in(app: GlobusApp, wanted: GlobusAuthorizationParameters) -> None:
    from globus_core import AuthClient

    with AuthClient(app=app):  # which tells the app to ask for openid, profile, email
        app.login(auth_params=wanted)


def _stored_scopes(app: GlobusApp) -> list[str]:
    """The scopes of all stored tokens, without dependencies, which a token does not name."""
    stored = app.token_storage.token_storage.get_token_data_by_resource_server()
    scopes = [scope for data in stored.values() for scope in data.scope.split()]
    return [scope for scope in scopes if scope.isprintable() and not set("[]*") & set(scope)]


def _identity_ids(app: GlobusApp, names: t.Iterable[str]) -> list[str]:
    """The ids of identities, of which usernames are looked up."""
    found = {name: name if _is_uuid(name) else "" for name in names}
    usernames = [name for name, known in found.items() if not known]
    if usernames:
        from globus_core import AuthClient

        with AuthClient(app=app, app_scopes=[]) as client:
            for identity in client.get_identities(usernames=usernames):
                found[str(identity["username"])] = str(identity["id"])
    unknown = [name for name in usernames if not found[name]]
    if unknown:
        raise click.UsageError(f"no identity has the username {', '.join(unknown)}")
    return list(dict.fromkeys(found.values()))


def _is_uuid(text: str) -> bool:
    import uuid

    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def _own_identity(app: GlobusApp) -> list[str]:
    identity = app.token_storage.identity_id
    if identity is None:
        raise click.UsageError("--mfa needs --identity or --domain where nobody is logged in")
    return [identity]


def _check_scopes(scopes: t.Iterable[str]) -> None:
    from globus_core.scopes import ScopeParseError, ScopeParser

    for scope in scopes:
        try:
            ScopeParser.parse(scope)
        except ScopeParseError as error:
            raise click.UsageError(f"not a scope: {error}") from error
