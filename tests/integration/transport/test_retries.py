"""
When a request is sent again, and after how long.
"""

from __future__ import annotations

import email.utils
import time
import typing as t

import pytest

from globus_core import (
    GlobusAPIError,
    GlobusConnectionError,
    GlobusSDKUsageError,
    NetworkError,
    hookimpl,
)
from globus_core.authorizers import GlobusAuthorizer, RenewingAuthorizer
from globus_core.plugins import PluginManager
from globus_core.transport import (
    RequestsTransport,
    RetryCheckCollection,
    RetryCheckFlags,
    RetryCheckResult,
    RetryConfig,
    RetryContext,
    set_retry_check_flags,
)
from tests.integration.transport.fixtures import MakeClient
from tests.integration.transport.scripted import Answer, Reset, ScriptedServer

OK = Answer(200, {"fine": True})


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_passing_status_is_tried_again(
    server: ScriptedServer, make_client: MakeClient, pauses: list[float], status: int
) -> None:
    """Whatever the method, the body goes again in full."""
    server.answer(Answer(status), Answer(status), OK)
    assert make_client(server.url).post("x", data={"a": 1})["fine"]
    assert [seen.json for seen in server.seen] == [{"a": 1}] * 3
    assert len(pauses) == 2


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 501])
def test_a_lasting_status_is_not_tried_again(
    server: ScriptedServer, make_client: MakeClient, pauses: list[float], status: int
) -> None:
    """One request, one error."""
    server.answer(Answer(status))
    with pytest.raises(GlobusAPIError):
        make_client(server.url).get("x")
    assert (len(server.seen), pauses) == (1, [])


def test_attempts_are_counted_and_the_last_answer_is_the_error(
    server: ScriptedServer, make_client: MakeClient, pauses: list[float]
) -> None:
    """Five retries by default, each after a longer pause, none longer than max_sleep."""
    server.answer(Answer(500, {"code": "First"}), Answer(502, {"code": "Last"}))
    with pytest.raises(GlobusAPIError) as caught:
        make_client(server.url).get("x")
    assert caught.value.code == "Last"
    assert len(server.seen) == 6
    for attempt, pause in enumerate(pauses):
        assert 0.25 * 2**attempt <= pause <= min(0.75 * 2**attempt, 10)


def test_max_sleep_caps_every_pause(
    server: ScriptedServer, make_client: MakeClient, pauses: list[float]
) -> None:
    """Also what the server asks for."""
    server.answer(Answer(429, headers={"Retry-After": "3600"}), OK)
    make_client(server.url, retry_config=RetryConfig(max_sleep=1.5)).get("x")
    assert pauses == [1.5]


@pytest.mark.parametrize("retries", [0, 1, 2])
def test_max_retries_is_the_number_of_further_attempts(
    server: ScriptedServer, make_client: MakeClient, pauses: list[float], retries: int
) -> None:
    """None at all with 0."""
    server.answer(Answer(500))
    with pytest.raises(GlobusAPIError):
        make_client(server.url, retry_config=RetryConfig(max_retries=retries)).get("x")
    assert len(server.seen) == retries + 1


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_in_seconds_is_heeded(
    server: ScriptedServer, make_client: MakeClient, pauses: list[float], status: int
) -> None:
    """As told."""
    server.answer(Answer(status, headers={"Retry-After": "7"}), OK)
    make_client(server.url).get("x")
    assert pauses == [7]


def test_retry_after_as_a_date_is_heeded(
    server: ScriptedServer, make_client: MakeClient, pauses: list[float]
) -> None:
    """The seconds until then by the server's clock."""
    date = email.utils.formatdate(time.time() + 5, usegmt=True)
    server.answer(Answer(503, headers={"Retry-After": date}), OK)
    make_client(server.url).get("x")
    assert 3 <= pauses[0] <= 6


@pytest.mark.parametrize("value", ["soon", "-3", "0", "nan", "inf", "Thu, 99 Foo 2026 1:2:3 GMT"])
def test_nonsense_in_retry_after_is_passed_over(
    server: ScriptedServer, make_client: MakeClient, pauses: list[float], value: str
) -> None:
    """The usual pause is made."""
    server.answer(Answer(503, headers={"Retry-After": value}), OK)
    make_client(server.url).get("x")
    assert 0.25 <= pauses[0] <= 0.75


def test_retry_after_on_another_status_means_nothing(
    server: ScriptedServer, make_client: MakeClient, pauses: list[float]
) -> None:
    """Only 429 and 503 by default."""
    server.answer(Answer(500, headers={"Retry-After": "9"}), OK)
    make_client(server.url).get("x")
    assert pauses[0] < 1


def test_a_refused_connection_is_tried_again(
    closed_port: int, make_client: MakeClient, pauses: list[float]
) -> None:
    """And is a connection error in the end."""
    with pytest.raises(GlobusConnectionError, match="refused"):
        make_client(f"http://127.0.0.1:{closed_port}").get("x")
    assert len(pauses) == 5


@pytest.mark.parametrize(
    "broken", [Reset(), Reset(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")]
)
def test_a_connection_that_breaks_is_tried_again(
    server: ScriptedServer, make_client: MakeClient, pauses: list[float], broken: Reset
) -> None:
    """Before an answer or in the middle of its body."""
    server.answer(broken, OK)
    assert make_client(server.url).get("x")["fine"]
    assert len(server.seen) == 2


@pytest.mark.parametrize(
    "broken",
    [
        Reset(),
        Reset(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"),
        Answer(500),
        Answer(502),
        Answer(503),
        Answer(401),
    ],
)
def test_what_works_once_is_not_sent_twice(
    server: ScriptedServer,
    make_client: MakeClient,
    pauses: list[float],
    broken: Reset | Answer,
) -> None:
    """It may have arrived and been acted upon."""
    server.answer(broken, OK)
    with pytest.raises((NetworkError, GlobusAPIError)):
        make_client(server.url).request("POST", "x", data={}, single_use=True)
    assert len(server.seen) == 1


def test_not_even_a_check_of_the_caller_sends_it_twice(
    server: ScriptedServer, make_client: MakeClient, pauses: list[float]
) -> None:
    """Checks are not asked."""
    checks = RetryCheckCollection()
    checks.register_check(lambda ctx: RetryCheckResult.do_retry)
    server.answer(Answer(500), OK)
    client = make_client(server.url, retry_config=RetryConfig(checks=checks))
    with pytest.raises(GlobusAPIError):
        client.request("POST", "x", data={}, single_use=True)
    assert len(server.seen) == 1


@pytest.mark.parametrize("refusal", [Answer(429), Answer(503, headers={"Retry-After": "2"})])
def test_what_works_once_is_sent_again_when_the_server_turned_it_away(
    server: ScriptedServer, make_client: MakeClient, pauses: list[float], refusal: Answer
) -> None:
    """It says itself that it did nothing."""
    server.answer(refusal, OK)
    make_client(server.url).request("POST", "x", data={}, single_use=True)
    assert len(server.seen) == 2


def test_what_works_once_is_sent_again_when_nobody_was_there(
    closed_port: int, make_client: MakeClient, pauses: list[float]
) -> None:
    """A refused connection did not carry it."""
    with pytest.raises(GlobusConnectionError):
        make_client(f"http://127.0.0.1:{closed_port}").request("POST", "x", single_use=True)
    assert len(pauses) == 5


class Repairing(GlobusAuthorizer):
    """Has a new token after each refusal."""

    def __init__(self) -> None:
        self.number = 1
        self.refused: list[str] = []

    def get_authorization_header(self) -> str:
        return f"Bearer token-{self.number}"

    def handle_refused_header(self, header: str) -> bool:
        self.refused.append(header)
        self.number += 1
        return True


class OlderRepairing(GlobusAuthorizer):
    """Repairs as authorizers of 4.9 do."""

    repaired = False

    def get_authorization_header(self) -> str:
        return "Bearer new" if self.repaired else "Bearer old"

    def handle_missing_authorization(self) -> bool:
        self.repaired = True
        return True


def test_a_401_is_repaired_at_once_and_with_the_header_that_was_refused(
    server: ScriptedServer, make_client: MakeClient, pauses: list[float]
) -> None:
    """No pause is made."""
    server.answer(Answer(401), OK)
    authorizer = Repairing()
    make_client(server.url, authorizer=authorizer).get("x")
    assert authorizer.refused == ["Bearer token-1"]
    sent = [seen.headers["authorization"] for seen in server.seen]
    assert sent == ["Bearer token-1", "Bearer token-2"]
    assert pauses == []


def test_an_authorizer_of_the_older_kind_repairs_as_well(
    server: ScriptedServer, make_client: MakeClient
) -> None:
    """By handle_missing_authorization."""
    server.answer(Answer(401), OK)
    make_client(server.url, authorizer=OlderRepairing()).get("x")
    assert [seen.headers["authorization"] for seen in server.seen] == ["Bearer old", "Bearer new"]


def test_a_second_401_is_an_error(
    server: ScriptedServer, make_client: MakeClient, pauses: list[float]
) -> None:
    """One repair for a request."""
    server.answer(Answer(401))
    with pytest.raises(GlobusAPIError):
        make_client(server.url, authorizer=Repairing()).get("x")
    assert len(server.seen) == 2


@pytest.mark.parametrize("before", [Answer(500), Reset(), Answer(429)])
def test_a_401_is_repaired_after_another_failure_too(
    server: ScriptedServer,
    make_client: MakeClient,
    pauses: list[float],
    before: Answer | Reset,
) -> None:
    """The repair is not used up by it."""
    server.answer(before, Answer(401), OK)
    authorizer = Repairing()
    assert make_client(server.url, authorizer=authorizer).get("x")["fine"]
    assert authorizer.refused == ["Bearer token-1"]


def test_a_refusal_elsewhere_says_nothing_about_the_token(
    server: ScriptedServer, other_server: ScriptedServer, make_client: MakeClient
) -> None:
    """Another origin, to which a redirect led, did not get it."""
    server.answer(Answer(302, headers={"Location": other_server.url + "/y"}))
    other_server.answer(Answer(401))
    authorizer = Repairing()
    with pytest.raises(GlobusAPIError):
        make_client(server.url, authorizer=authorizer).get("x")
    assert authorizer.refused == []


def test_a_renewal_that_fails_is_the_error_of_the_request(
    server: ScriptedServer, make_client: MakeClient
) -> None:
    """What the caller gets says why there is no token."""

    class Failing(RenewingAuthorizer):
        def _get_token_response(self) -> t.Any:
            raise NetworkError("no way to Auth", OSError())

    authorizer = Failing("token-1", int(time.time()) + 3600)
    server.answer(Answer(401))
    with pytest.raises(NetworkError, match="no way to Auth"):
        make_client(server.url, authorizer=authorizer).get("x")


def test_checks_of_the_caller_see_successes_and_come_first(
    server: ScriptedServer, make_client: MakeClient, pauses: list[float]
) -> None:
    """The default ones are asked after them, and a check may set the pause."""
    checks = RetryCheckCollection()

    @checks.register_check
    def wait_until_ready(ctx: RetryContext) -> RetryCheckResult:
        if ctx.response is not None and ctx.response.status_code == 202:
            ctx.backoff = 3
            return RetryCheckResult.do_retry
        return RetryCheckResult.no_decision

    server.answer(Answer(202), Answer(500), OK)
    assert make_client(server.url, retry_config=RetryConfig(checks=checks)).get("x")["fine"]
    assert pauses[0] == 3
    assert len(pauses) == 2


def test_a_check_can_forbid_a_retry(
    server: ScriptedServer, make_client: MakeClient, pauses: list[float]
) -> None:
    """What it says first holds."""
    checks = RetryCheckCollection()
    checks.register_check(lambda ctx: RetryCheckResult.do_not_retry)
    server.answer(Answer(500), OK)
    with pytest.raises(GlobusAPIError):
        make_client(server.url, retry_config=RetryConfig(checks=checks)).get("x")


def test_clients_that_share_a_config_do_not_add_to_it(
    server: ScriptedServer, make_client: MakeClient
) -> None:
    """The default checks stand in it once."""
    config = RetryConfig()
    for _ in range(3):
        make_client(server.url, retry_config=config)
    assert len(config.checks) == len(set(config.checks)) == 4


def test_checks_of_plugins_are_asked_and_may_fail(
    server: ScriptedServer,
    make_client: MakeClient,
    pauses: list[float],
    plugins: PluginManager,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """One that raises is reported, and the next one is asked."""

    def broken(ctx: RetryContext) -> RetryCheckResult:
        raise RuntimeError("a bug")

    @set_retry_check_flags(RetryCheckFlags.RUN_ONCE)
    def once_after_409(ctx: RetryContext) -> RetryCheckResult:
        conflict = ctx.response is not None and ctx.response.status_code == 409
        return RetryCheckResult.do_retry if conflict else RetryCheckResult.no_decision

    class Broken:
        @hookimpl
        def globus_retry_checks(self) -> t.Any:
            return [broken]

    class Nonsense:
        @hookimpl
        def globus_retry_checks(self) -> t.Any:
            return 42

    class Good:
        @hookimpl
        def globus_retry_checks(self) -> t.Any:
            return [once_after_409]

    for plugin in (Good(), Nonsense(), Broken()):
        plugins.register(plugin, type(plugin).__name__.lower())
    server.answer(Answer(409), OK)
    assert make_client(server.url).get("x")["fine"]
    assert "nonsense" in caplog.text
    assert "RuntimeError: a bug" in caplog.text
    server.answer(Answer(409))
    with pytest.raises(GlobusAPIError):
        make_client(server.url).get("x")
    assert len(server.seen) == 4


def test_plugins_are_asked_for_their_checks_once_for_a_client(
    server: ScriptedServer, make_client: MakeClient, plugins: PluginManager
) -> None:
    """Unless plugins come or go; one that comes later is asked too."""
    asked: list[str] = []

    class Plugin:
        def __init__(self, name: str) -> None:
            self.name = name

        @hookimpl
        def globus_retry_checks(self) -> t.Any:
            asked.append(self.name)
            return []

    plugins.register(Plugin("first"), "first")
    client = make_client(server.url)
    for _ in range(3):
        client.get("x")
    assert asked == ["first"]
    plugins.register(Plugin("second"), "second")
    for _ in range(3):
        client.get("x")
    assert sorted(asked[1:]) == ["first", "second"]


def test_tuned_settings_are_put_back(server: ScriptedServer, make_client: MakeClient) -> None:
    """Also when the block raises."""
    client = make_client(server.url, transport_params={"http_timeout": 5})
    transport, config = client.transport, client.retry_config
    with (
        pytest.raises(RuntimeError),
        transport.tune(verify_ssl=False, http_timeout=1),
        config.tune(max_retries=0, max_sleep=1, backoff=lambda ctx: 0),
    ):
        assert (transport.verify_ssl, transport.http_timeout) == (False, 1)
        assert (config.max_retries, config.max_sleep) == (0, 1)
        raise RuntimeError
    assert (transport.verify_ssl, transport.http_timeout) == (True, 5)
    assert config == RetryConfig(checks=config.checks)
    with transport.tune(http_timeout=-1):
        assert transport.http_timeout is None
        client.get("x")
    assert transport.http_timeout == 5


def test_the_older_transport_params_are_settings(
    server: ScriptedServer, make_client: MakeClient, pauses: list[float]
) -> None:
    """Retries and transport in one dict."""
    params = {
        "max_retries": 1,
        "max_sleep": 0.1,
        "retry_backoff": lambda ctx: 9.0,
        "http_timeout": 4,
        "verify_ssl": False,
    }
    client = make_client(server.url, transport_params=params)
    server.answer(Answer(500))
    with pytest.raises(GlobusAPIError):
        client.get("x")
    assert (client.transport.http_timeout, client.transport.verify_ssl) == (4, False)
    assert (len(server.seen), pauses) == (2, [0.1])


@pytest.mark.parametrize(
    "options",
    [
        {"transport_params": {"max_retry": 1}},
        {"transport_params": {"max_retries": 1}, "retry_config": RetryConfig()},
        {"transport_params": {"http_timeout": 1}, "transport": RequestsTransport()},
    ],
)
def test_settings_that_contradict_or_are_unknown_are_refused(
    server: ScriptedServer, make_client: MakeClient, options: dict[str, t.Any]
) -> None:
    """Rather than passed over."""
    with pytest.raises(GlobusSDKUsageError):
        make_client(server.url, **options)
