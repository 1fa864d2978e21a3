"""One test a hook: what a plugin gives through it, put together as its contract says."""

from __future__ import annotations

import inspect
import typing as t

import pytest

from globus_core import compose, hookimpl, hookspecs
from globus_core.exc import PluginError
from globus_core.plugins import PluginManager


def offering(manager: PluginManager, hook: str, answer: t.Any) -> None:
    """Register a plugin that answers one hook."""

    class Plugin:
        @hookimpl(specname=hook)
        def answer(self, **arguments: t.Any) -> t.Any:
            return answer(**arguments) if callable(answer) else answer

    manager.register(Plugin(), "campus")


def check_registration(manager: PluginManager, hook: str) -> None:
    """What a registration hook offers is found by its name, and is imported when chosen."""
    offering(manager, hook, {"thing": "collections:OrderedDict"})

    assert compose.merged(hook) == {"thing": "collections:OrderedDict"}
    assert compose.select(hook, "thing", what="thing").__name__ == "OrderedDict"


def test_globus_clients_are_offered_by_service_name(plugins: PluginManager) -> None:
    """A reference to a client class is imported when it is chosen."""
    check_registration(plugins, "globus_clients")


def test_globus_token_storages_are_offered_by_name(plugins: PluginManager) -> None:
    """A reference to a storage is imported when it is chosen."""
    check_registration(plugins, "globus_token_storages")


def test_globus_login_flows_are_offered_by_name(plugins: PluginManager) -> None:
    """A reference to a login flow is imported when it is chosen."""
    check_registration(plugins, "globus_login_flows")


def test_globus_credential_sources_are_offered_by_name(plugins: PluginManager) -> None:
    """A reference to a function is imported when it is asked."""
    check_registration(plugins, "globus_credential_sources")


def test_globus_identity_caches_are_offered_by_name(plugins: PluginManager) -> None:
    """A reference to a cache is imported when it is chosen."""
    check_registration(plugins, "globus_identity_caches")


def test_globus_cli_commands_are_offered_by_name(plugins: PluginManager) -> None:
    """A reference to a command is imported when it is chosen."""
    check_registration(plugins, "globus_cli_commands")


def test_globus_sandbox_services_are_offered_by_name(plugins: PluginManager) -> None:
    """A reference to a service's sandbox is imported when it is chosen."""
    check_registration(plugins, "globus_sandbox_services")


def test_globus_environments_are_offered_by_name(plugins: PluginManager) -> None:
    """A plain mapping serves, without a class."""
    from globus_core import config

    offering(plugins, "globus_environments", {"campus": {"domain": "globus.example.org"}})

    assert config.get_service_url("auth", "campus") == "https://auth.globus.example.org/"


def test_globus_normalize_identity_gets_the_key(plugins: PluginManager) -> None:
    """The first answer wins."""
    offering(plugins, "globus_normalize_identity", lambda key: f"{key}@example.org")

    answer = compose.first("globus_normalize_identity", key="kim")

    assert answer == ("campus", "kim@example.org")


def test_globus_resolve_identities_gets_the_keys(plugins: PluginManager) -> None:
    """The answer comes with the plugin's name, as the source of the records."""
    offering(plugins, "globus_resolve_identities", lambda keys: {key: {} for key in keys})

    answers = compose.each("globus_resolve_identities", keys=("a", "b"))

    assert answers == [("campus", {"a": {}, "b": {}})]


def test_globus_enrich_identity_gets_the_record(plugins: PluginManager) -> None:
    """The attributes come with the plugin's name."""
    offering(plugins, "globus_enrich_identity", lambda identity: {"of": identity})

    assert compose.each("globus_enrich_identity", identity="kim") == [("campus", {"of": "kim"})]


def test_globus_translate_error_gets_the_error(plugins: PluginManager) -> None:
    """The first answer wins."""
    offering(plugins, "globus_translate_error", lambda error: type(error))

    assert compose.first("globus_translate_error", error=OSError()) == ("campus", OSError)


def test_globus_retry_checks_are_collected_in_order(plugins: PluginManager) -> None:
    """With the names of their plugins."""
    offering(plugins, "globus_retry_checks", [len])

    assert compose.each("globus_retry_checks") == [("campus", [len])]


@pytest.mark.parametrize(
    "hook", ["globus_before_request", "globus_after_response", "globus_token_event"]
)
def test_observers_get_the_event(plugins: PluginManager, hook: str) -> None:
    """globus_before_request, globus_after_response and globus_token_event are told only."""
    seen: list[t.Any] = []
    offering(plugins, hook, lambda event: seen.append(event))

    compose.notify(hook, event="what happened")

    assert seen == ["what happened"]


@pytest.mark.parametrize("hook", hookspecs.hook_names())
def test_a_wrong_argument_is_refused_for_every_hook(plugins: PluginManager, hook: str) -> None:
    """The message names the argument and those that the hook has."""

    class Plugin:
        @hookimpl(specname=hook)
        def answer(self, campus: str) -> None: ...

    with pytest.raises(PluginError, match=f"{hook} has no argument 'campus'; its arguments: "):
        plugins.register(Plugin(), "campus")


@pytest.mark.parametrize("hook", hookspecs.hook_names())
def test_an_implementation_may_leave_out_the_arguments(plugins: PluginManager, hook: str) -> None:
    """Each hook can be implemented without any."""

    class Plugin:
        @hookimpl(specname=hook)
        def answer(self) -> str:
            return "answered"

    plugins.register(Plugin(), "campus")

    (implementation,) = plugins.implementations(hook)
    given = dict.fromkeys(inspect.signature(getattr(hookspecs, hook)).parameters, "x")
    assert implementation(**given) == "answered"


def test_arguments_by_keyword_only_are_passed_as_far_as_they_are_taken(
    plugins: PluginManager,
) -> None:
    """pluggy would not see them; one with a default may be of the plugin's own."""
    seen: list[object] = []

    class Plugin:
        @hookimpl
        def globus_before_request(self, *, event: object, depth: int = 3) -> None:
            seen.append((event, depth))

        @hookimpl
        def globus_after_response(self, *, depth: int = 4) -> None:
            seen.append(depth)

    plugins.register(Plugin(), "a")
    compose.notify("globus_before_request", event="asked")
    compose.notify("globus_after_response", event="answered")

    assert seen == [("asked", 3), 4]
