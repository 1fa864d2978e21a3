"""
The login client for programs that can keep a secret.
"""

from __future__ import annotations

from globus_core import MISSING, BasicAuthorizer, GlobusHTTPResponse
from globus_core.arguments import check_id, check_text
from globus_core.documents import comma_joined
from globus_core.exc import GlobusSDKUsageError, NotPicklableError

from ._request_parameters import query, scope_string
from .login_client import AuthLoginClient
from .registered_clients import check_kind, registration
from .token_responses import OAuthClientCredentialsResponse, OAuthDependentTokenResponse

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t
    import uuid

    from globus_core import MissingType
    from globus_core.documents import IDs
    from globus_core.transport import RequestsTransport, RetryConfig

    from ._request_parameters import Scopes
    from .answers import IntrospectionResponse
    from .flow_managers import GlobusAuthorizationCodeFlowManager
    from .registered_clients import ClientType, Visibility

DEPENDENT_TOKEN_GRANT = "urn:globus:auth:grant_type:dependent_token"  # noqa: S105


class ConfidentialAppAuthClient(AuthLoginClient):
    """
    Logs people in from servers, and gets tokens for the client itself.

    :param client_id: the client's id
    :param client_secret: the client's secret
    :param environment: the Globus environment; None takes ``GLOBUS_SDK_ENVIRONMENT``, then
        ``production``
    :param base_url: the address of Globus Auth; None looks it up
    :param app_name: name for the User-Agent header; None names none
    :param transport: sends the requests; None makes one that is closed with the client
    :param retry_config: when to retry; None takes the defaults
    :param transport_params: the settings of transport and retries as one dict, as in 3.x of
        globus-sdk; not together with ``transport``
    """

    def __init__(
        self,
        client_id: uuid.UUID | str,
        client_secret: str,
        environment: str | None = None,
        base_url: str | None = None,
        app_name: str | None = None,
        transport: RequestsTransport | None = None,
        retry_config: RetryConfig | None = None,
        *,
        transport_params: t.Mapping[str, t.Any] | None = None,
    ) -> None:
        check_id(client_id, "client_id")
        check_text(client_secret, "client_secret")
        super().__init__(
            client_id,
            environment=environment,
            base_url=base_url,
            authorizer=BasicAuthorizer(str(client_id), client_secret),
            app_name=app_name,
            transport=transport,
            retry_config=retry_config,
            transport_params=transport_params,
        )

    def __getstate__(self) -> t.NoReturn:
        raise NotPicklableError(
            f"{type(self).__name__} holds a client secret and cannot be pickled; make it in the "
            "other process"
        )

    def oauth2_start_flow(
        self,
        redirect_uri: str,
        requested_scopes: Scopes | None = None,
        *,
        state: str | None = "_default",
        refresh_tokens: bool = False,
        prefill_named_grant: str | MissingType | None = MISSING,
        nonce: str | MissingType | None = MISSING,
        pkce: bool = False,
        verifier: str | MissingType | None = MISSING,
    ) -> GlobusAuthorizationCodeFlowManager:
        """
        Start a login; the flow is kept as ``current_oauth2_flow_manager`` as well.

        :param redirect_uri: where the callback goes
        :param requested_scopes: a scope or several; None takes ``openid profile email`` and
            Globus Transfer
        :param state: sent along and expected back; None makes a fresh random one
        :param refresh_tokens: ask for refresh tokens as well
        :param prefill_named_grant: label on the consent page
        :param nonce: expected in the ID token; None makes a fresh random one, MISSING sends none
        :param pkce: send a PKCE challenge as well (RFC 9700 section 2.1.1)
        :param verifier: the PKCE verifier of a login that another process began, with which PKCE
            is switched on; MISSING or None makes a fresh one where it is
        :raises GlobusSDKUsageError: if the verifier is malformed
        """
        from .flow_managers import GlobusAuthorizationCodeFlowManager

        flow = GlobusAuthorizationCodeFlowManager(
            self,
            redirect_uri,
            requested_scopes,
            state,
            refresh_tokens,
            prefill_named_grant=prefill_named_grant,
            nonce=nonce,
            pkce=pkce,
            verifier=verifier,
        )
        self.current_oauth2_flow_manager = flow
        return flow

    def oauth2_client_credentials_tokens(
        self,
        requested_scopes: Scopes | None = None,
        *,
        body_params: t.Mapping[str, t.Any] | None = None,
    ) -> OAuthClientCredentialsResponse:
        """
        Get tokens for the client itself (RFC 6749 section 4.4).

        :param requested_scopes: a scope or several; None takes ``openid profile email`` and
            Globus Transfer
        :param body_params: further fields, which win
        :raises AuthAPIError: if the credentials or the scopes are refused
        """
        form = {"grant_type": "client_credentials", "scope": scope_string(requested_scopes)}
        return self.oauth2_token(
            form, body_params=body_params, response_class=OAuthClientCredentialsResponse
        )

    def oauth2_get_dependent_tokens(
        self,
        token: str,
        *,
        refresh_tokens: bool = False,
        scope: t.Any = MISSING,
        requested_scopes: t.Iterable[t.Any] | None = None,
        additional_params: t.Mapping[str, t.Any] | None = None,
    ) -> OAuthDependentTokenResponse:
        """
        Exchange an access token that this service received for tokens of downstream services.

        :param token: the access token that was received
        :param refresh_tokens: ask for refresh tokens as well
        :param scope: a scope or several; MISSING or None takes everything that is permitted
        :param requested_scopes: the same as DependentScopeSpec, each asked for whether optional or
            not; not together with ``scope``
        :param additional_params: further fields, which win
        :raises AuthAPIError: if the token is refused, or a consent is missing
        :raises GlobusSDKUsageError: if scopes are given twice
        """
        form: dict[str, t.Any] = {"grant_type": DEPENDENT_TOKEN_GRANT, "token": token}
        if requested_scopes is not None:
            if scope is not MISSING and scope is not None:
                raise GlobusSDKUsageError("pass 'scope' or 'requested_scopes', not both")
            scope = [getattr(item, "scope", item) for item in requested_scopes]
        if scope is not MISSING and scope is not None:
            form["scope"] = scope_string(scope)
        if refresh_tokens:
            form["access_type"] = "offline"
        return self.oauth2_token(
            form, body_params=additional_params, response_class=OAuthDependentTokenResponse
        )

    def oauth2_token_introspect(
        self,
        token: str,
        *,
        include: t.Iterable[str] | str | MissingType | None = MISSING,
        authentication_policies: IDs | MissingType | None = MISSING,
        additional_fields: t.Mapping[str, t.Any] | MissingType | None = None,
        query_params: t.Mapping[str, t.Any] | None = None,
    ) -> IntrospectionResponse:
        """
        Introspect a token (RFC 7662), which must have been issued for this client's scopes.

        :param token: the token
        :param include: ``session_info``, ``identity_set``, ``identity_set_detail``, one or
            several
        :param authentication_policies: ids of policies; the response says under
            ``policy_evaluations`` whether the session meets each
        :param additional_fields: further fields, which win
        :param query_params: further query parameters
        """
        form = query(
            {
                "token": token,
                "include": comma_joined(include),
                "authentication_policies": comma_joined(authentication_policies),
            },
            additional_fields,
        )
        return self.post(  # type: ignore[return-value]
            "/v2/oauth2/token/introspect", data=form, encoding="form", query_params=query_params
        )

    def oauth2_validate_token(self, token: str) -> IntrospectionResponse:
        """
        Ask whether a token is active, and nothing else.

        :param token: the token
        """
        return self.post(  # type: ignore[return-value]
            "/v2/oauth2/token/validate", data={"token": token}, encoding="form"
        )

    def create_child_client(
        self,
        name: str,
        *,
        public_client: bool | MissingType = MISSING,
        client_type: ClientType | MissingType = MISSING,
        visibility: Visibility | MissingType = MISSING,
        redirect_uris: t.Iterable[str] | str | MissingType = MISSING,
        terms_and_conditions: str | MissingType = MISSING,
        privacy_policy: str | MissingType = MISSING,
        required_idp: uuid.UUID | str | MissingType = MISSING,
        preselect_idp: uuid.UUID | str | MissingType = MISSING,
        additional_fields: t.Mapping[str, t.Any] | MissingType | None = None,
    ) -> GlobusHTTPResponse:
        """
        Register a client that belongs to this one; see :meth:`AuthClient.create_client`.

        :param name: the name on the consent page, without line breaks
        :param public_client: True for a program that cannot keep a secret, False for one that can
        :param client_type: the kind in full, such as ``client_identity`` for a service account
        :param visibility: ``public`` or ``private``
        :param redirect_uris: where callbacks may go, one address or several
        :param terms_and_conditions: an address; not without ``privacy_policy``
        :param privacy_policy: an address; not without ``terms_and_conditions``
        :param required_idp: the identity provider that people must have signed in with
        :param preselect_idp: the identity provider that is offered first
        :param additional_fields: further fields, which win
        :raises GlobusSDKUsageError: if the kind is given twice or not at all, or an address is
            given without the other
        :raises AuthAPIError: if that is not allowed, or a field is wrong
        """
        check_kind(public_client, client_type)
        body = registration(
            name=name,
            public_client=public_client,
            client_type=client_type,
            visibility=visibility,
            redirect_uris=redirect_uris,
            terms_and_conditions=terms_and_conditions,
            privacy_policy=privacy_policy,
            required_idp=required_idp,
            preselect_idp=preselect_idp,
            additional_fields=additional_fields,
        )
        return self.post("/v2/api/clients", data=body)
