"""
``globus-core token`` where a token that is still good is stored.

Scripts run this command again and again, so this path loads neither click nor plugins, and takes
little longer than starting Python. It prints what the complete command in ``token_command`` would
print, and leaves everything else to it: other options, renewals, errors.
"""

from __future__ import annotations

import os
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.token_storage import TokenStorageData

#: the resource servers of the services that come with globus-core
RESOURCE_SERVERS = {
    "auth": "auth.globus.org",
    "compute": "funcx_service",
    "flows": "flows.globus.org",
    "groups": "groups.api.globus.org",
    "search": "search.api.globus.org",
    "timers": "524230d7-ea86-4a52-8312-86065a9e0417",
    "transfer": "transfer.api.globus.org",
}
#: seconds for which a token must be good at least; authorizers renew it then as well
MIN_VALID = 60

_FILES = {"json": "json", "sqlite": "db"}
_FLAGS = ("--header", "--json")
# each option with a value, and the variable that gives it where the option is missing
_VALUES = {
    "--app-name": None,
    "--client-id": "GLOBUS_CLIENT_ID",
    "--environment": None,
    "--login-flow": None,
    "--min-valid": None,
    "--namespace": "GLOBUS_CORE_NAMESPACE",
    "--scope": None,
    "--token-storage": "GLOBUS_CORE_TOKEN_STORAGE",
}
# variables that change which plugins are used, so that they must be asked
_PLUGIN_VARIABLES = ("GLOBUS_CORE_PLUGINS", "GLOBUS_CORE_PLUGINS_BLOCKED")
# variables that decide which server is used
_SERVER_VARIABLES = ("GLOBUS_SDK_ENVIRONMENT", "GLOBUS_SDK_SERVICE_URL_AUTH")


def print_stored(arguments: t.Sequence[str]) -> bool:
    """
    Print a stored token that is still good; False, without any output, if there is none.

    :param arguments: the arguments of the command
    """
    wanted = _parsed(arguments)
    if wanted is None or any(map(os.environ.get, _PLUGIN_VARIABLES)):
        return False
    from globus_core.exc.base import GlobusError

    try:
        data = _stored(wanted)
    except (GlobusError, ValueError):
        return False  # the complete command says what is wrong
    if data is None:
        return False
    sys.stdout.write(shown(data, header=wanted.header, as_json=wanted.as_json) + "\n")
    return True


def shown(data: TokenStorageData, *, header: bool, as_json: bool) -> str:
    """
    A token as the command prints it.

    :param data: the token's record
    :param header: as an HTTP header
    :param as_json: as JSON, with its scopes and when it expires
    """
    from globus_core.authorizers.base import bearer_header

    authorization = bearer_header(data.access_token)  # checks that it can be sent
    if not as_json:
        return f"Authorization: {authorization}" if header else data.access_token
    import json

    from globus_core.documents import utc_text

    document = {
        "resource_server": data.resource_server,
        "access_token": data.access_token,
        "token_type": "Bearer",
        "scope": data.scope,
        "expires_at": utc_text(data.expires_at_seconds),
        "expires_at_seconds": data.expires_at_seconds,
    }
    if header:
        document["header"] = f"Authorization: {authorization}"
    return json.dumps(document, indent=2)


class _Wanted:
    """What the command line asks for."""

    __slots__ = ("as_json", "header", "options", "resource_server", "scopes")

    def __init__(self) -> None:
        self.resource_server = ""
        self.header = self.as_json = False
        self.scopes: list[str] = []
        self.options: dict[str, str] = {}

    def option(self, name: str, default: str = "") -> str:
        """An option's value: from the command line, or its variable, or the default."""
        variable = _VALUES[name]
        from_variable = os.environ.get(variable) if variable else None
        return self.options.get(name) or from_variable or default


def _parsed(arguments: t.Sequence[str]) -> _Wanted | None:
    """A command line with known options and at most one other argument; None for any other one."""
    wanted = _Wanted()
    left = list(arguments)
    while left:
        name, equals, value = left.pop(0).partition("=")
        if name in _FLAGS and not equals:
            wanted.header |= name == "--header"
            wanted.as_json |= name == "--json"
        elif name in _VALUES and (equals or left):
            value = value if equals else left.pop(0)
            wanted.options[name] = value
            if name == "--scope":
                wanted.scopes += value.split()
        elif name and name[0] != "-" and not equals and not wanted.resource_server:
            wanted.resource_server = RESOURCE_SERVERS.get(name, name)
        else:
            return None
    wanted.resource_server = wanted.resource_server or RESOURCE_SERVERS["auth"]
    return wanted


def _stored(wanted: _Wanted) -> TokenStorageData | None:
    """The record of a token that is good for long enough and has all wanted scopes."""
    from .durations import seconds

    data = _record(wanted)
    if data is None or not set(wanted.scopes) <= set(data.scope.split()):
        return None
    min_valid = seconds(wanted.option("--min-valid", str(MIN_VALID)))
    return data if data.expires_at_seconds > time.time() + min_valid else None


def _record(wanted: _Wanted) -> TokenStorageData | None:
    from globus_core_app.credential_names import might_be_found

    client_id: str | None = wanted.option("--client-id")
    has_secret = False
    if might_be_found(os.environ):
        from globus_core_app.credentials import find_credentials

        search = find_credentials(environ={**os.environ, "GLOBUS_CLIENT_ID": client_id or ""})
        if search.tokens is not None:
            return _given(search.tokens, wanted.resource_server)
        client_id, has_secret = search.client_id, search.client_secret is not None
    return _from_file(wanted, client_id, has_secret=has_secret) if client_id else None


def _given(tokens: t.Mapping[str, t.Any], resource_server: str) -> TokenStorageData | None:
    """The record of a token that was given to a job; None if it is not known when it expires."""
    given = tokens.get(resource_server)
    if given is None or isinstance(given, str) or given.get("expires_at_seconds") is None:
        return None
    from globus_core.token_storage.data import TokenStorageData

    scope, end = given.get("scope") or "", given["expires_at_seconds"]
    return TokenStorageData(
        resource_server, None, scope, given["access_token"], None, end, "Bearer"
    )


def _from_file(wanted: _Wanted, client_id: str, *, has_secret: bool) -> TokenStorageData | None:
    """The record in the file of the command's app; None if its storage is another one."""
    from globus_core_storage import reading

    chosen = wanted.option("--token-storage", "json")
    kind, is_url, _ = chosen.partition(":")
    if kind not in _FILES:
        return None
    named = wanted.option("--namespace", "DEFAULT")
    if named == "DEFAULT" and has_secret:
        named = f"client:{client_id}"
    environment, namespace = _of_server(wanted, named)
    if is_url:
        path = os.path.abspath(reading.path_from_url(chosen))
    else:
        app_name = wanted.option("--app-name", "globus-core")
        path = reading.app_token_path(client_id, app_name, environment, _FILES[kind])
    read = reading.read_json if kind == "json" else reading.read_sqlite
    return read(path, namespace, wanted.resource_server)


def _of_server(wanted: _Wanted, namespace: str) -> tuple[str, str]:
    """The environment, and the namespace for tokens of its server or of the one in a variable."""
    named = wanted.option("--environment")
    if not named and not any(name in os.environ for name in _SERVER_VARIABLES):
        return "production", namespace
    from globus_core.config.env_vars import get_environment_name
    from globus_core.config.environments import get_service_url, token_namespace

    environment = get_environment_name(named or None)
    auth_url = get_service_url("auth", environment)
    return environment, token_namespace(namespace, auth_url, environment)
