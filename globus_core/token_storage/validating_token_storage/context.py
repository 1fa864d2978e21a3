"""
What validators know in addition to the token data.
"""

from __future__ import annotations

from globus_core.printable import safe_repr


class TokenValidationContext:
    """
    The identities involved in a validation.

    :param prior_identity_id: the identity known before, or None
    :param token_data_identity_id: the identity of the token data, or None
    """

    __slots__ = ("prior_identity_id", "token_data_identity_id")

    def __init__(self, prior_identity_id: str | None, token_data_identity_id: str | None) -> None:
        self.prior_identity_id = prior_identity_id
        self.token_data_identity_id = token_data_identity_id

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, TokenValidationContext)
            and self.prior_identity_id == other.prior_identity_id
            and self.token_data_identity_id == other.token_data_identity_id
        )

    __hash__ = None  # type: ignore[assignment]

    @safe_repr
    def __repr__(self) -> str:
        return (
            f"TokenValidationContext(prior_identity_id={self.prior_identity_id!r}, "
            f"token_data_identity_id={self.token_data_identity_id!r})"
        )
