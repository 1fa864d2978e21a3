"""
Token responses: the tokens by resource server and by scope, secrets hidden.
"""

from __future__ import annotations

import functools
import time

from globus_core import GlobusHTTPResponse
from globus_core.documents import why_not_bearer
from globus_core.exc import GlobusSDKUsageError, ValidationError
from globus_core.printable import quoted, safe_repr

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .answer_documents import TokenFields
    from .answers import TokensResponse
    from .tokens_by_scopes import TokensByScopes
else:
    TokensResponse = GlobusHTTPResponse

#: seconds by which clocks may differ; the response takes some time as well
CLOCKS_AGREE_SECONDS = 60
#: the largest lifetime that is a number of seconds; some servers say so of tokens that never expire
_FOR_EVER = 2**64
#: what is taken for a longer lifetime, so that its end fits into every storage
_LONGEST_SECONDS = 1e11


class Token(dict[str, "t.Any"]):
    """
    A token document whose ``repr`` hides the secrets.
    """

    @safe_repr
    def __repr__(self) -> str:
        from .tokens_by_scopes import hidden

        return repr(hidden(self))


class OAuthTokenResponse(TokensResponse):
    """
    A token response (RFC 6749 section 5.1, and ``other_tokens`` of Globus Auth).
    """

    #: the tokens belong to the identity that the storage has on record
    keeps_identity = False

    #: the requested scopes as they were sent; set by the sender, as the response lacks them
    _asked: str | None = None

    #: the decoder that verified the ID token, and the claims
    _claims: tuple[t.Any, dict[str, t.Any]] | None = None

    def __init__(self, *args: t.Any, requested_scopes: str | None = None, **kwargs: t.Any) -> None:
        """
        Make a response, as clients do.

        :param response: the response of requests, or another response to wrap
        :param client: the client that sent the request; required with a response of requests
        :param requested_scopes: what was asked for. A single token that comes without ``scope`` is
            for just that; None where it is not known
        :raises ValidationError: if the body is not a token response; names what is missing
        """
        super().__init__(*args, **kwargs)
        now = time.time()
        ahead = _server_ahead(self.headers.get("Date"), now)
        tokens = self._token_documents()
        if requested_scopes is not None:
            self._asked = requested_scopes
            if len(tokens) == 1 and "scope" not in tokens[0]:
                tokens = [{**tokens[0], "scope": " ".join(self.requested_scopes or ())}]
        entries = [_entry(token, now, ahead) for token in tokens]
        self._by_resource_server = {entry["resource_server"]: entry for entry in entries}

    def _token_documents(self) -> list[t.Any]:
        data = self.data
        if not isinstance(data, dict):
            raise self._not_json("object")
        others = data.get("other_tokens", [])
        if not isinstance(others, list):
            raise ValidationError("'other_tokens' of a token response must be a list")
        return [data, *others]

    def _not_json(self, kind: str) -> ValidationError:
        error = ValidationError(
            f"the body of a token response must be a JSON {kind}, got {quoted(self.content_type)}"
        )
        error.advice = "check that the URL is that of Globus Auth, and that no proxy is in the way"
        return error

    @property
    def by_resource_server(self) -> dict[str, TokenFields]:
        """
        The tokens by resource server.

        Each has ``scope``, ``access_token``, ``refresh_token``, ``token_type``,
        ``resource_server`` and ``expires_at_seconds`` (UTC epoch seconds; counted from the
        response's ``Date`` where that differs from the clock here by more than a minute).
        """
        return self._by_resource_server  # type: ignore[return-value]

    @property
    def granted_scopes(self) -> tuple[str, ...]:
        """The granted scopes, without duplicates."""
        return tuple(
            dict.fromkeys(
                scope for token in self._by_resource_server.values() for scope in _names(token)
            )
        )

    @property
    def requested_scopes(self) -> tuple[str, ...] | None:
        """
        The requested scopes, without their dependencies.

        None where it is not known: after a refresh, and after a grant that named no scopes.

        :raises ScopeParseError: if the requested scopes are not a scope string
        """
        return None if self._asked is None else tuple(dict.fromkeys(s for s, _ in self._wanted()))

    @property
    def missing_scopes(self) -> tuple[str, ...] | None:
        """
        The required scopes that were requested and not granted; optional ones may be declined.

        None where the requested scopes are not known.
        """
        if self._asked is None:
            return None
        granted = set(self.granted_scopes)
        required = dict.fromkeys(scope for scope, optional in self._wanted() if not optional)
        return tuple([scope for scope in required if scope not in granted])

    @property
    def extra_scopes(self) -> tuple[str, ...] | None:
        """
        The scopes that were granted without being requested.

        None where the requested scopes are not known.
        """
        asked = self.requested_scopes
        if asked is None:
            return None
        return tuple([scope for scope in self.granted_scopes if scope not in asked])

    def _wanted(self) -> t.Iterator[tuple[str, bool]]:
        """Each requested scope at the top level, and whether it is optional."""
        from globus_core.scopes import ScopeParser

        for scope in ScopeParser.parse(self._asked or ""):
            yield scope.scope_string, scope.optional

    @property
    def claimed_identity(self) -> str | None:
        """
        The subject of the ID token, which is not verified; None if there is no ID token.

        :raises IDTokenError: if the ID token cannot be read
        """
        id_token = self.get("id_token")
        if id_token is None:
            return None
        from globus_core.exc import IDTokenError

        from ._claims import unverified

        subject = unverified(id_token).get("sub")
        if isinstance(subject, str):
            return subject
        raise IDTokenError("the ID token cannot be read", reason="malformed")

    @property
    def by_scopes(self) -> TokensByScopes:
        """The tokens by scope: a mapping, which may also be called with several scopes."""
        from .tokens_by_scopes import TokensByScopes

        return TokensByScopes(self._by_resource_server)

    def keep_claims(self, decoder: t.Any, claims: dict[str, t.Any]) -> None:
        """
        Keep the claims that a decoder has verified, so that it need not do so again.

        :param decoder: the decoder that has verified the ID token
        :param claims: its claims
        """
        self._claims = (decoder, claims)

    def verified_claims(self, decoder: t.Any) -> dict[str, t.Any] | None:
        """
        The claims of the ID token if this decoder has verified them and they have not expired.

        None if the ID token has to be verified; another decoder may have other rules.

        :param decoder: the decoder that would verify the ID token
        """
        if self._claims is None or self._claims[0] is not decoder:
            return None
        claims = self._claims[1]
        end = claims.get("exp")
        lasts = isinstance(end, (int, float)) and time.time() < end
        return dict(claims) if lasts else None

    def decode_id_token(
        self,
        openid_configuration: t.Any = None,
        jwk: t.Any = None,
        jwt_params: t.Mapping[str, t.Any] | None = None,
    ) -> dict[str, t.Any]:
        """
        Check the ID token of the response and return its claims.

        :param openid_configuration: the server's OpenID configuration; None fetches it
        :param jwk: the key, as ``get_jwk(as_pem=True)`` gives it; None fetches the key set
        :param jwt_params: ``leeway`` in seconds; the rest goes to PyJWT as options
        :raises IDTokenError: if the ID token is not acceptable, or there is none
        :raises GlobusSDKUsageError: if there is a key and no configuration
        """
        if jwk is not None and openid_configuration is None:
            raise GlobusSDKUsageError("'jwk' needs 'openid_configuration' as well")
        from globus_core.exc import IDTokenError

        from .id_token import DEFAULT_LEEWAY, IDTokenDecoder

        id_token = self.get("id_token")
        if self.client is None:
            raise GlobusSDKUsageError(
                "a response that was pickled has no client to check its ID token with; "
                "use IDTokenDecoder"
            )
        if id_token is None:
            raise IDTokenError("the response has no ID token; ask for the scope 'openid'")
        if openid_configuration is None and jwk is None and not jwt_params:
            decoder = getattr(self.client, "id_token_decoder", None) or IDTokenDecoder(self.client)
            return self.verified_claims(decoder) or decoder.decode(
                id_token, access_token=self.get("access_token")
            )
        options = dict(jwt_params or {})
        decoder = IDTokenDecoder(
            self.client,
            jwt_leeway=options.pop("leeway", DEFAULT_LEEWAY),
            jwt_options=options or None,
        )
        if openid_configuration is not None:
            decoder.store_openid_configuration(openid_configuration)
        if jwk is not None:
            decoder.store_jwk(jwk)
        return decoder.decode(id_token, access_token=self.get("access_token"))

    def __getstate__(self) -> dict[str, t.Any]:
        # a decoder belongs to a client, and neither is pickled
        return {**super().__getstate__(), "_claims": None}

    def _repr_html_(self) -> str:
        from globus_core import notebook

        title = f"{type(self).__name__} {self.http_status}"
        return notebook.page(title, notebook.tokens(self._by_resource_server.values()))

    def __str__(self) -> str:
        from json import dumps

        from .tokens_by_scopes import hidden

        shown = {rs: hidden(token) for rs, token in self._by_resource_server.items()}
        return dumps({"by_resource_server": shown, "id_token": "id_token" in self}, indent=2)


class OAuthAuthorizationCodeResponse(OAuthTokenResponse):
    """
    The response to an authorization code grant.
    """


class OAuthClientCredentialsResponse(OAuthTokenResponse):
    """
    The response to a client credentials grant.
    """


class OAuthRefreshTokenResponse(OAuthTokenResponse):
    """
    The response to a refresh token grant.
    """

    keeps_identity = True


class OAuthDependentTokenResponse(OAuthTokenResponse):
    """
    The response to a dependent token grant, whose body is an array of tokens.
    """

    def _token_documents(self) -> list[t.Any]:
        data: t.Any = self.data
        if not isinstance(data, list):
            raise self._not_json("array")
        return data

    def decode_id_token(
        self,
        openid_configuration: t.Any = None,
        jwk: t.Any = None,
        jwt_params: t.Mapping[str, t.Any] | None = None,
    ) -> dict[str, t.Any]:
        """
        A dependent token response never has an ID token.

        :raises NotImplementedError: always
        """
        raise NotImplementedError("a dependent token response has no ID token")


def _server_ahead(date: object, now: float) -> float:
    """How many seconds the server's clock is ahead of ours; 0 if the two agree."""
    if not isinstance(date, str):  # there is none, or a stand-in has something else there
        return 0.0
    # it is nearly always the same minute, which needs no parser
    if date[5:22] == _minute(now // 60):
        return 0.0
    from datetime import timezone
    from email.utils import parsedate_to_datetime

    try:
        then = parsedate_to_datetime(date)
        ahead = then.replace(tzinfo=then.tzinfo or timezone.utc).timestamp() - now
    except (TypeError, ValueError, OverflowError):
        return 0.0
    return ahead if abs(ahead) > CLOCKS_AGREE_SECONDS else 0.0


@functools.lru_cache(maxsize=1)
def _minute(number: float) -> str:
    """A minute as a ``Date`` header has it, by its number since the epoch."""
    return time.strftime("%d %b %Y %H:%M", time.gmtime(number * 60))


def _names(token: Token) -> list[str]:
    names: list[str] = token["scope"].split()
    return names


def _entry(token: t.Any, now: float, ahead: float) -> Token:
    if not isinstance(token, dict):
        raise ValidationError("each token of a token response must be a JSON object")
    get = token.get
    scope, access_token, server = get("scope"), get("access_token"), get("resource_server")
    if not type(scope) is type(access_token) is type(server) is str:
        fields = ("resource_server", "scope", "access_token")
        lacking = next(field for field in fields if type(get(field)) is not str)
        raise ValidationError(f"a token response lacks {lacking!r}, or it is not a string")
    refresh_token, token_type = get("refresh_token"), get("token_type")
    reason = why_not_bearer(access_token, token_type)
    if reason is None and refresh_token is not None and why_not_bearer(refresh_token) is not None:
        reason = "the refresh token cannot be sent"
    if reason is not None:
        raise ValidationError(f"a token response is refused: {reason}")
    entry = {
        "scope": scope,
        "access_token": access_token,
        "refresh_token": refresh_token,
        "token_type": token_type,
        "expires_at_seconds": _end(now, ahead, get("expires_in")),
        "resource_server": server,
    }
    return Token(entry)


def _end(now: float, ahead: float, expires_in: t.Any) -> int:
    if expires_in is None:
        return int(now)
    if type(expires_in) is not int or not 0 <= expires_in <= _LONGEST_SECONDS:
        expires_in = _unusual_lifetime(expires_in)
    # Where our clock is so far ahead that a new token would soon count as expired, or has
    # expired already, only our own clock can be counted from.
    counted = ahead if -ahead < expires_in / 2 else 0.0
    return int(now + counted + expires_in)


def _unusual_lifetime(expires_in: t.Any) -> float:
    is_number = isinstance(expires_in, (int, float)) and not isinstance(expires_in, bool)
    # comparisons, which are false for NaN, and never overflow
    if not is_number or not 0 <= expires_in <= _FOR_EVER:
        raise ValidationError("'expires_in' of a token response must be a number of seconds")
    return min(float(expires_in), _LONGEST_SECONDS)
