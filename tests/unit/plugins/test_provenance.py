"""Where an object comes from."""

from __future__ import annotations

import importlib
import logging
import typing as t

import pytest

from globus_core import AuthClient, BaseClient, compose, hookspecs
from globus_core.plugins import PluginManager, set_plugin_manager
from globus_core.provenance import origin, plugin_of
from globus_core.token_storage import MemoryTokenStorage
from tests.unit.plugins.fake_site import FakeSite

WEATHER = {
    "fake_weather.hooks": """
        from globus_core import hookimpl

        @hookimpl
        def globus_clients():
            return {"weather": "fake_weather.client:WeatherClient"}
        """,
    "fake_weather.client": """
        from globus_core import BaseClient

        class WeatherClient(BaseClient):
            service_name = "weather"

        class StormError(Exception):
            pass
        """,
}


@pytest.fixture
def weather(site: FakeSite) -> t.Any:
    """The client module of somebody else's distribution."""
    plugins = {"weather": "fake_weather.hooks"}
    site.install("fake-weather", plugins, modules=WEATHER, version="2.1")
    set_plugin_manager(site.manager())
    return importlib.import_module("fake_weather.client")


def test_the_plugin_of_a_class_an_object_and_an_error_is_known(weather: t.Any) -> None:
    """With its distribution and version; no plugin is loaded for that."""
    client = weather.WeatherClient(base_url="https://weather.example.org/")
    for thing in (weather.WeatherClient, client, weather.StormError("wet")):
        record = plugin_of(thing)
        assert record is not None
        assert (record.name, record.distribution, record.state) == (
            "weather",
            "fake-weather",
            "found",
        )
        assert origin(thing) == "weather@fake-weather 2.1"


def test_the_repr_tells_what_comes_from_strangers(weather: t.Any) -> None:
    """And is silent about what comes with globus-core."""

    class MyClient(weather.WeatherClient):  # type: ignore[misc]
        """A program's own."""

    shown = repr(MyClient(base_url="https://weather.example.org/"))
    assert shown == "<MyClient https://weather.example.org/ from weather@fake-weather 2.1>"
    assert "from" not in repr(BaseClient(base_url="https://weather.example.org/"))


def test_what_is_the_kernels_or_nobodys_has_no_plugin() -> None:
    """Then the module that defines it is told."""
    assert plugin_of(BaseClient) is None
    assert plugin_of(3) is None
    assert origin(BaseClient) == "globus_core.client"
    assert origin(ValueError("x")) == "builtins"


@pytest.mark.parametrize(
    ("thing", "plugin"), [(AuthClient, "auth"), (MemoryTokenStorage, "storage")]
)
def test_default_plugins_are_known_as_well(thing: type, plugin: str) -> None:
    """A program's own subclass counts as the plugin's."""
    derived = type("Mine", (thing,), {})
    assert origin(thing).startswith(f"{plugin}@globus-core ")
    assert origin(derived) == origin(thing)


def test_a_plugin_given_by_code_is_known_by_its_module() -> None:
    """There is no distribution then."""
    manager = PluginManager(None)
    set_plugin_manager(manager)

    class Here:
        """A plugin."""

    manager.register(Here(), "here")
    assert origin(Here()) == "here@code"


def test_a_choice_by_name_is_logged_with_its_plugin(
    weather: t.Any, caplog: pytest.LogCaptureFixture
) -> None:
    """At DEBUG."""
    with caplog.at_level(logging.DEBUG, logger="globus_core"):
        compose.select(hookspecs.globus_clients, "weather", what="service")
    assert "service 'weather' comes from the plugin weather@fake-weather 2.1" in caplog.text
