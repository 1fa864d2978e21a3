"""
Renewal with a refresh token.
"""

from __future__ import annotations

from globus_core.arguments import check_text, has, kind
from globus_core.exc.base import GlobusSDKUsageError, RenewalError, StorageError

from .renewing import RenewingAuthorizer, log

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.token_storage import TokenStorage, TokenStorageData


class RefreshTokenAuthorizer(RenewingAuthorizer):
    """
    Renews its access token with a refresh token (RFC 6749 section 6).

    A response without a refresh token leaves the current one in use; a rotated one replaces it. If
    the server refuses the refresh token (``invalid_grant``) and the storage still has it, the login
    has ended, and its record is removed.

    :param refresh_token: the refresh token
    :param auth_client: the client that the token was issued to; has ``oauth2_refresh_token``
    :param access_token: a token to start with; together with ``expires_at``, or neither
    :param expires_at: when that token expires, in UTC epoch seconds
    :param on_refresh: called with each token response; after storing
    :param token_storage: where the token is stored and shared, or None
    :param resource_server: the token's resource server; required with a storage
    :param identity_id: whose token it is, so that no other person's is used if the storage has one
        later; None takes the identity of the record that is read first
    :raises GlobusSDKUsageError: if the client cannot refresh tokens
    """

    _not_pickled = RenewingAuthorizer._not_pickled | {"refresh_token", "_spent"}
    _spent: str | None = None

    def __init__(
        self,
        refresh_token: str,
        auth_client: t.Any,
        *,
        access_token: str | None = None,
        expires_at: int | None = None,
        on_refresh: t.Callable[[t.Any], t.Any] | None = None,
        token_storage: TokenStorage | None = None,
        resource_server: str | None = None,
        identity_id: str | None = None,
    ) -> None:
        check_text(refresh_token, "refresh_token")
        if not has(auth_client, "oauth2_refresh_token"):
            raise GlobusSDKUsageError(
                f"{kind(auth_client)} cannot refresh tokens; pass the login client that "
                "the token was issued to, such as a NativeAppAuthClient"
            )
        self.refresh_token = refresh_token
        self.auth_client = auth_client
        super().__init__(
            access_token,
            expires_at,
            on_refresh,
            token_storage=token_storage,
            resource_server=resource_server,
            identity_id=identity_id,
        )

    def __setstate__(self, state: dict[str, t.Any]) -> None:
        self.refresh_token = ""
        super().__setstate__(state)
        self._logged_in = False  # without a refresh token, nothing can be stored again

    def _get_token_response(self) -> t.Any:
        if not self.refresh_token:  # it was pickled, and the storage no longer has the token
            raise RenewalError(
                f"the storage has no refresh token for {self._resource_server!r}; log in again"
            )
        return self.auth_client.oauth2_refresh_token(self.refresh_token)

    def _prepare(self, stored: TokenStorageData) -> None:
        # The stored token is older than ours if we failed to store ours.
        if stored.refresh_token not in (None, self._spent):
            self._use_refresh_token(stored.refresh_token)

    def _has_newer_grant(self, stored: TokenStorageData | None) -> bool:
        if stored is None or stored.refresh_token in (None, self._spent, self.refresh_token):
            return False
        self._use_refresh_token(stored.refresh_token)
        return True

    def _remove_refused(self, stored: TokenStorageData | None) -> None:
        if stored is None or stored.refresh_token != self.refresh_token:
            return
        assert self._storage is not None
        try:
            assert self._resource_server is not None
            self._storage.replace(self._resource_server, stored.revision, None)
        except StorageError as error:  # what the server said is more important
            log.warning("a token that was refused could not be removed: %s", error)

    def _before_storing(self, token: dict[str, t.Any]) -> None:
        if token.get("refresh_token") is None:
            # The next record must keep the refresh token, which is still valid.
            token["refresh_token"] = self.refresh_token
        self._use_refresh_token(token["refresh_token"])

    def _use_refresh_token(self, refresh_token: str | None) -> None:
        if refresh_token is not None and refresh_token != self.refresh_token:
            self._spent, self.refresh_token = self.refresh_token, refresh_token
