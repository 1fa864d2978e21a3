"""
What the login flows share that prompt for a code.
"""

from __future__ import annotations

import contextlib

from globus_core.arguments import check_texts
from globus_core.exc import GlobusSDKUsageError, LoginFlowError, LoginRequiredError
from globus_core.login_flows import LoginFlowManager
from globus_core.origins import bare, page

from ._environment_detection import why_no_terminal

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from typing_extensions import Self

    from globus_core.gare import GlobusAuthorizationParameters

    from .config import GlobusAppConfig

#: the scopes that ``globus-core login`` requests anyway
_LOGIN_SCOPES = frozenset({"openid", "profile", "email"})
_CLI_APP_NAME = "globus-core"


class CommandLineLoginFlowEOFError(LoginFlowError, EOFError):
    """
    The input ended before a code was entered.
    """

    advice = "log in again, in a terminal, and enter the code that the page shows"


class CodePrompt(LoginFlowManager):
    """
    Base of login flows that prompt for the code that Globus Auth shows on a page.

    The parameters are those of CommandLineLoginFlowManager.
    """

    #: the command line that logs in for this manager's app, as a list; None if there is none
    login_command: list[str] | None = None

    def __init__(
        self,
        login_client: t.Any,
        *,
        redirect_uri: str | None = None,
        request_refresh_tokens: bool = False,
        native_prefill_named_grant: str | None = None,
    ) -> None:
        super().__init__(
            login_client,
            request_refresh_tokens=request_refresh_tokens,
            native_prefill_named_grant=native_prefill_named_grant,
        )
        check_texts(redirect_uri=redirect_uri)
        if redirect_uri is None and is_confidential(login_client):
            raise GlobusSDKUsageError(
                "a confidential client needs a redirect URI to log in with; set "
                "login_redirect_uri in the app's config"
            )
        self.redirect_uri = redirect_uri

    @classmethod
    def for_globus_app(cls, app_name: str, login_client: t.Any, config: GlobusAppConfig) -> Self:
        """
        Make the manager of an app.

        :param app_name: the app's name
        :param login_client: the app's login client
        :param config: the app's settings
        """
        made = cls(
            login_client,
            redirect_uri=config.login_redirect_uri,
            request_refresh_tokens=config.request_refresh_tokens,
            native_prefill_named_grant=label_for(app_name, login_client),
        )
        made.login_command = _login_command(app_name, login_client, config)
        return made

    def _check_terminal(self, auth_parameters: GlobusAuthorizationParameters) -> None:
        """Raise a LoginRequiredError with the command to run if no one can be prompted."""
        reason = why_no_terminal()
        if reason is not None:
            raise self._no_one_to_prompt(reason, auth_parameters)

    @contextlib.contextmanager
    def prompting(self, auth_parameters: GlobusAuthorizationParameters) -> t.Iterator[None]:
        """
        Prompt in a ``with`` block; a LoginRequiredError says if that turns out to be impossible.

        :param auth_parameters: what the login must satisfy
        """
        try:
            yield
        except NotImplementedError:  # so say Jupyter's kernels, also to ``nbconvert --execute``
            reason = "this notebook runs without a front end that could prompt"
        else:
            return
        raise self._no_one_to_prompt(reason, auth_parameters)

    def _no_one_to_prompt(
        self, reason: str, auth_parameters: GlobusAuthorizationParameters
    ) -> LoginRequiredError:
        message = f"login required, but no one can be prompted here: {reason}"
        asked = auth_parameters.to_dict()
        asked.pop("session_message", None)  # is no requirement
        given = asked.pop("required_scopes", None) or []
        scopes = sorted(set(map(str, given)) - _LOGIN_SCOPES)
        if self.login_command is None or asked:
            consents = f" with the scopes {' '.join(scopes)}" if scopes else ""
            message = f"{message}; run this program in a terminal to log in{consents}"
            return LoginRequiredError(message)
        import shlex

        command = list(self.login_command)
        for scope in scopes:
            command += ["--scope", scope]
        line = shlex.join(command)
        return LoginRequiredError(f"{message}; run this in a terminal: {line}", command=line)


def exchange(flow: t.Any, entered: str) -> t.Any:
    """
    Exchange what a person has entered for tokens.

    :param flow: the flow that was started
    :param entered: the code, or the whole URL of the page that shows it
    :raises LoginFlowError: if it is the URL of another page
    """
    if "://" in entered:
        _check_address(entered, getattr(flow, "redirect_uri", None))
        return flow.exchange_callback(entered)
    return flow.exchange_through_client(entered)


def _check_address(entered: str, expected: str | None) -> None:
    """Refuse the URL of another host, port or path, as anybody could have made it."""
    if expected is None or page(entered) == page(expected):
        return
    raise LoginFlowError(
        f"the URL that was entered is of {bare(entered)[:200]!r}, but this login ends at "
        f"{bare(expected)!r}"
    )


def is_confidential(login_client: t.Any) -> bool:
    """
    Whether a client has a secret, judged by its methods.

    :param login_client: the client
    """
    return hasattr(login_client, "oauth2_client_credentials_tokens")


def label_for(app_name: str, login_client: t.Any) -> str | None:
    """
    The label of a login on the consent page: the app's name and the machine's.

    :param app_name: the app's name
    :param login_client: the app's login client; a confidential client has no label
    """
    if is_confidential(login_client):
        return None
    import platform

    host = platform.node().removesuffix(".local")
    return f"{app_name} on {host}" if host else app_name


def _login_command(app_name: str, login_client: t.Any, config: GlobusAppConfig) -> list[str] | None:
    """The command that logs in and stores the tokens where the app looks for them, or None."""
    place = getattr(
        config.token_storage, "login_options", {"--token-storage": config.token_storage}
    )
    storage = place.get("--token-storage")
    if is_confidential(login_client) or not isinstance(storage, str) or storage == "memory":
        return None
    if "@" in storage or "?" in storage:  # a URL with a password, perhaps
        return None
    if not _is_default_server(login_client, config):
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


def _is_default_server(login_client: t.Any, config: GlobusAppConfig) -> bool:
    """Whether the command logs in at the server that the login client uses."""
    from globus_core.config import get_service_url
    from globus_core.origins import origin

    from ._config_objects import server_url

    url = server_url(login_client)
    return url is None or origin(url) == origin(get_service_url("auth", config.environment))
