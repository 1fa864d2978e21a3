"""
How a client finds its address, and takes its app.
"""

from __future__ import annotations

import subprocess
import sys
import typing as t

import pytest

from globus_core import (
    AccessTokenAuthorizer,
    BaseClient,
    GlobusAPIError,
    GlobusSDKUsageError,
    Scope,
)
from globus_core.authorizers import GlobusAuthorizer
from globus_core.config.environments import ProductionEnvConfig
from globus_core.scopes import DynamicScopeCollection
from globus_core.transport.caller_info import RequestCallerInfo


class ThingClient(BaseClient):
    """A client of a service that is found by its name."""

    service_name = "things"
    scopes = DynamicScopeCollection("things.example.org")

    @property
    def default_scope_requirements(self) -> list[Scope]:
        return [Scope("urn:example:things:all")]


class FixedClient(ThingClient):
    """A client whose class states the address."""

    base_url = "https://fixed.example.org/"


class Config:
    """The config of an app."""

    def __init__(self, environment: str) -> None:
        self.environment = environment


class App:
    """As much of an app as a client sees."""

    app_name = "Example App"

    def __init__(self, environment: str = "production") -> None:
        self.config = Config(environment)
        self.required: dict[str, list[t.Any]] = {}

    def add_scope_requirements(self, requirements: t.Mapping[str, t.Any]) -> None:
        for server, scopes in requirements.items():
            several = scopes if isinstance(scopes, list) else [scopes]
            self.required.setdefault(server, []).extend(several)

    def get_authorizer(self, resource_server: str) -> GlobusAuthorizer:
        return AccessTokenAuthorizer(f"token for {resource_server}")

    def get_client_retry_checks(self) -> list[t.Any]:
        return []


def app_for(environment: str = "production") -> t.Any:
    """An app."""
    return App(environment)


def test_an_address_given_wins_over_the_class_and_the_class_over_the_service() -> None:
    """And the variable for the service is looked at last but before the environment."""
    given = "https://given.example.org/"
    assert FixedClient(base_url=given).base_url == given
    assert FixedClient().base_url == "https://fixed.example.org/"
    assert ThingClient().base_url == "https://things.api.globus.org/"


def test_a_service_is_looked_up_in_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The argument, then the app's, then the variable."""
    assert ThingClient(environment="preview").base_url == "https://things.api.preview.globus.org/"
    monkeypatch.setenv("GLOBUS_SDK_ENVIRONMENT", "staging")
    assert ThingClient().environment == "staging"
    assert ThingClient(app=app_for("preview")).environment == "preview"
    assert ThingClient(environment="test").base_url == "https://things.api.test.globuscs.info/"


def test_a_variable_names_the_address_of_one_service(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the environment."""
    monkeypatch.setenv("GLOBUS_SDK_SERVICE_URL_THINGS", "http://127.0.0.1:9/")
    assert ThingClient(environment="preview").base_url == "http://127.0.0.1:9/"
    assert FixedClient().base_url == "https://fixed.example.org/"


class WeatherClient(BaseClient):
    """A client of a service that is not one of Globus's."""

    service_name = "weather-map"
    service_url = "https://weather.example.org/v1/"


def test_a_service_of_others_has_an_address_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """The class's, unless a variable or a plugin's environment says otherwise."""
    assert WeatherClient().base_url == "https://weather.example.org/v1/"
    assert WeatherClient(base_url="http://127.0.0.1:9/").base_url == "http://127.0.0.1:9/"
    monkeypatch.setattr(
        ProductionEnvConfig, "weather-map_url", "http://127.0.0.1:8/", raising=False
    )
    assert WeatherClient().base_url == "http://127.0.0.1:8/"
    monkeypatch.setenv("GLOBUS_SDK_SERVICE_URL_WEATHER_MAP", "http://127.0.0.1:7/")
    assert WeatherClient().base_url == "http://127.0.0.1:7/"


def test_an_unknown_environment_is_a_value_error() -> None:
    """It is named."""
    with pytest.raises(ValueError, match="'atlantis'"):
        ThingClient(environment="atlantis")


def test_a_client_without_address_is_a_mistake() -> None:
    """The class is named."""
    with pytest.raises(GlobusSDKUsageError, match="BaseClient has no base_url"):
        BaseClient()


def test_an_app_is_asked_for_the_scopes_of_the_class() -> None:
    """Or for others in their place; more can be added."""
    app = app_for()
    client = ThingClient(app=app)
    assert app.required == {"things.example.org": [Scope("urn:example:things:all")]}
    assert client.app_name == "Example App"
    assert "/Example App" in client.transport.user_agent
    assert client.add_app_scope("urn:example:things:more") is client
    assert app.required["things.example.org"][-1] == "urn:example:things:more"
    other = app_for()
    ThingClient(app=other, app_scopes=[Scope("one")], app_name="Mine")
    assert other.required == {"things.example.org": [Scope("one")]}


def test_an_app_authorizes_the_requests() -> None:
    """With its token for the client's resource server."""
    client = ThingClient(app=app_for())
    caller = RequestCallerInfo(retry_config=client.retry_config, resource_server="things")
    authorizer = client._request_authorizer(caller)
    assert authorizer is not None
    assert authorizer.get_authorization_header() == "Bearer token for things"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"app": app_for(), "authorizer": AccessTokenAuthorizer("x")}, "'app' or from"),
        ({"app_scopes": [Scope("x")]}, "needs an 'app'"),
        ({"app": app_for("preview"), "environment": "test"}, "environment 'preview'"),
    ],
)
def test_options_that_contradict_each_other_are_refused(
    options: dict[str, t.Any], message: str
) -> None:
    """With the reason."""
    with pytest.raises(GlobusSDKUsageError, match=message):
        ThingClient(**options)


def test_an_app_is_attached_once_and_to_a_client_that_can_take_it() -> None:
    """Not beside an app, an authorizer, or without a resource server or scopes."""
    with pytest.raises(GlobusSDKUsageError, match="has an app"):
        ThingClient(app=app_for()).attach_globus_app(app_for())
    with pytest.raises(GlobusSDKUsageError, match="has an authorizer"):
        ThingClient(authorizer=AccessTokenAuthorizer("x")).attach_globus_app(app_for())
    with pytest.raises(GlobusSDKUsageError, match="without a resource server"):
        BaseClient(base_url="https://x.example.org").attach_globus_app(app_for())
    with pytest.raises(GlobusSDKUsageError, match="no app to add scopes to"):
        ThingClient().add_app_scope("x")
    with pytest.raises(GlobusSDKUsageError, match="has no default scopes"):
        BaseClient(base_url="https://x.example.org").default_scope_requirements  # noqa: B018


def test_the_repr_shows_the_address_and_no_secret() -> None:
    """Neither a token nor a password in the URL."""
    client = ThingClient(
        base_url="https://user:opaque-1@x.example.org/api",
        authorizer=AccessTokenAuthorizer("opaque-2"),
    )
    assert repr(client) == "<ThingClient https://x.example.org/api>"


def test_defaults_of_the_class_are_those_of_all_clients() -> None:
    """The error class, no scopes, no name."""
    assert BaseClient.error_class is GlobusAPIError
    client = BaseClient(base_url="https://x.example.org")
    assert (client.resource_server, client.app_name) == (None, None)


def test_a_client_is_made_without_loading_requests() -> None:
    """It comes with the first request, and no plugin is looked for either."""
    code = (
        "import sys; from globus_core import BaseClient, AccessTokenAuthorizer\n"
        "c = BaseClient(base_url='https://x.example.org', authorizer=AccessTokenAuthorizer('x'))\n"
        "repr(c); c.close()\n"
        "heavy = {'requests', 'urllib3', 'pluggy', 'jwt', 'cryptography', 'attrs', 'json',\n"
        "         'logging', 'importlib.metadata', 'globus_core_auth'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
