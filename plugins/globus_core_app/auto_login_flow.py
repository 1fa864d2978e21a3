"""
The login flow ``auto``: this machine's browser, a pasted code, or whichever is first.
"""

from __future__ import annotations

import os
import sys
import time

from globus_core import waiting
from globus_core.arguments import check_functions, check_numbers
from globus_core.exc import LoginTimeoutError
from globus_core.printable import say

from ._code_prompt import CodePrompt, CommandLineLoginFlowEOFError, exchange
from ._environment_detection import terminal_to_wait_at, why_no_browser
from .command_line_login_flow import CommandLineLoginFlowManager
from .local_server_login_flow import (
    LOGIN_SECONDS,
    LocalServerEnvironmentalLoginError,
    LocalServerLoginError,
    LocalServerLoginFlowManager,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.gare import GlobusAuthorizationParameters

    from ._callback_server import CallbackServer

_CHUNK = 4096
#: seconds between two checks, because a Ctrl-C may arrive just before the wait begins
_SLICE = 0.5


class AutoLoginFlowManager(CodePrompt):
    """
    Chooses a way to log in that works here, and says why others do not.

    On the user's own machine it opens the browser, and also prints a URL that works on any
    machine and ends with a code to paste; whichever is completed first is used. Over SSH, in a
    container, in WSL, in a notebook, without a display or with only a text browser, it uses the
    code alone. In Windows consoles and the consoles of some IDEs, where it cannot wait for input
    and browser at once, it uses the browser alone.

    :param login_client: the client for the login; has ``oauth2_start_flow``
    :param redirect_uri: the redirect URI of the code; if given, no browser is opened. None lets
        Globus Auth show the code on a page, for native clients only
    :param request_refresh_tokens: also request refresh tokens
    :param native_prefill_named_grant: label on the consent page; None uses the label of the page
    :param open_browser: opens a URL and returns whether it succeeded, wherever the program runs;
        None uses the default browser if it can be used
    :param timeout: seconds until the login must be completed
    :raises GlobusSDKUsageError: if a confidential client has no redirect URI
    """

    def __init__(
        self,
        login_client: t.Any,
        *,
        redirect_uri: str | None = None,
        request_refresh_tokens: bool = False,
        native_prefill_named_grant: str | None = None,
        open_browser: t.Callable[[str], bool] | None = None,
        timeout: float = LOGIN_SECONDS,
    ) -> None:
        shared: dict[str, t.Any] = {
            "request_refresh_tokens": request_refresh_tokens,
            "native_prefill_named_grant": native_prefill_named_grant,
        }
        super().__init__(login_client, redirect_uri=redirect_uri, **shared)
        check_functions(open_browser=open_browser)
        check_numbers(timeout=timeout)
        self.timeout = timeout
        self._open_browser = open_browser
        self._by_code = CommandLineLoginFlowManager(
            login_client, redirect_uri=redirect_uri, **shared
        )
        self._by_browser = LocalServerLoginFlowManager(
            login_client, open_browser=open_browser, timeout=timeout, **shared
        )

    def run_login_flow(self, auth_parameters: GlobusAuthorizationParameters) -> t.Any:
        """
        Log a person in, in a way that works here.

        :param auth_parameters: what the login must satisfy
        :raises LoginRequiredError: at once if no one can be prompted; names the command to run
        :raises CommandLineLoginFlowEOFError: if the input ends
        :raises LoginDeniedError: if the person or the server denies the login
        :raises LoginTimeoutError: if the login is not completed in time
        :raises GlobusAPIError: if the code is refused
        """
        by_code = self.start_flow(auth_parameters, self.redirect_uri)
        self._check_terminal(auth_parameters)
        terminal = terminal_to_wait_at()
        reason = self._why_no_browser()
        if reason is not None:
            _say(f"Not opening a browser: {reason}.\n")
        if terminal is None and reason is None:
            self._by_browser.id_token_decoder = self.id_token_decoder
            return self._by_browser.run_login_flow(auth_parameters)
        if terminal is None:
            with self.prompting(auth_parameters):
                return self._by_code.finish_by_code(*by_code)
        prompt = _Prompt(terminal, self.timeout)
        if reason is None:
            return self._race(prompt, auth_parameters, *by_code)
        return _code_alone(prompt, *by_code)

    def _why_no_browser(self) -> str | None:
        if self.redirect_uri is not None:
            return "the program sets its own redirect URI"
        return None if self._open_browser is not None else why_no_browser()

    def _race(
        self,
        prompt: _Prompt,
        auth_parameters: GlobusAuthorizationParameters,
        by_code: t.Any,
        url: str,
    ) -> t.Any:
        try:
            server = self._by_browser.background_local_server()
        except LocalServerLoginError as error:
            _say(f"Not opening a browser: {error}.\n")
            return _code_alone(prompt, by_code, url)
        with server, server.serving():
            by_browser, browser_url = self.start_flow(auth_parameters, server.redirect_uri)
            server.expect(by_browser)
            _say(
                "Opening your browser. You can also log in on any machine, at this address:\n\n"
                f"  {url}\n\n"
            )
            try:
                self._by_browser.show_in_browser(browser_url)
            except LocalServerEnvironmentalLoginError as error:
                _say(f"{error}\n")
            _say("Waiting for the browser, or paste the code shown there: ")
            entered = prompt.for_line(server)
            callback = server.callback
        if callback is not None:
            prompt.forget_typed()
            _say("\nThe browser came back.\n")
            return by_browser.exchange_callback(callback)
        is_browsers = entered.startswith((f"{server.redirect_uri}?", f"{server.redirect_uri}/?"))
        return exchange(by_browser if is_browsers else by_code, entered)


class _Prompt:
    """
    Waits for a line from a terminal and, at the same time, for the browser.

    It does not change the terminal's mode, and leaves no thread that would read the next line.

    :param terminal: the terminal's file descriptor
    :param seconds: the longest time to wait, from now
    """

    def __init__(self, terminal: int, seconds: float) -> None:
        self._terminal = terminal
        self._seconds = seconds
        self._end = time.monotonic() + seconds
        self._typed = b""

    def for_line(self, server: CallbackServer | None = None) -> str:
        """
        The next non-empty line, or an empty one as soon as the browser has returned.

        :param server: the server that the browser returns to; None waits for a line only
        :raises CommandLineLoginFlowEOFError: if the input ends
        :raises LoginTimeoutError: if neither arrives in time
        """
        import select

        sources: list[t.Any] = [self._terminal]
        if server is not None:
            sources.append(server.bell)
        while (left := self._end - time.monotonic()) > 0:
            ready, _, _ = waiting.blocking(select.select, sources, [], [], min(_SLICE, left))
            if server is not None and server.callback is not None:
                return ""
            if self._terminal in ready and (line := self._read()):
                return line
        raise LoginTimeoutError(f"the login was not completed within {self._seconds:g} seconds")

    def forget_typed(self) -> None:
        """Discard typed characters without Enter, which are not meant for the next prompt."""
        import termios

        try:
            termios.tcflush(self._terminal, termios.TCIFLUSH)
        except termios.error:  # the terminal is gone
            return

    def _read(self) -> str:
        """The first complete non-empty line, or an empty string if there is none yet."""
        try:
            chunk = os.read(self._terminal, _CHUNK)
        except OSError:  # the terminal has hung up
            chunk = b""
        if not chunk:
            raise CommandLineLoginFlowEOFError("the input ended before a code was entered")
        *lines, self._typed = (self._typed + chunk).split(b"\n")
        entered = (line.decode("utf-8", "replace").strip() for line in lines)
        return next(filter(None, entered), "")


def _code_alone(prompt: _Prompt, flow: t.Any, url: str) -> t.Any:
    _say(f"Log in at this address, on any machine:\n\n  {url}\n\nPaste the code shown there: ")
    return exchange(flow, prompt.for_line())


def _say(text: str) -> None:
    """Write to standard error if it is a terminal, so that standard output is the program's."""
    usable = [
        stream
        for stream in (sys.stderr, sys.stdout)
        if stream and not getattr(stream, "closed", False)
    ]
    terminals = [stream for stream in usable if stream.isatty()]
    say(text, next(iter(terminals or usable), None))
