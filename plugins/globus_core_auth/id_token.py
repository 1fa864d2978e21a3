"""
ID tokens (OpenID Connect Core section 3.1.3.7), checked by PyJWT and by what it leaves out.
"""

from __future__ import annotations

import hashlib
import time
from base64 import urlsafe_b64encode

from globus_core.exc import GlobusError, GlobusSDKUsageError, IDTokenError

from ._keys import ALGORITHMS, KeyStore
from ._wire import same_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    import jwt
    from typing_extensions import Self

#: seconds by which clocks may differ
DEFAULT_LEEWAY = 300.0

#: by the digits in the name of an algorithm
_HASHES = {"256": hashlib.sha256, "384": hashlib.sha384, "512": hashlib.sha512}

_REQUIRED = ("iss", "sub", "aud", "exp", "iat")


class IDTokenDecoder:
    """
    Decodes ID tokens and checks signature, issuer, audience, times, nonce and token hash.

    Configuration and keys are fetched when first needed and kept; decoders of one client share
    them.

    :param auth_client: the client that the tokens were issued to; None needs
        ``openid_configuration`` or ``jwks_uri`` and an audience given to :meth:`decode`
    :param jwt_leeway: seconds by which clocks may differ
    :param jwt_options: further options for PyJWT; None for none
    :param openid_configuration: the server's OpenID configuration; None fetches it
    :param jwks_uri: where the server's keys are; None takes it from the configuration
    """

    def __init__(
        self,
        auth_client: t.Any = None,
        *,
        jwt_leeway: float = DEFAULT_LEEWAY,
        jwt_options: t.Mapping[str, t.Any] | None = None,
        openid_configuration: t.Any = None,
        jwks_uri: str | None = None,
    ) -> None:
        self.auth_client = auth_client
        self.jwt_leeway = jwt_leeway
        self.jwt_options = dict(jwt_options or {})
        self._key: t.Any = None
        self._keys = self._key_store(openid_configuration, jwks_uri)

    def _key_store(self, configuration: t.Any, jwks_uri: str | None) -> KeyStore:
        if self.auth_client is not None and configuration is None and jwks_uri is None:
            shared = getattr(self.auth_client, "key_store", None)
            if isinstance(shared, KeyStore):
                return shared
        store = KeyStore(self.auth_client or _plain_client(), jwks_uri=jwks_uri)
        if configuration is not None:
            store.set_configuration(configuration)
        return store

    @classmethod
    def for_globus_app(cls, *, app_name: str, config: t.Any, login_client: t.Any) -> Self:
        """
        Make the decoder of an app.

        :param app_name: the app's name
        :param config: the app's settings
        :param login_client: the app's login client
        """
        return cls(login_client)

    def decode(
        self,
        id_token: str,
        *,
        verify_signature: bool = True,
        verify_audience: str | list[str] | None = None,
        verify_exp: bool = True,
        nonce: str | None = None,
        access_token: str | None = None,
    ) -> dict[str, t.Any]:
        """
        Check an ID token and return its claims.

        :param id_token: the token
        :param verify_signature: False reads the claims of a token that is trusted for other
            reasons; the claims are checked all the same
        :param verify_audience: the audience to expect; None takes :meth:`get_jwt_audience`
        :param verify_exp: False accepts an expired token
        :param nonce: the nonce that the login sent; None checks none
        :param access_token: the access token that came with it, checked against ``at_hash``
            where the token has one; None checks nothing
        :raises IDTokenError: if the token is not acceptable; names the claim
        :raises GlobusError: if keys are needed and cannot be fetched
        """
        options = self._options(verify_signature, verify_exp)
        audience = verify_audience
        if audience is None and options["verify_aud"]:
            audience = self.get_jwt_audience()
        claims, algorithm = self._verified(id_token, audience, options)
        if options["verify_aud"]:
            _check_authorized_party(claims, audience)
        _check_nonce(claims, nonce)
        _check_token_hash(claims, access_token, algorithm)
        return claims

    def _options(self, signature: bool, expiry: bool) -> dict[str, t.Any]:
        return {
            "require": list(_REQUIRED),
            "verify_signature": signature,
            "verify_aud": True,
            "verify_exp": expiry,
            "verify_iat": True,
            "verify_nbf": True,
            "verify_iss": True,
            **self.jwt_options,
        }

    def _verified(
        self, id_token: str, audience: str | list[str] | None, options: dict[str, t.Any]
    ) -> tuple[dict[str, t.Any], str]:
        """The claims, and the algorithm that the signature was made with."""
        import jwt

        issuer = self._keys.setting("issuer") if options["verify_iss"] else None
        try:
            # only the header: PyJWT reads the other parts slowly, and once is enough
            header = jwt.get_unverified_header(f"{id_token.partition('.')[0]}..")
            claims = self._signed_claims(id_token, header, audience, issuer, options)
        except GlobusError:
            raise
        except jwt.PyJWTError as error:
            raise _as_ours(error, id_token, self.jwt_leeway, audience, issuer) from error
        except (ValueError, TypeError, ArithmeticError, AttributeError, RecursionError):
            # What PyJWT does not expect: numbers without end, nesting without end, lone
            # surrogates. Such an exception can hold the token, so it must not be the context.
            unreadable = IDTokenError("the ID token cannot be read", reason="malformed")
        else:
            return claims, str(header.get("alg"))
        raise unreadable

    def _signed_claims(
        self,
        id_token: str,
        header: t.Mapping[str, t.Any],
        audience: str | list[str] | None,
        issuer: str | None,
        options: dict[str, t.Any],
    ) -> dict[str, t.Any]:
        import jwt

        def decode(key: t.Any, algorithms: t.Sequence[str]) -> dict[str, t.Any]:
            return jwt.decode(
                id_token,
                key=key,
                algorithms=list(algorithms),
                audience=audience,
                issuer=issuer,
                leeway=self.jwt_leeway,
                options=_as_pyjwt_options(
                    {**options, "verify_aud": options["verify_aud"] and audience is not None}
                ),
            )

        if not options["verify_signature"]:
            return decode("", ())
        if self._key is not None:
            return decode(self._key, ALGORITHMS["RSA"])
        key = self._keys.key_for(header.get("kid"))
        try:
            return decode(key.key, ALGORITHMS[str(key.key_type)])
        except jwt.InvalidSignatureError:
            newer = self._keys.successor(key)
            if newer is None:
                raise
        return decode(newer.key, ALGORITHMS[str(newer.key_type)])

    def get_jwt_audience(self) -> str | None:
        """
        The audience that tokens must be for: the client's id; None for a decoder without one.

        :raises GlobusSDKUsageError: if the client has no id
        """
        if self.auth_client is None:
            return None
        client_id = getattr(self.auth_client, "client_id", None)
        if client_id is None:
            raise GlobusSDKUsageError(
                f"{type(self.auth_client).__name__} has no client_id to compare the audience "
                "with; pass a login client, or verify_audience"
            )
        return str(client_id)

    def store_openid_configuration(self, openid_configuration: t.Any) -> None:
        """
        Use a configuration that is known already, in this decoder only.

        :param openid_configuration: the document, or the response that brought it
        """
        self._keys = KeyStore(self.auth_client or _plain_client())
        self._keys.set_configuration(openid_configuration)

    def store_jwk(self, jwk: t.Any) -> None:
        """
        Use one RSA public key for every token.

        :param jwk: the key object, as ``get_jwk(as_pem=True)`` gives it
        """
        self._key = jwk

    def get_openid_configuration(self) -> t.Mapping[str, t.Any]:
        """
        The OpenID configuration, fetched when first needed.
        """
        return self._keys.configuration

    def get_jwk(self) -> t.Any:
        """
        The one key: the stored one, else that of a key set with one key.
        """
        return self._key if self._key is not None else self._keys.key_for(None).key


def _plain_client() -> t.Any:
    """A client that can fetch a key set from anywhere and has no credentials."""
    from .client import AuthClient

    return AuthClient()


def _as_pyjwt_options(options: dict[str, t.Any]) -> t.Any:
    """Options for PyJWT, whose type for them is narrower than what it takes."""
    return options


def _check_authorized_party(claims: t.Mapping[str, t.Any], audience: object) -> None:
    """Sections 3.1.3.7.4 and 5: a token for several must say that it was issued to us."""
    if not isinstance(audience, str):
        return
    party = claims.get("azp")
    several = isinstance(claims.get("aud"), list) and len(claims["aud"]) > 1
    if (party is None and not several) or party == audience:
        return
    raise IDTokenError(
        f"the ID token was issued to {party!r}, not to {audience!r}", claim="azp", reason="mismatch"
    )


def _check_nonce(claims: t.Mapping[str, t.Any], nonce: str | None) -> None:
    if nonce is None:
        return
    found = claims.get("nonce")
    if isinstance(found, str) and same_text(found, nonce):
        return
    raise IDTokenError(
        "the ID token does not belong to this login: its nonce is another or missing",
        claim="nonce",
        reason="mismatch",
    )


def _check_token_hash(
    claims: t.Mapping[str, t.Any], access_token: str | None, algorithm: str
) -> None:
    """Section 3.1.3.6: the left half of the hash that belongs to the signature's algorithm."""
    expected = claims.get("at_hash")
    hasher = _HASHES.get("".join(filter(str.isdigit, algorithm)))
    if access_token is None or expected is None or hasher is None:
        return
    digest = hasher(access_token.encode()).digest()
    half = urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode("ascii")
    if isinstance(expected, str) and same_text(expected, half):
        return
    raise IDTokenError(
        "the ID token does not belong to the access token that came with it",
        claim="at_hash",
        reason="mismatch",
    )


def _as_ours(
    error: jwt.PyJWTError,
    id_token: str,
    leeway: float,
    audience: str | list[str] | None,
    issuer: str | None,
) -> IDTokenError:
    """The error in our tree, naming the claim and, where the clock is the cause, by how much."""
    import jwt

    if isinstance(error, (jwt.ExpiredSignatureError, jwt.ImmatureSignatureError)):
        return _wrong_time(error, id_token, leeway)
    if isinstance(error, jwt.MissingRequiredClaimError):
        return IDTokenError(
            f"the ID token has no claim {error.claim!r}", claim=error.claim, reason="missing"
        )
    if isinstance(error, jwt.InvalidAudienceError):
        what = f"the ID token is for {_shown(id_token, 'aud')}, not for {audience!r}"
        return IDTokenError(what, claim="aud", reason="mismatch")
    if isinstance(error, jwt.InvalidIssuerError):
        what = f"the ID token was issued by {_shown(id_token, 'iss')}, not by {issuer!r}"
        return IDTokenError(what, claim="iss", reason="mismatch")
    for kind, claim, message in (
        (jwt.InvalidIssuedAtError, "iat", "the ID token's time of issue is no number"),
        (jwt.InvalidSignatureError, "signature", "the ID token's signature is wrong"),
        (jwt.InvalidAlgorithmError, "alg", "the ID token's algorithm is not accepted"),
    ):
        if isinstance(error, kind):
            return IDTokenError(message, claim=claim, reason="mismatch")
    return IDTokenError(f"the ID token cannot be read: {error}", reason="malformed")


def _wrong_time(error: jwt.PyJWTError, id_token: str, leeway: float) -> IDTokenError:
    import jwt

    if isinstance(error, jwt.ExpiredSignatureError):
        late = time.time() - float(_unverified(id_token, "exp"))
        claim, reason = "exp", "expired"
        what = f"the ID token expired {late:.0f} seconds ago"
    else:
        claim, reason = "nbf" if "nbf" in str(error) else "iat", "not_yet_valid"
        early = float(_unverified(id_token, claim)) - time.time()
        what = f"the ID token is valid only in {early:.0f} seconds"
    ours = IDTokenError(f"{what} (leeway {leeway:g} seconds)", claim=claim, reason=reason)
    ours.advice = "check the clock of this machine; if it is right, log in again"
    return ours


def _shown(id_token: str, claim: str) -> str:
    text = repr(_unverified(id_token, claim))
    return text if len(text) <= 200 else f"{text[:200]}..."


def _unverified(id_token: str, claim: str) -> t.Any:
    import jwt

    return jwt.decode(id_token, options={"verify_signature": False}).get(claim, 0)
