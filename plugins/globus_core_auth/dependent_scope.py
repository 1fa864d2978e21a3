"""
A scope that another scope depends on, or that a service requests downstream.
"""

from __future__ import annotations

from globus_core.printable import safe_repr

TYPE_CHECKING = False
if TYPE_CHECKING:
    import uuid

    from globus_core import Scope


class DependentScopeSpec(dict):  # type: ignore[type-arg]
    """
    One entry of ``dependent_scopes``; a dict, so it goes into a body as it is.

    :param scope: the scope's id where scopes are managed (``create_scope``), the scope string or
        Scope where tokens are asked for (``oauth2_get_dependent_tokens``)
    :param optional: whether the person may leave it out
    :param requires_refresh_token: whether the service needs a refresh token for it
    """

    def __init__(
        self,
        scope: Scope | uuid.UUID | str,
        optional: bool = False,
        requires_refresh_token: bool = False,
    ) -> None:
        name = getattr(scope, "scope_string", scope)
        super().__init__(
            scope=str(name), optional=optional, requires_refresh_token=requires_refresh_token
        )

    @property
    def scope(self) -> str:
        """The scope: its id, or its string without dependencies."""
        return str(self["scope"])

    @property
    def optional(self) -> bool:
        """Whether the person may leave it out."""
        return bool(self["optional"])

    @property
    def requires_refresh_token(self) -> bool:
        """Whether the service needs a refresh token for it."""
        return bool(self["requires_refresh_token"])

    @safe_repr
    def __repr__(self) -> str:
        return (
            f"DependentScopeSpec({self.scope!r}, optional={self.optional}, "
            f"requires_refresh_token={self.requires_refresh_token})"
        )
