"""
The error of a login that nobody is there for.
"""

from __future__ import annotations

from globus_core.exc import LoginRequiredError

from ._environment_detection import why_no_terminal
from ._prefill import is_confidential

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.gare import GlobusAuthorizationParameters

    from .config import GlobusAppConfig

#: what ``globus-core login`` asks for and takes for granted
_LOGIN_SCOPES = frozenset({"openid", "profile", "email"})
_CLI_APP_NAME = "globus-core"


def login_command(app_name: str, login_client: t.Any, config: GlobusAppConfig) -> list[str] | None:
    """
    The command that logs in for an app, in the place where the app looks; None if there is none.

    :param app_name: the app's name
    :param login_client: the app's login client
    :param config: the app's settings
    """
    place = getattr(
        config.token_storage, "login_options", {"--token-storage": config.token_storage}
    )
    storage = place.get("--token-storage")
    if is_confidential(login_client) or not isinstance(storage, str) or storage == "memory":
        return None
    if "@" in storage or "?" in storage:  # a URL with a password, perhaps
        return None
    options = {
        "--client-id": (login_client.client_id, None),
        "--app-name": (app_name, _CLI_APP_NAME),
        "--namespace": (place.get("--namespace", "DEFAULT"), "DEFAULT"),
        "--token-storage": (storage, "json"),
        "--environment": (config.environment, "production"),
    }
    command = ["globus-core", "login"]
    for option, (value, default) in options.items():
        if value != default:
            command += [option, str(value)]
    return command


def check_somebody_is_there(
    command: list[str] | None, auth_parameters: GlobusAuthorizationParameters
) -> None:
    """
    Refuse a login that nobody can be asked for.

    :param command: what logs in for the app, see :func:`login_command`
    :param auth_parameters: what the login is to bring
    :raises LoginRequiredError: with the command to run
    """
    reason = why_no_terminal()
    if reason is None:
        return
    message = f"a login is needed, and nobody can be asked here: {reason}"
    asked = auth_parameters.to_dict()
    scopes = asked.pop("required_scopes", None) or []
    if command is None or asked:
        raise LoginRequiredError(f"{message}; run this program in a terminal to log in")
    import shlex

    for scope in sorted(set(map(str, scopes)) - _LOGIN_SCOPES):
        command = [*command, "--scope", scope]
    line = shlex.join(command)
    raise LoginRequiredError(f"{message}; run this in a terminal: {line}", command=line)
