"""
What a key is for, what a server signs with, and what sort of token it is.
"""

from __future__ import annotations

import base64
import json
import typing as t

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from globus_core import IDTokenDecoder
from globus_core.exc import IDTokenError
from tests.unit.auth import fakes

ES256 = "ES256"


def base64url(content: bytes) -> str:
    """
    Base64url without padding.
    """
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def signed(header: dict[str, t.Any], key: t.Any = None, **changes: t.Any) -> str:
    """
    A token with any header, whose signature is right.
    """
    header = {"alg": "RS512", "kid": "one", **header}
    parts = [base64url(json.dumps(part).encode()) for part in (header, fakes.claims(**changes))]
    signer = jwt.algorithms.get_default_algorithms()[header["alg"]]
    signature = signer.sign(".".join(parts).encode(), fakes.rsa_key(1) if key is None else key)
    return ".".join([*parts, base64url(signature)])


def decoder_of(*keys: fakes.Document, **configuration: t.Any) -> IDTokenDecoder:
    """
    A decoder at a server with these keys and this configuration.
    """
    server = fakes.FakeAuth()
    server.answer(fakes.KEYS_PATH, fakes.key_set(*(keys or [rsa_key()])))
    server.answer(fakes.CONFIGURATION_PATH, fakes.configuration(**configuration))
    return IDTokenDecoder(fakes.native(server))


def rsa_key(**changes: t.Any) -> fakes.Document:
    """
    The key ``one`` as it is published, with changes.
    """
    return {**fakes.published(fakes.rsa_key(1), "one"), **changes}


def refused(decoder: IDTokenDecoder, token: str, **arguments: t.Any) -> str | None:
    """
    Decode a token that must be refused, and name the claim.
    """
    with pytest.raises(IDTokenError) as caught:
        decoder.decode(token, **arguments)
    assert len(str(caught.value)) < 1000
    return caught.value.claim


# what the header may ask for


@pytest.mark.parametrize("critical", [["exp"], ["x"], [], "exp", None, [7], ["b64", "x"]])
@pytest.mark.parametrize("check", [True, False])
def test_a_critical_header_that_is_not_understood_is_refused(critical: t.Any, check: bool) -> None:
    """RFC 7515 section 4.1.11, also where the signature is not looked at."""
    token = signed({"crit": critical, "x": 1})
    with pytest.raises(IDTokenError):
        decoder_of().decode(token, verify_signature=check)


def test_a_token_whose_payload_is_elsewhere_is_refused() -> None:
    """RFC 7797 section 7."""
    header, _, signature = signed({"b64": False, "crit": ["b64"]}).split(".")
    for token in (signed({"b64": False}), f"{header}..{signature}"):
        refused(decoder_of(), token)


@pytest.mark.parametrize("junk", ["!!!!", "==", "=", "\n", " ", "\u00e9", ".x", "%3D"])
def test_junk_in_a_signature_is_not_skipped(junk: str) -> None:
    """A lenient decoder of base64 would leave it out and find the right signature."""
    token = fakes.id_token()
    start, dot, signature = token.rpartition(".")
    for altered in (f"{token}{junk}", f"{start}{dot}{junk}{signature}", f"{junk}{token}"):
        refused(decoder_of(), altered)


@pytest.mark.parametrize(
    "header", [{"jku": "https://evil.example"}, {"x5u": "https://evil.example"}]
)
def test_a_token_does_not_bring_its_own_key(header: fakes.Document) -> None:
    """RFC 8725 section 3.10: neither by an address nor in the header itself."""
    another = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert refused(decoder_of(), signed(header, another)) == "signature"
    assert refused(decoder_of(), signed({"jwk": fakes.published(another)}, another)) == "signature"


# the sort of token


@pytest.mark.parametrize("kind", ["JWT", "jwt", "Jwt", "application/jwt", "Application/JWT"])
def test_a_type_in_any_case_of_letters_passes(kind: str) -> None:
    """RFC 7515 section 4.1.9; so does none."""
    assert decoder_of().decode(signed({"typ": kind}))
    assert decoder_of().decode(signed({}))


@pytest.mark.parametrize(
    "kind",
    [
        "at+jwt",
        "application/at+jwt",
        "logout+jwt",
        "dpop+jwt",
        "JOSE",
        "",
        "JWT ",
        None,
        7,
        ["JWT"],
    ],
)
@pytest.mark.parametrize("check", [True, False])
def test_a_token_of_another_sort_is_refused(kind: t.Any, check: bool) -> None:
    """RFC 8725 section 3.11: else an access token would do as an ID token."""
    token = signed({"typ": kind})
    assert refused(decoder_of(), token, verify_signature=check) == "typ"


def test_a_long_type_is_shortened_in_the_message() -> None:
    """So is a long key id."""
    assert refused(decoder_of(), signed({"typ": "x" * 100_000})) == "typ"
    assert refused(decoder_of(), signed({"kid": "x" * 100_000})) == "kid"


# what a key is for


@pytest.mark.parametrize(
    "purpose",
    [
        {"use": "sig"},
        {"use": None},
        {"key_ops": ["verify"]},
        {"key_ops": ["sign", "verify"]},
        {"key_ops": None},
        {"alg": "RS512"},
        {"alg": None},
        {"use": "sig", "key_ops": ["verify"], "alg": "RS512", "x5c": ["not looked at"]},
    ],
)
def test_a_key_for_verifying_is_used(purpose: fakes.Document) -> None:
    """What a key does not say, it does not forbid."""
    assert decoder_of(rsa_key(**purpose)).decode(fakes.id_token())


@pytest.mark.parametrize(
    "purpose",
    [
        {"use": "enc"},
        {"use": "SIG"},
        {"use": ""},
        {"use": ["sig"]},
        {"key_ops": ["sign"]},
        {"key_ops": ["encrypt", "wrapKey"]},
        {"key_ops": []},
        {"key_ops": "verify"},
        {"key_ops": [["verify"]]},
        {"use": "sig", "key_ops": ["encrypt"]},
        {"alg": "RSA-OAEP"},
        {"alg": "HS512"},
        {"alg": "none"},
        {"alg": ["RS512"]},
        {"kid": 1},
        {"e": "AQ"},
        {"e": 65537},
        {"n": ["x"]},
    ],
    ids=str,
)
def test_a_key_for_something_else_is_not_used(purpose: fakes.Document) -> None:
    """RFC 7517 sections 4.2 to 4.5, and 5: what is not understood is left out."""
    assert refused(decoder_of(rsa_key(**purpose)), fakes.id_token()) == "kid"
    other = {**fakes.published(fakes.rsa_key(1)), **purpose}
    assert decoder_of(other, rsa_key()).decode(fakes.id_token())


def test_a_key_whose_private_half_is_published_is_not_used() -> None:
    """Anybody could sign with it."""
    private = RSAAlgorithm.to_jwk(fakes.rsa_key(1), as_dict=True)
    assert refused(decoder_of({**private, "kid": "one"}), fakes.id_token()) == "kid"


@pytest.mark.parametrize("algorithm", ["RS256", "RS384", "PS512"])
def test_a_key_for_another_algorithm_is_not_used(algorithm: str) -> None:
    """RFC 8725 section 3.1: a key is for the one algorithm that it names."""
    token = fakes.id_token(alg=algorithm)
    assert decoder_of().decode(token)
    assert decoder_of(rsa_key(alg=algorithm)).decode(token)
    assert refused(decoder_of(rsa_key(alg="RS512")), token) == "alg"


@pytest.mark.parametrize("kid", ["one", None])
def test_keys_of_two_types_may_share_an_id(kid: str | None) -> None:
    """RFC 7517 section 4.5; the algorithm tells which is meant."""
    curve, other = fakes.ec_key(1), fakes.rsa_key(1)
    decoder = decoder_of(fakes.published(curve, kid), fakes.published(other, kid))
    assert decoder.decode(fakes.id_token(curve, kid, alg=ES256))
    assert decoder.decode(fakes.id_token(other, kid))
    assert refused(decoder, fakes.id_token(fakes.rsa_key(2), kid)) == "signature"


def test_keys_of_one_type_may_share_an_id_if_each_is_for_its_own_algorithm() -> None:
    """Two keys for the same algorithm may not: none is guessed."""
    first, second = (fakes.published(fakes.rsa_key(number), "one") for number in (1, 2))
    decoder = decoder_of({**first, "alg": "RS512"}, {**second, "alg": "PS256"})
    assert decoder.decode(fakes.id_token())
    assert decoder.decode(fakes.id_token(fakes.rsa_key(2), alg="PS256"))
    assert refused(decoder_of(first, second), fakes.id_token()) == "kid"


# what the server signs with


@pytest.mark.parametrize("algorithm", ["RS256", "PS512", ES256])
def test_an_algorithm_that_the_server_does_not_list_is_refused(algorithm: str) -> None:
    """OpenID Connect Core section 3.1.3.7, step 7, though the key would be right for it."""
    curve = fakes.published(fakes.ec_key(1), "two")
    key, kid = (fakes.ec_key(1), "two") if algorithm == ES256 else (fakes.rsa_key(1), "one")
    token = fakes.id_token(key, kid, alg=algorithm)
    listed = {"id_token_signing_alg_values_supported": ["RS512"]}
    assert refused(decoder_of(rsa_key(), curve, **listed), token) == "alg"
    listed["id_token_signing_alg_values_supported"] += [algorithm]
    assert decoder_of(rsa_key(), curve, **listed).decode(token)


@pytest.mark.parametrize("listed", [None, [], "RS256", {"RS256": 1}])
def test_a_server_that_lists_nothing_forbids_nothing(listed: t.Any) -> None:
    """The list has to be there, and be one."""
    configuration = {"id_token_signing_alg_values_supported": listed}
    assert decoder_of(**configuration).decode(fakes.id_token())


@pytest.mark.parametrize("listed", [["none"], ["rs512"], [7], [["RS512"]]])
def test_a_list_is_taken_at_its_word(listed: t.Any) -> None:
    """What is not one of its names is not listed."""
    configuration = {"id_token_signing_alg_values_supported": listed}
    assert refused(decoder_of(**configuration), fakes.id_token()) == "alg"


def test_a_list_of_the_program_is_not_the_servers() -> None:
    """A program that brings the configuration says itself what it accepts."""
    server = fakes.FakeAuth()
    server.answer(fakes.KEYS_PATH, fakes.key_set(rsa_key()))
    brought = fakes.configuration(id_token_signing_alg_values_supported=["ES256"])
    decoder = IDTokenDecoder(fakes.native(server), openid_configuration=brought)
    assert decoder.decode(fakes.id_token())


def test_a_server_may_begin_to_sign_with_another_algorithm() -> None:
    """The list is fetched again with the new key."""
    server = fakes.FakeAuth()
    server.answer(fakes.KEYS_PATH, fakes.key_set(rsa_key()))
    listed = ["RS512"]
    server.answer(
        fakes.CONFIGURATION_PATH,
        fakes.configuration(id_token_signing_alg_values_supported=["RS512"]),
    )
    decoder = IDTokenDecoder(fakes.native(server))
    assert decoder.decode(fakes.id_token())
    curve = fakes.published(fakes.ec_key(1), "two")
    server.answer(fakes.KEYS_PATH, fakes.key_set(rsa_key(), curve))
    server.answer(
        fakes.CONFIGURATION_PATH,
        fakes.configuration(id_token_signing_alg_values_supported=[*listed, ES256]),
    )
    assert decoder.decode(fakes.id_token(fakes.ec_key(1), "two", alg=ES256))
    assert server.count(fakes.CONFIGURATION_PATH) == 2


def test_an_unsigned_token_asks_for_nothing() -> None:
    """No key and no list is fetched for an algorithm that nobody accepts."""
    server = fakes.FakeAuth()
    decoder = IDTokenDecoder(fakes.native(server), openid_configuration=fakes.configuration())
    token = ".".join([base64url(b'{"alg": "none"}'), base64url(b"{}"), ""])
    assert refused(decoder, token) == "alg"
    assert not server.sent


@pytest.mark.parametrize(
    "more",
    [
        pytest.param([rsa_key()], id="listed twice"),
        pytest.param([rsa_key(alg="RS256"), rsa_key(alg="RS384")], id="under several alg"),
        pytest.param([rsa_key(alg="RS512"), rsa_key(alg=None)], id="with and without alg"),
    ],
)
def test_a_key_that_is_listed_more_than_once_counts_once(more: list[fakes.Document]) -> None:
    """
    It is not ambiguous which key a token means if all of them are the same.
    """
    assert decoder_of(rsa_key(), *more).decode(signed({}))
    assert decoder_of(*more, rsa_key()).decode(signed({}))


def test_two_keys_of_one_kid_and_type_are_ambiguous_all_the_same() -> None:
    """
    One of them may be somebody else's.
    """
    other = {**fakes.published(fakes.rsa_key(2), "one")}
    with pytest.raises(IDTokenError) as caught:
        decoder_of(rsa_key(), other).decode(signed({}))
    assert caught.value.reason == "ambiguous_key"
