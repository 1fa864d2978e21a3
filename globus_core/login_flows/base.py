"""
The contract of login flow managers.
"""

from __future__ import annotations

from globus_core.arguments import check_texts, has, kind
from globus_core.exc.base import GlobusSDKUsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.gare import GlobusAuthorizationParameters


_SESSION_PARAMETERS = (
    "session_required_identities",
    "session_required_single_domain",
    "session_required_policies",
    "session_required_mfa",
    "session_message",
    "prompt",
)


class LoginFlowManager:
    """
    Logs a person in and returns the tokens.

    A subclass overrides :meth:`run_login_flow`, which calls :meth:`start_flow` and passes the
    callback's parameters to the returned flow.

    :param login_client: the client for the login; has ``oauth2_start_flow``
    :param request_refresh_tokens: also request refresh tokens
    :param native_prefill_named_grant: label on the consent page; None uses the label of the page
    :ivar id_token_decoder: checks the ID tokens of its logins; None uses the client's
    :raises GlobusSDKUsageError: if the client cannot start a flow
    """

    id_token_decoder: t.Any = None

    def __init__(
        self,
        login_client: t.Any,
        *,
        request_refresh_tokens: bool = False,
        native_prefill_named_grant: str | None = None,
    ) -> None:
        check_texts(native_prefill_named_grant=native_prefill_named_grant)
        if not has(login_client, "oauth2_start_flow"):
            raise GlobusSDKUsageError(
                f"{kind(login_client)} cannot start a login; pass a NativeAppAuthClient "
                "or a ConfidentialAppAuthClient"
            )
        self.login_client = login_client
        self.request_refresh_tokens = request_refresh_tokens
        self.native_prefill_named_grant = native_prefill_named_grant

    def run_login_flow(self, auth_parameters: GlobusAuthorizationParameters) -> t.Any:
        """
        Log a person in and return the token response.

        :param auth_parameters: what the login must satisfy; ``required_scopes`` must not be empty
        :raises LoginFlowError: if the login is not completed
        """
        raise NotImplementedError(f"{type(self).__name__} does not implement run_login_flow()")

    def start_flow(
        self, auth_parameters: GlobusAuthorizationParameters, redirect_uri: str | None
    ) -> tuple[t.Any, str]:
        """
        Start an authorization code flow with a fresh state and nonce, and PKCE.

        :param auth_parameters: what to ask for
        :param redirect_uri: the redirect URI; None takes the client's default
        :return: the flow, which exchanges the code, and the URL to open
        :raises GlobusSDKUsageError: if there are no required scopes
        """
        if not auth_parameters.required_scopes:
            raise GlobusSDKUsageError("a login needs at least one required scope")
        options = {
            "redirect_uri": redirect_uri,
            "prefill_named_grant": self.native_prefill_named_grant,
        }
        flow = self.login_client.oauth2_start_flow(
            requested_scopes=auth_parameters.required_scopes,
            refresh_tokens=self.request_refresh_tokens,
            state=None,
            nonce=None,
            pkce=True,
            **{name: value for name, value in options.items() if value is not None},
        )
        if self.id_token_decoder is not None:
            flow.id_token_decoder = self.id_token_decoder
        # Read from the flow, not from the client, whose current flow may be another thread's.
        return flow, flow.get_authorize_url(_session_parameters(auth_parameters))


def _session_parameters(auth_parameters: GlobusAuthorizationParameters) -> dict[str, str]:
    """The requirements on the session as query parameters: lists joined by commas."""
    asked = auth_parameters.to_dict()
    return {name: _as_text(asked[name]) for name in _SESSION_PARAMETERS if name in asked}


def _as_text(value: t.Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else ",".join(value)
