"""
Tokens and secrets from a place whose content changes, such as a file that a job scheduler replaces.
"""

from __future__ import annotations

import logging
import time

from globus_core.authorizers import BasicAuthorizer
from globus_core.authorizers.base import bearer_header
from globus_core.exc import GlobusError

from ._preset_tokens import record
from .authorizer_factory import ExpiringAuthorizer

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.token_storage import TokenStorage, TokenStorageData

#: seconds before its expiry from which a fresh token is looked for
_MARGIN = 60
_log = logging.getLogger("globus_core.globus_app")


class TokenSource:
    """
    Reads tokens again, and puts the fresh ones into an app's storage.

    :param read_again: gives the tokens that are there now; None gives none
    :ivar storage: where the app's tokens are
    :ivar name: the place, for messages; empty if a program gave the tokens
    """

    storage: TokenStorage

    def __init__(self, read_again: t.Callable[[], t.Mapping[str, t.Any] | None] | None) -> None:
        self._read_again = read_again
        self.name = ""

    @property
    def can_change(self) -> bool:
        """Whether tokens can be read again."""
        return self._read_again is not None

    def refresh_before_expiry(self, resource_server: str) -> TokenStorageData | None:
        """
        The tokens of a resource server, read again if they expire soon.

        :param resource_server: the resource server
        """
        data = self.storage.get_token_data(resource_server)
        if data is None or data.expires_at_seconds < time.time() + _MARGIN:
            return self.refresh(resource_server)
        return data

    def refresh(self, resource_server: str) -> TokenStorageData | None:
        """
        Read the tokens again, and return those of a resource server; if that fails, those known.

        :param resource_server: the resource server
        """
        if self._read_again is not None:
            try:
                found = self._read_again() or {}
                fresh = {server: record(server, given) for server, given in found.items()}
            except GlobusError as error:
                _log.warning("the tokens of this program cannot be read again: %s", error)
            else:
                self._store(fresh)
        return self.storage.get_token_data(resource_server)

    def _store(self, fresh: dict[str, TokenStorageData]) -> None:
        known = self.storage.get_token_data_by_resource_server()
        self.storage.store_token_data_by_resource_server(
            {
                server: data
                for server, data in fresh.items()
                if server not in known or known[server].access_token != data.access_token
            }
        )


class SourcedAuthorizer(ExpiringAuthorizer):
    """
    Sends an access token, and the one that has replaced it at its source.

    :param data: the token
    :param resource_server: its resource server
    :param source: where fresh ones come from
    """

    def __init__(self, data: TokenStorageData, resource_server: str, source: TokenSource) -> None:
        super().__init__(data.access_token, data.expires_at_seconds)
        self._resource_server = resource_server
        self._source = source

    def get_authorization_header(self) -> str:
        """
        The header, with a fresh token if there is one and the known one expires soon.
        """
        if self.expires_at < time.time() + _MARGIN:
            self._use(self._source.refresh_before_expiry(self._resource_server))
        return super().get_authorization_header()

    def handle_missing_authorization(self) -> bool:
        """
        Whether the refused token has been replaced at its source, so that a request is repeated.
        """
        refused = self.access_token
        self._use(self._source.refresh(self._resource_server))
        return self.access_token != refused

    def _use(self, data: TokenStorageData | None) -> None:
        if data is not None and data.access_token != self.access_token:
            self.header_val = bearer_header(data.access_token)
            self.access_token = data.access_token
            self.expires_at = data.expires_at_seconds


class SourcedSecret(BasicAuthorizer):
    """
    Sends a client's secret, and the one that has replaced it at its source.

    :param client_id: the client's id
    :param client_secret: its secret
    :param read_again: gives the secret that is there now, or None
    """

    def __init__(
        self, client_id: str, client_secret: str, read_again: t.Callable[[], str | None]
    ) -> None:
        super().__init__(client_id, client_secret)
        self._read_again = read_again

    def handle_missing_authorization(self) -> bool:
        """
        Whether the refused secret has been replaced at its source, so that a request is repeated.
        """
        try:
            fresh = self._read_again()
        except GlobusError as error:
            _log.warning("the secret of this program's client cannot be read again: %s", error)
            return False
        if fresh is None or fresh == self.password:
            return False
        super().__init__(self.username, fresh)
        return True
