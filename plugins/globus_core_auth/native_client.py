"""
The login client of programs that cannot keep a secret.
"""

from __future__ import annotations

from globus_core import MISSING, GlobusHTTPResponse, NullAuthorizer
from globus_core.arguments import check_id

from .login_client import AuthLoginClient

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t
    import uuid

    from globus_core import MissingType
    from globus_core.transport import RequestsTransport, RetryConfig

    from ._request_parameters import Scopes
    from .flow_managers import GlobusNativeAppFlowManager


class NativeAppAuthClient(AuthLoginClient):
    """
    Logs people in from programs on their own machines (RFC 8252), with PKCE.

    :param client_id: the client's id
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
        environment: str | None = None,
        base_url: str | None = None,
        app_name: str | None = None,
        transport: RequestsTransport | None = None,
        retry_config: RetryConfig | None = None,
        *,
        transport_params: t.Mapping[str, t.Any] | None = None,
    ) -> None:
        check_id(client_id, "client_id")
        super().__init__(
            client_id,
            environment=environment,
            base_url=base_url,
            authorizer=NullAuthorizer(),
            app_name=app_name,
            transport=transport,
            retry_config=retry_config,
            transport_params=transport_params,
        )

    def oauth2_start_flow(
        self,
        requested_scopes: Scopes | None = None,
        *,
        redirect_uri: str | MissingType | None = MISSING,
        state: str | None = "_default",
        verifier: str | MissingType | None = MISSING,
        refresh_tokens: bool = False,
        prefill_named_grant: str | MissingType | None = MISSING,
        nonce: str | MissingType | None = MISSING,
        pkce: bool = True,
    ) -> GlobusNativeAppFlowManager:
        """
        Start a login; the flow is kept as ``current_oauth2_flow_manager`` as well.

        :param requested_scopes: a scope or several; None takes ``openid profile email`` and
            Globus Transfer
        :param redirect_uri: where the callback goes; MISSING or None shows the code on a page
        :param state: sent along and expected back; None makes a fresh random one
        :param verifier: the PKCE verifier; MISSING or None makes a fresh random one
        :param refresh_tokens: ask for refresh tokens as well
        :param prefill_named_grant: label on the consent page
        :param nonce: expected in the ID token; None makes a fresh random one, MISSING sends none
        :param pkce: always True for a native client
        :raises GlobusSDKUsageError: if the client has no id, or the verifier a wrong form
        """
        if not pkce:
            from globus_core.exc import GlobusSDKUsageError

            raise GlobusSDKUsageError("a native client always uses PKCE")
        from .flow_managers import GlobusNativeAppFlowManager

        flow = GlobusNativeAppFlowManager(
            self,
            requested_scopes,
            redirect_uri,
            state,
            verifier,
            refresh_tokens,
            prefill_named_grant,
            nonce=nonce,
        )
        self.current_oauth2_flow_manager = flow
        return flow

    def create_native_app_instance(
        self, template_id: uuid.UUID | str, name: str
    ) -> GlobusHTTPResponse:
        """
        Register a confidential client for this installation of a native app.

        No credentials are needed. The new client's secret is in this answer only, at
        ``["included"]["client_credential"]["secret"]``.

        :param template_id: the id of the native app's client
        :param name: the new client's name
        :raises AuthAPIError: if there is no such template
        """
        from .responses import SecretResponse

        body = {"client": {"template_id": template_id, "name": name}}
        return SecretResponse(self.post("/v2/api/clients", data=body))

    def _client_fields(self) -> dict[str, t.Any]:
        return {"client_id": self.client_id}
