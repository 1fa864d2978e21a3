"""A plugin of a third party brings the sandbox of its service, as ours do."""

from __future__ import annotations

import typing as t

import pytest
import requests
from click.testing import CliRunner

from globus_core import hookimpl
from globus_core.exc import GlobusSDKUsageError
from globus_core.plugins import PluginManager
from globus_core.testing.sandbox import ApiError, Route, ServiceSandbox, routes
from globus_core_sandbox import Sandbox, SandboxControl, SandboxError
from globus_core_sandbox.cli import sandbox as command
from tests.sandbox.plain_client import TRANSFER, PlainClient, good, refused
from tests.sandbox.weather import (
    HARBOUR_ID,
    LOOK,
    READ,
    SAIL,
    SERVICE_ID,
    WRITE,
    WeatherPlugin,
    WeatherSandbox,
)

if t.TYPE_CHECKING:
    from collections.abc import Iterator

NORTH = "weather/v1/stations/north"
#: what every sandbox has beside Auth, by the names in the variables; whoever adds one adds it here
#: has no variable: clients learn from Transfer where it is
UNNAMED = "gcs"
VARIABLES = {
    "COMPUTE": "compute",
    "FLOWS": "flows",
    "GROUPS": "groups",
    "SEARCH": "search",
    "TIMER": "timers",
    "TRANSFER": "transfer",
}
OTHERS = sorted((UNNAMED, *VARIABLES.values()))
#: what those of these tests have
ALL = sorted(("auth", *OTHERS, "harbour", "weather"))


@pytest.fixture
def sandbox(globus_plugins: PluginManager) -> Iterator[Sandbox]:
    """
    A sandbox with the weather and the harbour.
    """
    globus_plugins.register(WeatherPlugin(), "weather")
    with Sandbox() as running:
        yield running


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[PlainClient]:
    """
    A client of it that shares no code with the SDK.
    """
    plain = PlainClient(sandbox)
    with plain.session:
        yield plain


@pytest.fixture(params=["in Python", "over HTTP"])
def control(request: pytest.FixtureRequest, sandbox: Sandbox) -> Sandbox | SandboxControl:
    """
    The control methods, once directly and once from outside.
    """
    return sandbox if request.param == "in Python" else SandboxControl(sandbox.url)


def token_for(client: PlainClient, scope: str) -> str:
    """An access token of a fresh login for scopes of one service beside Auth."""
    document = client.log_in(scope=scope)
    return str(document["access_token"])


def post(client: PlainClient, path: str, token: str, body: t.Any = None) -> requests.Response:
    """POST JSON with a token."""
    headers = {"Authorization": f"Bearer {token}"}
    url = client.sandbox.url + path
    return client.session.post(url, json=body, headers=headers, timeout=10)


# calling a service


def test_a_service_answers_the_holder_of_a_token(client: PlainClient) -> None:
    """Its scope can be asked for at Auth, and it learns who calls."""
    answer = good(client.get(NORTH, token_for(client, READ)))

    assert answer["reader"] == client.sandbox.people[0].username
    assert answer["client"] == client.sandbox.native_client_id
    assert (answer["name"], answer["measured"], answer["storm"]) == ("north", [], False)


def test_tokens_name_the_service_as_their_resource_server(client: PlainClient) -> None:
    """And whether there are refresh tokens is the scope's to say."""
    reading = client.log_in(scope=READ, access_type="offline")
    writing = client.log_in(scope=WRITE, access_type="offline")

    assert (reading["resource_server"], reading["scope"]) == (SERVICE_ID, READ)
    assert "refresh_token" in reading
    assert "refresh_token" not in writing


@pytest.mark.parametrize("token", [None, "", "made-up"])
def test_a_service_refuses_whoever_has_no_token(client: PlainClient, token: str | None) -> None:
    """With 401, in the service's own shape."""
    answer = client.get(NORTH, token)

    assert refused(answer, 401)["code"] == "UNAUTHORIZED"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_service_refuses_tokens_for_others(client: PlainClient) -> None:
    """Those of Auth, of the harbour, and those that have expired."""
    for scope in ("openid", TRANSFER, LOOK):
        refused(client.get(NORTH, token_for(client, scope)), 401)
    token = token_for(client, READ)
    client.sandbox.advance_clock(client.sandbox.access_token_lifetime + 1)
    refused(client.get(NORTH, token), 401)


def test_a_token_without_the_scope_is_403(client: PlainClient) -> None:
    """The answer says which scopes would do."""
    token = token_for(client, READ)

    assert refused(post(client, NORTH, token, {"force": 3}), 403)["required_scopes"] == [WRITE]


def test_views_read_checked_fields_and_answer_as_they_like(client: PlainClient) -> None:
    """A status beside the document, and 400 for a wrong field."""
    token = token_for(client, WRITE)

    assert post(client, NORTH, token, {"force": 3}).status_code == 201
    message = refused(post(client, NORTH, token, {"force": "3"}), 400)["message"]
    assert "force must be" in message
    assert good(client.get(NORTH, token))["measured"] == [3]


def test_the_identity_api_knows_the_scope(client: PlainClient) -> None:
    """It can be looked up by its string and its id, as those of other services."""
    secret = client.basic
    url = client.sandbox.url + "v2/api/scopes"
    by_string = client.session.get(url, params={"scope_strings": SAIL}, auth=secret, timeout=10)
    (scope,) = good(by_string)["scopes"]
    by_id = client.session.get(f"{url}/{scope['id']}", auth=secret, timeout=10)

    assert good(by_id)["scope"] == scope
    assert (scope["client"], scope["name"]) == (HARBOUR_ID, "Set sail")
    assert len(scope["dependent_scopes"]) == 1


def test_a_scope_is_known_as_long_as_a_service_wants(sandbox: Sandbox) -> None:
    """One that is added while the sandbox runs can be asked for at once."""
    plain = PlainClient(sandbox)
    with plain.session:
        scope = f"https://auth.globus.org/scopes/{SERVICE_ID}/new"
        assert "error" in plain.authorize(scope=scope).headers["Location"]
        world = sandbox.services["weather"].world
        world.scopes.add(type(WeatherSandbox.scopes[0])(scope, SERVICE_ID, "New"))
        assert plain.log_in(scope=scope)["scope"] == scope
        sandbox.reset()
        assert "error" in plain.authorize(scope=scope).headers["Location"]


def test_a_service_takes_large_bodies(client: PlainClient) -> None:
    """More than the ten megabytes that Globus Search takes."""
    url = client.sandbox.url + "weather/v1/pictures"
    answer = client.session.post(url, data=b"x" * 12_000_000, timeout=30)

    assert good(answer) == {"size": 12_000_000}


# what a sandbox does not have


@pytest.mark.parametrize("path", ["weather/v1/satellites", "weather", "weather/"])
def test_what_a_service_does_not_have_is_501(client: PlainClient, path: str) -> None:
    """The answer says so, in the service's own shape."""
    document = refused(client.get(path), 501)

    assert document["code"] == "NOT_IMPLEMENTED"
    assert document["message"].startswith("the sandbox of weather does not have GET /weather")


def test_a_method_that_a_service_does_not_have_is_501(client: PlainClient) -> None:
    """The real service may well have it."""
    message = refused(client.post(NORTH.replace("north", "x/y")), 501)["message"]
    answer = client.session.delete(client.sandbox.url + NORTH, timeout=10)

    assert "POST" in message
    assert "DELETE" in refused(answer, 501)["message"]


def test_what_belongs_to_no_service_is_404(client: PlainClient) -> None:
    """Also where a service would be that the sandbox does not have."""
    refused(client.get("nexus/v1/index"), 404)
    refused(client.get("v2/nothing"), 404)


def test_a_bug_in_a_service_is_500_and_harms_nobody_else(
    globus_plugins: PluginManager, caplog: pytest.LogCaptureFixture
) -> None:
    """The sandbox goes on."""

    class Buggy(ServiceWithARoute):
        def view(self) -> t.Any:
            raise ZeroDivisionError

    offer(globus_plugins, {"buggy": Buggy})
    with Sandbox() as sandbox:
        (error,) = refused(requests.get(sandbox.url + "buggy/view", timeout=10), 500)["errors"]
        assert error["code"] == "INTERNAL_SERVER_ERROR"
        assert requests.get(sandbox.url + "jwk.json", timeout=10).status_code == 200
    assert "ZeroDivisionError" in caplog.text


# control


def test_control_verbs_steer_a_service(
    client: PlainClient, control: Sandbox | SandboxControl
) -> None:
    """From Python and over HTTP, until the next reset."""
    token = token_for(client, READ)

    assert control.control("weather", "storm", force=9) == {"force": 9}
    assert good(client.get(NORTH, token))["storm"] is True
    assert control.control("weather", "calm") == {}
    assert good(client.get(NORTH, token))["storm"] is False
    control.control("weather", "storm", force=9)
    control.reset()
    assert good(client.get(NORTH, token_for(client, READ)))["storm"] is False


def test_wrong_control_verbs_are_clear_errors(control: Sandbox | SandboxControl) -> None:
    """Unknown ones, wrong arguments, and what the service refuses."""
    for service, verb, arguments, message in (
        ("weather", "snow", {}, "weather has no control verb 'snow'; it has: storm, calm"),
        ("sun", "shine", {}, f"no service 'sun'; it has: {', '.join(ALL)}"),
        ("weather", "storm", {"strength": 9}, "cannot do 'storm'"),
        ("weather", "storm", {"force": 2}, "force 2 is no storm"),
    ):
        with pytest.raises(SandboxError, match=message):
            control.control(service, verb, **t.cast("dict[str, t.Any]", arguments))


def test_the_state_describes_every_service(control: Sandbox | SandboxControl) -> None:
    """Auth's part stands where it has always been."""
    state = control.state()

    weather = state["services"]["weather"]
    assert (weather["stations"], weather["storm"]) == (["north"], False)
    assert weather["url"] == state["url"] + "weather/"
    assert state["services"]["auth"] == {"url": state["url"]}
    assert state["people"]


def test_faults_and_the_journal_hold_for_services_too(
    client: PlainClient, control: Sandbox | SandboxControl
) -> None:
    """By their paths."""
    control.fail(path="/weather/*", status=503)
    token = token_for(client, READ)

    assert client.get(NORTH, token).status_code == 503
    assert client.get(NORTH, token).status_code == 200
    assert control.count(path="/weather/*") == 2


# services among themselves


def test_a_service_asks_another_on_behalf_of_its_caller(client: PlainClient) -> None:
    """With a token that the person's consent allows, over HTTP."""
    answer = good(post(client, "port/sail", token_for(client, SAIL)))

    assert answer["status"] == 200
    assert answer["weather"]["reader"] == client.sandbox.people[0].username
    assert answer["weather"]["client"] == HARBOUR_ID
    assert client.sandbox.count(path="/weather/*", status=200) == 1


def test_a_service_cannot_do_what_nobody_approved(client: PlainClient) -> None:
    """The answer lists the scopes that were not approved."""
    (error,) = refused(post(client, "port/sail", token_for(client, LOOK)), 403)["errors"]

    assert (error["code"], error["unapproved_scopes"]) == ("CONSENT_REQUIRED", [READ])


def test_a_service_acts_for_its_caller_until_the_token_is_revoked(client: PlainClient) -> None:
    """Also after it has expired, as a service that keeps refresh tokens does."""
    token = token_for(client, SAIL)
    harbour = client.sandbox.services["harbour"]
    assert harbour.world.authority is not None
    caller = harbour.world.authority.caller(token)
    assert caller is not None
    assert caller.dependent_scopes == {READ}
    assert token not in repr(caller)

    client.sandbox.advance_clock(client.sandbox.access_token_lifetime + 1)
    later = harbour.token(READ, on_behalf_of=caller)
    good(client.get(NORTH, later))
    good(
        client.post(
            "v2/oauth2/token/revoke", token=token, client_id=client.sandbox.native_client_id
        )
    )

    refused(client.get(NORTH, later), 401)
    with pytest.raises(ApiError, match="revoked"):
        harbour.token(READ, on_behalf_of=caller)


@pytest.mark.parametrize("scopes", [["no such scope"], ["nonsense"], [READ, "openid"], []])
def test_a_service_cannot_ask_for_scopes_that_do_not_fit(
    sandbox: Sandbox, scopes: list[str]
) -> None:
    """Unknown ones, and those of several services."""
    with pytest.raises(ApiError) as caught:
        sandbox.services["harbour"].token(*scopes)

    assert caught.value.status == 400


def test_a_service_has_an_identity_of_its_own(client: PlainClient) -> None:
    """For what it does without a person."""
    weather = good(client.get("port/forecast"))["weather"]

    assert weather["reader"] == f"{HARBOUR_ID}@clients.auth.globus.org"
    identities = client.get(
        "v2/api/identities", token_for(client, "openid"), usernames=weather["reader"]
    )
    assert good(identities)["identities"][0]["identity_type"] == "service"


def test_the_world_knows_people(sandbox: Sandbox) -> None:
    """By id and username, those of the start in order."""
    world = sandbox.services["weather"].world
    ada = sandbox.people[0]

    assert [person.username for person in world.people()] == [p.username for p in sandbox.people]
    found = world.identity(ada.id)
    assert found is not None
    assert found["name"] == ada.name
    assert world.identity(ada.username) == found
    assert world.identity("nobody@nowhere.example.org") is None


# where services are


def test_addresses_are_given_as_environment_variables(sandbox: Sandbox) -> None:
    """Each service below its path, Auth at the root, each under the name its clients have."""
    url = sandbox.url

    assert sandbox.environment() == {
        "GLOBUS_SDK_SERVICE_URL_AUTH": url,
        "GLOBUS_SDK_SERVICE_URL_HAVEN": url + "port/",
        **{f"GLOBUS_SDK_SERVICE_URL_{k}": f"{url}{v}/" for k, v in VARIABLES.items()},
        "GLOBUS_SDK_SERVICE_URL_WEATHER": url + "weather/",
        "GLOBUS_SDK_VERIFY_SSL": sandbox.environment()["GLOBUS_SDK_VERIFY_SSL"],
    }
    assert sandbox.service_url("harbour") == url + "port/"
    with pytest.raises(SandboxError, match="does not have the service 'nexus'"):
        sandbox.service_url("nexus")


def test_a_variable_has_a_name_that_shells_take(globus_plugins: PluginManager) -> None:
    """A name with a hyphen has an underscore there."""

    class Plugin:
        @hookimpl
        def globus_sandbox_services(self) -> dict[str, t.Any]:
            return {"tide-table": ServiceSandbox}

    globus_plugins.register(Plugin(), "tides")
    with Sandbox() as sandbox:
        url = sandbox.environment()["GLOBUS_SDK_SERVICE_URL_TIDE_TABLE"]
    assert url == sandbox.service_url("tide-table")


def test_the_command_prints_a_line_for_each_service(
    globus_plugins: PluginManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To be copied into a shell; and the control verbs of services beside Auth."""
    globus_plugins.register(WeatherPlugin(), "weather")

    def interrupt(running: Sandbox) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("globus_core_sandbox.cli._wait", interrupt)
    result = CliRunner().invoke(command)

    assert result.exit_code == 0, result.output
    lines = [line.partition("=") for line in result.output.splitlines()]
    names = [name for name, _, _ in lines if name.startswith("export ")]
    services = sorted({"AUTH", *VARIABLES, "HAVEN", "WEATHER"})
    addresses = [f"export GLOBUS_SDK_SERVICE_URL_{name}" for name in services]
    others = ["export GLOBUS_SDK_VERIFY_SSL", "export GLOBUS_CLIENT_ID"]
    assert names == [*addresses, *others]
    assert "weather: weather/storm, weather/calm" in result.output


def test_a_service_is_told_when_requests_come_and_end(globus_plugins: PluginManager) -> None:
    """It can run threads in between."""
    globus_plugins.register(WeatherPlugin(), "weather")
    with Sandbox() as sandbox:
        service = sandbox.services["weather"]
        assert isinstance(service, WeatherSandbox)
        assert service.events == [f"start {sandbox.url}weather/"]
    assert service.events[1:] == ["stop"]


def test_options_reach_the_sandbox_of_a_service(globus_plugins: PluginManager) -> None:
    """By its name."""
    globus_plugins.register(WeatherPlugin(), "weather")

    sandbox = Sandbox(options={"weather": {"stations": ["south", "west"]}})

    assert sandbox.state()["services"]["weather"]["stations"] == ["south", "west"]
    with pytest.raises(SandboxError, match="'weather' cannot be created"):
        Sandbox(options={"weather": {"planets": 9}})
    with pytest.raises(GlobusSDKUsageError, match="unknown service of the sandbox 'sun'"):
        Sandbox(options={"sun": {}})


class ServiceWithARoute(ServiceSandbox):
    """A service with one view and nothing else."""

    def routes(self) -> t.Iterable[Route]:
        return routes(("GET", "/view", self.view))

    def view(self) -> t.Any:
        """What a subclass makes of it."""
        raise NotImplementedError


def offer(manager: PluginManager, services: dict[str, t.Any]) -> None:
    """Register a plugin that offers services."""

    class Plugin:
        @hookimpl
        def globus_sandbox_services(self) -> dict[str, t.Any]:
            return services

    manager.register(Plugin(), "third-party")


def test_a_service_that_cannot_be_made_is_left_out_and_reported(
    globus_plugins: PluginManager,
) -> None:
    """Auth goes on for everybody else; with options for it, it is an error."""
    offer(globus_plugins, {"broken": "no_such_module:Broken"})

    sandbox = Sandbox()

    assert list(sandbox.services) == ["auth", *OTHERS]
    (record,) = [r for r in globus_plugins.records() if r.name == "third-party"]
    assert any("no_such_module" in text for text in record.reports)
    with pytest.raises(SandboxError, match="'broken' cannot be created"):
        Sandbox(options={"broken": {"x": 1}})


def test_without_the_plugin_of_auth_the_error_says_so(globus_plugins: PluginManager) -> None:
    """The reason is that of the plugin."""
    globus_plugins.set_blocked("auth")

    with pytest.raises(GlobusSDKUsageError, match=r"unknown service of the sandbox 'auth'.*auth"):
        Sandbox()
