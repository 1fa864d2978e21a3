"""Steering the sandbox: clock, faults, journal, settings, from Python and over HTTP."""

from __future__ import annotations

import time
import typing as t

import pytest
import requests

from globus_core_sandbox import Sandbox, SandboxControl, SandboxError
from tests.sandbox.plain_client import PlainClient, good, redirect_query, refused

if t.TYPE_CHECKING:
    Control = Sandbox | SandboxControl

CONFIGURATION = ".well-known/openid-configuration"
IDENTITIES = "/v2/api/identities"


@pytest.fixture(params=["in Python", "over HTTP"])
def control(request: pytest.FixtureRequest, globus_sandbox: Sandbox) -> Control:
    """
    The control methods, once directly and once from outside.
    """
    return globus_sandbox if request.param == "in Python" else SandboxControl(globus_sandbox.url)


def test_a_fault_hits_as_often_as_ordered(client: PlainClient, control: Control) -> None:
    """Then all is well again; other paths are not touched."""
    control.fail(path="/v2/api/*", status=502, times=2, headers={"Retry-After": "7"})
    assert client.get(CONFIGURATION).status_code == 200
    answers = [client.get("v2/api/identities") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [502, 502, 401]
    assert answers[0].headers["Retry-After"] == "7"
    assert answers[0].json()["errors"][0]["code"] == "BAD_GATEWAY"


def test_a_fault_can_have_every_body(client: PlainClient, control: Control) -> None:
    """JSON, a page, or text."""
    control.fail(body={"code": "X", "message": "y"}, status=418)
    control.fail(body="<html>down</html>", status=200)
    control.fail(body="down", status=599)
    as_json, page, text = (client.get(CONFIGURATION) for _ in range(3))
    assert (as_json.status_code, as_json.json()) == (418, {"code": "X", "message": "y"})
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert (text.status_code, text.text) == (599, "down")


def test_a_fault_can_be_for_one_method(client: PlainClient, control: Control) -> None:
    """A GET passes by a fault for POST."""
    control.fail(path="/jwk.json", method="POST")
    assert client.get("jwk.json").status_code == 200
    assert client.post("jwk.json").status_code == 503


def test_a_connection_can_be_dropped(client: PlainClient, control: Control) -> None:
    """The client sees a broken connection, and the journal notes status 0."""
    control.fail(path="/jwk.json", drop=True)
    with pytest.raises(requests.ConnectionError):
        client.get("jwk.json")
    assert client.get("jwk.json").status_code == 200
    assert control.count(path="/jwk.json", status=0) == 1
    assert control.count(path="/jwk.json") == 2


def test_an_answer_can_be_late(client: PlainClient, control: Control) -> None:
    """Latency alone leaves the answer as it is."""
    control.fail(path="/jwk.json", status=None, latency=0.15)
    start = time.monotonic()
    assert good(client.get("jwk.json"))["keys"]
    assert time.monotonic() - start >= 0.15


def test_faults_can_be_taken_back(client: PlainClient, control: Control) -> None:
    """A fault without a number of times lasts until then."""
    control.fail(times=None)
    assert {client.get("jwk.json").status_code for _ in range(3)} == {503}
    control.clear_faults()
    assert client.get("jwk.json").status_code == 200


def test_the_journal_counts_requests_by_grant(client: PlainClient, control: Control) -> None:
    """Also those that a fault has answered."""
    token = client.log_in(access_type="offline")
    control.fail(path="/v2/oauth2/token")
    assert client.refresh(token["refresh_token"]).status_code == 503
    good(client.refresh(token["refresh_token"]))
    assert control.count(grant_type="refresh_token") == 2
    assert control.count(grant_type="refresh_token", status=200) == 1
    assert control.count(path="/v2/oauth2/*", method="POST") == 3
    assert control.count() == 4


def test_the_journal_holds_no_secret(client: PlainClient) -> None:
    """Neither tokens nor codes nor the client's secret nor queries."""
    token = client.log_in(access_type="offline")
    good(client.grant("client_credentials", scope="openid"))
    good(client.get("v2/oauth2/userinfo", token["access_token"]))
    text = str(client.sandbox.journal()) + str(SandboxControl(client.sandbox.url).journal())
    for secret in (token["access_token"], token["refresh_token"], client.basic[1], "a-state"):
        assert secret not in text
    last = client.sandbox.journal()[-2]
    assert (last.method, last.path, last.status) == ("POST", "/v2/oauth2/token", 200)
    assert (last.grant_type, last.client_id) == ("client_credentials", client.basic[0])


def test_the_clock_can_be_moved_and_set(client: PlainClient, control: Control) -> None:
    """It runs on from there."""
    control.advance_clock(1000)
    assert control.now() == pytest.approx(time.time() + 1000, abs=30)
    control.set_clock(2_000_000_000)
    assert control.now() == pytest.approx(2_000_000_000, abs=30)
    assert client.get("jwk.json").headers["Date"].startswith("Wed, 18 May 2033")


def test_settings_denials_and_keys_can_be_changed(client: PlainClient, control: Control) -> None:
    """All take effect at once."""
    control.configure(access_token_lifetime=60)
    assert client.log_in()["expires_in"] == 60
    control.deny_next_login()
    assert redirect_query(client.authorize())["error"] == "access_denied"
    before = good(client.get("jwk.json"))["keys"][0]
    control.rotate_keys()
    assert good(client.get("jwk.json"))["keys"][1] == before


def test_a_reset_brings_the_first_state_back(client: PlainClient, control: Control) -> None:
    """Clock, tokens, faults, settings and journal."""
    token = client.log_in()["access_token"]
    control.advance_clock(1000)
    control.configure(auto_approve=False)
    control.fail(times=None)
    control.deny_next_login()
    control.reset()
    assert control.now() == pytest.approx(time.time(), abs=30)
    assert control.count() == 0
    refused(client.get("v2/oauth2/userinfo", token), 401)
    client.log_in()


@pytest.mark.parametrize("change", [{"no_such": 1}, {"auto_approve": "no"}, {"denials": True}])
def test_wrong_settings_are_refused(control: Control, change: dict[str, t.Any]) -> None:
    """Unknown names and wrong types."""
    with pytest.raises((SandboxError, ValueError), match="no such setting"):
        control.configure(**change)


def test_the_state_can_be_read_by_another_process(globus_sandbox: Sandbox) -> None:
    """It holds what a program needs to log in."""
    state = SandboxControl(globus_sandbox.url).state()
    clients = {client["id"]: client["secret"] for client in state["clients"]}
    assert state["url"] == globus_sandbox.url
    assert state["people"][0]["username"] == globus_sandbox.people[0].username
    assert clients[globus_sandbox.native_client_id] is None
    secret = globus_sandbox.confidential_client_secret
    assert clients[globus_sandbox.confidential_client_id] == secret


def test_foreign_web_pages_cannot_steer_the_sandbox(globus_sandbox: Sandbox) -> None:
    """Neither by a form nor through a name of their own."""
    url = globus_sandbox.url + "_sandbox/reset"
    assert requests.post(url, data={"a": "b"}, timeout=10).status_code == 415
    foreign = {"Host": "evil.example.org"}
    assert requests.post(url, json={}, headers=foreign, timeout=10).status_code == 421
    home = requests.get(globus_sandbox.url, headers=foreign, timeout=10)
    assert home.status_code == 421


@pytest.mark.parametrize("body", [[], {"no_such": 1}, {"path": 5}, {"times": "often"}])
def test_wrong_control_requests_are_400(globus_sandbox: Sandbox, body: object) -> None:
    """With a sentence that says why."""
    url = globus_sandbox.url + "_sandbox/faults"
    assert requests.post(url, json=body, timeout=10).status_code == 400
