"""
ID tokens (OpenID Connect Core section 3.1.3.7): verified by PyJWT, and by the checks it lacks.
"""

from __future__ import annotations

from contextvars import ContextVar

from globus_core.arguments import check_has, check_mappings, check_numbers, check_texts, has
from globus_core.exc import GlobusError, GlobusSDKUsageError, IDTokenError

from ._claims import (
    algorithm_refused,
    as_ours,
    check_authorized_party,
    check_nonce,
    check_sign_in,
    check_subject,
    check_times,
    check_token_hash,
    header_of,
    unverified,
)
from .key_store import ALGORITHMS, KeyStore

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t
    from datetime import timedelta

    from typing_extensions import Self

    from .key_store import VerifyingKey

    Audience = str | list[str] | None

#: seconds by which clocks may differ
DEFAULT_LEEWAY = 300.0

#: raised for input that PyJWT does not check: huge numbers, deep nesting, lone surrogates
_UNEXPECTED = (ValueError, TypeError, ArithmeticError, RecursionError)

_REQUIRED = ("iss", "sub", "aud", "exp", "iat")


class IDTokenDecoder:
    """
    Decodes ID tokens and checks signature, issuer, audience, times, nonce and token hash.

    Configuration and keys are fetched when first needed and kept; decoders of one client share
    them. A subclass that overrides :meth:`get_openid_configuration` or :meth:`get_jwk` decides
    about them, and so does a client that overrides its methods of these names.

    :param auth_client: the client that the tokens were issued to; None checks tokens of Globus
        Auth, or of the server that the next parameters name, for an audience that is given to
        :meth:`decode`
    :param jwt_leeway: seconds by which clocks may differ, as a number or a timedelta
    :param jwt_options: further options for PyJWT, which may be changed later; None for none
    :param openid_configuration: the server's OpenID configuration; None fetches it
    :param jwks_uri: where the server's keys are; None takes it from the configuration
    """

    def __init__(
        self,
        auth_client: t.Any = None,
        *,
        jwt_leeway: float | timedelta = DEFAULT_LEEWAY,
        jwt_options: t.Mapping[str, t.Any] | None = None,
        openid_configuration: t.Any = None,
        jwks_uri: str | None = None,
    ) -> None:
        if auth_client is not None:
            check_has(
                auth_client,
                "auth_client",
                ("get_openid_configuration",),
                "a client, such as AuthClient()",
            )
        if not has(jwt_leeway, "total_seconds"):  # of a timedelta, which PyJWT takes as well
            check_numbers(jwt_leeway=jwt_leeway)
        check_mappings(jwt_options=jwt_options)
        check_texts(jwks_uri=jwks_uri)
        self.auth_client = auth_client
        self.jwt_leeway = jwt_leeway
        # the caller's object, which may be changed later
        self.jwt_options: t.Any = {} if jwt_options is None else jwt_options
        self._key: t.Any = None
        self._overriding: KeyStore | None = None
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
        # shared with the client's flows, so that a login verifies its ID token once
        shared = getattr(login_client, "id_token_decoder", None)
        return shared if type(shared) is cls else cls(login_client)

    def decode(
        self,
        id_token: str,
        *,
        verify_signature: bool = True,
        verify_audience: str | list[str] | None = None,
        verify_exp: bool = True,
        nonce: str | None = None,
        access_token: str | None = None,
        max_age: float | None = None,
    ) -> dict[str, t.Any]:
        """
        Check an ID token and return its claims.

        :param id_token: the token
        :param verify_signature: False reads the claims of a token that is trusted for other
            reasons; the claims are checked all the same
        :param verify_audience: the audience to expect, or several of which one must be there;
            None takes :meth:`get_jwt_audience`. Only ``jwt_options={"verify_aud": False}``
            switches the check off
        :param verify_exp: False accepts an expired token
        :param nonce: the nonce that the login sent; None checks none
        :param access_token: the access token that came with it, checked against ``at_hash``
            where the token has one; None checks nothing
        :param max_age: how many seconds ago the person may have signed in, as the login asked
            for; None checks nothing
        :raises IDTokenError: if the token is not acceptable; the error names the claim
        :raises GlobusSDKUsageError: if there is no audience to compare with
        :raises GlobusError: if keys are needed and cannot be fetched
        """
        if not isinstance(id_token, str):
            raise IDTokenError(
                f"an ID token is a string, not {type(id_token).__name__}", reason="malformed"
            )
        options = self._options(verify_signature, verify_exp)
        audience = verify_audience
        if audience is None and options["verify_aud"]:
            audience = self._own_audience()
        claims, algorithm, curve = self._verified(id_token, audience, options)
        if options.get("verify_sub", True):
            check_subject(claims)
        check_times(claims, options)
        if audience is not None and options["verify_aud"]:
            check_authorized_party(claims, audience)
        check_nonce(claims, nonce)
        check_token_hash(claims, access_token, algorithm, curve)
        check_sign_in(claims, max_age, self._leeway())
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
        self, id_token: str, audience: Audience, options: dict[str, t.Any]
    ) -> tuple[dict[str, t.Any], str, str | None]:
        """The claims, and the algorithm and curve that the signature was made with."""
        import jwt

        keys = self._key_store_now()
        issuer = keys.setting("issuer") if options["verify_iss"] else None

        def decode(key: t.Any, algorithms: tuple[str, ...]) -> dict[str, t.Any]:
            if algorithms:
                keys.check_algorithm(algorithm)
            return jwt.decode(
                id_token,
                key=key,
                algorithms=algorithms,
                audience=audience,
                issuer=issuer,
                leeway=self._leeway(),
                options=_as_pyjwt_options(options),
            )

        try:
            kid, algorithm = header_of(id_token)
            if not options["verify_signature"]:
                return decode("", ()), algorithm, None
            if algorithm not in ALGORITHMS:
                raise algorithm_refused()
            key = self._key_for(keys, kid, algorithm)
            try:
                return decode(key.public, key.algorithms), algorithm, key.curve
            except jwt.InvalidSignatureError:
                newer = keys.successor(key)
                if newer is None:
                    raise
            return decode(newer.public, newer.algorithms), algorithm, newer.curve
        except GlobusError:
            raise
        except (jwt.PyJWTError, *_UNEXPECTED) as error:
            ours = as_ours(error, id_token, self._leeway(), audience, issuer)
        # Outside of the block: the caught error can hold the token and must not become the context.
        raise ours

    def _key_for(self, keys: KeyStore, kid: str | None, algorithm: str) -> VerifyingKey:
        if _is_overridden(self, "get_jwk"):
            wanted = _wanted.set((kid, algorithm))
            try:
                return keys.of(self.get_jwk())
            finally:
                _wanted.reset(wanted)
        return keys.key_for(kid, algorithm) if self._key is None else keys.of(self._key)

    def _key_store_now(self) -> KeyStore:
        """The key store; that of the configuration which a subclass says, where one does."""
        if not _is_overridden(self, "get_openid_configuration"):
            return self._keys
        configuration = self.get_openid_configuration()
        store = self._overriding
        if store is None or not store.is_of(configuration):
            store = KeyStore(self.auth_client or _plain_client())
            store.set_configuration(configuration)
            self._overriding = store
        return store

    def _leeway(self) -> float:
        leeway: t.Any = self.jwt_leeway
        return float(leeway.total_seconds() if has(leeway, "total_seconds") else leeway)

    def _own_audience(self) -> str | list[str]:
        audience = self.get_jwt_audience()
        if audience is None:
            raise GlobusSDKUsageError(
                "there is no audience to compare the ID token with, and without one a token that "
                "was issued to any other program would be accepted; pass verify_audience, or a "
                "login client to the decoder"
            )
        return audience

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
        Use a known configuration, in this decoder only.

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
        The stored key, or the one that the token being decoded names, or the only one there is.
        """
        if self._key is not None:
            return self._key
        return self._key_store_now().key_for(*_wanted.get()).public


#: the methods as they are here; a subclass, or a test that replaces one, is asked instead
_OWN = {name: vars(IDTokenDecoder)[name] for name in ("get_jwk", "get_openid_configuration")}

#: ``kid`` and ``alg`` of the token that is being decoded
_wanted: ContextVar[tuple[str | None, str | None]] = ContextVar("wanted", default=(None, None))


def _is_overridden(decoder: IDTokenDecoder, name: str) -> bool:
    return getattr(getattr(decoder, name), "__func__", None) is not _OWN[name]


def decode_with(decoder: t.Any, id_token: str, **expected: t.Any) -> dict[str, t.Any]:
    """
    Check an ID token with the decoder of a program, which has the last word on it.

    A decoder of another class may know of fewer things to expect; the nonce is compared anyway.

    :param decoder: the decoder
    :param id_token: the token
    :param expected: the further arguments of :meth:`IDTokenDecoder.decode`
    :raises IDTokenError: if the token is not acceptable
    """
    from inspect import Parameter, signature

    nonce = expected.get("nonce")
    known = signature(decoder.decode).parameters
    if not any(parameter.kind is Parameter.VAR_KEYWORD for parameter in known.values()):
        expected = {name: value for name, value in expected.items() if name in known}
    claims: dict[str, t.Any] = decoder.decode(id_token, **expected)
    # what it returns may be a part of the claims
    check_nonce(claims if "nonce" in claims else unverified(id_token), nonce)
    return claims


def _plain_client() -> t.Any:
    """A client without credentials, to fetch a key set from any server."""
    from .client import AuthClient

    return AuthClient()


def _as_pyjwt_options(options: dict[str, t.Any]) -> t.Any:
    """Options for PyJWT, whose annotation is narrower than what it accepts."""
    return options
