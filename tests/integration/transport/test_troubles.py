"""
Silence, wrong certificates, threads, forks: nothing hangs, and each error is clear.
"""

from __future__ import annotations

import os
import pathlib
import threading
import traceback

import pytest

from globus_core import (
    AccessTokenAuthorizer,
    GlobusConnectionError,
    GlobusConnectionTimeoutError,
    GlobusError,
    GlobusSDKUsageError,
    GlobusTimeoutError,
    NetworkError,
)
from globus_core.transport import RequestsTransport, RetryConfig
from tests.integration.transport.fixtures import MakeClient
from tests.integration.transport.scripted import Answer, ScriptedServer, Silence

NO_RETRIES = RetryConfig(max_retries=0)


def test_a_silent_server_is_a_timeout_that_names_the_seconds(
    server: ScriptedServer, make_client: MakeClient
) -> None:
    """Within the time that was allowed."""
    server.answer(Silence())
    client = make_client(
        server.url, transport=RequestsTransport(http_timeout=0.2), retry_config=NO_RETRIES
    )
    with pytest.raises(GlobusTimeoutError, match=r"0\.2 seconds") as caught:
        client.get("x")  # which would not end otherwise
    assert not isinstance(caught.value, GlobusConnectionTimeoutError)
    assert caught.value.retryable


def test_connecting_and_reading_may_have_times_of_their_own(
    server: ScriptedServer, make_client: MakeClient
) -> None:
    """The first of the pair is for the connection, the second for each read."""
    server.answer(Silence())
    transport = RequestsTransport(http_timeout=(5, 0.1))
    client = make_client(server.url, transport=transport, retry_config=NO_RETRIES)
    with pytest.raises(GlobusTimeoutError, match=r"0\.1 seconds"):
        client.get("x")


def test_the_default_timeout_is_finite(monkeypatch: pytest.MonkeyPatch) -> None:
    """60 seconds, or what the variable says; -1 waits for ever."""
    assert RequestsTransport().http_timeout == 60
    monkeypatch.setenv("GLOBUS_SDK_HTTP_TIMEOUT", "7.5")
    assert RequestsTransport().http_timeout == 7.5
    assert RequestsTransport(http_timeout=3).http_timeout == 3
    assert RequestsTransport(http_timeout=-1).http_timeout is None
    assert RequestsTransport(http_timeout=(-1, 4)).http_timeout == (None, 4)


def test_an_unknown_certificate_is_one_clear_error(
    secure_server: ScriptedServer, make_client: MakeClient, pauses: list[float]
) -> None:
    """It is not asked for again."""
    with pytest.raises(GlobusConnectionError, match=r"certificate .* cannot be trusted") as caught:
        make_client(secure_server.url).get("x")
    assert not caught.value.retryable
    assert "REQUESTS_CA_BUNDLE" in caught.value.explain()
    assert (pauses, secure_server.seen) == ([], [])


@pytest.mark.parametrize(
    "variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "GLOBUS_SDK_VERIFY_SSL"]
)
def test_a_ca_bundle_of_the_environment_is_trusted(
    secure_server: ScriptedServer,
    make_client: MakeClient,
    certificate: pathlib.Path,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
) -> None:
    """Unlike in 4.9, by any of the usual variables."""
    monkeypatch.setenv(variable, str(certificate))
    make_client(secure_server.url).get("x")
    assert len(secure_server.seen) == 1


def test_a_ca_bundle_can_be_given_by_code(
    secure_server: ScriptedServer, make_client: MakeClient, certificate: pathlib.Path
) -> None:
    """For a transport, or for a block; the credentials go over TLS."""
    client = make_client(secure_server.url, retry_config=NO_RETRIES)
    with client.transport.tune(verify_ssl=str(certificate)):
        client.get("x", headers={"Authorization": "Bearer by-hand"})
    with pytest.raises(GlobusConnectionError):
        make_client(secure_server.url, retry_config=NO_RETRIES).get("x")


def test_a_ca_bundle_that_does_not_exist_is_named(
    secure_server: ScriptedServer, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its variable."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "no-such-file.pem")
    with pytest.raises(GlobusSDKUsageError, match=r"REQUESTS_CA_BUNDLE .*no-such-file"):
        make_client(secure_server.url).get("x")


def test_plain_http_spoken_at_a_tls_port_is_clear(
    server: ScriptedServer, make_client: MakeClient, pauses: list[float]
) -> None:
    """And the other way round it is an error of ours as well."""
    with pytest.raises(GlobusConnectionError, match="no secure connection"):
        make_client(server.url.replace("http:", "https:")).get("x")
    assert pauses == []


@pytest.mark.parametrize("url", ["https://", "https://[::1", "nonsense", "https://a b.example/"])
def test_a_base_url_that_is_none_is_an_error_of_ours(
    make_client: MakeClient, pauses: list[float], url: str
) -> None:
    """No foreign exception gets through, and nothing is tried again."""
    with pytest.raises(NetworkError, match="URL"):
        make_client(url).get("x")
    assert pauses == []


def test_a_client_serves_many_threads(server: ScriptedServer, make_client: MakeClient) -> None:
    """Each thread gets the answer to its own question."""
    client = make_client(server.url)
    together = threading.Barrier(8)
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            together.wait(10)
            for _ in range(5):
                client.post(f"echo/{number}", data={"number": number})
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(server.seen) == 40
    assert all(seen.target == f"/echo/{seen.json['number']}" for seen in server.seen)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_client_survives_a_fork(server: ScriptedServer, make_client: MakeClient) -> None:
    """Parent and child do not share a connection, even with one in the middle of use."""
    client = make_client(server.url)
    client.get("before")
    streaming = client.request("GET", "streaming", stream=True)
    child = os.fork()
    if child == 0:
        code = 1
        try:
            client.get("child")
            client.close()
            code = 0
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert streaming.data == {}
    client.get("parent")
    assert [seen.target for seen in server.seen] == ["/before", "/streaming", "/child", "/parent"]
    assert server.connections == 2


def test_an_error_tells_no_credentials(
    server: ScriptedServer, closed_port: int, make_client: MakeClient
) -> None:
    """Neither an API error nor a network error, in text or arguments."""
    token, query = "opaque-token-1", "opaque-query-1"
    server.answer(Answer(403, {"message": f"the token {token} is not good"}))
    for url in (server.url, f"http://127.0.0.1:{closed_port}"):
        client = make_client(url, authorizer=AccessTokenAuthorizer(token), retry_config=NO_RETRIES)
        with pytest.raises(GlobusError) as caught:
            client.get("x", query_params={"token": query})
        error = caught.value
        shown = "".join(traceback.format_exception(error)) + repr(error) + str(error.args)
        assert token not in shown
        assert query not in shown
