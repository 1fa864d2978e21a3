"""
Clients by the name of their service.
"""

from __future__ import annotations

import pytest

import globus_core
from globus_core import BaseClient, hookimpl
from globus_core.exc import GlobusSDKUsageError
from globus_core.plugins import get_plugin_manager


class CampusClient(BaseClient):
    service_name = "campus"


class CampusPlugin:
    @hookimpl
    def globus_clients(self) -> dict[str, type[BaseClient]]:
        return {"campus": CampusClient, "auth": CampusClient}


def test_a_service_name_gives_the_class_of_its_client() -> None:
    """The default plugins are found in the same way as any other."""
    assert globus_core.client_class("auth") is globus_core.AuthClient
    known = globus_core.service_names()
    assert known == [
        "auth",
        "compute",
        "flows",
        "gcs",
        "groups",
        "search",
        "timers",
        "transfer",
    ]


def test_a_plugin_adds_a_service_and_takes_none_away() -> None:
    """A newcomer's client of a known service is had only by asking for the plugin."""
    get_plugin_manager().register(CampusPlugin(), "campus")
    try:
        assert globus_core.client_class("campus") is CampusClient
        assert globus_core.client_class("auth") is globus_core.AuthClient
        assert globus_core.client_class("auth@campus") is CampusClient
    finally:
        get_plugin_manager().unregister("campus")


def test_an_unknown_service_is_an_error_that_names_the_known_ones() -> None:
    """A typing mistake is told from a plugin that is not installed."""
    with pytest.raises(GlobusSDKUsageError, match=r"unknown service 'transfre'.*known here: auth"):
        globus_core.client_class("transfre")
