"""
What user apps and client apps share.
"""

from __future__ import annotations

import functools
import itertools
import time

from globus_core.exc import GlobusSDKUsageError
from globus_core.scopes import AuthScopes, Scope, ScopeParser
from globus_core.token_storage import TokenStorage, ValidatingTokenStorage
from globus_core.token_storage.validating_token_storage import TokenValidationError

from ._configured import (
    check_login_client,
    configured_decoder,
    configured_storage,
    make_login_client,
)
from ._login_gate import LoginGate, SharedFailure
from .config import GlobusAppConfig
from .redrive import Redrive
from .revocation import Revocations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import types
    import typing as t
    import uuid

    from typing_extensions import Self

    from globus_core.authorizers import GlobusAuthorizer
    from globus_core.gare import GlobusAuthorizationParameters
    from globus_core.token_storage import TokenDataValidator
    from globus_core.transport import RetryCheck

    from .authorizer_factory import AuthorizerFactory
    from .outlook import Outlook
    from .revocation import RevocationFailure

    Scopes = str | Scope | t.Iterable[str | Scope]

#: the namespace of people's tokens
NAMESPACE = "DEFAULT"


class GlobusApp:
    """
    Logs in when it must, keeps the tokens, and authorizes the clients attached to it.

    An app may be shared between threads. Use UserApp or ClientApp.

    :param app_name: shown on consent pages and in the User-Agent header; names the token file
    :param login_client: the client to log in with; its other settings stay as they are
    :param client_id: the id of a client to make; either this or ``login_client``
    :param client_secret: its secret, where it has one
    :param scope_requirements: the scopes to ask for, by resource server
    :param config: the settings; None takes the defaults
    :raises GlobusSDKUsageError: for settings that contradict each other
    """

    def __init__(
        self,
        app_name: str = "Unnamed Globus App",
        *,
        login_client: t.Any = None,
        client_id: uuid.UUID | str | None = None,
        client_secret: str | None = None,
        scope_requirements: t.Mapping[str, Scopes] | None = None,
        config: GlobusAppConfig | None = None,
    ) -> None:
        self.app_name = app_name
        self.config = GlobusAppConfig() if config is None else config
        self._gate = LoginGate()
        self._failed_login = SharedFailure()
        self._scope_requirements: dict[str, list[Scope]] = {}
        self._own_login_client = login_client is None
        self._login_client = self._checked_login_client(login_client, client_id, client_secret)
        self.client_id: str = self._login_client.client_id
        self._set_up_login()
        self._own_storage = not isinstance(self.config.token_storage, TokenStorage)
        self._token_storage = self._checked_storage()
        self._redrive = Redrive(self, self._gate)
        self._authorizer_factory = self._factory(self._token_storage)
        self._authorizer_factory.app = self
        self.add_scope_requirements(scope_requirements or {})
        self.add_scope_requirements({AuthScopes.resource_server: self._own_scopes()})

    # construction

    def _checked_login_client(
        self, given: t.Any, client_id: uuid.UUID | str | None, client_secret: str | None
    ) -> t.Any:
        if (given is None) == (client_id is None):
            raise GlobusSDKUsageError("an app needs either 'client_id' or 'login_client'")
        if given is None:
            return self._make_login_client(str(client_id), client_secret)
        if client_secret is not None:
            import warnings

            message = "'client_secret' has no effect together with 'login_client'"
            warnings.warn(message, stacklevel=3)
        check_login_client(given, self.config.environment)
        if given.app_name is None:
            given.transport.user_agent = self.app_name
        return given

    def _make_login_client(self, client_id: str, client_secret: str | None) -> t.Any:
        return make_login_client(
            client_id,
            client_secret,
            environment=self.config.environment,
            app_name=self.app_name,
        )

    def _set_up_login(self) -> None:
        """Check and make what a login needs, so that a wrong setting is found at once."""
        raise NotImplementedError("use UserApp or ClientApp")

    def _validators(self) -> list[TokenDataValidator]:
        raise NotImplementedError("use UserApp or ClientApp")

    def _factory(self, token_storage: ValidatingTokenStorage) -> AuthorizerFactory:
        raise NotImplementedError("use UserApp or ClientApp")

    def _checked_storage(self) -> ValidatingTokenStorage:
        storage = configured_storage(
            self.config, self.app_name, client_id=self.client_id, namespace=self._namespace()
        )
        checked = ValidatingTokenStorage(storage, validators=self._validators())
        if checked.id_token_decoder is None or self.config.id_token_decoder is not None:
            # Not on the storage itself, which apps of other clients may share.
            checked.id_token_decoder = configured_decoder(
                self.config, self.app_name, login_client=self._login_client
            )
        return checked

    def _namespace(self) -> str:
        """Whose tokens these are in a storage that several apps share."""
        return NAMESPACE

    def _own_scopes(self) -> list[Scope]:
        """What the app needs of Globus Auth for itself: to know whose tokens they are."""
        return [AuthScopes.openid]

    # requirements

    @property
    def token_storage(self) -> ValidatingTokenStorage:
        """The app's storage, with the checks around it."""
        return self._token_storage

    @property
    def scope_requirements(self) -> dict[str, list[Scope]]:
        """A copy of the scopes required, by resource server."""
        known = self._scope_requirements.copy()  # which other threads may add to
        return {server: list(scopes) for server, scopes in known.items()}

    def add_scope_requirements(self, scope_requirements: t.Mapping[str, Scopes]) -> None:
        """
        Require more scopes from now on.

        :param scope_requirements: a scope or several, by resource server
        """
        with self._gate:
            for resource_server, scopes in scope_requirements.items():
                known = self._scope_requirements.get(resource_server, [])
                required = ScopeParser.merge_scopes(known, _as_scopes(scopes))
                if not required:
                    continue
                self._scope_requirements[resource_server] = required
                self._authorizer_factory.clear_cache(resource_server)

    # tokens

    def get_authorizer(self, resource_server: str) -> GlobusAuthorizer:
        """
        The authorizer for a resource server, after a login where one is needed.

        :param resource_server: the resource server
        :raises TokenValidationError: if the tokens are not good enough and nothing mends that
        :raises LoginFlowError: if a login was needed and failed
        """
        known = self._authorizer_factory.get_cached_authorizer(resource_server)
        if known is not None:
            return known
        begun = time.monotonic()
        with self._gate:
            self._failed_login.raise_if_since(begun)
            try:
                return self._authorizer_factory.get_authorizer(resource_server)
            except TokenValidationError as error:
                self._handle(error)
            return self._authorizer_factory.get_authorizer(resource_server)

    def get_authorizer_without_login(self, resource_server: str) -> GlobusAuthorizer:
        """
        The authorizer for a resource server, if the stored tokens are good enough for one.

        :param resource_server: the resource server
        :raises TokenValidationError: if they are not; nobody is logged in then
        """
        with self._gate, self._gate.barring_logins():
            return self._authorizer_factory.get_authorizer(resource_server)

    @property
    def renews_by(self) -> str | None:
        """What brings new access tokens: ``client secret``, ``refresh token``, or None."""
        return None

    def _handle(self, error: TokenValidationError) -> None:
        """Run the handler, but never from inside itself."""
        handler = self.config.token_validation_error_handler
        if handler is None or self._gate.logins_barred:
            raise error
        with self._gate.barring_logins(), self._failed_login.noting():
            handler(self, error)

    # login

    def login(
        self,
        *,
        auth_params: GlobusAuthorizationParameters | None = None,
        force: bool = False,
    ) -> None:
        """
        Log in, if that is needed or asked for.

        :param auth_params: what the login must bring; given, there is a login in any case
        :param force: log in even if the stored tokens are good
        :raises LoginFlowError: if the login does not come to its end
        :raises TokenValidationError: if its tokens are not what the app needs, or are those of
            another person; they are revoked, and what could not be is in the error's
            ``revocation_failures``
        """
        # A login flow that uses the app itself must not start another login.
        with self._gate, self._gate.barring_logins():
            if auth_params is None and not force and not self.login_required():
                return
            response = self._run_login(self._merged(auth_params))
            try:
                self._authorizer_factory.store_token_response_and_clear_cache(response)
            except TokenValidationError as error:
                error.revocation_failures = self._revoke_refused(response)
                raise

    def _revoke_refused(self, response: t.Any) -> list[RevocationFailure]:
        """Nobody would ever revoke tokens that are not stored, such as another person's."""
        revocations = Revocations(self._login_client)
        stored = self._token_storage.token_storage.get_token_data_by_resource_server()
        revocations.revoke_issued(response, stored)
        return revocations.failures

    def login_required(self) -> bool:
        """
        Whether a required token is missing or not good enough, so that a login is needed.

        Nobody is logged in by this question.
        """
        with self._gate, self._gate.barring_logins():
            return not all(map(self._authorizer_factory.can_authorize, self._scope_requirements))

    def ensure_valid_for(
        self,
        hours: float,
        *,
        session_hours: float | None = None,
        refresh: bool = True,
        login: bool = False,
    ) -> Outlook:
        """
        Say whether the tokens that the app requires will outlive a job, such as one being queued.

        What can be renewed is renewed now where it would not last, which shows that it can be,
        and starts a refresh token's time anew: Globus Auth drops one that was not used for six
        months. Nobody can foresee a revocation.

        :param hours: how long the job may take from now on, its time in the queue included
        :param session_hours: how old a person's sign-in may be for the services that the job
            uses; no renewal makes it younger. None: they do not look at it
        :param refresh: False only looks at what is stored
        :param login: log in again if something does not last
        :return: true if all lasts; tells for each resource server how long, by what, and what
            to do
        :raises LoginFlowError: if a login was to be done and failed
        """
        from .outlook import Forecast

        forecast = Forecast(self, hours, refresh=refresh, session_hours=session_hours)
        with self._gate:
            outlook = forecast.of_all(self._in_use())
            if login and not outlook:
                self.login(auth_params=forecast.required_session(), force=True)
                outlook = forecast.of_all(self._in_use())
            return outlook

    def _in_use(self) -> list[str]:
        """The resource servers that the app is for."""
        return list(self._scope_requirements)

    def _run_login(self, auth_params: GlobusAuthorizationParameters) -> t.Any:
        raise NotImplementedError("use UserApp or ClientApp")

    def _merged(
        self, auth_params: GlobusAuthorizationParameters | None
    ) -> GlobusAuthorizationParameters:
        """What was asked for, with all that the app requires; what was passed in stays as it is."""
        from globus_core.gare import GlobusAuthorizationParameters

        asked = {} if auth_params is None else auth_params.to_dict()
        required = itertools.chain.from_iterable(self._scope_requirements.values())
        scopes = ScopeParser.merge_scopes(_as_scopes(asked.pop("required_scopes", ())), required)
        return GlobusAuthorizationParameters(
            **asked, required_scopes=[str(scope) for scope in scopes]
        )

    def logout(self, *, sweep: bool = False) -> list[RevocationFailure]:
        """
        Revoke the app's tokens and remove them from the storage.

        Tokens are removed even where they could not be revoked. When the server does not answer
        at all, it is asked no more.

        :param sweep: all tokens of the namespace, not only those that the app requires
        :return: what could not be revoked; empty where all is well
        """
        with self._gate:
            storage = self._token_storage.token_storage
            revocations = Revocations(self._login_client)
            for resource_server in storage.get_token_data_by_resource_server():
                if sweep or resource_server in self._scope_requirements:
                    # else a renewal that is under way would store a token after this
                    with storage.renewal_lock(resource_server):
                        revocations.revoke_stored(storage.get_token_data(resource_server))
                        storage.remove_token_data(resource_server)
            self._authorizer_factory.clear_cache()
            self._token_storage.forget_identity()
            return revocations.failures

    # clients

    def get_client_retry_checks(self) -> list[RetryCheck]:
        """
        Retry checks for clients of this app.
        """
        return [self._redrive.make_check()] if self.config.auto_redrive_gares else []

    # life

    def close(self) -> None:
        """
        Close what the app has opened; nobody is logged out.
        """
        if self._own_login_client:
            self._login_client.close()
        if self._own_storage:
            self._token_storage.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_val: BaseException | None,
        exc_tb: types.TracebackType | None,
    ) -> None:
        self.close()

    def __reduce__(self) -> tuple[t.Any, ...]:
        """Pickle the settings: another process makes an app of its own, and finds the tokens."""
        from ._pickling import picklable_settings

        own = self._own_login_client
        client = {"client_id": self.client_id} if own else {"login_client": self._login_client}
        settings = picklable_settings(self, self._login_client)
        return functools.partial(type(self), **settings, **client), ()

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        return self  # with its lock and its authorizers: there is one login

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.app_name!r} of client {self.client_id}>"


def _as_scopes(scopes: Scopes) -> t.Iterable[Scope]:
    """What a caller requires as scopes; text is parsed here, where it comes in, and never again."""
    given = (scopes,) if isinstance(scopes, (str, Scope)) else tuple(scopes)
    ready = [scope for scope in given if isinstance(scope, Scope)]
    if len(ready) == len(given):
        return ready
    return ScopeParser.parse(ScopeParser.serialize(given, reject_empty=False))
