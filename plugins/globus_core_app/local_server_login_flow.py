"""
The login flow ``local-server``: the browser on this machine returns to a loopback server.
"""

from __future__ import annotations

import sys

from globus_core.arguments import check_functions, check_has, check_numbers, check_text
from globus_core.exc import GlobusSDKUsageError, LoginFlowError, LoginTimeoutError
from globus_core.login_flows import LoginFlowManager
from globus_core.printable import say

from ._code_prompt import is_confidential, label_for
from ._environment_detection import is_remote_session, usable_browser

TYPE_CHECKING = False
if TYPE_CHECKING:
    import string
    import typing as t

    from typing_extensions import Self

    from globus_core.gare import GlobusAuthorizationParameters

    from ._callback_server import CallbackServer
    from .config import GlobusAppConfig

#: seconds until a login must be completed
LOGIN_SECONDS = 900.0


class LocalServerLoginError(LoginFlowError):
    """
    A login through a local server failed.
    """


class LocalServerEnvironmentalLoginError(LocalServerLoginError):
    """
    A login through a local server cannot work on this machine.
    """

    advice = "use the login flow 'command-line' here"


class LocalServerLoginFlowManager(LoginFlowManager):
    """
    Opens the browser and waits until it returns.

    :param login_client: the client for the login; has ``oauth2_start_flow``
    :param request_refresh_tokens: also request refresh tokens
    :param native_prefill_named_grant: label on the consent page; None uses the label of the page
    :param server_address: host and port to listen on; ``localhost`` is 127.0.0.1 (RFC 8252
        section 8.3), ``::1`` works too, and port 0 takes a free one
    :param html_template: the page shown after the login, with ``$login_result`` and
        ``$post_login_message``; None uses the built-in page
    :param open_browser: opens a URL and returns whether it succeeded; None uses the default browser
    :param timeout: seconds until the login must be completed
    :raises GlobusSDKUsageError: if the host is not a loopback address
    """

    def __init__(
        self,
        login_client: t.Any,
        *,
        request_refresh_tokens: bool = False,
        native_prefill_named_grant: str | None = None,
        server_address: tuple[str, int] = ("localhost", 0),
        html_template: string.Template | None = None,
        open_browser: t.Callable[[str], bool] | None = None,
        timeout: float = LOGIN_SECONDS,
    ) -> None:
        super().__init__(
            login_client,
            request_refresh_tokens=request_refresh_tokens,
            native_prefill_named_grant=native_prefill_named_grant,
        )
        check_functions(open_browser=open_browser)
        check_numbers(timeout=timeout)
        if html_template is not None:
            check_has(html_template, "html_template", ("substitute",), "a string.Template")
        host, port = _checked_address(server_address)
        self.server_address = (_loopback(host), port)
        self._html_template = html_template
        self.open_browser = open_browser
        self.timeout = timeout

    @property
    def html_template(self) -> string.Template:
        """The page shown after the login; it can be set."""
        if self._html_template is None:
            from ._callback_page import DEFAULT_HTML_TEMPLATE

            return DEFAULT_HTML_TEMPLATE
        return self._html_template

    @html_template.setter
    def html_template(self, template: string.Template) -> None:
        self._html_template = template

    @classmethod
    def for_globus_app(cls, app_name: str, login_client: t.Any, config: GlobusAppConfig) -> Self:
        """
        Make the manager of an app.

        :param app_name: the app's name
        :param login_client: the app's login client, a native one
        :param config: the app's settings
        :raises GlobusSDKUsageError: if a redirect URI is configured, or the client is confidential
        """
        if config.login_redirect_uri is not None:
            raise GlobusSDKUsageError(
                "the login flow 'local-server' makes its own redirect URI; leave "
                "login_redirect_uri unset"
            )
        if is_confidential(login_client):
            raise GlobusSDKUsageError("the login flow 'local-server' needs a native client")
        return cls(
            login_client,
            request_refresh_tokens=config.request_refresh_tokens,
            native_prefill_named_grant=label_for(app_name, login_client),
        )

    def run_login_flow(self, auth_parameters: GlobusAuthorizationParameters) -> t.Any:
        """
        Open the browser, wait until it returns, exchange the code.

        :param auth_parameters: what the login must satisfy
        :raises LocalServerEnvironmentalLoginError: if there is no usable browser
        :raises LoginDeniedError: if the person or the server denies the login
        :raises LoginTimeoutError: if the login is not completed in time
        :raises GlobusAPIError: if the code is refused
        """
        if self.open_browser is None:
            _machine_browser()  # raises if there is none that can be used
        with self.background_local_server() as server:
            flow, authorize_url = self.start_flow(auth_parameters, server.redirect_uri)
            server.expect(flow)
            self.print_authorize_url(authorize_url)
            self.show_in_browser(authorize_url)
            callback = server.wait_for_callback(self.timeout)
        if callback is None:
            raise LoginTimeoutError(
                f"the login in the browser was not completed within {self.timeout:g} seconds"
            )
        return flow.exchange_callback(callback)

    def background_local_server(self) -> CallbackServer:
        """
        Start listening; use the server in a ``with`` block, which closes its socket.

        :raises LocalServerLoginError: if the address cannot be listened on
        """
        from ._callback_server import CallbackServer

        try:
            return CallbackServer(self.server_address, self.html_template)
        except OSError as error:
            host, port = self.server_address
            raise LocalServerLoginError(f"cannot listen on {host}:{port}: {error}") from error

    def print_authorize_url(self, authorize_url: str) -> None:
        """
        Print the URL, in case the browser does not open.

        :param authorize_url: the URL to open
        """
        hint = "Opening your browser to log in. If it does not open, go to:"
        say(f"{hint}\n\n  {authorize_url}\n\n", sys.stderr)

    def show_in_browser(self, authorize_url: str) -> None:
        """
        Open the browser.

        :param authorize_url: the URL to open
        :raises LocalServerEnvironmentalLoginError: if it does not open
        """
        import webbrowser

        open_browser = self.open_browser or _machine_browser()
        try:
            opened = open_browser(authorize_url)
        except (OSError, webbrowser.Error) as error:
            raise LocalServerEnvironmentalLoginError(
                f"the browser did not open: {error}"
            ) from error
        if not opened:
            raise LocalServerEnvironmentalLoginError("the browser could not be opened")


def _checked_address(address: t.Any) -> tuple[str, int]:
    if isinstance(address, str) or not hasattr(address, "__len__") or len(address) != 2:
        raise GlobusSDKUsageError('"server_address" must be a host and a port: ("localhost", 0)')
    host, port = address
    check_text(host, "the host of server_address")
    check_numbers(port=port)
    return host, port


def _loopback(host: str) -> str:
    """The loopback address; other machines must not be able to connect."""
    import ipaddress

    if host == "localhost":
        return "127.0.0.1"
    try:
        if ipaddress.ip_address(host).is_loopback:
            return host
    except ValueError:
        pass
    raise GlobusSDKUsageError(
        f"the login server listens on loopback only, not on {host!r}; use 'localhost', "
        "'127.0.0.1' or '::1'"
    )


def _machine_browser() -> t.Callable[[str], bool]:
    """The default browser, if it can be used for a login."""
    if is_remote_session():
        raise LocalServerEnvironmentalLoginError(
            "this is a remote session (SSH), so a browser would not open on your machine"
        )
    browser, trouble = usable_browser()
    if browser is None:
        raise LocalServerEnvironmentalLoginError(trouble)
    return lambda url: browser.open(url, new=1)
