"""
Checks of objects that programs pass to constructors.

An object is checked by what it can do, never by its class, so that stand-ins of tests pass; a class
itself cannot do what its instances can. Values are not shown, because they may be secrets.
"""

from __future__ import annotations

from .exc.base import GlobusSDKUsageError, ValidationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .documents import IDs

#: what some arguments must have, and what is wanted for them
_AUTHORIZER = (("get_authorization_header",), "an authorizer, such as AccessTokenAuthorizer(token)")
_APP = (("get_authorizer", "add_scope_requirements"), "a GlobusApp, such as UserApp")
_TRANSPORT = (("request",), "a RequestsTransport")
_RETRY_CONFIG = (("checks", "max_retries"), "a RetryConfig")


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
        if not has(value, attribute):
            problem = f"{kind(value)} has no {attribute!r}"
            if hasattr(value, attribute):
                problem = f"{value.__name__} is a class, not an instance"
            raise GlobusSDKUsageError(f"{name!r} must be {wanted}; {problem}")


def has(value: t.Any, attribute: str) -> bool:
    """
    Whether an object has an attribute; a class does not have those of its instances.

    :param value: the object
    :param attribute: the attribute's name
    """
    found = getattr(value, attribute, None)
    if not isinstance(value, type):
        return hasattr(value, attribute)
    of_instances = hasattr(found, "__get__") and getattr(found, "__self__", None) is None
    return hasattr(value, attribute) and not of_instances


def kind(value: object) -> str:
    """
    What sort of object an argument is, without its value.

    :param value: the argument
    """
    return value.__name__ if isinstance(value, type) else type(value).__name__


def check_text(value: object, name: str, wanted: str = "text") -> None:
    """
    Refuse what is not text.

    :param value: the argument
    :param name: its name
    :param wanted: what to pass instead, in words
    :raises GlobusSDKUsageError: if it is something else
    """
    if not isinstance(value, str):
        raise GlobusSDKUsageError(f"{name!r} must be {wanted}, not {kind(value)}")


def check_texts(**values: object) -> None:
    """
    Refuse arguments that are neither text nor None nor MISSING.

    :param values: the arguments by name
    :raises GlobusSDKUsageError: if one is something else
    """
    for name, value in values.items():
        if value is not None and not isinstance(value, str):
            from .documents import MISSING

            if value is not MISSING:
                check_text(value, name, "text or None")


def check_id(value: object, name: str) -> None:
    """
    Refuse what is not an id.

    :param value: the argument
    :param name: its name
    :raises GlobusSDKUsageError: if it is neither text nor a UUID, or has quotation marks or blanks
        around it
    """
    if not hasattr(value, "urn"):  # of a UUID
        check_text(value, name, "text or a UUID")
        check_plain(str(value), repr(name))


def uuids(ids: IDs, name: str) -> list[str]:
    """
    The text of one id or several, which must be UUIDs.

    :param ids: an id, or an iterable of them
    :param name: the argument's name, for the error, with the index if there are several
    :raises ValidationError: if an id is not a UUID
    """
    if isinstance(ids, str) or hasattr(ids, "urn"):  # of a UUID
        return [_uuid(ids, name)]
    several: t.Any = ids
    return [_uuid(each, f"{name}[{at}]") for at, each in enumerate(several)]


def _uuid(value: t.Any, name: str) -> str:
    import uuid

    try:
        uuid.UUID(str(value))
    except ValueError:
        raise ValidationError(f"{name!r} must be a UUID, not {value!r}") from None
    return str(value)


def check_numbers(**values: object) -> None:
    """
    Refuse arguments that are neither numbers nor None.

    :param values: the arguments by name
    :raises GlobusSDKUsageError: if one is something else
    """
    for name, value in values.items():
        if value is not None and not (has(value, "__float__") or has(value, "__index__")):
            raise GlobusSDKUsageError(f"{name!r} must be a number, not {kind(value)}")


def check_functions(**values: object) -> None:
    """
    Refuse arguments that are neither functions nor None.

    :param values: the arguments by name
    :raises GlobusSDKUsageError: if one cannot be called
    """
    for name, value in values.items():
        if value is not None and not callable(value):
            raise GlobusSDKUsageError(f"{name!r} must be a function, or None, not {kind(value)}")


def check_mappings(**values: object) -> None:
    """
    Refuse arguments that are neither mappings nor None.

    :param values: the arguments by name
    :raises GlobusSDKUsageError: if one is something else
    """
    for name, value in values.items():
        if value is not None:
            check_has(value, name, ("items", "__getitem__"), "a dict")


def check_iterables(**values: object) -> None:
    """
    Refuse arguments that cannot be iterated over.

    :param values: the arguments by name; None passes
    :raises GlobusSDKUsageError: if one cannot
    """
    for name, value in values.items():
        if value is not None:
            check_has(value, name, ("__iter__",), "a list, or another iterable")


def check_path(value: object, name: str) -> None:
    """
    Refuse what is not the path of a file.

    :param value: the argument
    :param name: its name
    :raises GlobusSDKUsageError: if it is neither text nor a path object
    """
    if not has(value, "__fspath__"):
        check_text(value, name, "a path, as text or a pathlib.Path")


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


def check_sending(transport: t.Any, retry_config: t.Any, transport_params: t.Any) -> None:
    """
    Refuse arguments that cannot send a client's requests.

    :param transport: the transport, or None
    :param retry_config: the retry settings, or None
    :param transport_params: the settings of both as one dict, or None
    :raises GlobusSDKUsageError: if they are not usable
    """
    if transport is not None:
        check_has(transport, "transport", *_TRANSPORT)
    if retry_config is not None:
        check_has(retry_config, "retry_config", *_RETRY_CONFIG)
    check_mappings(transport_params=transport_params)


def check_scopes(scopes: t.Any, name: str) -> None:
    """
    Refuse what is neither a scope nor several.

    :param scopes: the argument
    :param name: its name, or what it is
    :raises GlobusSDKUsageError: if it is something else
    """
    if not isinstance(scopes, str) and not has(scopes, "scope_string"):
        wanted = "a scope, or several in a list"
        if isinstance(scopes, bytes):
            raise GlobusSDKUsageError(f"{name!r} must be {wanted}, not bytes")
        check_has(scopes, name, ("__iter__",), wanted)


def check_plain(text: str, name: str) -> None:
    """
    Refuse a setting with quotation marks or white space around it.

    Some programs that read env files keep them; a shell removes them.

    :param text: the setting, which is not shown
    :param name: the variable or argument that it comes from
    :raises GlobusSDKUsageError: says which there are
    """
    problem = why_not_plain(text)
    if problem is not None:
        raise GlobusSDKUsageError(f"{name} {problem}; remove them")


def why_not_plain(text: str) -> str | None:
    """
    What stands around a setting that is not part of it, in words; None if there is nothing.

    :param text: the setting
    """
    if text[:1] in ("'", '"') and text[0] == text[-1]:
        return "has quotation marks around its value"
    return "has blanks or line breaks around its value" if text != text.strip() else None
