"""
Apps with tokens that were obtained elsewhere.
"""

from __future__ import annotations

import time

from globus_core.arguments import check_functions, check_has, check_texts
from globus_core.exc import GlobusSDKUsageError, LoginRequiredError, NotPicklableError
from globus_core.token_storage import (
    ScopeRequirementsValidator,
    TokenDataValidator,
    ValidatingTokenStorage,
)
from globus_core.token_storage.validating_token_storage import ExpiredTokenError

from ._preset_tokens import record
from ._token_source import SourcedAuthorizer, TokenSource
from .app import GlobusApp
from .authorizer_factory import EitherTokenAuthorizerFactory

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.authorizers import GlobusAuthorizer
    from globus_core.gare import GlobusAuthorizationParameters
    from globus_core.token_storage import TokenStorageData
    from globus_core.transport import RetryCheck

    from .authorizer_factory import AuthorizerFactory


class TokenApp(GlobusApp):
    """
    An app that uses the tokens it is given and cannot log in.

    The tokens are kept in memory, whatever storage the settings name. Refresh tokens are used if
    the client id is known. A rotated refresh token is lost when the process ends; use a token
    storage where the server rotates them.

    :param app_name: shown on consent pages and in the User-Agent header; names the token file
    :param tokens: an access token, or a mapping with ``access_token`` and, where known,
        ``refresh_token``, ``scope`` and ``expires_at_seconds``, by resource server
    :param read_again: gives the tokens that are there now, such as those in a file that a job
        scheduler replaces; called before a token expires and when one is refused. None gives none
    :param login_client: the client to log in with; its own settings are kept; without it and
        ``client_id``, tokens are not renewed
    :param client_id: the client id; either this or ``login_client``
    :param client_secret: the client's secret, if it has one
    :param scope_requirements: the scopes to request, by resource server
    :param config: the settings; None uses the defaults
    :raises ValidationError: if a token is neither a string nor a record
    """

    def __init__(
        self,
        app_name: str = "Unnamed Globus App",
        *,
        tokens: t.Mapping[str, t.Any],
        read_again: t.Callable[[], t.Mapping[str, t.Any] | None] | None = None,
        login_client: t.Any = None,
        client_id: t.Any = None,
        client_secret: str | None = None,
        scope_requirements: t.Mapping[str, t.Any] | None = None,
        config: t.Any = None,
    ) -> None:
        check_texts(client_secret=client_secret)
        wanted = "tokens by resource server"
        check_has(tokens, "tokens", ("items",), wanted)
        check_functions(read_again=read_again)
        self._source = TokenSource(read_again)
        self._given = {server: record(server, given) for server, given in tokens.items()}
        super().__init__(
            app_name,
            login_client=login_client,
            client_id=client_id,
            client_secret=client_secret,
            scope_requirements=scope_requirements,
            config=config,
        )
        del self._given

    @property
    def renews_by(self) -> str | None:
        return None if self.client_id is None else "refresh token"

    def _checked_login_client(
        self, given: t.Any, client_id: t.Any, client_secret: str | None
    ) -> t.Any:
        if given is not None or client_id is not None:
            return super()._checked_login_client(given, client_id, client_secret)
        from globus_core import AuthLoginClient

        return AuthLoginClient(environment=self.config.environment, app_name=self.app_name)

    def _set_up_login(self) -> None:
        if self.config.login_flow_manager is not None:
            raise GlobusSDKUsageError(
                "a TokenApp does not log in, so 'login_flow_manager' must be None"
            )

    def _checked_storage(self) -> ValidatingTokenStorage:
        from globus_core.token_storage import MemoryTokenStorage

        storage = self._source.storage = MemoryTokenStorage()
        storage.store_token_data_by_resource_server(self._given)
        return ValidatingTokenStorage(storage, validators=self._validators())

    def _validators(self) -> list[TokenDataValidator]:
        return [_AsFarAsKnown(self._scope_requirements, self.client_id is not None)]

    def _factory(self, token_storage: ValidatingTokenStorage) -> AuthorizerFactory:
        return _PresetTokensFactory(token_storage, self._login_client, self._source)

    def _in_use(self) -> list[str]:
        given = self._token_storage.token_storage.get_token_data_by_resource_server()
        return list({**self._scope_requirements, **given})

    def get_consent_retry_checks(self) -> list[RetryCheck]:
        """
        None: the app cannot log in, so the error of the service is raised.
        """
        return []

    def _own_scopes(self) -> list[t.Any]:
        return []  # they could not be requested without a login

    def __reduce__(self) -> t.NoReturn:
        raise NotPicklableError(
            f"{self!r} has the tokens that it was given, which are not pickled; make a TokenApp in "
            "the worker, for example with default_app, which finds the tokens there"
        )

    def _run_login(self, auth_params: GlobusAuthorizationParameters) -> t.Any:
        place = f" by {self._source.name}" if self._source.name else ""
        raise LoginRequiredError(
            f"the tokens given to this program{place} are not sufficient, and it cannot log in"
        )


class _AsFarAsKnown(ScopeRequirementsValidator):
    """
    Checks scopes where they are known, and the expiry where a token cannot be renewed.
    """

    def __init__(self, scope_requirements: t.Mapping[str, t.Any], renewable: bool) -> None:
        super().__init__(scope_requirements, None)
        self._renewable = renewable

    def after_retrieve(
        self, token_data_by_resource_server: t.Mapping[str, TokenStorageData], context: t.Any
    ) -> None:
        for data in token_data_by_resource_server.values():
            lasting = self._renewable and data.refresh_token is not None
            if not lasting and data.expires_at_seconds < time.time():
                raise ExpiredTokenError(data.expires_at_seconds)
        told = {rs: data for rs, data in token_data_by_resource_server.items() if data.scope}
        super().after_retrieve(told, context)


class _PresetTokensFactory(EitherTokenAuthorizerFactory):
    """
    Renews tokens if there are a refresh token and a client id.
    """

    def __init__(self, token_storage: t.Any, login_client: t.Any, source: TokenSource) -> None:
        super().__init__(token_storage, login_client)
        self._source = source

    def _make(self, resource_server: str) -> GlobusAuthorizer:
        self._source.refresh_before_expiry(resource_server)
        data = self.token_storage.get_token_data(resource_server)
        if self.auth_login_client.client_id is not None and data.refresh_token is not None:
            return super()._make(resource_server)
        made = self.by_access_token._make(resource_server)
        if not self._source.can_change:
            return made
        return SourcedAuthorizer(data, resource_server, self._source)
