"""
Base of user apps and client apps.
"""

from __future__ import annotations

import functools
import itertools
import time

from globus_core.arguments import check_text
from globus_core.login_flows.exchange import keeping
from globus_core.printable import safe_repr
from globus_core.scopes import AuthScopes, ScopeParser
from globus_core.steps import Step
from globus_core.token_storage import ValidatingTokenStorage
from globus_core.token_storage.validating_token_storage import TokenValidationError

from ._config_objects import (
    NAMESPACE,
    as_scopes,
    check_login_client,
    check_one_client,
    check_scope_requirements,
    checked_config,
    configured_decoder,
    configured_storage,
    make_login_client,
    server_url,
)
from ._login_gate import LoginGate, SharedFailure
from .config import GlobusAppConfig
from .gare_redrive import Redrive
from .notebook_view import app_html
from .revocation import Revocations, store_or_revoke

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t
    import uuid

    from typing_extensions import Self

    from globus_core.authorizers import GlobusAuthorizer
    from globus_core.gare import GlobusAuthorizationParameters
    from globus_core.scopes import Scope
    from globus_core.token_storage import TokenDataValidator
    from globus_core.transport import RetryCheck

    from ._config_objects import Scopes
    from .authorizer_factory import AuthorizerFactory
    from .revocation import RevocationFailure
    from .token_outlook import Outlook


class GlobusApp:
    """
    Logs in when needed, stores the tokens, and authorizes the clients that are attached to it.

    An app can be shared between threads. Use UserApp or ClientApp.
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
        """
        Make an app; nothing is sent, and nobody logs in yet.

        :param app_name: shown on consent pages and in the User-Agent header; names the token file
        :param login_client: the client to log in with; its own settings are kept
        :param client_id: the client id; either this or ``login_client``
        :param client_secret: the client's secret, if it has one
        :param scope_requirements: the scopes to request, by resource server
        :param config: the settings; None uses the defaults
        :raises GlobusSDKUsageError: for an argument that is not usable
        """
        check_text(app_name, "app_name")
        self.app_name = app_name
        self.config = checked_config(config)
        self._gate = LoginGate()
        self._failed_login = SharedFailure()
        self._scope_requirements: dict[str, list[Scope]] = {}
        self._own_login_client = login_client is None
        self._login_client = self._checked_login_client(login_client, client_id, client_secret)
        self.client_id: str = self._login_client.client_id
        self._set_up_login()
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
        check_one_client(given, client_id, client_secret)
        if given is None:
            return self._make_login_client(str(client_id), client_secret)
        check_login_client(given, self.config.environment)
        if given.app_name is None:
            given.transport.user_agent = self.app_name
        return given

    def _make_login_client(self, client_id: str, client_secret: str | None) -> t.Any:
        return make_login_client(
            client_id, client_secret, environment=self.config.environment, app_name=self.app_name
        )

    def _set_up_login(self) -> None:
        """Set up logins in the constructor, so that a wrong setting is found early."""
        raise NotImplementedError("use UserApp or ClientApp")

    def _validators(self) -> list[TokenDataValidator]:
        raise NotImplementedError("use UserApp or ClientApp")

    def _factory(self, token_storage: ValidatingTokenStorage) -> AuthorizerFactory:
        raise NotImplementedError("use UserApp or ClientApp")

    def _checked_storage(self) -> ValidatingTokenStorage:
        config, name, client = self.config, self.app_name, self._login_client
        storage = configured_storage(config, name, login_client=client, namespace=self._namespace())
        checked = ValidatingTokenStorage(storage, validators=self._validators())
        # not set on the storage itself, which apps of other clients may share
        checked.id_token_decoder = configured_decoder(config, name, client, storage)
        return checked

    def _namespace(self) -> str:
        """The namespace of this app's tokens from the environment's own server."""
        return NAMESPACE

    def _own_scopes(self) -> list[Scope]:
        """The scopes that the app itself needs, to know whose tokens it has."""
        return [AuthScopes.openid]

    def service_url(self, service: str) -> str | None:
        """
        The URL of a service for clients of this app, None if variables and the environment decide.

        That of Globus Auth is known: tokens are sent to the server that issued them.

        :param service: the service's name, such as ``"auth"``
        """
        return server_url(self._login_client) if service == "auth" else None

    # requirements

    @property
    def token_storage(self) -> ValidatingTokenStorage:
        """The app's token storage, which validates tokens."""
        return self._token_storage

    @property
    def scope_requirements(self) -> dict[str, list[Scope]]:
        """A copy of the required scopes, by resource server."""
        known = self._scope_requirements.copy()  # a snapshot: other threads may add scopes
        return {server: list(scopes) for server, scopes in known.items()}

    def add_scope_requirements(self, scope_requirements: t.Mapping[str, Scopes]) -> None:
        """
        Require more scopes from now on.

        :param scope_requirements: one or more scopes, by resource server
        :raises GlobusSDKUsageError: if it is something else
        """
        check_scope_requirements(scope_requirements)
        with self._gate.held():
            for resource_server, scopes in scope_requirements.items():
                known = self._scope_requirements.get(resource_server, [])
                required = ScopeParser.merge_scopes(known, as_scopes(scopes))
                if not required:
                    continue
                self._scope_requirements[resource_server] = required
                self._authorizer_factory.clear_cache(resource_server)

    # tokens

    def get_authorizer(self, resource_server: str) -> GlobusAuthorizer:
        """
        The authorizer for a resource server; logs in first if needed.

        :param resource_server: the resource server
        :raises TokenValidationError: if the tokens are still not valid for the app
        :raises LoginFlowError: if a login was needed and failed
        """
        known = self._authorizer_factory.get_cached_authorizer(resource_server)
        if known is not None:
            return known
        begun = time.monotonic()
        with self._gate.held():
            self._failed_login.raise_if_since(begun)
            try:
                return self._authorizer_factory.get_authorizer(resource_server)
            except TokenValidationError as error:
                self._handle(error)
            return self._authorizer_factory.get_authorizer(resource_server)

    def get_authorizer_without_login(self, resource_server: str) -> GlobusAuthorizer:
        """
        The authorizer for a resource server, without starting a login.

        :param resource_server: the resource server
        :raises TokenValidationError: if the stored tokens are missing or not valid for the app
        """
        with self._gate.held(), self._gate.barring_logins():
            return self._authorizer_factory.get_authorizer(resource_server)

    @property
    def renews_by(self) -> str | None:
        """How tokens are renewed: ``client secret``, ``refresh token``, or None if not at all."""
        return None

    def _handle(self, error: TokenValidationError) -> None:
        """Run the error handler, but not from within a login."""
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
        Log in, if needed or if requested.

        :param auth_params: what the login must satisfy; if given, there is always a login
        :param force: log in even if the stored tokens are valid
        :raises LoginFlowError: if the login fails
        :raises TokenValidationError: if the tokens do not meet the requirements, or belong to
            another person; they are revoked, and the error's ``revocation_failures`` lists those
            that could not be
        """
        begun = time.monotonic()
        # a login flow that uses the app must not start another login
        with self._gate.held(), self._gate.barring_logins():
            if auth_params is None and not force:
                if not self.login_required():
                    return
                self._failed_login.raise_if_since(begun)
            step = Step("login", client_id=self.client_id, namespace=self._token_storage.namespace)
            with self._failed_login.noting(), step:
                self._log_in(self._merged(auth_params))

    def _log_in(self, auth_params: GlobusAuthorizationParameters) -> None:
        keep = functools.partial(store_or_revoke, self._authorizer_factory, self._login_client)
        with keeping(keep):
            keep(self._run_login(auth_params))

    def login_required(self) -> bool:
        """
        Whether a required token is missing or not valid; this never starts a login.
        """
        with self._gate.held(), self._gate.barring_logins():
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
        Say whether the required tokens will outlive a job, for example one about to be queued.

        Tokens that would expire too early are renewed now. This shows that renewing works, and
        restarts the period after which Globus Auth drops an unused refresh token (six months).
        A revocation cannot be foreseen.

        :param hours: how long the job may take from now on, including its time in the queue
        :param session_hours: the maximum age of a sign-in that the services used by the job
            accept, which renewals do not reset; None if they do not check it
        :param refresh: False only looks at the stored tokens
        :param login: log in again if anything expires too early
        :return: an outlook that is true if everything lasts; it says for each resource server how
            long, why, and what to do
        :raises LoginFlowError: if a login was requested and failed
        """
        from .token_outlook import Forecast

        forecast = Forecast(self, hours, refresh=refresh, session_hours=session_hours)
        with self._gate.held():
            outlook = forecast.of_all(self._in_use())
            if login and not outlook:
                self.login(auth_params=forecast.required_session(), force=True)
                outlook = forecast.of_all(self._in_use())
            return outlook

    def _in_use(self) -> list[str]:
        """The resource servers whose tokens the app uses."""
        return list(self._scope_requirements)

    def _run_login(self, auth_params: GlobusAuthorizationParameters) -> t.Any:
        raise NotImplementedError("use UserApp or ClientApp")

    def _merged(
        self, auth_params: GlobusAuthorizationParameters | None
    ) -> GlobusAuthorizationParameters:
        """A copy of the parameters with all scopes that the app requires."""
        from globus_core.gare import GlobusAuthorizationParameters

        asked = {} if auth_params is None else auth_params.to_dict()
        required = itertools.chain.from_iterable(self._scope_requirements.values())
        scopes = ScopeParser.merge_scopes(as_scopes(asked.pop("required_scopes", ())), required)
        return GlobusAuthorizationParameters(
            **asked, required_scopes=[str(scope) for scope in scopes]
        )

    def logout(self, *, sweep: bool = False) -> list[RevocationFailure]:
        """
        Revoke the app's tokens and remove them from the storage.

        Tokens are removed even if they could not be revoked. After a network error no more
        revocations are tried.

        :param sweep: log out of all resource servers in the namespace, not only the required ones
        :return: the tokens that could not be revoked; empty if there are none
        """
        with self._gate.held():
            storage = self._token_storage.token_storage
            revocations = Revocations(self._login_client)
            stored = storage.get_token_data_by_resource_server() if sweep else ()
            # also what counts as missing here, but may be a login for another program
            for resource_server in dict.fromkeys((*self._scope_requirements, *stored)):
                with storage.renewal_lock(resource_server):  # or a renewal could store again
                    revocations.revoke_stored(storage.get_token_data(resource_server))
                    storage.remove_token_data(resource_server)
            self._authorizer_factory.clear_cache()
            self._token_storage.forget_identity()
            return revocations.failures

    # clients

    def get_client_retry_checks(self) -> list[RetryCheck]:
        """Retry checks for clients of this app."""
        return [self._redrive.make_check()] if self.config.auto_redrive_gares else []

    def get_consent_retry_checks(self) -> list[RetryCheck]:
        """
        Retry checks for clients that log in by themselves where a service requires a consent.

        Empty if the app does so anyway, or if the program handles missing tokens itself.
        """
        return self._redrive.consent_checks()

    # life

    def close(self) -> None:
        """Close connections and the storage that the app has opened; this does not log out."""
        if self._own_login_client:
            self._login_client.close()
        if self._token_storage.token_storage is not self.config.token_storage:
            self._token_storage.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def __reduce__(self) -> tuple[t.Any, ...]:
        """Pickle the settings: the other process makes its own app and reads the shared storage."""
        from ._pickling import picklable_settings

        own = self._own_login_client
        client = {"client_id": self.client_id} if own else {"login_client": self._login_client}
        settings = picklable_settings(self, self._login_client)
        return functools.partial(type(self), **settings, **client), ()

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        return self  # a copy must share the lock, the login and the authorizers

    @safe_repr
    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.app_name!r} of client {self.client_id}>"

    _repr_html_ = app_html
