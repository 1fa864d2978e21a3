"""
What login clients share: the current flow, and the token endpoint.
"""

from __future__ import annotations

import time
from contextvars import ContextVar

from globus_core import MISSING, GlobusHTTPResponse, NullAuthorizer, compose, hookspecs
from globus_core.arguments import check_id
from globus_core.documents import comma_joined
from globus_core.events import ScopesEvent, TokenEvent
from globus_core.exc import GlobusError, GlobusSDKUsageError

from ._request_parameters import query
from .client import AuthClient
from .token_responses import (
    OAuthAuthorizationCodeResponse,
    OAuthRefreshTokenResponse,
    OAuthTokenResponse,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t
    import uuid

    from typing_extensions import TypeVar

    from globus_core import MissingType, Scope
    from globus_core.authorizers import GlobusAuthorizer
    from globus_core.documents import IDs
    from globus_core.transport import RequestsTransport, RetryConfig

    from .flow_managers import GlobusOAuthFlowManager
    from .id_token import IDTokenDecoder

    R = TypeVar("R", bound=OAuthTokenResponse, default=OAuthTokenResponse)
    Params = t.Mapping[str, t.Any] | None

#: grants that work once: a code, and a refresh token that rotates
_SINGLE_USE_GRANTS = ("authorization_code", "refresh_token")

#: the flow whose code is being exchanged, which need not be the client's current one
exchanging: ContextVar[GlobusOAuthFlowManager | None] = ContextVar("exchanging", default=None)


class AuthLoginClient(AuthClient):
    """
    Base of clients that log people in or get tokens for themselves.

    :param client_id: the client's id, or None
    :param environment: the Globus environment; None takes ``GLOBUS_SDK_ENVIRONMENT``, then
        ``production``
    :param base_url: the address of Globus Auth; None looks it up
    :param authorizer: provides the Authorization header; None sends none
    :param app_name: name for the User-Agent header; None names none
    :param transport: sends the requests; None makes one that is closed with the client
    :param retry_config: when to retry; None takes the defaults
    :param transport_params: the settings of transport and retries as one dict, as in 3.x of
        globus-sdk; not together with ``transport``
    """

    _not_pickled: frozenset[str] = AuthClient._not_pickled | {
        "_id_token_decoder",
        "current_oauth2_flow_manager",
    }

    current_oauth2_flow_manager: GlobusOAuthFlowManager | None = None

    def __init__(
        self,
        client_id: uuid.UUID | str | None = None,
        environment: str | None = None,
        base_url: str | None = None,
        authorizer: GlobusAuthorizer | None = None,
        app_name: str | None = None,
        transport: RequestsTransport | None = None,
        retry_config: RetryConfig | None = None,
        *,
        transport_params: t.Mapping[str, t.Any] | None = None,
    ) -> None:
        if client_id is not None:
            check_id(client_id, "client_id")
        super().__init__(
            environment=environment,
            base_url=base_url,
            authorizer=authorizer,
            app_name=app_name,
            transport=transport,
            retry_config=retry_config,
            transport_params=transport_params,
        )
        self._client_id = None if client_id is None else str(client_id)

    @property
    def client_id(self) -> str | None:
        """The client's id, or None."""
        return self._client_id

    @property
    def default_scope_requirements(self) -> list[Scope]:
        """Login clients cannot be attached to an app."""
        raise GlobusSDKUsageError(f"{type(self).__name__} cannot be attached to an app")

    # the flow

    def oauth2_get_authorize_url(
        self,
        *,
        session_required_identities: IDs | MissingType | None = MISSING,
        session_required_single_domain: t.Iterable[str] | str | MissingType | None = MISSING,
        session_required_policies: IDs | MissingType | None = MISSING,
        session_required_mfa: bool | MissingType | None = MISSING,
        session_message: str | MissingType | None = MISSING,
        prompt: str | MissingType | None = MISSING,
        query_params: Params = None,
        **params: t.Any,
    ) -> str:
        """
        The URL that the person opens to log in; a flow must have been started.

        :param session_required_identities: identities that must be in session
        :param session_required_single_domain: domains, one of which must be in session
        :param session_required_policies: policies that the session must meet
        :param session_required_mfa: whether the session must have used a second factor
        :param session_message: text for the person
        :param prompt: ``login`` asks the person to sign in anew
        :param query_params: further parameters, which win
        :param params: further parameters, such as ``login_hint``
        :raises GlobusSDKUsageError: if no flow was started
        """
        flow = self._current_flow()
        fields: dict[str, t.Any] = {
            "session_required_identities": comma_joined(session_required_identities),
            "session_required_single_domain": comma_joined(session_required_single_domain),
            "session_required_policies": comma_joined(session_required_policies),
            "session_required_mfa": _truth(session_required_mfa),
            "session_message": session_message,
            "prompt": prompt,
        }
        return flow.get_authorize_url(query(fields, query_params, params))

    def oauth2_exchange_code_for_tokens(self, auth_code: str) -> OAuthAuthorizationCodeResponse:
        """
        Exchange the code of the current flow.

        :param auth_code: the code
        :raises AuthAPIError: if the code is refused
        :raises GlobusSDKUsageError: if no flow was started
        """
        return self._current_flow().exchange_code_for_tokens(auth_code)

    def _current_flow(self) -> GlobusOAuthFlowManager:
        flow = exchanging.get()
        if flow is None or flow.auth_client is not self:
            flow = self.current_oauth2_flow_manager
        if flow is None:
            raise GlobusSDKUsageError("no flow was started; call oauth2_start_flow first")
        return flow

    @property
    def id_token_decoder(self) -> IDTokenDecoder:
        """The decoder of this client's ID tokens, which logins and storages share."""
        from .id_token import IDTokenDecoder

        mine = vars(self)
        decoder: IDTokenDecoder = mine.get("_id_token_decoder") or mine.setdefault(
            "_id_token_decoder", IDTokenDecoder(self)
        )
        return decoder

    # tokens

    def oauth2_refresh_token(
        self, refresh_token: str, *, body_params: Params = None
    ) -> OAuthRefreshTokenResponse:
        """
        Get a new access token by a refresh token (RFC 6749 section 6).

        :param refresh_token: the refresh token
        :param body_params: further fields, which win
        :raises AuthAPIError: if the refresh token is refused
        """
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        return self.oauth2_token(
            form, body_params=body_params, response_class=OAuthRefreshTokenResponse
        )

    def oauth2_token(
        self,
        form_data: t.Mapping[str, t.Any],
        *,
        body_params: Params = None,
        response_class: type[R] = OAuthTokenResponse,  # type: ignore[assignment]
    ) -> R:
        """
        Send any grant to the token endpoint (RFC 6749 section 3.2).

        A code or a refresh token is not sent again once it may have arrived.

        :param form_data: the grant's fields
        :param body_params: further fields, which win
        :param response_class: the class of what is returned
        :raises AuthAPIError: if the grant is refused
        """
        form = {**self._client_fields(), **form_data, **(body_params or {})}
        grant = form.get("grant_type")
        done: t.Literal["issued", "refreshed"] = (
            "refreshed" if grant == "refresh_token" else "issued"
        )
        began = time.perf_counter()
        try:
            answer = self.request(
                "POST",
                "/v2/oauth2/token",
                data=form,
                encoding="form",
                single_use=grant in _SINGLE_USE_GRANTS,
            )
            response = response_class(answer, **_left_unsaid(answer, form))
        except GlobusError as error:
            failed = type(error).__name__
            self._tell("failed", error=failed, seconds=time.perf_counter() - began)
            raise
        seconds = time.perf_counter() - began
        if isinstance(scopes := form.get("scope"), str):
            response._asked = scopes
        for server, token in response.by_resource_server.items():
            expires = token["expires_at_seconds"]
            self._tell(done, resource_server=server, expires_at=expires, seconds=seconds)
        report_scopes(response)
        return response

    def oauth2_revoke_token(self, token: str, *, body_params: Params = None) -> GlobusHTTPResponse:
        """
        Revoke an access or refresh token (RFC 7009).

        :param token: the token
        :param body_params: further fields, which win
        """
        fields = {} if self._authenticates_by_header() else {"client_id": self.client_id}
        form = {"token": token, **fields, **(body_params or {})}
        response = self.post("/v2/oauth2/token/revoke", data=form, encoding="form")
        self._tell("revoked")
        return response

    def _authenticates_by_header(self) -> bool:
        return self.authorizer is not None and not isinstance(self.authorizer, NullAuthorizer)

    def _client_fields(self) -> dict[str, t.Any]:
        """Fields that identify the client in a token request without an Authorization header."""
        return {}

    def _tell(
        self,
        kind: t.Literal["issued", "refreshed", "revoked", "failed"],
        *,
        resource_server: str | None = None,
        **facts: t.Any,
    ) -> None:
        client_id = None if self.client_id is None else str(self.client_id)
        event = TokenEvent(kind, resource_server=resource_server, client_id=client_id, **facts)
        compose.notify(hookspecs.globus_token_event, event)


def report_scopes(response: object) -> None:
    """
    Tell observers if other scopes were granted than requested; the tokens are used all the same.

    :param response: the token response; a stand-in for one has no scopes
    """
    if not isinstance(response, OAuthTokenResponse):  # the stand-in of a test
        return
    try:
        missing, extra = response.missing_scopes, response.extra_scopes
    except ValueError:  # what was requested is no scope string
        return
    if missing or extra:
        event = ScopesEvent(
            resource_server=None, missing_scopes=missing or (), extra_scopes=extra or ()
        )
        compose.notify(hookspecs.globus_token_event, event)


def _truth(value: bool | MissingType | None) -> str | MissingType:
    if value is None or value is MISSING:
        return MISSING
    return "true" if value else "false"


def _left_unsaid(answer: GlobusHTTPResponse, form: t.Mapping[str, t.Any]) -> dict[str, str]:
    """
    The requested scopes, if the response omits the granted ones (RFC 6749 section 5.1).

    Only then, as response classes of programs need not accept the argument.
    """
    asked = form.get("scope")
    if not isinstance(asked, str) or not isinstance(answer.data, dict) or "scope" in answer:
        return {}
    return {"requested_scopes": asked}
