"""
Whose tokens an app has, which, until when, and where: what ``login`` and ``whoami`` show.
"""

from __future__ import annotations

import time

import click

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.globus_app import GlobusApp
    from globus_core.token_storage import TokenStorageData

    LoginStatus = dict[str, t.Any]

_WHO = ("username", "name", "email")
_CLAIMS = {"username": "preferred_username", "name": "name", "email": "email"}


def login_status(app: GlobusApp, *, offline: bool = False) -> LoginStatus:
    """
    Where an app stands, as a document without secrets.

    :param app: the app
    :param offline: ask nobody; who it is stays open then
    """
    stored = app.token_storage.token_storage.get_token_data_by_resource_server()
    tokens = [_token(stored[server]) for server in sorted(stored)]
    where = app.token_storage.describe()
    status: LoginStatus = {
        "logged_in": any(token["renewable"] or not token["expired"] for token in tokens),
        "identity_id": next((d.identity_id for d in stored.values() if d.identity_id), None),
        **dict.fromkeys(_WHO),
        "client_id": app.client_id,
        "environment": app.config.environment,
        "storage": {
            "location": where.location,
            "protection": where.protection,
            "shared": where.shared,
        },
        "tokens": tokens,
    }
    if status["logged_in"] and not offline:
        status |= _asked(app)
    return status


def _token(data: TokenStorageData) -> dict[str, t.Any]:
    return {
        "resource_server": data.resource_server,
        "scope": data.scope,
        "expires_at": _utc(data.expires_at_seconds),
        "expires_at_seconds": data.expires_at_seconds,
        "expired": data.expires_at_seconds <= time.time(),
        "renewable": data.refresh_token is not None,
    }


def _asked(app: GlobusApp) -> dict[str, t.Any]:
    """What Globus Auth says of the person; where it cannot be asked, why."""
    from globus_core import AuthClient
    from globus_core.exc import GlobusError

    try:
        with AuthClient(app=app) as client:
            userinfo = client.userinfo()
    except GlobusError as error:
        return {"trouble": str(error)}
    return {name: userinfo.get(claim) for name, claim in _CLAIMS.items()} | {
        "identity_id": userinfo["sub"]
    }


def show(status: LoginStatus) -> None:
    """
    Print where an app stands, for a person.

    :param status: what :func:`login_status` has found
    """
    if not status["logged_in"]:
        click.echo("not logged in; 'globus-core login' does it")
    else:
        click.echo(f"logged in as {who(status)}")
    if "trouble" in status:
        click.echo(f"  Globus Auth did not confirm it: {status['trouble']}")
    for token in status["tokens"]:
        click.echo(f"  {token['resource_server']}: {_until(token)}")
        click.echo(f"    {token['scope']}")
    storage = status["storage"]
    click.echo(f"tokens in {storage['location']}: {storage['protection']}")


def who(status: LoginStatus) -> str:
    """
    The person, in as many words as are known.

    :param status: what :func:`login_status` has found
    """
    identity = status["identity_id"] or "somebody whose identity is not known"
    return f"{status['username']} ({identity})" if status["username"] else identity


def _until(token: dict[str, t.Any]) -> str:
    lasting = ", renewed by itself" if token["renewable"] else ""
    return f"{'expired' if token['expired'] else 'until'} {token['expires_at']}{lasting}"


def _utc(seconds: int) -> str:
    try:
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
    except (OverflowError, ValueError, OSError):  # beyond what a calendar holds
        return str(seconds)
