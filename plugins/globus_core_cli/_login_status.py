"""
The login status of an app, as ``login`` and ``whoami`` show it.
"""

from __future__ import annotations

import time

from globus_core.documents import utc_text
from globus_core.printable import one_line
from globus_core.scopes import AuthScopes

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core import GlobusHTTPResponse
    from globus_core.globus_app import GlobusApp
    from globus_core.token_storage import TokenStorageData

    LoginStatus = dict[str, t.Any]

#: characters of a token's scopes that are shown; a token can have many
_LONGEST_SCOPE = 10_000

_WHO = ("username", "name", "email")
_LINKED = ("username", "name", "email", "organization")
_CLAIMS = {"username": "preferred_username", "name": "name", "email": "email"}


def login_status(app: GlobusApp, *, offline: bool = False) -> LoginStatus:
    """
    Whose tokens an app has, which, until when and where: a document without secrets.

    ``logged_in`` is false if Globus Auth says that the login has ended. If it could not be asked,
    ``trouble`` says why, and the stored tokens count.

    ``linked_identities``, the person's own first, is there if the login has the scope for it.

    :param app: the app
    :param offline: do not ask Globus Auth for the username, name and email
    """
    from globus_core.origins import origin

    asked = {} if offline else _asked(app)
    refused = asked.pop("refused", False)
    stored = app.token_storage.token_storage.get_token_data_by_resource_server()
    tokens = [_token(stored[server]) for server in sorted(stored)]
    where = app.token_storage.describe()
    usable = any(token["renewable"] or not token["expired"] for token in tokens)
    return {
        "logged_in": usable and not refused and not _login_required(app, offline),
        "identity_id": next((d.identity_id for d in stored.values() if d.identity_id), None),
        **dict.fromkeys(_WHO),
        "client_id": app.client_id,
        "environment": app.config.environment,
        "server": origin(app.service_url("auth") or ""),
        "storage": {
            "location": where.location,
            "protection": where.protection,
            "shared": where.shared,
        },
        "tokens": tokens,
        **asked,
    }


def _token(data: TokenStorageData) -> dict[str, t.Any]:
    return {
        "resource_server": data.resource_server,
        "scope": data.scope,
        "expires_at": utc_text(data.expires_at_seconds),
        "expires_at_seconds": data.expires_at_seconds,
        "expired": data.expires_at_seconds <= time.time(),
        "renewable": data.refresh_token is not None,
    }


def _login_required(app: GlobusApp, offline: bool) -> bool:
    """Whether a login is required; a client with a secret would request tokens to find out."""
    if offline and app.renews_by == "client secret":
        return False
    return app.login_required()


def _asked(app: GlobusApp) -> dict[str, t.Any]:
    """The user's information from Globus Auth, or the reason why there is none."""
    from globus_core import AuthClient
    from globus_core.exc import GlobusAPIError, GlobusError
    from globus_core.token_storage.validating_token_storage import TokenValidationError

    try:
        # the scopes of the login decide how much there is to show
        with AuthClient(app=app, app_scopes=[]) as client:
            return _shown(client.userinfo())
    except TokenValidationError:
        return {}  # there is no token to ask with
    except GlobusAPIError as error:
        refused = error.http_status == 401 and not _renewable(app)
        return {"trouble": str(error), "refused": refused}
    except GlobusError as error:
        return {"trouble": str(error)}


def _shown(userinfo: GlobusHTTPResponse) -> dict[str, t.Any]:
    found = {name: userinfo.get(claim) for name, claim in _CLAIMS.items()}
    found["identity_id"] = userinfo["sub"]
    members = userinfo.get("identity_set")
    if isinstance(members, list):  # as the scope view_identity_set allows
        found["linked_identities"] = [
            {"identity_id": member["sub"], **{name: member.get(name) for name in _LINKED}}
            for member in members
            if isinstance(member, dict) and "sub" in member
        ]
    return found


def _renewable(app: GlobusApp) -> bool:
    """Whether a 401 may come from a renewal, and so say nothing about the token itself."""
    stored = app.token_storage.token_storage.get_token_data(AuthScopes.resource_server)
    return stored is None or stored.refresh_token is not None or app.renews_by == "client secret"


def described(status: LoginStatus) -> str:
    """
    The login status as text.

    :param status: the result of :func:`login_status`
    """
    storage = status["storage"]
    lines = [_first_line(status), f"  server: {status['server']}"]
    if "trouble" in status:
        said = "could not confirm this" if status["logged_in"] else "refused the stored tokens"
        lines.append(f"  Globus Auth {said}: {status['trouble']}")
    for token in status["tokens"]:
        lines.append(f"  {one_line(token['resource_server'])}: {_until(token)}")
        lines.append(f"    {one_line(token['scope'], _LONGEST_SCOPE)}")
    lines.append(f"tokens in {storage['location']}: {storage['protection']}")
    return "\n".join(lines)


def linked_identities(status: LoginStatus) -> tuple[tuple[str, ...], list[list[str | None]]]:
    """
    The columns and rows of a table of the linked identities.

    :param status: the result of :func:`login_status`, which has them
    """
    columns = ("identity_id", *_LINKED)
    return columns, [[one[name] for name in columns] for one in status["linked_identities"]]


def _first_line(status: LoginStatus) -> str:
    if not status["logged_in"]:
        return "not logged in; run 'globus-core login' in a terminal, with the same options"
    identity = status["identity_id"] or "an unknown identity"
    username = status["username"]
    if not username:
        return f"logged in as {identity}"
    return f"logged in as {one_line(str(username))} ({identity})"


def _until(token: dict[str, t.Any]) -> str:
    lasting = ", renewed automatically" if token["renewable"] else ""
    return f"{'expired' if token['expired'] else 'until'} {token['expires_at']}{lasting}"
