"""
ID tokens: what is accepted, and one typed error for everything else.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
import typing as t
from types import SimpleNamespace

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import assume, given
from hypothesis import strategies as st

from globus_core import AuthClient, IDTokenDecoder
from globus_core.exc import GlobusError, GlobusSDKUsageError, IDTokenError, ValidationError
from tests.unit.auth import fakes

if t.TYPE_CHECKING:
    from globus_core import NativeAppAuthClient

ACCESS_TOKEN = "made-up-access-token"
NOW = time.time


@pytest.fixture
def decoder(native: NativeAppAuthClient) -> IDTokenDecoder:
    """
    The decoder of a native client.
    """
    return IDTokenDecoder(native)


def refused(decoder: IDTokenDecoder, token: str, **arguments: t.Any) -> IDTokenError:
    """
    The error that a token ends with; it is ours and does not show the token.
    """
    with pytest.raises(IDTokenError) as caught:
        decoder.decode(token, **arguments)
    assert isinstance(caught.value, GlobusError)
    assert token not in str(caught.value)
    return caught.value


def base64url(content: bytes) -> str:
    """
    Base64url without padding.
    """
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """
    The bytes of a part of a token.
    """
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def made_by_hand(header: t.Any, payload: t.Any, signature: bytes = b"") -> str:
    """
    A token of any parts.
    """
    parts = [
        part if isinstance(part, bytes) else json.dumps(part).encode() for part in (header, payload)
    ]
    return ".".join(map(base64url, [*parts, signature]))


# what is accepted


@pytest.mark.parametrize("algorithm", ["RS256", "RS384", "RS512", "PS256"])
def test_tokens_signed_with_rsa_are_accepted(decoder: IDTokenDecoder, algorithm: str) -> None:
    """
    With any algorithm that suits the key.
    """
    claims = decoder.decode(fakes.id_token(alg=algorithm, name="Ada"))
    assert (claims["sub"], claims["name"]) == (fakes.IDENTITY, "Ada")


def test_tokens_signed_with_elliptic_curves_are_accepted(
    decoder: IDTokenDecoder, server: fakes.FakeAuth
) -> None:
    """
    The type of the key decides.
    """
    server.answer(fakes.KEYS_PATH, fakes.key_set(fakes.published(fakes.ec_key(1), "one")))
    assert decoder.decode(fakes.id_token(fakes.ec_key(1), alg="ES256"))


def test_a_key_set_of_ten_is_searched_by_kid(
    decoder: IDTokenDecoder, server: fakes.FakeAuth
) -> None:
    """
    Each key is found, none is guessed.
    """
    keys = {f"kid-{number}": fakes.ec_key(number) for number in range(10)}
    server.answer(
        fakes.KEYS_PATH, fakes.key_set(*(fakes.published(key, kid) for kid, key in keys.items()))
    )
    for kid, key in keys.items():
        assert decoder.decode(fakes.id_token(key, kid, alg="ES256"))
    assert (
        refused(decoder, fakes.id_token(keys["kid-3"], "kid-4", alg="ES256")).reason == "mismatch"
    )
    assert server.count(fakes.KEYS_PATH) == 1


def test_what_a_token_says_is_shown_escaped_and_shortened(decoder: IDTokenDecoder) -> None:
    """
    Whoever made it, it may go on and on, or hold escape sequences for a terminal.
    """
    for kid in ("k" * 100_000, "\x1b[2J"):
        message = str(refused(decoder, fakes.id_token(fakes.ec_key(1), kid, alg="ES256")))
        assert message.isprintable()
        assert len(message) < 600
    nasty: dict[str, t.Any] = {"iss": "\x1b[2J" * 1000, "aud": ["\x1b[2J" * 1000]}
    for claim, value in nasty.items():
        message = str(refused(decoder, fakes.id_token(**{claim: value})))
        assert message.isprintable()
        assert len(message) < 600


def test_the_token_may_be_given_by_keyword(decoder: IDTokenDecoder) -> None:
    """
    Both ways of calling work.
    """
    assert decoder.decode(id_token=fakes.id_token())


# signature


@given(position=st.integers(min_value=0), change=st.integers(min_value=1, max_value=255))
def test_any_altered_byte_is_noticed(position: int, change: int) -> None:
    """
    In header, payload or signature.
    """
    token = fakes.id_token()
    parts = [bytearray(from_base64url(part)) for part in token.split(".")]
    position %= sum(map(len, parts))
    for part in parts:
        if position < len(part):
            part[position] ^= change
            break
        position -= len(part)
    altered = ".".join(base64url(bytes(part)) for part in parts)
    refused(_decoder_of_one_key(), altered)


@given(st.integers(min_value=0), st.characters())
def test_any_altered_character_is_noticed(position: int, character: str) -> None:
    """
    Unless it means the same bytes.
    """
    token = fakes.id_token()
    position %= len(token)
    altered = token[:position] + character + token[position + 1 :]
    assume(not _mean_the_same(token, altered))
    refused(_decoder_of_one_key(), altered)


def _mean_the_same(one: str, other: str) -> bool:
    """Whether two tokens differ at most in bits of the signature's text that code nothing."""
    signed, _, signature = one.rpartition(".")
    signed_too, _, signature_too = other.rpartition(".")
    letters = signature_too.replace("-", "").replace("_", "")
    if signed != signed_too or not (letters.isascii() and letters.isalnum()):
        return False
    return len(signature) == len(signature_too) and (
        from_base64url(signature) == from_base64url(signature_too)
    )


@given(st.text() | st.binary().map(lambda content: content.decode("latin-1")))
def test_any_text_is_one_typed_error(text: str) -> None:
    """
    Nothing foreign leaks.
    """
    refused_or_ours = _decoder_of_one_key()
    with pytest.raises(IDTokenError):
        refused_or_ours.decode(text)


_DECODERS: list[IDTokenDecoder] = []


def _decoder_of_one_key() -> IDTokenDecoder:
    """A decoder for properties, which cannot take fixtures."""
    if not _DECODERS:
        server = fakes.FakeAuth()
        server.answer(fakes.KEYS_PATH, fakes.key_set(fakes.published(fakes.rsa_key(1), "one")))
        _DECODERS.append(IDTokenDecoder(fakes.native(server)))
    return _DECODERS[0]


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", ""])
def test_an_unsigned_token_is_refused(decoder: IDTokenDecoder, algorithm: str) -> None:
    """
    However ``none`` is written.
    """
    token = made_by_hand({"alg": algorithm, "kid": "one"}, fakes.claims())
    assert refused(decoder, token).claim == "alg"


@pytest.mark.parametrize("algorithm", ["HS256", "HS512"])
def test_a_token_signed_with_the_public_key_as_a_password_is_refused(
    decoder: IDTokenDecoder, algorithm: str
) -> None:
    """
    The type of the key decides what it may sign with, not the token.
    """
    public = fakes.rsa_key(1).public_key()
    digest = {"HS256": hashlib.sha256, "HS512": hashlib.sha512}[algorithm]
    formats = [
        public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        json.dumps(fakes.published(fakes.rsa_key(1), "one")).encode(),
    ]
    for password in formats:
        unsigned = made_by_hand({"alg": algorithm, "kid": "one"}, fakes.claims())[:-1]
        signature = hmac.new(password, unsigned.encode(), digest).digest()
        error = refused(decoder, f"{unsigned}.{base64url(signature)}")
        assert (error.claim, error.reason) == ("alg", "mismatch")


def test_a_token_of_another_key_is_refused(decoder: IDTokenDecoder) -> None:
    """
    Though it names the right one.
    """
    error = refused(decoder, fakes.id_token(fakes.rsa_key(2)))
    assert (error.claim, error.reason) == ("signature", "mismatch")


def test_an_algorithm_of_another_key_type_is_refused(decoder: IDTokenDecoder) -> None:
    """
    An elliptic signature under the name of an RSA key.
    """
    assert refused(decoder, fakes.id_token(fakes.ec_key(1), alg="ES256")).claim == "alg"


def test_keys_for_something_else_are_left_out(
    decoder: IDTokenDecoder, server: fakes.FakeAuth
) -> None:
    """
    For encryption, symmetric, broken or of an unknown kind.
    """
    good = fakes.published(fakes.rsa_key(1), "one")
    server.answer(
        fakes.KEYS_PATH,
        fakes.key_set(
            {**good, "use": "enc"},
            {"kty": "oct", "k": "c2VjcmV0", "kid": "one"},
            {"kty": "RSA", "n": "!", "e": "AQAB", "kid": "one"},
            {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "kid": "one"},
            {"kty": "unheard of"},
            {"kty": ["RSA"]},
            t.cast("t.Any", "no key at all"),
            good,
        ),
    )
    assert decoder.decode(fakes.id_token())


# claims


def test_another_audience_is_refused(decoder: IDTokenDecoder) -> None:
    """
    The message names both.
    """
    error = refused(decoder, fakes.id_token(aud="somebody else"))
    assert (error.claim, error.reason) == ("aud", "mismatch")
    assert "'somebody else'" in str(error)
    assert fakes.CLIENT_ID in str(error)


def test_the_audience_may_be_given(decoder: IDTokenDecoder) -> None:
    """
    One or several; then the client's id does not count.
    """
    token = fakes.id_token(aud="a service")
    assert decoder.decode(token, verify_audience="a service")
    assert decoder.decode(token, verify_audience=["another", "a service"])
    assert refused(decoder, fakes.id_token(), verify_audience="a service").claim == "aud"


@pytest.mark.parametrize("issuer", ["https://evil.example", f"{fakes.ISSUER}/", "", 7, ["x"]])
def test_another_issuer_is_refused(decoder: IDTokenDecoder, issuer: t.Any) -> None:
    """
    globus-sdk did not look.
    """
    payload = json.dumps(fakes.claims() | {"iss": issuer}).encode()
    token = jwt.PyJWS().encode(payload, fakes.rsa_key(1), "RS512", {"kid": "one"})
    error = refused(decoder, token)
    assert (error.claim, error.reason) == ("iss", "mismatch")
    assert repr(issuer) in str(error)


def test_a_configuration_without_issuer_is_refused(native: NativeAppAuthClient) -> None:
    """
    Else no issuer would be checked.
    """
    decoder = IDTokenDecoder(native)
    decoder.store_openid_configuration({"jwks_uri": f"{fakes.ISSUER}{fakes.KEYS_PATH}"})
    with pytest.raises(ValidationError, match="'issuer'"):
        decoder.decode(fakes.id_token())


def test_an_expired_token_says_by_how_much(decoder: IDTokenDecoder) -> None:
    """
    And that the clock may be the cause.
    """
    error = refused(decoder, fakes.id_token(exp=int(NOW()) - 1000))
    assert (error.claim, error.reason) == ("exp", "expired")
    assert any(f"expired {seconds} seconds ago" in str(error) for seconds in range(999, 1010))
    assert "leeway 300 seconds" in str(error)
    assert "clock" in error.explain()


def test_the_leeway_is_300_seconds_and_can_be_set(native: NativeAppAuthClient) -> None:
    """
    Both ways.
    """
    late, early = fakes.id_token(exp=int(NOW()) - 280), fakes.id_token(iat=int(NOW()) + 280)
    usual, strict = IDTokenDecoder(native), IDTokenDecoder(native, jwt_leeway=10)
    for token, claim in ((late, "exp"), (early, "iat")):
        assert usual.decode(token)
        assert refused(strict, token).claim == claim


@pytest.mark.parametrize("claim", ["iat", "nbf"])
def test_a_token_from_the_future_says_by_how_much(decoder: IDTokenDecoder, claim: str) -> None:
    """
    And that the clock may be the cause.
    """
    changes: fakes.Document = {claim: int(NOW()) + 1000}
    error = refused(decoder, fakes.id_token(**changes))
    assert (error.claim, error.reason) == (claim, "not_yet_valid")
    assert any(f"valid only in {seconds} seconds" in str(error) for seconds in range(990, 1001))
    assert "clock" in error.explain()


def test_expiry_can_be_left_out(decoder: IDTokenDecoder) -> None:
    """
    The rest is still checked.
    """
    late = int(NOW()) - 10_000
    assert decoder.decode(fakes.id_token(exp=late), verify_exp=False)
    token = fakes.id_token(exp=late, aud="somebody else")
    assert refused(decoder, token, verify_exp=False).claim == "aud"


def test_the_signature_can_be_left_out(decoder: IDTokenDecoder, server: fakes.FakeAuth) -> None:
    """
    The claims are still checked, and no key is fetched.
    """
    assert decoder.decode(fakes.id_token(fakes.rsa_key(2)), verify_signature=False)
    token = fakes.id_token(fakes.rsa_key(2), aud="somebody else")
    assert refused(decoder, token, verify_signature=False).claim == "aud"
    token = fakes.id_token(fakes.rsa_key(2), exp=int(NOW()) - 10_000)
    assert refused(decoder, token, verify_signature=False).claim == "exp"
    assert server.count(fakes.KEYS_PATH) == 0


@pytest.mark.parametrize("claim", ["iss", "sub", "aud", "exp", "iat"])
def test_claims_that_must_be_there_are_named(decoder: IDTokenDecoder, claim: str) -> None:
    """
    OpenID Connect Core section 2 requires five.
    """
    changes: fakes.Document = {claim: None}
    assert refused(decoder, fakes.id_token(**changes)).claim == claim


@pytest.mark.parametrize(
    ("aud", "azp", "accepted"),
    [
        (fakes.CLIENT_ID, None, True),
        (fakes.CLIENT_ID, fakes.CLIENT_ID, True),
        (fakes.CLIENT_ID, "another", False),
        ([fakes.CLIENT_ID], None, True),
        ([fakes.CLIENT_ID, "another"], None, False),
        ([fakes.CLIENT_ID, "another"], "another", False),
        ([fakes.CLIENT_ID, "another"], fakes.CLIENT_ID, True),
    ],
)
def test_the_authorized_party_must_be_us(
    decoder: IDTokenDecoder, aud: t.Any, azp: str | None, accepted: bool
) -> None:
    """
    A token for several must say that it was issued to us.
    """
    token = fakes.id_token(aud=aud, azp=azp)
    if accepted:
        assert decoder.decode(token)
    else:
        assert refused(decoder, token).claim == "azp"


@pytest.mark.parametrize(
    ("azp", "accepted"),
    [("a service", True), ("another", True), ("a third", False), (["x"], False)],
)
def test_the_authorized_party_must_be_one_of_several_audiences(
    decoder: IDTokenDecoder, azp: t.Any, accepted: bool
) -> None:
    """
    Whoever names several has that checked as well.
    """
    token = fakes.id_token(aud="a service", azp=azp)
    if accepted:
        assert decoder.decode(token, verify_audience=["another", "a service"])
    else:
        error = refused(decoder, token, verify_audience=["another", "a service"])
        assert error.claim == "azp"


@pytest.mark.parametrize("found", [None, "", "other", "Mine", "mine ", 7, "\ud800"])
def test_another_nonce_is_refused(decoder: IDTokenDecoder, found: t.Any) -> None:
    """
    So is none, or one that is no text.
    """
    assert decoder.decode(fakes.id_token(nonce="mine"), nonce="mine")
    error = refused(decoder, fakes.id_token(nonce=found), nonce="mine")
    assert (error.claim, error.reason) == ("nonce", "mismatch")


@pytest.mark.parametrize("algorithm", ["RS256", "RS384", "RS512"])
def test_the_hash_of_the_access_token_must_fit(decoder: IDTokenDecoder, algorithm: str) -> None:
    """
    The left half of the hash that goes with the signature's algorithm.
    """
    digest = hashlib.new(f"sha{algorithm[2:]}", ACCESS_TOKEN.encode()).digest()
    at_hash = base64url(digest[: len(digest) // 2])
    token = fakes.id_token(alg=algorithm, at_hash=at_hash)
    assert decoder.decode(token, access_token=ACCESS_TOKEN)
    assert refused(decoder, token, access_token="another").claim == "at_hash"
    whole = fakes.id_token(alg=algorithm, at_hash=base64url(digest))
    assert refused(decoder, whole, access_token=ACCESS_TOKEN).claim == "at_hash"
    assert decoder.decode(token)
    assert decoder.decode(fakes.id_token(alg=algorithm), access_token=ACCESS_TOKEN)


# kid


def test_a_token_without_kid_takes_the_only_key(decoder: IDTokenDecoder) -> None:
    """
    Globus Auth itself names none.
    """
    assert decoder.decode(fakes.id_token(kid=None))


def test_a_token_with_kid_takes_the_only_key_that_has_none(
    decoder: IDTokenDecoder, server: fakes.FakeAuth
) -> None:
    """
    The signature decides in any case.
    """
    server.answer(fakes.KEYS_PATH, fakes.key_set(fakes.published(fakes.rsa_key(1))))
    assert decoder.decode(fakes.id_token())
    assert refused(decoder, fakes.id_token(fakes.rsa_key(2))).claim == "signature"


def test_a_token_without_kid_among_several_keys_is_refused(
    decoder: IDTokenDecoder, server: fakes.FakeAuth
) -> None:
    """
    None is guessed.
    """
    both = (fakes.published(fakes.rsa_key(1), "one"), fakes.published(fakes.rsa_key(2), "two"))
    server.answer(fakes.KEYS_PATH, fakes.key_set(*both))
    error = refused(decoder, fakes.id_token(kid=None))
    assert (error.claim, error.reason) == ("kid", "ambiguous_key")
    assert "publishes 2" in str(error)


def test_a_kid_that_two_keys_have_is_refused(
    decoder: IDTokenDecoder, server: fakes.FakeAuth
) -> None:
    """
    None is guessed.
    """
    both = (fakes.published(fakes.rsa_key(1), "one"), fakes.published(fakes.rsa_key(2), "one"))
    server.answer(fakes.KEYS_PATH, fakes.key_set(*both))
    error = refused(decoder, fakes.id_token())
    assert (error.claim, error.reason) == ("kid", "ambiguous_key")


# what is not a token


DEEP = b'{"alg":' + b"[" * 200_000 + b"]" * 200_000 + b"}"


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a.b",
        "a.b.c",
        "\ud800.\ud800.\ud800",
        made_by_hand({"alg": ["RS512"], "kid": "one"}, {}),
        made_by_hand({"alg": "RS512", "kid": 7}, {}),
        made_by_hand({"alg": "RS512", "kid": ["one"]}, {}),
        made_by_hand([], []),
        made_by_hand(b"\xff\xfe", b"\xff"),
        made_by_hand(DEEP, {}),
        t.cast("str", None),
        t.cast("str", 7),
    ],
    ids=str,
)
def test_what_is_no_token_is_one_typed_error(token: str) -> None:
    """
    With or without a look at the signature.
    """
    for check in (True, False):
        with pytest.raises(IDTokenError):
            _decoder_of_one_key().decode(token, verify_signature=check)


@pytest.mark.parametrize("claim", ["exp", "nbf", "iat"])
@pytest.mark.parametrize("value", [[], {}, "soon", float("inf"), float("nan"), 10**400])
def test_times_that_are_no_numbers_are_typed_errors(
    decoder: IDTokenDecoder, claim: str, value: t.Any
) -> None:
    """
    Even in a token that is signed well; the error names the claim.
    """
    payload = json.dumps(fakes.claims() | {claim: value}).encode()
    token = jwt.PyJWS().encode(payload, fakes.rsa_key(1), "RS512", {"kid": "one"})
    if (claim, value) == ("exp", 10**400):  # a number, if not a likely one
        assert decoder.decode(token)
    else:
        assert refused(decoder, token).claim == claim


@pytest.mark.parametrize("exp", [-(10**400), 0, True])
def test_a_time_long_ago_is_an_expired_one(decoder: IDTokenDecoder, exp: int) -> None:
    """
    However long ago.
    """
    payload = json.dumps(fakes.claims() | {"exp": exp}).encode()
    token = jwt.PyJWS().encode(payload, fakes.rsa_key(1), "RS512", {"kid": "one"})
    error = refused(decoder, token)
    assert (error.claim, error.reason) == ("exp", "expired")


def test_a_subject_that_is_no_text_is_named(decoder: IDTokenDecoder) -> None:
    """
    It identifies the person, so it must be one.
    """
    payload = json.dumps(fakes.claims() | {"sub": 7}).encode()
    token = jwt.PyJWS().encode(payload, fakes.rsa_key(1), "RS512", {"kid": "one"})
    assert refused(decoder, token).claim == "sub"


# where settings come from


def test_a_client_without_id_needs_an_audience(server: fakes.FakeAuth) -> None:
    """
    A usage error says so.
    """
    client = fakes.joined(AuthClient(base_url=fakes.BASE_URL), server)
    with pytest.raises(GlobusSDKUsageError, match="no client_id"):
        IDTokenDecoder(client).decode(fakes.id_token())
    assert IDTokenDecoder(client).decode(fakes.id_token(), verify_audience=fakes.CLIENT_ID)
    assert IDTokenDecoder(client, jwt_options={"verify_aud": False}).decode(fakes.id_token())


def test_without_client_and_audience_nothing_is_decoded(server: fakes.FakeAuth) -> None:
    """
    Else a token that was issued to any other program would do.
    """
    decoder = IDTokenDecoder(openid_configuration=fakes.configuration())
    fakes.joined(decoder._keys._client, server)
    with pytest.raises(GlobusSDKUsageError, match="pass verify_audience"):
        decoder.decode(fakes.id_token())
    assert not server.sent
    assert decoder.decode(fakes.id_token(), verify_audience=fakes.CLIENT_ID)
    assert decoder.decode(fakes.id_token(), verify_audience=["another", fakes.CLIENT_ID])
    assert refused(decoder, fakes.id_token(), verify_audience="another").claim == "aud"


def test_only_an_option_leaves_the_audience_out(server: fakes.FakeAuth) -> None:
    """
    Whoever wants that has to say so.
    """
    decoder = IDTokenDecoder(
        openid_configuration=fakes.configuration(), jwt_options={"verify_aud": False}
    )
    fakes.joined(decoder._keys._client, server)
    assert decoder.decode(fakes.id_token(aud="anybody"))


def test_the_audience_can_be_overridden_in_a_subclass(native: NativeAppAuthClient) -> None:
    """
    As in globus-sdk.
    """

    class Mine(IDTokenDecoder):
        def get_jwt_audience(self) -> str | None:
            return "mine"

    assert Mine(native).decode(fakes.id_token(aud="mine"))


def test_stored_configuration_and_key_need_no_network(
    native: NativeAppAuthClient, server: fakes.FakeAuth
) -> None:
    """
    They are used in this decoder only.
    """
    server.go_down()
    decoder = IDTokenDecoder(native)
    decoder.store_openid_configuration(fakes.configuration(issuer="https://x.example"))
    decoder.store_jwk(fakes.rsa_key(2).public_key())
    assert decoder.decode(fakes.id_token(fakes.rsa_key(2), "any", iss="https://x.example"))
    assert decoder.get_openid_configuration()["issuer"] == "https://x.example"
    assert decoder.get_jwk() is decoder._key
    assert not server.sent
    error = refused(decoder, fakes.id_token(iss="https://x.example"))
    assert error.claim == "signature"


def test_a_stored_key_of_another_kind_is_a_typed_error(native: NativeAppAuthClient) -> None:
    """
    It takes RSA keys.
    """
    decoder = IDTokenDecoder(native, openid_configuration=fakes.configuration())
    decoder.store_jwk(fakes.ec_key(1).public_key())
    refused(decoder, fakes.id_token())


def test_a_decoder_of_given_places_asks_there(
    native: NativeAppAuthClient, server: fakes.FakeAuth
) -> None:
    """
    A configuration or the address of the keys may be given.
    """
    server.answer("/other/keys", fakes.key_set(fakes.published(fakes.rsa_key(2), "two")))
    uri = f"{fakes.ISSUER}/other/keys"
    for decoder in (
        IDTokenDecoder(native, jwks_uri=uri),
        IDTokenDecoder(native, openid_configuration=fakes.configuration(jwks_uri=uri)),
    ):
        assert decoder.decode(fakes.id_token(fakes.rsa_key(2), "two"))
    assert server.count(fakes.KEYS_PATH) == 0


def test_an_app_gets_its_decoder_by_name(native: NativeAppAuthClient) -> None:
    """
    The provider protocol of apps.
    """
    decoder = IDTokenDecoder.for_globus_app(
        app_name="mine", config=SimpleNamespace(), login_client=native
    )
    assert decoder.decode(fakes.id_token())


def test_no_exception_around_an_unreadable_token_holds_it(decoder: IDTokenDecoder) -> None:
    """Programs that report errors send the context along, even where a traceback hides it."""
    assert refused(decoder, "eyJ\ud800.eyJ.x").__context__ is None
