"""
What programs read from a class, such as ``RetryConfig.max_retries``, is there, with the same value.
"""

from __future__ import annotations

import inspect
import types
import typing as t

import globus_sdk
import globus_sdk.response
import globus_sdk.transport
import pytest

import globus_core
import globus_core.response
import globus_core.transport

#: attributes of classes that differ on purpose
OTHER_VALUES = {
    "AuthClient.base_url": "empty where there is none of its own; theirs is a marker",
    "AuthClient.default_scope_requirements": "asked of an object",
    "AuthClient.scopes": "an object of another class with the same scopes",
    "RequestsTransport.BASE_USER_AGENT": "names the package",
    "RequestsTransport.encoders": "made when it is first used",
}
MODULES = (
    (globus_sdk.transport, globus_core.transport),
    (globus_sdk.response, globus_core.response),
    (globus_sdk, globus_core),
)
CLASSES = (
    "RetryConfig",
    "RetryContext",
    "RetryCheckCollection",
    "RequestsTransport",
    "IterableJSONAPIResponse",
    "AuthClient",
    "AuthAPIError",
    "GlobusAPIError",
    "RefreshTokenAuthorizer",
    "BasicAuthorizer",
)


def _plain_attributes(cls: type) -> dict[str, t.Any]:
    """The public attributes that are values, not code."""
    names = [name for name in dir(cls) if not name.startswith("_")]
    static = {name: inspect.getattr_static(cls, name) for name in names}
    code = (types.FunctionType, property, classmethod, staticmethod)
    return {
        name: getattr(cls, name)
        for name, value in static.items()
        if not isinstance(value, (*code, type)) and not hasattr(value, "__set_name__")
    }


@pytest.mark.parametrize("name", CLASSES)
def test_attributes_of_a_class_are_the_same(name: str) -> None:
    """Unless the difference is stated."""
    theirs, ours = next(
        (getattr(a, name), getattr(b, name)) for a, b in MODULES if hasattr(a, name)
    )
    for attribute, value in _plain_attributes(theirs).items():
        if f"{name}.{attribute}" not in OTHER_VALUES:
            assert getattr(ours, attribute) == value, attribute


def test_every_setting_of_retries_has_its_default_on_the_class() -> None:
    """And the constructor takes it from there."""
    config = globus_core.transport.RetryConfig
    for name, value in _plain_attributes(config).items():
        assert getattr(config(), name) == value
    assert {"max_retries", "max_sleep", "transient_error_status_codes"} <= set(
        _plain_attributes(config)
    )
    context = globus_core.transport.RetryContext(0, caller_info=t.cast("t.Any", None))
    context.backoff = 3.0
    assert config.backoff(context) == config().backoff(context) == 3.0
