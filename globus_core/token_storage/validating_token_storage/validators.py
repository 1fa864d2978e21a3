"""
The checks for a validating storage.
"""

from __future__ import annotations

import time

from globus_core.arguments import check_has, check_mappings

from .errors import (
    ExpiredTokenError,
    IdentityMismatchError,
    MissingIdentityError,
    MissingTokenError,
    UnmetScopeRequirementsError,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.scopes import Scope

    from ..data import TokenStorageData
    from .context import TokenValidationContext

    Tokens = t.Mapping[str, TokenStorageData]


class TokenDataValidator:
    """
    A check; it raises a TokenValidationError, or does nothing.
    """

    def before_store(
        self, token_data_by_resource_server: Tokens, context: TokenValidationContext
    ) -> None:
        """
        Check tokens that are about to be stored.

        :param token_data_by_resource_server: the records by resource server
        :param context: the identities involved
        """

    def after_retrieve(
        self, token_data_by_resource_server: Tokens, context: TokenValidationContext
    ) -> None:
        """
        Check tokens that were read.

        :param token_data_by_resource_server: the records by resource server
        :param context: the identities involved
        """


class NotExpiredValidator(TokenDataValidator):
    """
    Requires that access tokens that are read have not expired.
    """

    def after_retrieve(
        self, token_data_by_resource_server: Tokens, context: TokenValidationContext
    ) -> None:
        now = time.time()
        for data in token_data_by_resource_server.values():
            if data.expires_at_seconds < now:
                raise ExpiredTokenError(data.expires_at_seconds)


class HasRefreshTokensValidator(TokenDataValidator):
    """
    Requires that tokens that are read have refresh tokens.
    """

    def after_retrieve(
        self, token_data_by_resource_server: Tokens, context: TokenValidationContext
    ) -> None:
        for resource_server, data in token_data_by_resource_server.items():
            if data.refresh_token is None:
                raise MissingTokenError(
                    f"there is no refresh token for {resource_server!r}", resource_server
                )


class UnchangingIdentityIDValidator(TokenDataValidator):
    """
    Requires that tokens that are stored or read have the known identity.
    """

    def before_store(
        self, token_data_by_resource_server: Tokens, context: TokenValidationContext
    ) -> None:
        stored, new = context.prior_identity_id, context.token_data_identity_id
        if new is None:
            raise MissingIdentityError("the tokens came without an ID token")
        if stored is not None and stored != new:
            raise IdentityMismatchError(
                f"the tokens have the identity {new!r}, the stored ones {stored!r}", stored, new
            )

    def after_retrieve(
        self, token_data_by_resource_server: Tokens, context: TokenValidationContext
    ) -> None:
        known, read = context.prior_identity_id, context.token_data_identity_id
        if known is not None and read is not None and known != read:
            raise IdentityMismatchError(
                f"the stored tokens are now of the identity {read!r}, no longer of {known!r}",
                known,
                read,
            )


class ScopeRequirementsValidator(TokenDataValidator):
    """
    Requires that tokens cover the required scopes; tokens that are read, also their dependencies.

    Dependencies are checked against the identity's consents, which are kept, and fetched again if
    they do not cover them.

    :param scope_requirements: what is required, by resource server; read at each check
    :param consent_client: has ``get_consents(identity_id)``; None leaves dependencies unchecked
    """

    def __init__(
        self, scope_requirements: t.Mapping[str, t.Sequence[Scope]], consent_client: t.Any
    ) -> None:
        check_mappings(scope_requirements=scope_requirements)
        if consent_client is not None:
            check_has(
                consent_client, "consent_client", ("get_consents",), "an AuthClient, or alike"
            )
        self.scope_requirements = scope_requirements
        self.consent_client = consent_client
        self._consents: tuple[str, t.Any] = ("", None)

    def before_store(
        self, token_data_by_resource_server: Tokens, context: TokenValidationContext
    ) -> None:
        for resource_server, data in token_data_by_resource_server.items():
            self._check_names(resource_server, data)

    def after_retrieve(
        self, token_data_by_resource_server: Tokens, context: TokenValidationContext
    ) -> None:
        identity_id = context.token_data_identity_id or context.prior_identity_id
        for resource_server, data in token_data_by_resource_server.items():
            self._check_names(resource_server, data)
            required = self.scope_requirements.get(resource_server, ())
            if identity_id is not None and any(s.dependencies for s in required):
                self._check_consents(resource_server, identity_id)

    def _check_names(self, resource_server: str, data: TokenStorageData) -> None:
        granted = set(data.scope.split(" "))
        required = self.scope_requirements.get(resource_server, ())
        missing = [s.scope_string for s in required if s.scope_string not in granted]
        if missing:
            raise UnmetScopeRequirementsError(
                f"the token for {resource_server!r} lacks {', '.join(missing)}",
                self.scope_requirements,
            )

    def _check_consents(self, resource_server: str, identity_id: str) -> None:
        required = self.scope_requirements[resource_server]
        if self.consent_client is None:
            return
        whose, forest = self._consents
        if whose == identity_id and forest.meets_scope_requirements(required):
            return
        forest = self.consent_client.get_consents(identity_id).to_forest()
        self._consents = identity_id, forest
        if not forest.meets_scope_requirements(required):
            raise UnmetScopeRequirementsError(
                f"there is no consent for everything that {resource_server!r} requires",
                self.scope_requirements,
            )
