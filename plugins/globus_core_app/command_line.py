"""
Logging in on a command line: a URL to open anywhere, a code to bring back.
"""

from __future__ import annotations

import sys

from globus_core import waiting
from globus_core.exc import GlobusError, GlobusSDKUsageError, LoginFlowError
from globus_core.login_flows import LoginFlowManager

from ._login_required import check_somebody_is_there, login_command
from ._prefill import is_confidential, label_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from typing_extensions import Self

    from globus_core.gare import GlobusAuthorizationParameters

    from .config import GlobusAppConfig


class CommandLineLoginFlowEOFError(GlobusError, EOFError):
    """
    The input ended before a code was entered.
    """

    advice = "run the login in a terminal, where the code can be entered"


class CommandLineLoginFlowManager(LoginFlowManager):
    """
    Prints a URL and asks for the code that the page behind it shows.

    The whole URL of the page is taken as well; then its state is checked too.

    :param login_client: see LoginFlowManager
    :param redirect_uri: where the callback goes; None shows the code on a page, which only a
        native client may do
    :param request_refresh_tokens: see LoginFlowManager
    :param native_prefill_named_grant: see LoginFlowManager
    :raises GlobusSDKUsageError: if a confidential client has no redirect URI
    """

    #: the command that logs in for the app of this manager, in words; None if there is none
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
        made.login_command = login_command(app_name, login_client, config)
        return made

    def run_login_flow(self, auth_parameters: GlobusAuthorizationParameters) -> t.Any:
        """
        Print the URL, ask for the code, exchange it.

        :param auth_parameters: what to ask for
        :raises LoginRequiredError: at once if nobody can be asked here; has the command to run
        :raises CommandLineLoginFlowEOFError: if the input ends
        :raises LoginFlowError: if nothing was entered, or a callback that does not fit
        :raises GlobusAPIError: if the code is refused
        """
        flow, authorize_url = self.start_flow(auth_parameters, self.redirect_uri)
        if not self._prompts_in_its_own_way():
            check_somebody_is_there(self.login_command, auth_parameters)
        self.print_authorize_url(authorize_url)
        entered = self.prompt_for_code()
        if not entered:
            raise LoginFlowError("no code was entered")
        if "://" in entered:
            return flow.exchange_callback(entered)
        return flow.exchange_code_for_tokens(entered)

    def print_authorize_url(self, authorize_url: str) -> None:
        """
        Show the URL; a subclass may do so in its own way.

        :param authorize_url: the URL to open
        """
        sys.stdout.write(f"Please log in here:\n\n  {authorize_url}\n\n")
        sys.stdout.flush()

    def prompt_for_code(self) -> str:
        """
        Ask for the code; a subclass may do so in its own way.

        :raises CommandLineLoginFlowEOFError: if the input ends
        """
        try:
            return waiting.blocking(input, "Enter the code shown there: ").strip()
        except EOFError as error:
            raise CommandLineLoginFlowEOFError(
                "the input ended before a code was entered"
            ) from error

    def _prompts_in_its_own_way(self) -> bool:
        ours = CommandLineLoginFlowManager.prompt_for_code
        return getattr(self.prompt_for_code, "__func__", None) is not ours
