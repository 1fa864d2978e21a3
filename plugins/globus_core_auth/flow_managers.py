"""
The authorization code flow: the URL to open, the callback, the exchange.
"""

from __future__ import annotations

import secrets
import threading
from urllib.parse import urlencode

from globus_core import MISSING
from globus_core.exc import (
    GlobusSDKUsageError,
    IDTokenError,
    LoginFlowError,
    NotPicklableError,
    StateMismatchError,
)
from globus_core.login_flows.exchange import exchange_to_the_end
from globus_core.printable import safe_repr

from ._pkce import challenge, check_verifier, make_verifier
from ._request_parameters import check_flow, query, query_text, same_text, scope_string, text_or
from .callbacks import check_issuer, denied, parameters
from .id_token import decode_with
from .login_client import exchanging, report_scopes
from .token_responses import OAuthAuthorizationCodeResponse

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core import MissingType

    from ._request_parameters import Scopes
    from .callbacks import Callback
    from .confidential_client import ConfidentialAppAuthClient
    from .login_client import AuthLoginClient
    from .native_client import NativeAppAuthClient

AUTHORIZE_PATH = "v2/oauth2/authorize"
AUTH_CODE_PATH = "v2/web/auth-code"

_PKCE = frozenset(("code_challenge", "code_challenge_method"))


class GlobusOAuthFlowManager:
    """
    One authorization code flow (RFC 6749 section 4.1), with PKCE where it has a verifier.

    :param auth_client: the client that logs in
    :param redirect_uri: where the callback goes
    :param requested_scopes: the scopes to ask for; None takes the default ones
    :param state: sent along and expected back; None makes a fresh random one
    :param refresh_tokens: ask for refresh tokens as well
    :param verifier: the PKCE verifier (RFC 7636); None for a flow without PKCE
    :param nonce: expected in the ID token; None makes a fresh random one, MISSING sends none
    :param prefill_named_grant: label on the consent page; MISSING or None leaves it to the page
    :ivar id_token_decoder: checks the ID token; None takes the client's
    """

    def __init__(
        self,
        auth_client: AuthLoginClient,
        redirect_uri: str,
        requested_scopes: Scopes | None,
        *,
        state: str | None,
        refresh_tokens: bool,
        verifier: str | None,
        nonce: str | MissingType | None,
        prefill_named_grant: str | MissingType | None,
    ) -> None:
        check_flow(auth_client, redirect_uri=redirect_uri, state=state, nonce=nonce)
        self.auth_client = auth_client
        self.client_id = auth_client.client_id
        self.redirect_uri = redirect_uri
        self.requested_scopes = scope_string(requested_scopes)
        self.state = secrets.token_urlsafe(24) if state is None else state
        self.refresh_tokens = refresh_tokens
        self.verifier = verifier
        self.nonce = secrets.token_urlsafe(24) if nonce is None else nonce
        self.prefill_named_grant = prefill_named_grant
        self.id_token_decoder: t.Any = None
        self._max_age: int | None = None
        self._used = False
        self._lock = threading.Lock()

    @property
    def challenge(self) -> str | None:
        """The PKCE challenge of the verifier; None for a flow without PKCE."""
        return None if self.verifier is None else challenge(self.verifier)

    def get_authorize_url(
        self, query_params: t.Mapping[str, t.Any] | None = None, **params: t.Any
    ) -> str:
        """
        The URL that the person opens.

        :param query_params: further parameters, which win over ``params`` and the flow's own;
            lists are joined by commas, None and MISSING are left out, and so are session
            parameters without a value. State and nonce belong to the start of the flow, which
            expects the ones that it was started with
        :param params: further parameters, such as ``session_required_mfa`` or ``login_hint``.
            With ``max_age`` in seconds, the ID token must say that the person signed in no longer
            ago
        :raises GlobusSDKUsageError: if they would change the PKCE challenge, or hold text that
            no URL can carry, or a ``max_age`` that is not a number of seconds
        """
        further = query(params, query_params)
        changed = _PKCE & further.keys()
        if changed and self.verifier is not None:
            raise GlobusSDKUsageError(
                f"{min(changed)!r} belongs to the flow's own PKCE verifier; pass 'verifier' when "
                "the flow is started"
            )
        self._max_age = _seconds(further.get("max_age"))
        merged = {**self._own_parameters(), **further}
        if isinstance(merged["scope"], (list, tuple, set, frozenset)):
            merged["scope"] = scope_string(merged["scope"])
        fields = {
            name: query_text(name, value)
            for name, value in merged.items()
            if value is not None and value is not MISSING
        }
        fields = {name: text for name, text in fields.items() if text or not _of_session(name)}
        return f"{self.auth_client.base_url.rstrip('/')}/{AUTHORIZE_PATH}?{urlencode(fields)}"

    def _own_parameters(self) -> dict[str, t.Any]:
        params: dict[str, t.Any] = {
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": self.requested_scopes,
            "state": self.state,
            "response_type": "code",
            "access_type": "offline" if self.refresh_tokens else "online",
            "nonce": self.nonce,
            "prefill_named_grant": self.prefill_named_grant,
        }
        if self.verifier is not None:
            params["code_challenge"] = self.challenge
            params["code_challenge_method"] = "S256"
        return params

    def exchange_code_for_tokens(self, auth_code: str) -> OAuthAuthorizationCodeResponse:
        """
        Exchange a code for tokens, and check the nonce of the ID token where one was sent.

        :param auth_code: the code
        :raises AuthAPIError: if the code is refused
        :raises LoginFlowError: if it cannot be a code
        :raises IDTokenError: if the ID token does not belong to this flow
        """
        code = auth_code.strip()
        if not code.isascii():  # RFC 6749 appendix A.11
            raise LoginFlowError("a code has ASCII characters only; copy it again")
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
        }
        if self.verifier is not None:
            form["code_verifier"] = self.verifier
        if self._expects_id_token():
            # a server that claims to be another one gets no code, verifier or secret
            _ = self.auth_client.key_store.configuration
        response = self.auth_client.oauth2_token(
            form, response_class=OAuthAuthorizationCodeResponse
        )
        self._used = True
        response._asked = self.requested_scopes
        report_scopes(response)
        self._check_id_token(response)
        return response

    def exchange_callback(self, callback: Callback) -> OAuthAuthorizationCodeResponse:
        """
        Check a whole callback and exchange its code; a flow does so once.

        Nothing is sent to the token endpoint before ``state``, ``error`` and ``iss`` are checked.

        :param callback: the callback's URL, its query, or a mapping of its parameters, also one
            of a web framework
        :raises StateMismatchError: if it does not belong to this flow
        :raises LoginDeniedError: if it has an error instead of a code
        :raises LoginFlowError: if it has neither, comes from another server, or does not say
            from which though the server promises to (RFC 9207)
        :raises IDTokenError: if the ID token does not belong to this flow
        :raises GlobusAPIError: if the code is refused, or the server's configuration cannot be had
        :raises GlobusSDKUsageError: if the flow has already been used
        """
        code = self.code_from(callback)
        with self._lock:
            if self._used:
                raise GlobusSDKUsageError("this flow has already been used; start a new one")
            self._used = True
        return self.exchange_through_client(code)

    def exchange_through_client(self, auth_code: str) -> OAuthAuthorizationCodeResponse:
        """
        Exchange a code through the client, as a subclass may override the exchange.

        :param auth_code: the code
        :raises GlobusError: as for :meth:`exchange_code_for_tokens`
        """
        token = exchanging.set(self)
        try:
            return exchange_to_the_end(self.auth_client.oauth2_exchange_code_for_tokens, auth_code)
        finally:
            exchanging.reset(token)

    def code_from(self, callback: Callback) -> str:
        """
        Check a whole callback and return its code.

        :param callback: as for :meth:`exchange_callback`
        :raises LoginFlowError: as for :meth:`exchange_callback`
        """
        params = self.check_callback(callback)
        if params.get("error"):
            raise denied(params)
        code = params.get("code")
        if not code:
            raise LoginFlowError("the callback has neither a code nor an error")
        return code

    def check_callback(self, callback: Callback) -> dict[str, str]:
        """
        Check that a callback, with a code or an error, is of this login and from its server.

        :param callback: as for :meth:`exchange_callback`
        :return: its parameters
        :raises LoginFlowError: if it is of another login, or from another server
        :raises GlobusError: if the server's configuration cannot be fetched
        """
        params = parameters(callback)
        if not same_text(params.get("state", ""), self.state):
            raise StateMismatchError("the callback's state does not match the state of this login")
        check_issuer(params.get("iss"), self.auth_client.key_store)
        return params

    def _expects_id_token(self) -> bool:
        expects_claims = self.nonce is not MISSING or self._max_age is not None
        return expects_claims and "openid" in self.requested_scopes.split()

    def _check_id_token(self, response: OAuthAuthorizationCodeResponse) -> None:
        nonce = None if self.nonce is MISSING else str(self.nonce)
        if nonce is None and self._max_age is None:
            return
        if response.get("id_token") is None:
            # otherwise the code of a login without 'openid' would evade the check
            if self._expects_id_token():
                raise IDTokenError(
                    "the answer has no ID token, though 'openid' was asked for",
                    claim="auth_time" if nonce is None else "nonce",
                    reason="missing",
                )
            return
        decoder = self.id_token_decoder or self.auth_client.id_token_decoder
        claims = decode_with(
            decoder,
            response["id_token"],
            nonce=nonce,
            access_token=response["access_token"],
            max_age=self._max_age,
        )
        response.keep_claims(decoder, claims)

    def __getstate__(self) -> t.NoReturn:
        raise NotPicklableError(
            f"{type(self).__name__} holds the secrets of one login and cannot be pickled; where it "
            "goes on in another process, start a flow there with its state, nonce and verifier"
        )

    @safe_repr
    def __repr__(self) -> str:
        return f"<{type(self).__name__} of client {self.client_id}>"


class GlobusNativeAppFlowManager(GlobusOAuthFlowManager):
    """
    The flow of a native app (RFC 8252): always with PKCE.

    :param auth_client: the native client that logs in
    :param requested_scopes: the scopes to ask for; None takes the default ones
    :param redirect_uri: where the callback goes; MISSING or None shows the code on a page
    :param state: sent along and expected back; None makes a fresh random one
    :param verifier: the PKCE verifier; MISSING or None makes a fresh random one
    :param refresh_tokens: ask for refresh tokens as well
    :param prefill_named_grant: label on the consent page; MISSING or None leaves it to the page
    :param nonce: expected in the ID token; None makes a fresh random one, MISSING sends none
    :raises GlobusSDKUsageError: if the client has no id, or the verifier is malformed
    """

    def __init__(
        self,
        auth_client: NativeAppAuthClient,
        requested_scopes: Scopes | None = None,
        redirect_uri: str | MissingType | None = MISSING,
        state: str | None = "_default",
        verifier: str | MissingType | None = MISSING,
        refresh_tokens: bool = False,
        prefill_named_grant: str | MissingType | None = MISSING,
        *,
        nonce: str | MissingType | None = MISSING,
    ) -> None:
        check_flow(auth_client, verifier=verifier, prefill_named_grant=prefill_named_grant)
        if not auth_client.client_id:
            raise GlobusSDKUsageError("a native login needs a client id, and the client has none")
        default_uri = f"{auth_client.base_url.rstrip('/')}/{AUTH_CODE_PATH}"
        super().__init__(
            auth_client,
            text_or(default_uri, redirect_uri=redirect_uri),
            requested_scopes,
            state=state,
            refresh_tokens=refresh_tokens,
            verifier=check_verifier(verifier) if isinstance(verifier, str) else make_verifier(),
            nonce=nonce,
            prefill_named_grant=prefill_named_grant,
        )


class GlobusAuthorizationCodeFlowManager(GlobusOAuthFlowManager):
    """
    The flow of a confidential client; with PKCE where that is switched on (RFC 9700).

    :param auth_client: the confidential client that logs in
    :param redirect_uri: where the callback goes
    :param requested_scopes: the scopes to ask for; None takes the default ones
    :param state: sent along and expected back; None makes a fresh random one
    :param refresh_tokens: ask for refresh tokens as well
    :param prefill_named_grant: label on the consent page; MISSING or None leaves it to the page
    :param nonce: expected in the ID token; None makes a fresh random one, MISSING sends none
    :param pkce: send a PKCE challenge as well
    :param verifier: the PKCE verifier of a login that another process began, with which PKCE is
        switched on; MISSING or None makes a fresh one where it is
    :raises GlobusSDKUsageError: if the verifier is malformed
    """

    def __init__(
        self,
        auth_client: ConfidentialAppAuthClient,
        redirect_uri: str,
        requested_scopes: Scopes | None = None,
        state: str | None = "_default",
        refresh_tokens: bool = False,
        *,
        prefill_named_grant: str | MissingType | None = MISSING,
        nonce: str | MissingType | None = MISSING,
        pkce: bool = False,
        verifier: str | MissingType | None = MISSING,
    ) -> None:
        check_flow(auth_client, verifier=verifier, prefill_named_grant=prefill_named_grant)
        fresh = make_verifier() if pkce else None
        super().__init__(
            auth_client,
            redirect_uri,
            requested_scopes,
            state=state,
            refresh_tokens=refresh_tokens,
            verifier=check_verifier(verifier) if isinstance(verifier, str) else fresh,
            nonce=nonce,
            prefill_named_grant=prefill_named_grant,
        )


def _of_session(name: str) -> bool:
    """Whether a parameter asks something of the session; empty, it would ask for nothing."""
    return name.startswith("session_")


def _seconds(max_age: object) -> int | None:
    if max_age is None:
        return None
    text = str(max_age)
    if text.isascii() and text.isdigit() and len(text) < 12:
        return int(text)
    raise GlobusSDKUsageError(f"'max_age' is a number of seconds, not {text[:50]!r}")
