"""
Revoking tokens, and keeping track of failures.
"""

from __future__ import annotations

from globus_core.exc import GlobusError, NetworkError
from globus_core.printable import safe_repr
from globus_core.token_storage.validating_token_storage import TokenValidationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.token_storage import TokenStorageData

    from .authorizer_factory import AuthorizerFactory

_KINDS = ("access_token", "refresh_token")


class RevocationFailure:
    """
    A token that could not be revoked; it was nevertheless removed from the storage, or not stored.

    :param resource_server: whose token
    :param kind: ``access_token`` or ``refresh_token``
    :param error: why
    """

    __slots__ = ("error", "kind", "resource_server")

    def __init__(self, resource_server: str, kind: str, error: GlobusError) -> None:
        self.resource_server = resource_server
        self.kind = kind
        self.error = error

    @safe_repr
    def __repr__(self) -> str:
        return f"<{self.kind} of {self.resource_server!r} not revoked: {self.error}>"


class Revocations:
    """
    Revokes tokens one by one; after a network error it sends no more requests.

    :param login_client: the client that the tokens were issued to
    """

    def __init__(self, login_client: t.Any) -> None:
        self._login_client = login_client
        self.failures: list[RevocationFailure] = []

    def revoke_stored(self, data: TokenStorageData | None) -> None:
        """
        Revoke the tokens stored for a resource server.

        :param data: the record, or None if there is none
        """
        if data is not None:
            tokens = {kind: getattr(data, kind) for kind in _KINDS}
            self._revoke(data.resource_server, tokens)

    def revoke_issued(
        self, token_response: t.Any, stored: t.Mapping[str, TokenStorageData]
    ) -> None:
        """
        Revoke the tokens of a login that are not going to be used, unless they were stored before.

        :param token_response: the response to the login
        :param stored: the tokens stored before, by resource server
        """
        kept = {getattr(data, kind) for data in stored.values() for kind in _KINDS}
        for resource_server, issued in token_response.by_resource_server.items():
            tokens = {kind: issued.get(kind) for kind in _KINDS}
            self._revoke(resource_server, {k: v for k, v in tokens.items() if v not in kept})

    def _revoke(self, resource_server: str, tokens: t.Mapping[str, str | None]) -> None:
        for kind, token in tokens.items():
            error = None if token is None else self._unreachable() or self._error_of(token)
            if error is not None:
                self.failures.append(RevocationFailure(resource_server, kind, error))

    def _error_of(self, token: str) -> GlobusError | None:
        try:
            self._login_client.oauth2_revoke_token(token)
        except GlobusError as error:
            return error
        return None

    def _unreachable(self) -> GlobusError | None:
        return next((f.error for f in self.failures if isinstance(f.error, NetworkError)), None)


def store_or_revoke(factory: AuthorizerFactory, login_client: t.Any, response: t.Any) -> None:
    """
    Store the tokens of a login; revoke those that are refused, as no one else could.

    :param factory: stores them
    :param login_client: the client that got them
    :param response: the response that brought them
    :raises TokenValidationError: if they are refused; it has the ``revocation_failures``
    """
    try:
        factory.store_token_response_and_clear_cache(response)
    except TokenValidationError as error:
        revocations = Revocations(login_client)
        stored = factory.token_storage.token_storage.get_token_data_by_resource_server()
        revocations.revoke_issued(response, stored)
        error.revocation_failures = revocations.failures
        raise
