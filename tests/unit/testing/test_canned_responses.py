"""Canned responses: made, found by the method that they answer, and put in place."""

from __future__ import annotations

import sys
import typing as t

import pytest
import responses

from globus_core import AccessTokenAuthorizer, AuthClient, BaseClient, ConfidentialAppAuthClient
from globus_core.exc import GlobusConnectionError, GlobusSDKUsageError, PluginUnavailableError
from globus_core.testing import (
    RegisteredResponse,
    ResponseList,
    ResponseSet,
    construct_error,
    get_last_request,
    get_response_set,
    load_response,
    load_response_set,
    register_response_set,
)

if t.TYPE_CHECKING:
    from collections.abc import Iterator

HOME = "https://weather.example.org/v1/"


class WeatherClient(BaseClient):
    """A client of somebody else's service, at an address of its own."""

    service_name = "weather"
    base_url = HOME

    def get_forecast(self) -> t.Any:
        """What comes."""
        return self.get("forecast")


FORECAST = ResponseSet(
    metadata={"of": "the set"},
    default=RegisteredResponse(service="weather", path="/forecast", json={"sky": "blue"}),
    closed=RegisteredResponse(
        service="weather", path="/forecast", status=403, metadata={"of": "the case"}
    ),
)


@pytest.fixture
def wire() -> Iterator[responses.RequestsMock]:
    """A mock of the test's own."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test registers is gone after it."""
    from globus_core.testing.canned import lookup

    monkeypatch.setattr(lookup, "_registered", {})


def test_a_method_is_answered_without_a_network(globus_responses: responses.RequestsMock) -> None:
    """Found by the method of the class, of a client, or by name."""
    for key in (AuthClient.get_identities, AuthClient().get_identities, "auth.get_identities"):
        told = load_response(key).metadata
        with AuthClient() as client:
            answer = client.get_identities(usernames=told["username"])
        assert next(iter(answer))["id"] == told["id"]
    request = get_last_request()
    assert request is not None and request.url is not None
    assert request.url.startswith("https://auth.globus.org/v2/api/identities?usernames=")
    assert len(globus_responses.calls) == 3


def test_an_inherited_method_is_the_service_s() -> None:
    """Whichever class of the service has it."""
    by_name = get_response_set("auth.get_project")
    assert get_response_set(AuthClient.get_project) is by_name
    assert get_response_set(ConfidentialAppAuthClient.get_project) is by_name


def test_there_is_no_last_request_at_first(globus_responses: responses.RequestsMock) -> None:
    """None says so."""
    assert get_last_request() is None
    assert get_last_request(requests_mock=globus_responses) is None


def test_another_case_is_chosen_by_its_name(wire: responses.RequestsMock) -> None:
    """Here a refusal, which is raised as the client's error."""
    told = load_response(
        AuthClient.get_identities, case="unauthorized", requests_mock=wire
    ).metadata
    with AuthClient() as client, pytest.raises(client.error_class) as caught:
        client.get_identities(ids=[])
    assert (caught.value.http_status, caught.value.request_id) == (401, told["error_id"])
    last = get_last_request(requests_mock=wire)
    assert last is not None and last.method == "GET"


def test_an_unknown_case_lists_those_there_are() -> None:
    """So that a misspelled one is seen."""
    with pytest.raises(
        LookupError, match=r"no case 'defautl'; known cases: default, .*unauthorized"
    ):
        load_response(AuthClient.userinfo, case="defautl")


@pytest.mark.parametrize(
    "key", ["auth.nothing", "nobody.nothing", "nothing", BaseClient.get, len, 7, ("a", 1)]
)
def test_what_has_no_responses_says_so(key: t.Any) -> None:
    """It can be registered."""
    with pytest.raises(
        GlobusSDKUsageError, match=r"no canned responses for .*register_response_set"
    ):
        get_response_set(key)


@pytest.mark.usefixtures("registered")
def test_a_stranger_registers_responses(wire: responses.RequestsMock) -> None:
    """By the method; the response stands at the client's own address."""
    assert register_response_set(WeatherClient.get_forecast, FORECAST) is FORECAST
    assert get_response_set("weather.get_forecast") is FORECAST
    load_response(WeatherClient.get_forecast, requests_mock=wire)
    with WeatherClient() as client:
        assert client.get_forecast()["sky"] == "blue"
    with WeatherClient(base_url="https://elsewhere.example.org") as client:
        load_response(client.get_forecast, requests_mock=wire)
        assert client.get_forecast()["sky"] == "blue"
    assert [call.request.url for call in wire.calls] == [
        f"{HOME}forecast",
        "https://elsewhere.example.org/forecast",
    ]


@pytest.mark.usefixtures("registered")
def test_what_is_registered_stands_before_a_plugins_own(wire: responses.RequestsMock) -> None:
    """For one test program; from plain dicts as well, under any key."""
    plain = {
        "default": {"service": "auth", "path": "/v2/oauth2/userinfo", "json": {"sub": "me"}},
        "twice": [{"path": f"{HOME}a", "json": 1}, {"path": f"{HOME}a", "json": 2}],
    }
    made = register_response_set("auth.userinfo", plain, metadata={"id": "me"})
    assert load_response(AuthClient.userinfo, requests_mock=wire).metadata == {"id": "me"}
    with AuthClient(authorizer=AccessTokenAuthorizer("a-token")) as client:
        assert client.userinfo()["sub"] == "me"
    twice = made.lookup("twice")
    assert isinstance(twice, ResponseList)
    assert [one.json for one in twice.responses] == [1, 2]
    for key in (("a", 1), len):
        register_response_set(key, FORECAST)
        assert get_response_set(key) is FORECAST


def test_all_cases_are_put_in_place(wire: responses.RequestsMock) -> None:
    """One after another, where they have one address."""
    cases = ResponseSet(
        first=RegisteredResponse(service="auth", path="a", json=1),
        then=RegisteredResponse(service="auth", path="a", json=2),
    )
    assert load_response_set(cases, requests_mock=wire) is cases
    with AuthClient() as client:
        assert [client.get("a").data for _ in range(3)] == [1, 2, 2]
    found = load_response_set("auth.get_jwk", requests_mock=wire)
    with AuthClient(authorizer=AccessTokenAuthorizer("a-token")) as client:
        assert client.get_jwk()["keys"]
    assert list(found.cases()) == ["default"]


def test_nothing_else_is_answered(globus_responses: responses.RequestsMock) -> None:
    """A request without a canned response does not leave the process."""
    with (
        AuthClient(transport_params={"max_retries": 0}) as client,
        pytest.raises(GlobusConnectionError),
    ):
        client.get_openid_configuration()


def test_a_response_is_put_in_place_by_itself(wire: responses.RequestsMock) -> None:
    """And another in its place."""
    load_response(RegisteredResponse(path=f"{HOME}a", method="get", json=1), requests_mock=wire)
    with WeatherClient() as client:
        assert client.get("a").data == 1
        other = RegisteredResponse(
            path=f"{HOME}a",
            body="two",
            content_type="text/plain",
            headers={"X-Number": "2"},
            status=203,
            match=[responses.matchers.query_param_matcher({})],
        )
        other.replace(requests_mock=wire)
        answer = client.get("a")
    assert (answer.text, answer.http_status, answer.headers["X-Number"]) == ("two", 203, "2")
    assert answer.content_type == "text/plain"


def test_metadata_come_from_the_nearest() -> None:
    """The response's own, its list's, its set's, or none."""
    assert FORECAST.lookup("default").metadata == {"of": "the set"}
    assert FORECAST.lookup("closed").metadata == {"of": "the case"}
    page, own = RegisteredResponse(path=HOME), RegisteredResponse(path=HOME, metadata={"own": 1})
    assert page.metadata == {}
    pages = ResponseList(page, own, metadata={"pages": 2})
    assert (page.metadata, own.metadata) == ({"pages": 2}, {"own": 1})
    assert ResponseSet(default=pages).lookup("default").metadata == {"pages": 2}


def test_a_set_is_read_like_a_mapping_of_cases() -> None:
    """Cases can be added; an empty one is false."""
    cases = ResponseSet()
    assert not cases
    page = RegisteredResponse(path=HOME)
    cases.register("default", ResponseList(page))
    assert bool(cases)
    assert (list(cases), list(cases.cases())) == ([cases.lookup("default")], ["default"])


def test_a_response_is_where_the_variables_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """Just as the clients, when it is put in place."""
    response = RegisteredResponse(service="auth", path="a")
    assert response.full_url == "https://auth.globus.org/a"
    monkeypatch.setenv("GLOBUS_SDK_SERVICE_URL_AUTH", "http://127.0.0.1:7/x")
    assert response.full_url == "http://127.0.0.1:7/x/a"
    assert RegisteredResponse(path=HOME).full_url == HOME


def test_no_body_shows_in_what_is_printed() -> None:
    """Tokens stand in bodies."""
    made = RegisteredResponse(service="auth", path="/t", method="post", json={"t": "hush"})
    assert repr(made) == "<RegisteredResponse POST auth:/t 200>"
    assert repr(ResponseList(made)) == "<ResponseList of 1>"
    assert repr(ResponseSet(default=made)) == "<ResponseSet default>"


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to install."""
    monkeypatch.setitem(sys.modules, "responses", None)
    for use in (lambda: load_response(AuthClient.userinfo), get_last_request):
        with pytest.raises(PluginUnavailableError, match=r"pip install .globus-core\[testing\]"):
            use()


def test_the_responses_of_a_service_are_a_plugin_s(globus_plugins: t.Any) -> None:
    """Without the plugin there are none, and the error says why."""
    import globus_core.testing.canned as canned

    assert set(canned.auth) >= {"get_identities", "userinfo"}
    globus_plugins.set_blocked("auth")
    with pytest.raises(PluginUnavailableError, match=r"plugin auth@globus-core.*blocked"):
        get_response_set("auth.userinfo")


def test_cases_can_be_given_by_keyword() -> None:
    """Beside those of the dict; one of the same name takes its place."""
    made = ResponseSet.from_dict(
        {"default": {"path": HOME}, "closed": {"path": HOME}},
        closed={"path": HOME, "status": 403, "stream": True},
        lost=[{"path": HOME, "status": 404}],
    )

    assert list(made.cases()) == ["default", "closed", "lost"]
    closed = made.lookup("closed")
    assert isinstance(closed, RegisteredResponse)
    assert (closed.status, closed.stream) == (403, True)


@pytest.mark.parametrize(
    ("body", "headers", "code"),
    [
        ({"code": "NotFound", "message": "nicht da: \xe4"}, None, "NotFound"),
        (b'{"code": "NotFound"}', {"Content-Type": "application/json"}, "NotFound"),
        ('{"code": "NotFound"}', None, None),
    ],
)
def test_an_error_is_made_without_a_request(
    body: t.Any, headers: dict[str, str] | None, code: str | None
) -> None:
    """Of the client's class, with what a response and its request say."""
    made = construct_error(
        http_status=404,
        body=body,
        error_class=AuthClient.error_class,
        method="POST",
        response_headers=headers,
        url=HOME,
    )

    assert type(made) is AuthClient.error_class
    assert (made.http_status, made.http_reason, made.code) == (404, "Not Found", code)
    assert "POST" in str(made)
    assert HOME in str(made)
