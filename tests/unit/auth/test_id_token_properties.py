"""
ID tokens, keys and configurations of any form: claims, or one typed error.
"""

from __future__ import annotations

import copy
import hashlib
import json
import typing as t
import warnings
from functools import cache

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from globus_core import IDTokenDecoder
from globus_core.exc import GlobusError, IDTokenError
from globus_core_auth import _claims
from tests.unit.auth import fakes
from tests.unit.auth.test_id_token import base64url, made_by_hand, refused

if t.TYPE_CHECKING:
    from globus_core import NativeAppAuthClient

ACCESS_TOKEN = "made-up-access-token"
CLAIMS = ["iss", "sub", "aud", "exp", "nbf", "iat", "azp", "nonce", "at_hash", "jti"]

any_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**400, -(10**400), 2**63])
    | st.floats()
    | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)


@cache
def decoder_of(kid: str = "one") -> IDTokenDecoder:
    """
    A decoder for properties, which cannot take fixtures; its server publishes one RSA key.
    """
    server = fakes.FakeAuth()
    server.answer(fakes.KEYS_PATH, fakes.key_set(fakes.published(fakes.rsa_key(1), kid)))
    return IDTokenDecoder(fakes.native(server))


def signed(payload: t.Any, key: t.Any = None, alg: str = "RS256", **header: t.Any) -> str:
    """
    A token of any payload, signed well.
    """
    content = json.dumps(payload).encode()
    return jwt.PyJWS().encode(content, key or fakes.rsa_key(1), alg, {"kid": "one", **header})


@settings(max_examples=60)
@given(
    changes=st.dictionaries(st.sampled_from(CLAIMS), any_json, max_size=4),
    check=st.booleans(),
)
def test_any_claims_are_accepted_or_one_typed_error(changes: dict[str, t.Any], check: bool) -> None:
    """
    However well a token is signed, what it says may be anything.
    """
    token = signed(fakes.claims() | changes)
    try:
        claims = decoder_of().decode(
            token, verify_signature=check, nonce="mine", access_token=ACCESS_TOKEN
        )
    except IDTokenError as error:
        assert error.__context__ is None or isinstance(error.__context__, GlobusError)
        assert token not in str(error)
        assert len(str(error)) < 1000
    else:
        assert claims["nonce"] == "mine"


@settings(max_examples=40)
@given(any_json)
def test_any_payload_is_one_typed_error(payload: t.Any) -> None:
    """
    A payload that is no claims at all.
    """
    refused(decoder_of(), signed(payload))


@settings(max_examples=60)
@given(
    header=st.dictionaries(
        st.sampled_from(["alg", "kid", "typ", "crit", "b64", "jwk", "jku", "x5c"]), any_json
    ),
    signature=st.binary(max_size=40),
)
def test_any_header_is_one_typed_error(header: dict[str, t.Any], signature: bytes) -> None:
    """
    Keys and algorithms that a token brings along are not believed.
    """
    refused(decoder_of(), made_by_hand(header, fakes.claims(), signature))


def test_a_key_that_the_token_brings_along_is_not_used() -> None:
    """
    As ``jwk``, it would check the signature that it made.
    """
    mine = fakes.published(fakes.rsa_key(2), "one")
    error = refused(decoder_of(), signed(fakes.claims(), fakes.rsa_key(2), jwk=mine))
    assert error.claim == "signature"


def test_of_a_kid_that_comes_twice_in_a_header_the_signature_decides() -> None:
    """
    Whichever is taken, only the key's owner can have signed.
    """
    for header in (b'{"alg":"RS256","kid":"x","kid":"one"}', b'{"alg":"RS256","kid":"one"}'):
        signing_input = f"{base64url(header)}.{base64url(json.dumps(fakes.claims()).encode())}"
        algorithm = jwt.get_algorithm_by_name("RS256")
        for number in (1, 2):
            signature = algorithm.sign(signing_input.encode(), fakes.rsa_key(number))
            token = f"{signing_input}.{base64url(signature)}"
            if number == 1:
                assert decoder_of().decode(token)
            else:
                assert refused(decoder_of(), token).claim == "signature"


@settings(max_examples=60)
@given(
    st.dictionaries(st.just("keys"), any_json)
    | st.lists(
        st.dictionaries(
            st.sampled_from(["kty", "kid", "use", "alg", "crv", "n", "e", "x", "y", "d", "k"]),
            st.sampled_from(["RSA", "EC", "OKP", "oct", "P-256", "Ed25519", "HS256", "AQAB", "sig"])
            | any_json,
            max_size=6,
        ),
        max_size=3,
    ).map(lambda keys: {"keys": keys})
    | any_json
)
def test_any_key_set_is_one_typed_error(document: t.Any) -> None:
    """
    Servers, and proxies in their place, publish anything.
    """
    server = fakes.FakeAuth()
    server.answer(fakes.KEYS_PATH, document)
    error = refused(IDTokenDecoder(fakes.native(server)), fakes.id_token())
    assert error.claim == "kid"


@settings(max_examples=40)
@given(
    any_json
    | st.dictionaries(st.sampled_from(["issuer", "jwks_uri"]), any_json)
    | st.text(max_size=30).map(lambda text: {"issuer": fakes.ISSUER, "jwks_uri": text})
)
def test_any_configuration_is_one_typed_error(document: t.Any) -> None:
    """
    The key set's address may be anything as well.
    """
    server = fakes.FakeAuth()
    server.answer(fakes.CONFIGURATION_PATH, document)
    server.answer_others()
    with pytest.raises(GlobusError):
        IDTokenDecoder(fakes.native(server)).decode(fakes.id_token())


# keys


def okp_published(key: t.Any, curve: str) -> fakes.Document:
    """
    The public half of an Edwards key as a JWK.
    """
    x = base64url(key.public_key().public_bytes_raw())
    return {"kty": "OKP", "crv": curve, "x": x, "kid": "one"}


@pytest.mark.parametrize(
    ("curve", "make", "digest"),
    [
        ("Ed25519", ed25519.Ed25519PrivateKey, lambda data: hashlib.sha512(data).digest()),
        ("Ed448", ed448.Ed448PrivateKey, lambda data: hashlib.shake_256(data).digest(114)),
    ],
)
def test_the_token_hash_of_an_edwards_key_is_that_of_its_curve(
    native: NativeAppAuthClient, server: fakes.FakeAuth, curve: str, make: t.Any, digest: t.Any
) -> None:
    """
    The name EdDSA does not say which hash it signs by; the key does (RFC 8032).
    """
    key = make.generate()
    server.answer(fakes.KEYS_PATH, fakes.key_set(okp_published(key, curve)))
    whole = digest(ACCESS_TOKEN.encode())
    token = fakes.id_token(key, alg="EdDSA", at_hash=base64url(whole[: len(whole) // 2]))
    decoder = IDTokenDecoder(native)
    assert decoder.decode(token, access_token=ACCESS_TOKEN)
    assert refused(decoder, token, access_token="another").claim == "at_hash"
    wrong = fakes.id_token(key, alg="EdDSA", at_hash=base64url(whole))
    assert refused(decoder, wrong, access_token=ACCESS_TOKEN).claim == "at_hash"


def test_a_token_hash_that_cannot_be_worked_out_is_refused() -> None:
    """
    Without a look at the signature an algorithm may be unheard of; then nothing fits.
    """
    token = made_by_hand({"alg": "XY999"}, fakes.claims(at_hash="AAAA"))
    error = refused(decoder_of(), token, verify_signature=False, access_token=ACCESS_TOKEN)
    assert error.claim == "at_hash"
    assert decoder_of().decode(token, verify_signature=False)


def test_an_access_token_of_any_text_has_a_hash() -> None:
    """
    A lone surrogate is no foreign error.
    """
    error = refused(decoder_of(), fakes.id_token(at_hash="AAAA"), access_token="\ud800")
    assert error.claim == "at_hash"


def test_a_curve_signs_with_its_own_algorithm_only(
    native: NativeAppAuthClient, server: fakes.FakeAuth
) -> None:
    """
    ES256 belongs to P-256 (RFC 7518 section 3.4), whatever the signature would say.
    """
    key = ec.generate_private_key(ec.SECP384R1())
    point = key.public_key().public_numbers()
    x, y = (base64url(number.to_bytes(48, "big")) for number in (point.x, point.y))
    document = {"kty": "EC", "crv": "P-384", "x": x, "y": y, "kid": "one"}
    server.answer(fakes.KEYS_PATH, fakes.key_set(document))
    decoder = IDTokenDecoder(native)
    assert decoder.decode(fakes.id_token(key, alg="ES384"))
    forged = fakes.id_token(fakes.ec_key(1), alg="ES256")
    assert refused(decoder, forged).claim == "alg"


def test_a_short_rsa_key_is_left_out(native: NativeAppAuthClient, server: fakes.FakeAuth) -> None:
    """
    What 1024 bits sign, others can sign too (RFC 7518 section 3.3).
    """
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    server.answer(fakes.KEYS_PATH, fakes.key_set(fakes.published(short, "one")))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # newer versions of PyJWT say the same
        token = fakes.id_token(short)
    assert refused(IDTokenDecoder(native), token).reason == "unknown_key"


# what is remembered of headers


def test_headers_are_read_once_and_not_mixed_up() -> None:
    """
    Tokens of several keys and algorithms, again and again, in any order.
    """
    server = fakes.FakeAuth()
    keys = {f"kid-{number}": fakes.ec_key(number) for number in range(20)}
    server.answer(
        fakes.KEYS_PATH, fakes.key_set(*(fakes.published(key, kid) for kid, key in keys.items()))
    )
    decoder = IDTokenDecoder(fakes.native(server))
    _claims._remembered.cache_clear()
    for _ in range(3):
        for kid, key in keys.items():
            assert decoder.decode(fakes.id_token(key, kid, alg="ES256"))
            wrong = f"kid-{(int(kid[4:]) + 1) % 20}"
            assert refused(decoder, fakes.id_token(key, wrong, alg="ES256")).claim == "signature"
    assert _claims._remembered.cache_info().currsize <= 16


def test_what_is_remembered_of_headers_is_bounded() -> None:
    """
    Neither many headers, nor long ones, nor such as are none fill the memory.
    """
    _claims._remembered.cache_clear()
    for number in range(40):
        refused(decoder_of(), fakes.id_token(kid=f"made-up-{number}"))
    full = _claims._remembered.cache_info()
    assert full.currsize <= 16
    refused(decoder_of(), fakes.id_token(kid="k" * 5000))
    refused(decoder_of(), "no header.at.all")
    after = _claims._remembered.cache_info()
    assert after.currsize == full.currsize
    assert after.misses <= full.misses + 1


def test_claims_are_the_callers_own() -> None:
    """
    Changing them changes nothing for the next.
    """
    token = fakes.id_token()
    first = decoder_of().decode(token)
    kept = copy.deepcopy(first)
    first["sub"] = "somebody else"
    assert decoder_of().decode(token) == kept
