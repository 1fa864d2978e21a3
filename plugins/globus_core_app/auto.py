"""
Logging in by whatever can work here: the browser of this machine, a code that is pasted, or both.
"""

from __future__ import annotations

import os
import sys
import time

from globus_core import waiting
from globus_core.exc import LoginTimeoutError

from ._code_prompt import CodePrompt, CommandLineLoginFlowEOFError, exchange
from ._environment_detection import terminal_to_wait_at, why_no_browser
from .command_line import CommandLineLoginFlowManager
from .local_server import (
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
#: seconds after which the wait looks up, for a Ctrl-C may come just before it begins
_SLICE = 0.5


class AutoLoginFlowManager(CodePrompt):
    """
    Takes the way to log in that can work here, and says why another cannot.

    On the person's own machine the browser opens, and a URL is shown that works on any machine
    and shows a code. The browser's return and a pasted code race; the first one wins. Over SSH,
    in a container, in WSL, in a notebook, without a display or with a text browser only, there
    is just the code. In consoles of Windows and of some development environments, which cannot be
    waited at beside a browser, there is just the browser.

    :param login_client: see LoginFlowManager
    :param redirect_uri: where the callback of the code goes; given, no browser is opened. None
        shows the code on a page, which only a native client may do
    :param request_refresh_tokens: see LoginFlowManager
    :param native_prefill_named_grant: see LoginFlowManager
    :param open_browser: opens a URL and says whether it could, wherever this runs; None is the
        machine's browser, where that can work
    :param timeout: seconds that the person has
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
        Log a person in, in the first way that can work here.

        :param auth_parameters: what to ask for
        :raises LoginRequiredError: at once if nobody can be asked here; has the command to run
        :raises CommandLineLoginFlowEOFError: if the input ends
        :raises LoginDeniedError: if the person or the server refuses
        :raises LoginTimeoutError: if nobody logs in in time
        :raises GlobusAPIError: if the code is refused
        """
        by_code = self.start_flow(auth_parameters, self.redirect_uri)
        self._check_somebody_is_there(auth_parameters)
        terminal = terminal_to_wait_at()
        reason = self._why_no_browser()
        if reason is not None:
            _say(f"Not opening a browser: {reason}.\n")
        if terminal is None and reason is None:
            return self._by_browser.run_login_flow(auth_parameters)
        if terminal is None:
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
            server.state = by_browser.state
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
    Waits for a line of a terminal, and for the browser beside it.

    The terminal stays as it is, and no thread is left that would swallow the next line.

    :param terminal: the terminal's descriptor
    :param seconds: how long to wait at the most, from now
    """

    def __init__(self, terminal: int, seconds: float) -> None:
        self._terminal = terminal
        self._seconds = seconds
        self._end = time.monotonic() + seconds
        self._typed = b""

    def for_line(self, server: CallbackServer | None = None) -> str:
        """
        The next line that is not empty; or an empty one as soon as the browser is back.

        :param server: the server that the browser comes back to
        :raises CommandLineLoginFlowEOFError: if the input ends
        :raises LoginTimeoutError: if neither comes in time
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
        """Drop what was typed and not entered: half a code is nothing for the next prompt."""
        import termios

        try:
            termios.tcflush(self._terminal, termios.TCIFLUSH)
        except termios.error:  # the terminal is gone
            return

    def _read(self) -> str:
        """The first whole line that is not empty, or nothing as long as there is none."""
        try:
            chunk = os.read(self._terminal, _CHUNK)
        except OSError:  # the terminal was hung up
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
    """Tell the person, and leave standard output to the program wherever that is possible."""
    streams = [stream for stream in (sys.stderr, sys.stdout) if stream is not None]
    for stream in [stream for stream in streams if stream.isatty()] or streams[:1]:
        stream.write(text)
        stream.flush()
        return
