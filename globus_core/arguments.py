"""
Checks of objects that programs pass to constructors.

An object is checked by what it can do, never by its class, so that stand-ins of tests pass. Values
are not shown, because they may be secrets.
"""

from __future__ import annotations

from .exc.base import GlobusSDKUsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

#: what some arguments must have, and what is wanted for them
_AUTHORIZER = (("get_authorization_header",), "an authorizer, such as AccessTokenAuthorizer(token)")
_APP = (("get_authorizer", "add_scope_requirements"), "a GlobusApp, such as UserApp")
_TRANSPORT = (("request",), "a RequestsTransport")
_RETRY_CONFIG = (("checks",), "a RetryConfig")


def check_has(value: t.Any, name: str, attributes: t.Iterable[str], wanted: str) -> None:
    """
    Refuse an argument that lacks what it is needed for.

    :param value: the argument
    :param name: its name
    :param attributes: the methods and attributes that it must have
    :param wanted: what to pass instead, in words
    :raises GlobusSDKUsageError: if it lacks one
    """
    for attribute in attributes:
        if not hasattr(value, attribute):
            given = value.__name__ if isinstance(value, type) else type(value).__name__
            raise GlobusSDKUsageError(f"{name!r} must be {wanted}; {given} has no {attribute!r}")


def check_authorization(authorizer: t.Any, app: t.Any, app_scopes: t.Any) -> None:
    """
    Refuse arguments that cannot authorize a client's requests, or contradict each other.

    :param authorizer: the authorizer, or None
    :param app: the app, or None
    :param app_scopes: the scopes to ask the app for, or None
    :raises GlobusSDKUsageError: if they are not usable
    """
    if app is not None and authorizer is not None:
        raise GlobusSDKUsageError(
            "a client takes its authorization from 'app' or from 'authorizer', not from both"
        )
    if app_scopes is not None and app is None:
        raise GlobusSDKUsageError("'app_scopes' needs an 'app'")
    if authorizer is not None:
        check_has(authorizer, "authorizer", *_AUTHORIZER)
    if app is not None:
        check_has(app, "app", *_APP)


def check_sending(transport: t.Any, retry_config: t.Any) -> None:
    """
    Refuse arguments that cannot send a client's requests.

    :param transport: the transport, or None
    :param retry_config: the retry settings, or None
    :raises GlobusSDKUsageError: if they are not usable
    """
    if transport is not None:
        check_has(transport, "transport", *_TRANSPORT)
    if retry_config is not None:
        check_has(retry_config, "retry_config", *_RETRY_CONFIG)


def check_scopes(scopes: t.Any, name: str) -> None:
    """
    Refuse what is neither a scope nor several.

    :param scopes: the argument
    :param name: its name, or what it is
    :raises GlobusSDKUsageError: if it is something else
    """
    if not isinstance(scopes, str) and not hasattr(scopes, "scope_string"):
        check_has(scopes, name, ("__iter__",), "a scope, or several in a list")
