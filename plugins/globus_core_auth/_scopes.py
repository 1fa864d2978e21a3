"""
The scopes of a request: what was asked for, or the default ones, as one string.
"""

from __future__ import annotations

from globus_core.scopes import AuthScopes, ScopeParser, TransferScopes

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.scopes import Scope

    Scopes = str | Scope | t.Iterable[str | Scope]


def default_scopes() -> list[Scope]:
    """
    What is asked for where nothing is: who the person is, and Globus Transfer.
    """
    return [AuthScopes.openid, AuthScopes.profile, AuthScopes.email, TransferScopes.all]


def scope_string(requested: Scopes | None) -> str:
    """
    The scopes as they travel.

    :param requested: a scope or several; None takes the default ones
    :raises GlobusSDKUsageError: if there are none
    """
    return ScopeParser.serialize(default_scopes() if requested is None else requested)
