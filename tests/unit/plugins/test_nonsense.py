"""What plugins make and return is checked: there is one error or warning, and it names them."""

from __future__ import annotations

import logging
import typing as t

import pytest
from click.testing import CliRunner

from globus_core import GlobusAppConfig, IdentityMap, UserApp, compose, config, hookimpl
from globus_core.authorizers import RefreshTokenAuthorizer
from globus_core.events import RequestEvent
from globus_core.exc import ErrorFacts, GlobusAPIError, GlobusSDKUsageError, PluginError, api_error
from globus_core.identities import IdentityCache
from globus_core.plugins import PluginManager
from globus_core.service_clients import client_class
from globus_core.testing import Sandbox
from globus_core.token_storage import MemoryTokenStorage, TokenStorageData
from globus_core.transport import RetryCheckResult, RetryContext
from globus_core.transport.plugin_checks import PluginChecks
from globus_core.transport.prepare import authorize
from globus_core_cli.group import cli
from tests.unit.exc.helpers import make_response
from tests.unit.identity.conftest import FakeAuth

#: what plugins return in place of what they should
NONSENSE: list[t.Any] = [42, "text", ["a"], object(), {"a": 1}]
CLIENT_ID = "5a3c0f0e-0000-4000-8000-000000000001"


class Raising(dict[str, t.Any]):
    """A mapping that cannot be read."""

    def items(self) -> t.Any:
        raise SystemExit("no")

    def get(self, *arguments: t.Any) -> t.Any:
        raise SystemExit("no")


def offering(plugins: PluginManager, hook: str, offered: t.Any) -> None:
    """Register a plugin whose hook returns this, or what this returns if it is a function."""

    class Odd:
        pass

    def answer(self: object) -> t.Any:
        return offered

    answer.__name__ = hook
    setattr(Odd, hook, hookimpl(answer))
    plugins.register(Odd(), "odd")


def app(plugins: PluginManager, **settings: t.Any) -> UserApp:
    """An app with these settings."""
    return UserApp("x", client_id=CLIENT_ID, config=GlobusAppConfig(**settings))


@pytest.fixture
def plugins() -> PluginManager:
    """The default plugins, to which tests add."""
    from globus_core.plugins import get_plugin_manager

    return get_plugin_manager()


class Provider:
    """Makes what a test says."""

    makes: t.Any = None

    @classmethod
    def for_globus_app(cls, **given: t.Any) -> t.Any:
        if isinstance(cls.makes, type) and issubclass(cls.makes, BaseException):
            raise cls.makes("no")
        return cls.makes

    @classmethod
    def from_url(cls, url: str, **options: t.Any) -> t.Any:
        return cls.for_globus_app()


@pytest.mark.parametrize("makes", [*NONSENSE, None, KeyError, SystemExit])
@pytest.mark.parametrize("choice", ["odd", "odd:/somewhere"])
def test_a_storage_that_is_none_is_an_error(
    plugins: PluginManager, makes: t.Any, choice: str
) -> None:
    """Also where making it raises something."""
    made = type("Made", (Provider,), {"makes": makes})
    offering(plugins, "globus_token_storages", {"odd": made})
    with pytest.raises(PluginError, match=r"token.storage.* of the plugin odd@code"):
        app(plugins, token_storage=choice)


@pytest.mark.parametrize("makes", [*NONSENSE, None, KeyError, SystemExit])
def test_a_login_flow_that_is_none_is_an_error(plugins: PluginManager, makes: t.Any) -> None:
    """When it is chosen, and not when somebody logs in."""
    made = type("Made", (Provider,), {"makes": makes})
    offering(plugins, "globus_login_flows", {"odd": made})
    with pytest.raises(PluginError, match=r"login flow manager of the plugin odd@code"):
        app(plugins, login_flow_manager="odd", token_storage="memory")


@pytest.mark.parametrize("nonsense", [*NONSENSE, None])
def test_a_login_flow_that_returns_no_tokens_is_an_error(
    plugins: PluginManager, nonsense: t.Any
) -> None:
    """It names the flow and its plugin."""

    class Flow:
        @classmethod
        def for_globus_app(cls, **given: t.Any) -> t.Any:
            return cls()

        def run_login_flow(self, asked: t.Any) -> t.Any:
            return nonsense

    offering(plugins, "globus_login_flows", {"odd": Flow})
    with pytest.raises(
        PluginError, match=r"run_login_flow\(\) of Flow \(plugin odd@code\) must return"
    ):
        app(plugins, login_flow_manager="odd", token_storage="memory").login()


class OddStorage(MemoryTokenStorage):
    """A storage that returns what a test says."""

    all: t.Any = {}
    one: t.Any = None

    def get_token_data_by_resource_server(self) -> dict[str, TokenStorageData]:
        return self.all  # type: ignore[no-any-return]

    def get_token_data(self, resource_server: str) -> TokenStorageData | None:
        return self.one  # type: ignore[no-any-return]


@pytest.mark.parametrize("nonsense", [*NONSENSE, None])
def test_a_storage_that_returns_nonsense_is_an_error(
    plugins: PluginManager, nonsense: t.Any
) -> None:
    """For apps and for authorizers, and it names the storage and its plugin."""
    offering(plugins, "globus_token_storages", {"odd": OddStorage})
    storage = OddStorage()
    storage.all = nonsense
    with pytest.raises(
        PluginError, match=r"by_resource_server\(\) of OddStorage \(plugin odd@code\)"
    ):
        app(plugins, token_storage=storage)
    if nonsense is None:
        return
    storage.all, storage.one = {}, nonsense
    made = app(plugins, token_storage=storage)
    made.add_scope_requirements({"server": ["scope"]})
    with pytest.raises(PluginError, match=r"get_token_data\(\) of OddStorage \(plugin odd@code\)"):
        made.login_required()
    client = app(plugins, token_storage="memory")._login_client
    with pytest.raises(PluginError, match=r"get_token_data\(\) of OddStorage \(plugin odd@code\)"):
        RefreshTokenAuthorizer("r", client, token_storage=storage, resource_server="server")


class OddCache(IdentityCache):
    """A cache that returns what a test says, or raises it."""

    answers: t.Any = {}

    def get_many(self, keys: t.Iterable[str], *, namespace: str = "") -> t.Any:
        if isinstance(self.answers, type) and issubclass(self.answers, BaseException):
            raise self.answers("no")
        return dict.fromkeys(keys, "text") if self.answers == "values" else self.answers

    def put_many(self, entries: t.Any, *, namespace: str = "") -> None:
        raise SystemExit("no")

    def discard_many(self, keys: t.Iterable[str], *, namespace: str = "") -> int:
        return 0

    def clear(self) -> None:
        raise NotImplementedError

    def describe(self) -> t.Any:
        raise NotImplementedError


@pytest.mark.parametrize("nonsense", [*NONSENSE, None, "values", SystemExit, KeyError, Raising()])
def test_a_cache_that_returns_nonsense_is_done_without(
    plugins: PluginManager, caplog: pytest.LogCaptureFixture, nonsense: t.Any
) -> None:
    """One warning names it, and every look-up answers."""
    offering(plugins, "globus_identity_caches", {"odd": OddCache})
    cache = OddCache()
    cache.answers = nonsense
    auth = FakeAuth(5)
    identities = IdentityMap(auth, cache=cache)
    name = "user00001@example.org"
    assert identities[name].username == name
    (warning,) = [text for text in caplog.messages if "OddCache" in text]
    assert "(odd@code)" in warning


def test_a_cache_that_cannot_be_changed_is_an_error(plugins: PluginManager) -> None:
    """Where somebody wants exactly that, it is not done without."""

    class Stuck(OddCache):
        def discard_many(self, keys: t.Iterable[str], *, namespace: str = "") -> int:
            return "many"  # type: ignore[return-value]

        def clear(self) -> None:
            raise SystemExit("no")

    offering(plugins, "globus_identity_caches", {"odd": Stuck})
    identities = IdentityMap(FakeAuth(5), cache=Stuck())
    with pytest.raises(PluginError, match=r"clear\(\) of Stuck \(plugin odd@code\) failed"):
        identities.clear()
    with pytest.raises(PluginError, match=r"discard_many\(\) of Stuck .* must return int"):
        del identities["user00001@example.org"]


def test_the_command_says_which_cache_does_not_describe_itself(plugins: PluginManager) -> None:
    """In one line, with exit code 1."""

    class Mute(OddCache):
        def describe(self) -> t.Any:
            return 42

    offering(plugins, "globus_identity_caches", {"odd": Mute})
    result = CliRunner().invoke(cli, ["identities", "cache", "--cache", "odd"])
    assert result.exit_code == 1
    assert "describe() of Mute (plugin odd@code) must return" in result.output


@pytest.mark.parametrize("nonsense", [42, None, "text"])
def test_a_service_of_the_sandbox_that_is_none_is_left_out(
    plugins: PluginManager, caplog: pytest.LogCaptureFixture, nonsense: t.Any
) -> None:
    """The sandbox is made without it."""
    offering(plugins, "globus_sandbox_services", {"odd": lambda world: nonsense})
    with Sandbox() as sandbox:
        assert "odd" not in sandbox.services
    assert "a ServiceSandbox was expected" in caplog.text
    assert "plugin 'odd' failed in globus_sandbox_services" in caplog.text


@pytest.mark.parametrize("makes", [lambda: 42, lambda: None, lambda: 1 / 0])
def test_a_cache_that_is_none_is_an_error(plugins: PluginManager, makes: t.Any) -> None:
    """When it is chosen."""
    offering(plugins, "globus_identity_caches", {"odd": makes})
    with pytest.raises(PluginError, match=r"identity cache 'odd' of the plugin odd"):
        IdentityMap(FakeAuth(5), cache="odd")


@pytest.mark.parametrize("nonsense", [42, "missing.module:Class", [1], {}])
def test_a_client_that_is_no_class_is_an_error(plugins: PluginManager, nonsense: t.Any) -> None:
    """It names the service and the plugin."""
    offering(plugins, "globus_clients", {"weather": nonsense})
    with pytest.raises(PluginError, match=r"odd"):
        client_class("weather")


@pytest.mark.parametrize(
    "nonsense", [*NONSENSE, {"domain": 1}, {"domain": "a", "services": [1]}, Raising(domain="a")]
)
def test_an_environment_that_is_none_is_an_error(plugins: PluginManager, nonsense: t.Any) -> None:
    """It names the environment, and says what was expected."""
    offering(plugins, "globus_environments", {"odd": nonsense})
    with pytest.raises((GlobusSDKUsageError, PluginError), match="odd"):
        config.get_service_url("auth", "odd")


@pytest.mark.parametrize("nonsense", [*NONSENSE, None, True])
def test_a_retry_check_that_decides_nonsense_is_passed_over(
    plugins: PluginManager, nonsense: t.Any, caplog: pytest.LogCaptureFixture
) -> None:
    """True is not yes: the others are asked."""
    offering(plugins, "globus_retry_checks", [lambda context: nonsense])
    context = RetryContext(0, caller_info=t.cast("t.Any", None))
    (check,) = PluginChecks().get()
    assert check(context) is RetryCheckResult.no_decision
    assert "plugin 'odd' failed in globus_retry_checks" in caplog.text
    assert "must return a RetryCheckResult" in caplog.text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("backoff", pause) for pause in ("soon", -1, float("nan"), [1])],
        *[(name, 42) for name in ("response", "exception", "attempt", "caller_info")],
    ],
)
def test_a_retry_check_cannot_spoil_the_context(
    plugins: PluginManager, name: str, value: t.Any, caplog: pytest.LogCaptureFixture
) -> None:
    """What it has changed is changed back, and its decision does not count."""

    def check(context: RetryContext) -> RetryCheckResult:
        setattr(context, name, value)
        return RetryCheckResult.do_retry

    offering(plugins, "globus_retry_checks", [check])
    context = RetryContext(3, caller_info=t.cast("t.Any", None))
    before = getattr(context, name)
    assert PluginChecks().get()[0](context) is RetryCheckResult.no_decision
    assert getattr(context, name) is before
    assert "plugin 'odd' failed in globus_retry_checks" in caplog.text


@pytest.mark.parametrize("nonsense", [42, b"Bearer t", ["Bearer t"], 1.5])
def test_an_authorizer_that_gives_no_text_is_an_error(nonsense: t.Any) -> None:
    """Before anything is sent."""

    class Odd:
        def get_authorization_header(self) -> t.Any:
            return nonsense

    class Caller:
        authorizer = Odd()
        single_use = False

    class Prepared:
        url = "https://a.example.org/"
        headers: t.ClassVar[dict[str, str]] = {}

    with pytest.raises(GlobusSDKUsageError, match="must give its header as str"):
        authorize(t.cast("t.Any", Prepared), t.cast("t.Any", Caller))


@pytest.mark.parametrize("name", ["http_status", "code", "campus"])
@pytest.mark.parametrize("how", [setattr, lambda error, name, value: delattr(error, name)])
def test_a_translator_cannot_change_the_error(
    plugins: PluginManager, caplog: pytest.LogCaptureFixture, name: str, how: t.Any
) -> None:
    """It is named in a warning, and the next one is asked."""

    class Odd:
        @hookimpl
        def globus_translate_error(self, error: GlobusAPIError) -> t.Any:
            how(error, name, 200)
            return ErrorFacts(advice="all is well")

    plugins.register(Odd(), "odd")
    error = api_error(GlobusAPIError, make_response({"code": "A", "message": "m"}, status=404))
    assert (error.http_status, error.code, error.message) == (404, "A", "m")
    assert not hasattr(error, "campus")
    assert "all is well" not in error.explain()
    assert "plugin 'odd@code' failed in globus_translate_error" in caplog.text
    error.code = "B"  # of a program, when the error has been raised
    assert error.code == "B"


def test_a_translator_cannot_change_what_the_error_holds(plugins: PluginManager) -> None:
    """Lists and the parsed body are as received."""

    class Odd:
        @hookimpl
        def globus_translate_error(self, error: GlobusAPIError) -> None:
            error.messages.append("x")
            error.errors.clear()
            error.raw_json.clear()

    plugins.register(Odd(), "odd")
    body = {"code": "A", "message": "m", "errors": [{"code": "B", "message": "n"}]}
    plain = GlobusAPIError(make_response(body))
    error = api_error(GlobusAPIError, make_response(body))
    assert error.messages == plain.messages
    assert len(error.errors) == len(plain.errors)
    assert error.raw_json == body


def test_an_observer_cannot_change_what_others_see(
    plugins: PluginManager, caplog: pytest.LogCaptureFixture
) -> None:
    """Events are read-only."""
    seen = []

    class Odd:
        @hookimpl(tryfirst=True)
        def globus_before_request(self, event: RequestEvent) -> None:
            event.url = "https://elsewhere.example.org/"

    class Good:
        @hookimpl
        def globus_before_request(self, event: RequestEvent) -> None:
            seen.append(event.url)

    plugins.register(Good(), "good")
    plugins.register(Odd(), "odd")
    event = RequestEvent("GET", "https://a.example.org/", 0, None)
    with caplog.at_level(logging.WARNING):
        compose.notify("globus_before_request", event=event)
    assert seen == ["https://a.example.org/"]
    assert "plugin 'odd@code' failed in globus_before_request" in caplog.text
    with pytest.raises(AttributeError, match="read-only"):
        del event.url


@pytest.mark.parametrize("offered", [*NONSENSE[:4], Raising(a=1), {1: "a:b"}, {"a": None}])
@pytest.mark.parametrize(
    "hook",
    [
        "globus_clients",
        "globus_token_storages",
        "globus_login_flows",
        "globus_credential_sources",
        "globus_identity_caches",
        "globus_environments",
        "globus_cli_commands",
        "globus_sandbox_services",
    ],
)
def test_offers_that_are_no_mapping_are_passed_over(
    plugins: PluginManager, caplog: pytest.LogCaptureFixture, hook: str, offered: t.Any
) -> None:
    """With a warning that names the plugin."""
    before = set(compose.offers(hook))
    offering(plugins, hook, offered)
    assert set(compose.offers(hook)) == before
    assert f"plugin 'odd@code' failed in {hook}" in caplog.text
