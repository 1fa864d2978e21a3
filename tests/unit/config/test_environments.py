from __future__ import annotations

import typing as t

import pytest

from globus_core import config, hookimpl
from globus_core.config import EnvConfig, get_service_url, get_webapp_url, token_namespace
from globus_core.config.environments import PreviewEnvConfig, ProductionEnvConfig
from globus_core.exc import GlobusError, GlobusSDKUsageError
from globus_core.plugins import PluginManager, set_plugin_manager

if t.TYPE_CHECKING:
    from collections.abc import Iterator


class Offers:
    """A plugin that offers environments."""

    def __init__(self) -> None:
        self.environments: dict[str, object] = {}
        self.asked = 0

    @hookimpl
    def globus_environments(self) -> dict[str, object]:
        self.asked += 1
        return self.environments


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GLOBUS_SDK_ENVIRONMENT", raising=False)
    for service in ("AUTH", "TRANSFER", "APP"):
        monkeypatch.delenv(f"GLOBUS_SDK_SERVICE_URL_{service}", raising=False)


@pytest.fixture(autouse=True)
def _registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget the classes that a test makes."""
    monkeypatch.setattr(EnvConfig, "_registry", dict(EnvConfig._registry))


@pytest.fixture(autouse=True)
def offers() -> Iterator[Offers]:
    """Let one plugin, and no other, be there."""
    plugin = Offers()
    manager = PluginManager(select="none")
    manager.register(plugin, "offers")
    before = set_plugin_manager(manager)
    yield plugin
    set_plugin_manager(before)


@pytest.mark.parametrize(
    ("service", "environment", "url"),
    [
        ("auth", None, "https://auth.globus.org/"),
        ("auth", "production", "https://auth.globus.org/"),
        ("auth", "preview", "https://auth.preview.globus.org/"),
        ("auth", "sandbox", "https://auth.sandbox.globuscs.info/"),
        ("auth", "integration", "https://auth.integration.globuscs.info/"),
        ("auth", "test", "https://auth.test.globuscs.info/"),
        ("auth", "staging", "https://auth.staging.globuscs.info/"),
        ("app", "test", "https://app.test.globuscs.info/"),
        ("transfer", "production", "https://transfer.api.globus.org/"),
        ("transfer", "preview", "https://transfer.api.preview.globus.org/"),
        ("something", "test", "https://something.api.test.globuscs.info/"),
        ("flows", "production", "https://flows.automate.globus.org/"),
        ("timer", "production", "https://timer.automate.globus.org/"),
        ("actions", "production", "https://actions.automate.globus.org/"),
        ("flows", "preview", "https://preview.flows.automate.globus.org/"),
        ("timer", "test", "https://test.timer.automate.globus.org/"),
        ("nexus", "production", "https://nexus.api.globusonline.org/"),
        ("nexus", "preview", "https://nexus.api.preview.globus.org/"),
    ],
)
def test_services_are_where_they_are(service: str, environment: str | None, url: str) -> None:
    """Built-in environments have the hosts of Globus."""
    assert get_service_url(service, environment) == url


def test_environment_comes_from_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an argument the variable names the environment."""
    monkeypatch.setenv("GLOBUS_SDK_ENVIRONMENT", "preview")

    assert get_service_url("auth") == "https://auth.preview.globus.org/"
    assert get_webapp_url() == "https://app.preview.globus.org/"
    assert get_webapp_url("production") == "https://app.globus.org/"


def test_service_variable_stands_before_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service's own variable is taken as it is, whatever the environment."""
    monkeypatch.setenv("GLOBUS_SDK_SERVICE_URL_AUTH", "http://localhost:8080/auth")

    assert get_service_url("auth") == "http://localhost:8080/auth"
    assert get_service_url("auth", "unknown") == "http://localhost:8080/auth"
    assert get_service_url("transfer") == "https://transfer.api.globus.org/"


def test_empty_service_variable_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty variable is no URL."""
    monkeypatch.setenv("GLOBUS_SDK_SERVICE_URL_APP", "")

    assert get_webapp_url() == "https://app.globus.org/"


@pytest.mark.parametrize("name", ["nowhere", "Production", ""])
def test_unknown_environment_names_those_known(name: str, offers: Offers) -> None:
    """The error tells which names there are, those of plugins included."""
    offers.environments = {"campus": {"domain": "globus.example.org"}}

    with pytest.raises(ValueError, match=f"unknown environment '{name}'") as caught:
        get_service_url("auth", name)

    assert "production, preview, sandbox, integration, test, staging, campus" in str(caught.value)
    assert isinstance(caught.value, GlobusError)


def test_environments_are_found_by_name() -> None:
    """The classes can be had by name, and an unknown name gives None."""
    assert EnvConfig.get_by_name("production") is ProductionEnvConfig
    assert PreviewEnvConfig.get_by_name("preview") is PreviewEnvConfig
    assert EnvConfig.get_by_name("nowhere") is None


def test_subclass_registers_an_environment() -> None:
    """A subclass is found by its name and follows the rules, but for the URLs that it states."""

    class Campus(EnvConfig):
        envname = "campus"
        domain = "globus.example.org"
        search_url = "https://search.example.org/v1/"
        no_dotapi = [*EnvConfig.no_dotapi, "direct"]

    assert EnvConfig.get_by_name("campus") is Campus
    assert get_service_url("auth", "campus") == "https://auth.globus.example.org/"
    assert get_service_url("direct", "campus") == "https://direct.globus.example.org/"
    assert get_service_url("groups", "campus") == "https://groups.api.globus.example.org/"
    assert get_service_url("search", "campus") == "https://search.example.org/v1/"
    assert get_service_url("flows", "campus") == "https://campus.flows.automate.globus.org/"


def test_subclass_may_be_made_again() -> None:
    """A notebook cell that defines an environment can be run twice."""
    for domain in ("one.example.org", "two.example.org"):
        type("Campus", (EnvConfig,), {"envname": "campus", "domain": domain})

    assert get_service_url("auth", "campus") == "https://auth.two.example.org/"


def test_builtin_environment_cannot_be_replaced() -> None:
    """Production stays production, for a class that inherits the name as well."""
    with pytest.raises(GlobusSDKUsageError, match="'production' is built in"):
        type("Mine", (EnvConfig,), {"envname": "production", "domain": "example.org"})
    with pytest.raises(GlobusSDKUsageError, match="'preview' is built in"):
        type("Mine", (PreviewEnvConfig,), {})
    assert EnvConfig.get_by_name("production") is ProductionEnvConfig


@pytest.mark.parametrize("given", ["envname", "domain"])
def test_subclass_needs_name_and_domain(given: str) -> None:
    """A class that lacks one of the two says which."""
    missing = {"envname": "domain", "domain": "envname"}[given]

    with pytest.raises(GlobusSDKUsageError, match=f"Mine needs a '{missing}'"):
        type("Mine", (EnvConfig,), {given: "something"})


def test_plugin_offers_an_environment_as_a_mapping(offers: Offers) -> None:
    """A domain and some URLs are an environment."""
    services = {"auth": "http://localhost:9000/"}
    offers.environments = {"campus": {"domain": "globus.example.org", "services": services}}

    assert get_service_url("auth", "campus") == "http://localhost:9000/"
    assert get_service_url("groups", "campus") == "https://groups.api.globus.example.org/"
    assert "campus" not in EnvConfig._registry


def test_plugin_offers_an_environment_as_a_class(offers: Offers) -> None:
    """A class and a reference to one do as well, under the name that the plugin gives."""

    class Campus(EnvConfig, register=False):
        envname = "campus"
        domain = "globus.example.org"

    reference = "globus_core.config.environments:PreviewEnvConfig"
    offers.environments = {"campus": Campus, "next": reference}

    assert EnvConfig.get_by_name("campus") is Campus
    assert EnvConfig.get_by_name("next") is PreviewEnvConfig


@pytest.mark.parametrize(
    "value", [3, {}, {"domain": None}, {"domain": "example.org", "services": {"auth": 3}}, object]
)
def test_plugin_with_an_unusable_environment_is_an_error(offers: Offers, value: object) -> None:
    """What was asked for by name does not turn into something else."""
    offers.environments = {"campus": value}

    with pytest.raises(GlobusError, match="environment 'campus' of a plugin"):
        get_service_url("auth", "campus")


def test_builtin_environment_asks_no_plugin(offers: Offers) -> None:
    """Neither can a plugin redirect production, nor is any loaded for it."""
    offers.environments = {"production": {"domain": "example.org"}}

    assert get_service_url("auth") == "https://auth.globus.org/"
    assert offers.asked == 0


def test_namespace_has_every_name() -> None:
    """All names of globus-sdk's config namespace resolve."""
    names = ("environment_name", "http_timeout", "service_url", "ssl_verify", "webapp_url")

    assert all(callable(getattr(config, f"get_{name}")) for name in names)
    assert config.EnvConfig is config.environments.EnvConfig
    assert config.get_http_timeout is config.env_vars.get_http_timeout


@pytest.mark.parametrize(
    ("auth_url", "environment", "namespace"),
    [
        ("https://auth.globus.org/", None, "DEFAULT"),
        ("https://AUTH.globus.org:443/v2?x=1", "production", "DEFAULT"),
        ("https://auth.preview.globus.org", "preview", "DEFAULT"),
        (
            "https://auth.preview.globus.org",
            "production",
            "DEFAULT@https://auth.preview.globus.org",
        ),
        ("http://auth.globus.org/", None, "DEFAULT@http://auth.globus.org"),
        ("https://auth.globus.org:8443/", None, "DEFAULT@https://auth.globus.org:8443"),
        ("https://auth.globus.org@evil.example/", None, "DEFAULT@https://evil.example"),
        ("http://127.0.0.1:8999/", None, "DEFAULT@http://127.0.0.1:8999"),
        ("http://[::1]:8999/auth/", None, "DEFAULT@http://[::1]:8999"),
        ("https://auth.globus.org/", "unknown", "DEFAULT@https://auth.globus.org"),
    ],
)
def test_tokens_of_another_server_have_a_namespace_of_their_own(
    auth_url: str, environment: str | None, namespace: str
) -> None:
    """The environment's own server has the plain one, however its URL is written."""
    assert token_namespace("DEFAULT", auth_url, environment) == namespace


def test_the_variable_for_auth_does_not_change_whose_tokens_they_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It leads elsewhere; the environment's own server is still the one of its definition."""
    monkeypatch.setenv("GLOBUS_SDK_SERVICE_URL_AUTH", "http://127.0.0.1:8999/")
    assert token_namespace("work", get_service_url("auth")) == "work@http://127.0.0.1:8999"
    assert token_namespace("work", "https://auth.globus.org/") == "work"


def test_an_environment_may_have_further_names_for_its_server(offers: Offers) -> None:
    """As a class or as a mapping of a plugin."""

    class Campus(EnvConfig):
        envname = "campus"
        domain = "globus.example.org"
        server_aliases = ("https://login.example.org/",)

    offers.environments = {
        "other": {
            "domain": "globus.example.edu",
            "server_aliases": ["https://login.example.edu:8443"],
        }
    }
    for environment, alias in (
        ("campus", "https://login.example.org"),
        ("other", "https://login.example.edu:8443/"),
    ):
        own = get_service_url("auth", environment)
        for url in (alias, own):
            assert token_namespace("DEFAULT", url, environment) == "DEFAULT"
    foreign = token_namespace("DEFAULT", "https://login.example.org", "other")
    assert foreign == "DEFAULT@https://login.example.org"


@pytest.mark.parametrize("aliases", [7, [7], None, "https://login.example.org"])
def test_aliases_that_are_no_list_of_urls_are_an_error(aliases: object, offers: Offers) -> None:
    """The error names the environment."""
    offers.environments = {"campus": {"domain": "example.org", "server_aliases": aliases}}

    with pytest.raises(GlobusSDKUsageError, match="'campus' of a plugin is neither"):
        get_service_url("auth", "campus")
