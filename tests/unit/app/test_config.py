"""
The settings of an app.
"""

from __future__ import annotations

import copy
import dataclasses
import pickle
import typing as t

import pytest

from globus_core import GlobusAppConfig, IDTokenDecoder, UserApp, hookimpl
from globus_core.exc import GlobusSDKUsageError, PluginError
from globus_core.token_storage import MemoryTokenStorage


def test_the_defaults_are_those_of_globus_sdk() -> None:
    """A program that sets nothing gets the command line, a JSON file and production."""
    config = GlobusAppConfig()
    assert config.login_flow_manager is None
    assert config.login_redirect_uri is None
    assert config.token_storage == "json"
    assert config.request_refresh_tokens is False
    assert config.auto_redrive_gares is False
    assert config.token_validation_error_handler is not None
    assert config.id_token_decoder is IDTokenDecoder
    assert config.environment == "production"


def test_the_fields_stand_in_the_order_of_globus_sdk() -> None:
    """So they may be given by position as well."""
    assert [field.name for field in dataclasses.fields(GlobusAppConfig)] == [
        "login_flow_manager",
        "login_redirect_uri",
        "token_storage",
        "request_refresh_tokens",
        "auto_redrive_gares",
        "token_validation_error_handler",
        "id_token_decoder",
        "environment",
    ]


def test_settings_do_not_change() -> None:
    """Neither by setting nor by deleting nor by adding."""
    config = GlobusAppConfig()
    with pytest.raises(AttributeError):
        config.request_refresh_tokens = True  # type: ignore[misc]
    with pytest.raises(AttributeError):
        del config.environment  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(AttributeError):
        config.colour = "red"  # type: ignore[attr-defined]


def test_settings_are_equal_by_value() -> None:
    """Two configs that say the same are the same, also as keys."""
    storage = MemoryTokenStorage()
    one = GlobusAppConfig(token_storage=storage, request_refresh_tokens=True)
    same = GlobusAppConfig(token_storage=storage, request_refresh_tokens=True)
    assert one == same
    assert hash(one) == hash(same)
    assert one != GlobusAppConfig(token_storage=storage)
    assert one != t.cast("object", "one")


def test_other_settings_are_made_of_those_that_are_there() -> None:
    """Configs can be replaced in part, copied and pickled."""
    config = GlobusAppConfig(login_flow_manager="local-server")
    changed = dataclasses.replace(config, request_refresh_tokens=True)
    assert changed.login_flow_manager == "local-server"
    assert changed.request_refresh_tokens
    assert copy.deepcopy(config) == pickle.loads(pickle.dumps(config)) == config


def test_the_environment_is_read_when_the_config_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Later changes of the variable do not move an app to another environment."""
    monkeypatch.setenv("GLOBUS_SDK_ENVIRONMENT", "preview")
    config = GlobusAppConfig()
    monkeypatch.delenv("GLOBUS_SDK_ENVIRONMENT")
    assert config.environment == "preview"
    assert GlobusAppConfig().environment == "production"
    assert GlobusAppConfig(environment="test").environment == "test"
    assert GlobusAppConfig(environment=None).environment == "production"  # type: ignore[arg-type]


def test_a_repr_shows_the_settings() -> None:
    """It is good for a look, and names every field."""
    shown = repr(GlobusAppConfig(request_refresh_tokens=True))
    assert "request_refresh_tokens=True" in shown
    assert "environment='production'" in shown


def test_configs_are_no_place_for_unknown_settings() -> None:
    """A misspelled setting is found at once."""
    with pytest.raises(TypeError, match="auto_retry_gares"):
        GlobusAppConfig(auto_retry_gares=True)  # type: ignore[call-arg]


def test_a_usage_error_is_a_value_error() -> None:
    """What programs for globus-sdk catch is caught."""
    assert issubclass(GlobusSDKUsageError, ValueError)


@pytest.mark.parametrize(
    ("setting", "shown"),
    [
        ("redis://ada:the-secret@host/0", "redis://***@host/0"),
        ("redis://:the-secret@host/0?password=the-secret", "redis://***@host/0?password=***"),
        ("vault:token=the-secret@host", "vault:***@host"),
        ("vault://host/x?the-secret#the-secret", "vault://host/x?***#***"),
        ("json:/home/ada/tokens.json", "json:/home/ada/tokens.json"),
        ("json", "json"),
    ],
)
def test_a_password_in_the_url_of_a_storage_is_not_shown(setting: str, shown: str) -> None:
    """The value is there for the storage, but no repr shows it."""
    config = GlobusAppConfig(token_storage=setting)
    assert config.token_storage == setting
    assert f"token_storage={shown!r}" in repr(config)
    assert repr(config) == str(config)
    assert dataclasses.replace(config) == config


def test_what_a_plugin_says_about_a_url_is_shown_without_the_password(
    globus_plugins: t.Any,
) -> None:
    """Neither its error nor ours, nor anything that they are raised from, has it."""

    class Refusing:
        @classmethod
        def from_url(cls, url: str, *, namespace: str) -> t.NoReturn:
            try:
                raise ValueError("the-secret is wrong")
            except ValueError as error:
                raise RuntimeError(f"cannot use {url}") from error

    class Plugin:
        @hookimpl
        def globus_token_storages(self) -> dict[str, t.Any]:
            return {"vault": Refusing}

    globus_plugins.register(Plugin(), "vault")
    config = GlobusAppConfig(token_storage="vault://ada:the-secret@host/0?k=another-secret")
    with pytest.raises(PluginError) as caught:
        UserApp("x", client_id="an-id", config=config)
    assert "cannot use vault://" in str(caught.value)
    error: BaseException | None = caught.value
    while error is not None:
        assert "the-secret" not in str(error)
        assert "another-secret" not in str(error)
        error = error.__cause__
