"""
The login that comes back to a server on loopback: what counts there, and what does not.
"""

from __future__ import annotations

import socket
import string
import threading
import typing as t
from http.client import HTTPConnection, RemoteDisconnected
from types import SimpleNamespace
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest

from globus_core import AuthAPIError, NativeAppAuthClient
from globus_core.exc import LoginDeniedError, LoginFlowError, LoginTimeoutError
from globus_core.gare import GlobusAuthorizationParameters
from globus_core.login_flows import (
    LocalServerEnvironmentalLoginError,
    LocalServerLoginError,
    LocalServerLoginFlowManager,
)
from globus_core.testing import HeadlessBrowser
from globus_core_app._callback_page import DEFAULT_HTML_TEMPLATE
from globus_core_app._callback_server import CallbackServer

if t.TYPE_CHECKING:
    from globus_core_sandbox import Sandbox

WANTED = GlobusAuthorizationParameters(required_scopes=["openid"])


class Visitor:
    """
    A browser that does what a test says with the URL, in the background.

    :param visit: called with the authorize URL and with the address to come back to
    """

    def __init__(self, visit: t.Callable[[str, str, str], None]) -> None:
        self._visit = visit
        self.error: Exception | None = None
        self.redirect_uri = ""
        self._thread: threading.Thread | None = None

    def open(self, url: str) -> bool:
        """Start visiting."""
        query = parse_qs(urlsplit(url).query)
        self.redirect_uri = query["redirect_uri"][0]
        arguments = (url, self.redirect_uri, query["state"][0])
        self._thread = threading.Thread(target=self._run, args=arguments)
        self._thread.start()
        return True

    def wait(self) -> None:
        """Wait for the end of the visit; what went wrong there is raised here."""
        assert self._thread is not None
        self._thread.join(30)
        if self.error is not None:
            raise self.error

    def _run(self, *arguments: str) -> None:
        try:
            self._visit(*arguments)
        except Exception as error:
            self.error = error


class Quiet(LocalServerLoginFlowManager):
    """The flow without its line on stderr."""

    def print_authorize_url(self, authorize_url: str) -> None:
        """There is nobody to show it to."""


def ask(address: str, target: str, method: str = "GET") -> tuple[int, dict[str, str], str]:
    """Status, headers and body of one request to the waiting server."""
    connection = HTTPConnection(urlsplit(address).netloc, timeout=10)
    try:
        connection.putrequest(method, target, skip_host=True)
        connection.endheaders()
        response = connection.getresponse()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return response.status, headers, response.read().decode()
    finally:
        connection.close()


def approve(url: str) -> None:
    """Go through the sandbox's login as a browser does."""
    browser = HeadlessBrowser()
    browser.open(url)
    browser.wait()
    if browser.error is not None:
        raise browser.error


def log_in(sandbox: Sandbox, visitor: Visitor, **settings: t.Any) -> t.Any:
    """Run the flow of a native client with a visitor as its browser."""
    settings.setdefault("timeout", 20.0)
    with NativeAppAuthClient(sandbox.native_client_id) as client:
        try:
            flow = Quiet(client, open_browser=visitor.open, **settings)
            return flow.run_login_flow(WANTED)
        finally:
            if visitor._thread is not None:
                visitor.wait()


def iss_of(url: str) -> str:
    """The parameter by which the server of an authorize URL says who it is (RFC 9207)."""
    parts = urlsplit(url)
    return urlencode({"iss": f"{parts.scheme}://{parts.netloc}"})


def address_of(url: str) -> tuple[str, int]:
    """Host and port of a URL."""
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or 0


def listens(address: str) -> bool:
    """Whether anybody listens at the address of a flow."""
    with socket.socket() as probe:
        probe.settimeout(60)
        return probe.connect_ex(address_of(address)) == 0


def test_strays_are_answered_404_and_the_login_goes_on(sandbox: Sandbox) -> None:
    """Neither a favicon nor another path, state or method ends or disturbs the login."""
    answers: dict[str, int] = {}

    def visit(url: str, back: str, state: str) -> None:
        for target in (
            "/favicon.ico",
            "/",
            "/?code=stolen",
            "/?code=stolen&state=wrong",
            f"/other?code=stolen&state={state}",
            f"/?code=stolen&state={state}&state=twice",
            "/?code=stolen&state=%ED%A0%80",
            "http://[broken",
        ):
            answers[target] = ask(back, target)[0]
        approve(url)

    tokens = log_in(sandbox, Visitor(visit))
    assert tokens.by_resource_server["auth.globus.org"]["access_token"]
    assert set(answers.values()) == {404}
    assert len(answers) == 8


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT", "OPTIONS"])
def test_only_get_is_served(sandbox: Sandbox, method: str) -> None:
    """Other methods are refused, with our headers, even for the right callback."""
    seen: list[tuple[int, dict[str, str], str]] = []

    def visit(url: str, back: str, state: str) -> None:
        seen.append(ask(back, f"/?code=made-up&state={state}", method))
        approve(url)

    log_in(sandbox, Visitor(visit))
    ((status, headers, body),) = seen
    assert status == 501
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert (body == "") is (method == "HEAD")


EVIL = urlencode({"iss": "https://evil.example"})


@pytest.mark.parametrize("answer", ["code=stolen", "error=access_denied", ""])
@pytest.mark.parametrize("iss", [EVIL, "iss=", "", f"{{right}}&{EVIL}", "{right}&{right}"])
def test_an_answer_of_another_server_is_answered_400_and_the_login_goes_on(
    sandbox: Sandbox, answer: str, iss: str
) -> None:
    """RFC 9207 section 2.4: whether it says yes or no, or does not say whose it is."""
    seen: list[tuple[int, str]] = []

    def visit(url: str, back: str, state: str) -> None:
        named = iss.format(right=iss_of(url))
        status, _, page = ask(back, f"/?{answer}&state={state}&{named}")
        seen.append((status, page))
        approve(url)

    assert log_in(sandbox, Visitor(visit)).by_resource_server
    ((status, page),) = seen
    assert status == 400
    assert "The login is still open" in page


def test_an_answer_is_believed_if_it_cannot_be_checked(sandbox: Sandbox) -> None:
    """The login ends with the reason, instead of waiting for an answer that cannot be better."""
    sandbox.fail("/.well-known/openid-configuration", status=404, times=None)
    with pytest.raises(AuthAPIError) as caught:
        log_in(sandbox, Visitor(lambda url, back, state: approve(url)))
    assert caught.value.http_status == 404


def test_a_flow_that_checks_nothing_more_is_waited_for_too(sandbox: Sandbox) -> None:
    """A client of the program's own may have flows that know no issuer."""
    with CallbackServer(("127.0.0.1", 0), DEFAULT_HTML_TEMPLATE) as server:
        server.expect(SimpleNamespace(state="mine"))
        with server.serving():
            assert ask(server.redirect_uri, f"/?code=x&state=mine&{EVIL}")[0] == 200
        assert server.callback is not None


def test_a_denial_ends_the_login_with_its_reason(sandbox: Sandbox) -> None:
    """The server's refusal is a typed error; the code and the text are on it."""
    sandbox.deny_next_login()
    with pytest.raises(LoginDeniedError, match="access_denied") as denied:
        log_in(sandbox, Visitor(lambda url, back, state: approve(url)))
    assert denied.value.error == "access_denied"


def test_a_callback_with_nothing_in_it_is_an_error(sandbox: Sandbox) -> None:
    """Neither a code nor an error: the login ends, and says so."""

    def visit(url: str, back: str, state: str) -> None:
        _, _, page = ask(back, f"/?state={state}&code=&{iss_of(url)}")
        assert "did not succeed" in page

    with pytest.raises(LoginFlowError, match="neither a code nor an error"):
        log_in(sandbox, Visitor(visit))


def test_the_page_escapes_what_it_shows(sandbox: Sandbox) -> None:
    """A reason made of HTML is shown as text, under headers that would not run it either."""
    seen: list[tuple[int, dict[str, str], str]] = []

    def visit(url: str, back: str, state: str) -> None:
        reason = quote("<script>alert('x')</script>$login_result")
        seen.append(ask(back, f"/?error=x&error_description={reason}&state={state}&{iss_of(url)}"))

    with pytest.raises(LoginDeniedError):
        log_in(sandbox, Visitor(visit))
    ((status, headers, page),) = seen
    assert status == 200
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert headers["content-security-policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert "Python" not in headers["server"]


def test_the_page_shows_a_reason_as_one_printable_line(sandbox: Sandbox) -> None:
    """Nor more of it than anybody reads."""
    pages: list[str] = []

    def visit(url: str, back: str, state: str) -> None:
        reason = quote("\x1b[2J\u202eno\n" + "x" * 20_000)
        query = f"/?error=x&error_description={reason}&state={state}&{iss_of(url)}"
        pages.append(ask(back, query)[2])

    with pytest.raises(LoginDeniedError) as caught:
        log_in(sandbox, Visitor(visit))
    assert "\\x1b[2J\\u202eno xxx" in pages[0]
    assert pages[0].replace("\n", "").isprintable()
    assert len(pages[0]) < 6000
    assert str(caught.value).isprintable()


def test_the_page_needs_nothing_from_outside_and_knows_dark_mode(sandbox: Sandbox) -> None:
    """One page, in the colours of the person's system, without a link or a script."""
    pages: list[str] = []

    def visit(url: str, back: str, state: str) -> None:
        pages.append(ask(back, "/favicon.ico")[2])
        approve(url)

    log_in(sandbox, Visitor(visit))
    assert "prefers-color-scheme: dark" in pages[0]
    assert not any(word in pages[0] for word in ("http:", "https:", "src=", "<script", "@import"))


def test_a_template_of_ones_own_is_used(sandbox: Sandbox) -> None:
    """The two values of globus-sdk's templates are filled in."""
    pages: list[str] = []

    def visit(url: str, back: str, state: str) -> None:
        pages.append(ask(back, f"/?error=nope&state={state}&{iss_of(url)}")[2])

    template = string.Template("<b>$login_result</b><i>$post_login_message</i>")
    with pytest.raises(LoginDeniedError):
        log_in(sandbox, Visitor(visit), html_template=template)
    assert pages == ["<b>The login did not succeed</b><i>nope</i>"]


def test_the_page_is_there_to_look_at_and_to_replace() -> None:
    """The default one if none was given."""
    manager = LocalServerLoginFlowManager(NativeAppAuthClient("a-client"))
    assert manager.html_template is DEFAULT_HTML_TEMPLATE
    manager.html_template = string.Template("$login_result")
    assert manager.html_template.template == "$login_result"


def test_nobody_coming_back_is_an_error_with_the_seconds(sandbox: Sandbox) -> None:
    """The wait has an end, the message says how long it was, and the socket is closed."""
    visitor = Visitor(lambda url, back, state: None)
    with pytest.raises(LoginTimeoutError, match=r"within 0\.05 seconds") as late:
        log_in(sandbox, visitor, timeout=0.05)
    assert isinstance(late.value, TimeoutError)
    assert not listens(visitor.redirect_uri)


def test_interrupting_the_wait_closes_the_socket(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C comes through, and nothing goes on listening."""
    real = threading.Event.wait

    def interrupted(event: threading.Event, timeout: float | None = None) -> bool:
        if timeout is not None and threading.current_thread() is threading.main_thread():
            raise KeyboardInterrupt
        return real(event, timeout)

    visitor = Visitor(lambda url, back, state: None)
    monkeypatch.setattr(threading.Event, "wait", interrupted)
    with pytest.raises(KeyboardInterrupt):
        log_in(sandbox, visitor)
    assert not listens(visitor.redirect_uri)


def test_idle_connections_do_not_stand_in_the_way(sandbox: Sandbox) -> None:
    """Connections that a browser opens in advance, or that stall, block nobody."""

    def visit(url: str, back: str, state: str) -> None:
        address = address_of(back)
        with socket.create_connection(address), socket.create_connection(address) as stalled:
            stalled.sendall(b"GET /?code=")
            approve(url)

    assert log_in(sandbox, Visitor(visit)).by_resource_server


def test_idle_connections_end_with_the_login(sandbox: Sandbox) -> None:
    """They would hold a thread each until their own deadline."""
    idle: list[socket.socket] = []

    def visit(url: str, back: str, state: str) -> None:
        idle.append(socket.create_connection(address_of(back), timeout=30))
        approve(url)

    log_in(sandbox, Visitor(visit))
    with idle[0]:
        assert idle[0].recv(1) == b""


def test_a_browser_that_leaves_at_once_has_logged_in_all_the_same(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tab that is closed before the page came does not lose the login."""

    def gone(*page: object) -> t.NoReturn:
        raise BrokenPipeError

    def visit(url: str, back: str, state: str) -> None:
        with pytest.raises(RemoteDisconnected):
            ask(back, f"/?error=gone&state={state}&{iss_of(url)}")

    monkeypatch.setattr("globus_core_app._callback_server._Handler._answer", gone)
    with pytest.raises(LoginDeniedError, match="gone"):
        log_in(sandbox, Visitor(visit))


def test_the_socket_is_closed_after_a_login(sandbox: Sandbox) -> None:
    """One login, one server: afterwards the port is free."""
    visitor = Visitor(lambda url, back, state: approve(url))
    log_in(sandbox, visitor)
    assert urlsplit(visitor.redirect_uri).hostname == "127.0.0.1"
    assert not listens(visitor.redirect_uri)


def test_the_server_listens_on_ipv6_where_that_is_asked_for(sandbox: Sandbox) -> None:
    """The address is written as URLs want it, in brackets."""
    if not _has_ipv6():
        pytest.skip("this machine has no IPv6 loopback")
    visitor = Visitor(lambda url, back, state: approve(url))
    assert log_in(sandbox, visitor, server_address=("::1", 0)).by_resource_server
    assert visitor.redirect_uri.startswith("http://[::1]:")


def _has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


def test_a_port_that_is_taken_is_a_typed_error(sandbox: Sandbox) -> None:
    """The error names the address; no browser is opened for nothing."""
    visitor = Visitor(lambda url, back, state: None)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(LocalServerLoginError, match=f"127.0.0.1:{port}"):
            log_in(sandbox, visitor, server_address=("localhost", port))
    assert visitor._thread is None


@pytest.mark.parametrize("failure", [False, OSError("no such file")])
def test_a_browser_that_does_not_open_is_told_at_once(
    sandbox: Sandbox, failure: bool | OSError
) -> None:
    """Refusing and failing both end the login, with the advice to use the other flow."""
    addresses: list[str] = []

    def refuse(url: str) -> bool:
        addresses.append(parse_qs(urlsplit(url).query)["redirect_uri"][0])
        if isinstance(failure, OSError):
            raise failure
        return failure

    with (
        NativeAppAuthClient(sandbox.native_client_id) as client,
        pytest.raises(LocalServerEnvironmentalLoginError) as refused,
    ):
        Quiet(client, open_browser=refuse).run_login_flow(WANTED)
    assert "command-line" in (refused.value.advice or "")
    assert not listens(addresses[0])


def test_two_logins_of_one_client_do_not_mix(sandbox: Sandbox) -> None:
    """Each thread's URL carries the state that its own flow waits for."""
    barrier = threading.Barrier(2)
    results: list[t.Any] = []

    def together(url: str, back: str, state: str) -> None:
        barrier.wait(20)
        approve(url)

    with NativeAppAuthClient(sandbox.native_client_id) as client:

        def run() -> None:
            visitor = Visitor(together)
            flow = Quiet(client, open_browser=visitor.open, timeout=20.0)
            results.append(flow.run_login_flow(WANTED))
            visitor.wait()

        threads = [threading.Thread(target=run) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
    assert len(results) == 2


def test_what_the_session_must_bring_is_asked_for(sandbox: Sandbox) -> None:
    """Lists travel with commas, truth values as words; unknown keys stay at home."""
    urls: list[str] = []

    def look(url: str) -> bool:
        urls.append(url)
        return False

    wanted = GlobusAuthorizationParameters(
        required_scopes=["openid"],
        session_required_identities=["a", "b"],
        session_required_mfa=True,
        prompt="login",
        extra={"colour": "red"},
    )
    with NativeAppAuthClient(sandbox.native_client_id) as client:
        flow = Quiet(client, open_browser=look, native_prefill_named_grant="tests on here")
        with pytest.raises(LocalServerEnvironmentalLoginError):
            flow.run_login_flow(wanted)
    query = {name: values[0] for name, values in parse_qs(urlsplit(urls[0]).query).items()}
    assert query["session_required_identities"] == "a,b"
    assert query["session_required_mfa"] == "true"
    assert query["prompt"] == "login"
    assert query["prefill_named_grant"] == "tests on here"
    assert query["code_challenge_method"] == "S256"
    assert len(query["state"]) > 20
    assert query["nonce"]
    assert "colour" not in query
