"""
When requests are sent with shortcuts, and when without.
"""

from __future__ import annotations

import importlib
import logging
import typing as t

import pytest

from globus_core.transport import RequestsTransport, fast
from globus_core.transport.adapter import Adapter
from globus_core.transport.fast import check
from globus_core.transport.fast.adapter import FastAdapter
from tests.integration.transport.fixtures import MakeClient
from tests.integration.transport.scripted import Answer, ScriptedServer

FUNCTIONS = [(place, name) for place, names in check._PARAMETERS.items() for name in names]


@pytest.fixture(autouse=True)
def transport_mode(
    monkeypatch: pytest.MonkeyPatch, quiet_environment: None
) -> t.Iterator[pytest.MonkeyPatch]:
    """
    The libraries are looked at anew in each test of this file, and again after it.
    """
    _forget()
    with monkeypatch.context() as patch:
        yield patch
    _forget()


def _forget() -> None:
    check.unexpected.cache_clear()
    fast._tell_once.cache_clear()


def adapter() -> type:
    """The class of the adapter that a new transport has."""
    transport = RequestsTransport()
    made = transport.session.get_adapter("https://a.example.org")
    transport.close()
    return type(made)


def in_libraries(place: str) -> tuple[t.Any, str]:
    """Whatever holds a class, and the name of the class."""
    module, _, name = place.partition(":")
    return importlib.import_module(module), name


def test_shortcuts_are_taken_where_all_is_as_expected(caplog: pytest.LogCaptureFixture) -> None:
    """And nothing is said."""
    caplog.set_level(logging.INFO, "globus_core")
    assert check.unexpected() is None
    assert adapter() is FastAdapter
    assert caplog.records == []


def test_a_variable_switches_them_off(
    transport_mode: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """For sessions made from then on; the log says so once."""
    caplog.set_level(logging.INFO, "globus_core")
    for value, expected in (("0", FastAdapter), ("1", Adapter), ("1", Adapter)):
        transport_mode.setenv("GLOBUS_CORE_PLAIN_TRANSPORT", value)
        assert adapter() is expected
    (record,) = caplog.records
    assert record.levelno == logging.INFO
    assert "without shortcuts: GLOBUS_CORE_PLAIN_TRANSPORT is set" in record.getMessage()


@pytest.mark.parametrize(("place", "name"), FUNCTIONS)
def test_a_function_with_other_parameters_switches_them_off(
    transport_mode: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    server: ScriptedServer,
    make_client: MakeClient,
    place: str,
    name: str,
) -> None:
    """Requests go on, the plain way, and the log says which function it is."""
    caplog.set_level(logging.INFO, "globus_core")
    owner = check._at(place)
    real = getattr(owner, name)
    transport_mode.setattr(owner, name, lambda *args, **options: real(*args, **options))
    server.answer(Answer(200, {"fine": True}))
    client = make_client(server.url)
    assert client.get("x")["fine"]
    assert type(client.transport.session.get_adapter(server.url)) is Adapter
    assert f"{place}.{name}" in caplog.text


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("requests.adapters:HTTPAdapter", "get_connection_with_tls_context"),
        ("requests.adapters:HTTPAdapter", "build_response"),
        ("requests.utils", "select_proxy"),
        ("urllib3.connectionpool:HTTPConnectionPool", "_make_request"),
        ("http.client:HTTPResponse", "begin"),
    ],
)
def test_a_missing_function_switches_them_off(
    transport_mode: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, place: str, name: str
) -> None:
    """The log says which one."""
    caplog.set_level(logging.INFO, "globus_core")
    transport_mode.delattr(check._at(place), name)
    assert fast.choose() == (Adapter, None)
    assert name in caplog.text


@pytest.mark.parametrize("place", check._BASES)
def test_another_base_class_switches_them_off(
    transport_mode: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, place: str
) -> None:
    """The log says of which class."""
    caplog.set_level(logging.INFO, "globus_core")
    module, name = in_libraries(place)

    class Other:
        """A class between two others."""

    changed = type(name, (getattr(module, name), Other), {})
    transport_mode.setattr(module, name, changed)
    assert fast.choose() == (Adapter, None)
    assert f"{place} has the base classes" in caplog.text


@pytest.mark.parametrize("place", check._ATTRIBUTES)
def test_another_attribute_switches_them_off(
    transport_mode: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, place: str
) -> None:
    """What a shortcut fills in must be all that there is."""
    caplog.set_level(logging.INFO, "globus_core")
    owner = check._at(place)
    real = owner.__init__

    def init(self: t.Any) -> None:
        real(self)
        self.another = None

    transport_mode.setattr(owner, "__init__", init)
    assert fast.choose() == (Adapter, None)
    assert "another" in caplog.text
