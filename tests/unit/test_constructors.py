"""
Every constructor of a public class refuses an argument that it cannot use.
"""

from __future__ import annotations

import enum
import importlib
import inspect
import pathlib
import typing as t
from unittest import mock

import pytest

import globus_core
from globus_core import (
    AuthClient,
    BasicAuthorizer,
    ConfidentialAppAuthClient,
    GlobusAppConfig,
    IdentityMap,
    MemoryTokenStorage,
    NativeAppAuthClient,
    NullAuthorizer,
    UserApp,
)
from globus_core.documents import Document
from globus_core.exc import GlobusError, GlobusSDKUsageError
from globus_core.transport import RequestsTransport, RetryConfig

CLIENT_ID = "5a2d8c14-7e39-4b16-a2f8-1c9e0d6b3f01"
NAMESPACES = (
    "authorizers",
    "gare",
    "globus_app",
    "identities",
    "login_flows",
    "plugins",
    "scopes",
    "token_storage",
    "transport",
)

#: parameters that any value suits, and why
ANY_VALUE = {
    "GlobusAppConfig": "an app checks its settings, as the next test says",
    "DependentScopeSpec": "a document, which Globus Auth checks",
    "SpecificFlowScopes": "a document, which Globus Auth checks",
}
#: wrong calls of these raise TypeError at once, as globus-sdk and Python itself do
TYPE_ERRORS = {"CommandReference", "Scope"}
#: tested by their subclasses
BASES = {"GlobusApp", "GlobusOAuthFlowManager"}
#: made by the SDK, not by programs
MADE_BY_SDK = (
    "ErrorSubdocument",
    "*Response",
    "*Factory",
    "Consent*",
    "Credential*",
    "Implementation",
    "Outlook",
    "PluginRecord",
    "Redirect*",
    "RequestCallerInfo",
    "RetryCheckRunner",
    "RetryContext",
    "StorageDescription",
    "TokenOutlook",
    "TokenValidationContext",
    "Unresolved",
    "Identity",
    "IdentityCacheDescription",
)


def public_classes() -> dict[str, type]:
    """The classes of the public namespaces whose constructors have parameters."""
    modules = [globus_core, *(importlib.import_module(f"globus_core.{n}") for n in NAMESPACES)]
    found = {name: getattr(module, name) for module in modules for name in module.__all__}
    return {
        name: value
        for name, value in sorted(found.items())
        if isinstance(value, type)
        and not issubclass(value, BaseException)
        and value.__module__.startswith("globus_core")
        and not inspect.isabstract(value)
        and not issubclass(value, enum.Enum)
        and not issubclass(value, Document)  # which the service checks
        and name not in BASES
        and name not in ANY_VALUE
        and not any(pathlib.PurePath(name).match(pattern) for pattern in MADE_BY_SDK)
    }


def good_arguments(folder: pathlib.Path) -> dict[str, t.Any]:
    """Arguments by name that all constructors can use."""
    native = NativeAppAuthClient(CLIENT_ID)
    return {
        "access_token": "made-up",
        "auth_client": native,
        "authorization_parameters": {},
        "client": ConfidentialAppAuthClient(CLIENT_ID, "made-up"),
        "client_id": CLIENT_ID,
        "client_secret": "made-up",
        "code": "ConsentRequired",
        "confidential_client": ConfidentialAppAuthClient(CLIENT_ID, "made-up"),
        "connector_id": CLIENT_ID,
        "consent_client": None,
        "config": GlobusAppConfig(token_storage="memory"),
        "dbname": str(folder / "old.db"),
        "expires_at": 2**31,
        "expires_at_seconds": 2**31,
        "filename": str(folder / "old.json"),
        "gcs_address": "gcs.example.org",
        "filepath": str(folder / "tokens"),
        "flow_id": CLIENT_ID,
        "group": "files",
        "identity_id": None,
        "login_client": native,
        "name": "made-up",
        "password": "made-up",
        "path": str(folder / "identities.db"),
        "redirect_uri": "https://example.org/callback",
        "reference": "made_up:command",
        "refresh_token": "made-up",
        "requested_scopes": "openid",
        "resource_server": "auth.globus.org",
        "scope": "openid",
        "scope_requirements": {"auth.globus.org": "openid"},
        "scope_string": "openid",
        "scopes": "openid",
        "token_storage": MemoryTokenStorage(),
        "token_type": "Bearer",
        "summary": "Do something made up",
        "tokens": {"auth.globus.org": "made-up"},
        "username": "made-up",
    }


def cases() -> t.Iterator[t.Any]:
    """Each parameter of each class."""
    for name, cls in public_classes().items():
        for parameter in inspect.signature(cls).parameters.values():
            is_flag = isinstance(parameter.default, bool)
            if not is_flag and parameter.kind not in (
                parameter.VAR_KEYWORD,
                parameter.VAR_POSITIONAL,
            ):
                yield pytest.param(cls, parameter.name, id=f"{name}-{parameter.name}")


@pytest.mark.parametrize(("cls", "parameter"), list(cases()))
def test_an_argument_of_the_wrong_kind_is_refused_at_once(
    cls: t.Any, parameter: str, tmp_path: pathlib.Path
) -> None:
    """An object that can do nothing, and a class: one clear error, never at first use."""
    parameters = inspect.signature(cls).parameters
    known = good_arguments(tmp_path)
    needed = [p.name for p in parameters.values() if p.default is p.empty] + ["config"]
    if "on_refresh" in parameters:
        needed += ["access_token", "expires_at"]
    if "login_client" in parameters and "client_secret" in parameters:
        needed += ["client_id"] if parameter != "login_client" else []
        is_client = cls.__name__ == "ClientApp" and parameter != "login_client"
        needed += ["client_secret"] if is_client else []
    given = {name: known[name] for name in needed if name in parameters and name in known}
    for wrong in (object(), type("Wrong", (), {})):
        refusal = TypeError if cls.__name__ in TYPE_ERRORS else GlobusError
        if isinstance(wrong, type) and callable_is_fine(parameter):
            continue
        with pytest.raises(refusal):
            cls(**{**given, parameter: wrong})


def callable_is_fine(parameter: str) -> bool:
    """Whether a class suits a parameter, since it can be called."""
    functions = {"backoff", "clock", "find", "on_refresh", "open_browser"}
    functions |= {"read_again", "update_callback"}
    return parameter in functions


@pytest.mark.parametrize(
    "setting",
    [
        {"environment": 5},
        {"login_redirect_uri": 5},
        {"login_flow_manager": 5},
        {"token_storage": 5},
        {"token_validation_error_handler": 5},
        {"id_token_decoder": 5},
    ],
    ids=lambda setting: next(iter(setting)),
)
def test_an_app_refuses_a_setting_of_the_wrong_kind(setting: dict[str, t.Any]) -> None:
    """In its constructor at the latest."""
    with pytest.raises(GlobusSDKUsageError):
        UserApp("x", client_id=CLIENT_ID, config=GlobusAppConfig(**setting))


@pytest.mark.parametrize(
    ("make", "wanted"),
    [
        (lambda: AuthClient(authorizer=t.cast("t.Any", NullAuthorizer)), "is a class"),
        (lambda: AuthClient(app=t.cast("t.Any", UserApp)), "is a class"),
        (lambda: AuthClient(transport=t.cast("t.Any", RequestsTransport)), "is a class"),
        (lambda: AuthClient(retry_config=t.cast("t.Any", RetryConfig)), "RetryConfig"),
        (lambda: IdentityMap(t.cast("t.Any", AuthClient)), "is a class"),
        (lambda: UserApp("x", login_client=NativeAppAuthClient), "is a class"),
        (lambda: UserApp(t.cast("t.Any", None), client_id=CLIENT_ID), "'app_name' must be text"),
        (lambda: AuthClient(base_url=t.cast("t.Any", 5)), "'base_url' must be text or None"),
        (lambda: BasicAuthorizer(t.cast("t.Any", 5), "x"), "'username' must be text, not int"),
        (
            lambda: ConfidentialAppAuthClient(CLIENT_ID, t.cast("t.Any", None)),
            "'client_secret' must be text, not NoneType",
        ),
    ],
)
def test_a_refusal_names_the_argument_and_what_is_wanted(
    make: t.Callable[[], object], wanted: str
) -> None:
    """A class in place of an object is called that."""
    with pytest.raises(GlobusSDKUsageError) as caught:
        make()
    assert wanted in str(caught.value)


def test_stand_ins_pass_everywhere() -> None:
    """Mocks of an object, with and without its specification, and a UUID for an id."""
    import uuid

    for stand_in in (mock.Mock(), mock.MagicMock(), mock.Mock(spec=NullAuthorizer)):
        AuthClient(authorizer=stand_in)
    for client in (mock.Mock(), mock.MagicMock(), mock.Mock(spec=AuthClient)):
        IdentityMap(client)
    AuthClient(transport=mock.Mock(spec=RequestsTransport), retry_config=RetryConfig())
    assert NativeAppAuthClient(uuid.UUID(CLIENT_ID)).client_id == CLIENT_ID
