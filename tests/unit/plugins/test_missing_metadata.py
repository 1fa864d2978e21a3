"""Where the packages are without the metadata that an installer writes."""

from __future__ import annotations

import pathlib
import sys

import pytest

from globus_core.exc import PluginUnavailableError
from globus_core.plugins import PluginManager


@pytest.fixture
def manager(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> PluginManager:
    """A manager that searches a path without any metadata."""
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    monkeypatch.setattr(sys, "meta_path", [])
    manager = PluginManager()
    assert manager.records() == ()
    return manager


def test_a_name_of_a_plugin_says_that_the_metadata_is_missing(manager: PluginManager) -> None:
    """And what to do, for those who copy packages and for those who pack programs."""
    with pytest.raises(PluginUnavailableError) as caught:
        manager.public_name("token_storage", "JSONTokenStorage")

    message = str(caught.value)
    assert message.startswith("globus_core.token_storage.JSONTokenStorage cannot be found: ")
    assert "the metadata of the distribution globus-core is missing" in message
    assert "pip" in message
    assert "--copy-metadata globus-core" in message
    assert caught.value.name == "globus_core.token_storage"


def test_the_names_that_are_there_can_be_listed(manager: PluginManager) -> None:
    """There are none, which is no error."""
    assert manager.public_names("token_storage") == []


def test_a_manager_that_is_told_where_to_search_misses_nothing() -> None:
    """One that knows no plugins on purpose answers a name as any module does."""
    with pytest.raises(AttributeError, match="has no attribute 'JSONTokenStorage'"):
        PluginManager(find=None).public_name("token_storage", "JSONTokenStorage")
