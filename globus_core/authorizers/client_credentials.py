"""
Renewal with a client's credentials.
"""

from __future__ import annotations

from globus_core.arguments import check_has, check_scopes

from .renewing import RenewingAuthorizer

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.scopes import Scope
    from globus_core.token_storage import TokenStorage


class ClientCredentialsAuthorizer(RenewingAuthorizer):
    """
    Renews its access token with the client credentials grant (RFC 6749 section 4.4).

    :param confidential_client: the client; has ``oauth2_client_credentials_tokens``
    :param scopes: the scopes to request, all of one resource server
    :param access_token: a token to start with; together with ``expires_at``, or neither
    :param expires_at: when that token expires, in UTC epoch seconds
    :param on_refresh: called with each token response; after storing
    :param token_storage: where the token is stored and shared, or None
    :param resource_server: the token's resource server; required with a storage
    :param identity_id: whose token it is, so that no other person's is used if the storage has one
        later; None takes the identity of the record that is read first
    """

    def __init__(
        self,
        confidential_client: t.Any,
        scopes: str | Scope | t.Iterable[str | Scope],
        *,
        access_token: str | None = None,
        expires_at: int | None = None,
        on_refresh: t.Callable[[t.Any], t.Any] | None = None,
        token_storage: TokenStorage | None = None,
        resource_server: str | None = None,
        identity_id: str | None = None,
    ) -> None:
        from globus_core.scopes import ScopeParser

        wanted = "a client with a secret, such as ConfidentialAppAuthClient"
        method = "oauth2_client_credentials_tokens"
        check_has(confidential_client, "confidential_client", (method,), wanted)
        check_scopes(scopes, "scopes")
        self.confidential_client = confidential_client
        self.scopes = ScopeParser.serialize(scopes)
        super().__init__(
            access_token,
            expires_at,
            on_refresh,
            token_storage=token_storage,
            resource_server=resource_server,
            identity_id=identity_id,
        )

    def _get_token_response(self) -> t.Any:
        return self.confidential_client.oauth2_client_credentials_tokens(
            requested_scopes=self.scopes
        )
