"""
Logging in on a command line: a URL to open anywhere, a code to bring back.
"""

from __future__ import annotations

import sys

from globus_core import waiting
from globus_core.exc import LoginFlowError

from ._code_prompt import CodePrompt, CommandLineLoginFlowEOFError, exchange

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.gare import GlobusAuthorizationParameters


class CommandLineLoginFlowManager(CodePrompt):
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
            self._check_somebody_is_there(auth_parameters)
        return self.finish_by_code(flow, authorize_url)

    def finish_by_code(self, flow: t.Any, authorize_url: str) -> t.Any:
        """
        Print the URL of a flow that was started, ask for the code, exchange it.

        :param flow: the flow
        :param authorize_url: its URL
        """
        self.print_authorize_url(authorize_url)
        entered = self.prompt_for_code()
        if not entered:
            raise LoginFlowError("no code was entered")
        return exchange(flow, entered)

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
