"""
The login flow ``command-line``: open a URL anywhere, paste the code.
"""

from __future__ import annotations

import sys

from globus_core import waiting
from globus_core.exc import LoginFlowError
from globus_core.printable import say

from ._code_prompt import CodePrompt, CommandLineLoginFlowEOFError, exchange

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.gare import GlobusAuthorizationParameters


class CommandLineLoginFlowManager(CodePrompt):
    """
    Prints a URL and prompts for the code that Globus Auth shows after the login.

    The whole URL of that page can be pasted too; then its state is also checked.

    :param login_client: the client for the login; has ``oauth2_start_flow``
    :param redirect_uri: the redirect URI; None lets Globus Auth show the code on a page, for
        native clients only
    :param request_refresh_tokens: also request refresh tokens
    :param native_prefill_named_grant: label on the consent page; None uses the label of the page
    :raises GlobusSDKUsageError: if a confidential client has no redirect URI
    """

    def run_login_flow(self, auth_parameters: GlobusAuthorizationParameters) -> t.Any:
        """
        Print the URL, prompt for the code, exchange it.

        :param auth_parameters: what the login must satisfy
        :raises LoginRequiredError: at once if no one can be prompted; names the command to run
        :raises CommandLineLoginFlowEOFError: if the input ends
        :raises LoginFlowError: if nothing or the wrong callback was entered
        :raises GlobusAPIError: if the code is refused
        """
        flow, authorize_url = self.start_flow(auth_parameters, self.redirect_uri)
        if not self._prompts_in_its_own_way():
            self._check_terminal(auth_parameters)
        with self.prompting(auth_parameters):
            return self.finish_by_code(flow, authorize_url)

    def finish_by_code(self, flow: t.Any, authorize_url: str) -> t.Any:
        """
        Print the URL of a started flow, prompt for the code, exchange it.

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
        Print the URL; a subclass may override this.

        :param authorize_url: the URL to open
        """
        say(f"Please log in here:\n\n  {authorize_url}\n\n", sys.stdout)

    def prompt_for_code(self) -> str:
        """
        Prompt for the code; a subclass may override this.

        :raises NotImplementedError: in a notebook that runs without a front end
        :raises CommandLineLoginFlowEOFError: if the input ends
        """
        try:
            has_console = sys.stdout is not None and sys.stderr is not None
            prompt = input if has_console else _input_without_console
            return waiting.blocking(prompt, "Enter the code shown there: ").strip()
        except EOFError as error:
            raise CommandLineLoginFlowEOFError(
                "the input ended before a code was entered"
            ) from error

    def _prompts_in_its_own_way(self) -> bool:
        ours = CommandLineLoginFlowManager.prompt_for_code
        return getattr(self.prompt_for_code, "__func__", None) is not ours


def _input_without_console(prompt: str) -> str:
    """What ``input`` does, which reads nothing where a stream is None."""
    say(prompt, sys.stdout or sys.stderr)
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line
