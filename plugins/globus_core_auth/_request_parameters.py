"""
How arguments become parameters of requests to Globus Auth.
"""

from __future__ import annotations

from globus_core import MISSING, MissingType
from globus_core.arguments import check_has, check_scopes, check_texts
from globus_core.documents import comma_joined, utf8
from globus_core.scopes import AuthScopes, ScopeParser, TransferScopes

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.documents import Params
    from globus_core.scopes import Scope

    Scopes = str | Scope | t.Iterable[str | Scope]


def default_scopes() -> list[Scope]:
    """
    The scopes of a request that names none: openid, profile, email, and Globus Transfer.
    """
    return [AuthScopes.openid, AuthScopes.profile, AuthScopes.email, TransferScopes.all]


def scope_string(requested: Scopes | None) -> str:
    """
    Write scopes as one string.

    :param requested: a scope or several; None takes the default ones
    :raises GlobusSDKUsageError: if there are none
    """
    if requested is not None:
        check_scopes(requested, "requested_scopes")
    return ScopeParser.serialize(default_scopes() if requested is None else requested)


def check_flow(auth_client: object, **texts: object) -> None:
    """
    Refuse what a flow cannot use.

    :param auth_client: the client that logs in
    :param texts: arguments that are text, None or MISSING, by name
    :raises GlobusSDKUsageError: if one is something else
    """
    wanted = "a client to log in with, such as NativeAppAuthClient"
    check_has(auth_client, "auth_client", ("client_id", "base_url"), wanted)
    check_texts(**texts)


def text_or(default: str, **given: object) -> str:
    """
    One argument that is text, or its default.

    :param default: what stands for None and MISSING
    :param given: the argument by its name
    :raises GlobusSDKUsageError: if it is something else
    """
    check_texts(**given)
    (value,) = given.values()
    return value if isinstance(value, str) else default


def query(
    fields: dict[str, t.Any],
    query_params: Params | MissingType,
    params: t.Mapping[str, t.Any] | None = None,
) -> dict[str, t.Any]:
    """
    The fields of a query: named arguments, then ``**params``, then ``query_params``.

    None is kept: in a login's URL it removes the flow's own parameter.

    :param fields: the named arguments by their wire names
    :param query_params: the caller's mapping, which wins; None and MISSING are empty
    :param params: further keyword arguments of the caller; lists are joined by commas
    """
    further = {key: _joined_list(value) for key, value in (params or {}).items()}
    given = {} if isinstance(query_params, MissingType) else query_params or {}
    merged = {**fields, **further, **given}
    return {key: value for key, value in merged.items() if value is not MISSING}


def query_text(name: str, value: t.Any) -> str:
    """
    Write one URL parameter: lists joined by commas, booleans in lower case.

    :param name: its name, for the error
    :param value: its value
    :raises GlobusSDKUsageError: if the value cannot be encoded as UTF-8; it is not shown
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(_joined_list(value))
    utf8(text, f"the value of {name!r}")
    return text


def same_text(one: str, other: str) -> bool:
    """
    Compare a secret with a received value in constant time.

    :param one: the one text
    :param other: the other text
    """
    import hmac

    # received text may hold lone surrogates, which plain UTF-8 refuses
    return hmac.compare_digest(
        one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass")
    )


def _joined_list(value: t.Any) -> t.Any:
    return comma_joined(value) if isinstance(value, (list, tuple, set, frozenset)) else value
