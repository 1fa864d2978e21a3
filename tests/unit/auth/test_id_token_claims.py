"""
Claims that PyJWT takes and the standards do not: subjects, times, how long ago a person signed in.
"""

from __future__ import annotations

import json
import time
import typing as t

import jwt
import pytest

from globus_core import ConfidentialAppAuthClient, IDTokenDecoder, NativeAppAuthClient
from globus_core.exc import GlobusSDKUsageError, IDTokenError
from tests.unit.auth import fakes

CALLBACK = "http://127.0.0.1:7777/callback"


@pytest.fixture
def decoder(native: NativeAppAuthClient) -> IDTokenDecoder:
    """
    The decoder of a native client.
    """
    return IDTokenDecoder(native)


def signed(**changes: t.Any) -> str:
    """
    A token with any claims, also such as PyJWT would not write.
    """
    payload = json.dumps({**fakes.claims(), **changes}).encode()
    return jwt.PyJWS().encode(payload, fakes.rsa_key(1), "RS512", {"kid": "one"})


def refused(decoder: IDTokenDecoder, token: str, **arguments: t.Any) -> IDTokenError:
    """
    The error that a token ends with.
    """
    with pytest.raises(IDTokenError) as caught:
        decoder.decode(token, **arguments)
    return caught.value


def ago(seconds: float) -> float:
    """
    A time in the past.
    """
    return int(time.time()) - seconds


# subjects


@pytest.mark.parametrize("subject", ["x", "x" * 255, "\u00e9" * 255])
def test_a_subject_has_up_to_255_characters(decoder: IDTokenDecoder, subject: str) -> None:
    """OpenID Connect Core section 2."""
    assert decoder.decode(signed(sub=subject))["sub"] == subject


@pytest.mark.parametrize("subject", ["", "x" * 256, "x" * 100_000, 7, None, ["x"], {}])
def test_a_subject_that_can_name_nobody_is_refused(decoder: IDTokenDecoder, subject: t.Any) -> None:
    """An empty one would make one person of many."""
    error = refused(decoder, signed(sub=subject))
    assert error.claim == "sub"
    assert len(str(error)) < 200


# times


@pytest.mark.parametrize("claim", ["exp", "iat", "nbf", "auth_time"])
@pytest.mark.parametrize("value", ["1900000000", "100", "", True, False, [1], float("nan")])
def test_a_time_is_a_number(decoder: IDTokenDecoder, claim: str, value: t.Any) -> None:
    """RFC 7519 section 2: neither text that could be read as one, nor a boolean."""
    assert refused(decoder, signed(**{claim: value})).claim == claim


@pytest.mark.parametrize("claim", ["exp", "iat", "nbf", "auth_time"])
def test_a_time_may_have_a_fraction(decoder: IDTokenDecoder, claim: str) -> None:
    """RFC 7519 section 2."""
    assert decoder.decode(signed(**{claim: ago(-0.5 if claim == "exp" else 0.5)}))


def test_a_time_that_is_null_is_one_that_is_not_there(decoder: IDTokenDecoder) -> None:
    """Only those that must be there are missed."""
    assert decoder.decode(signed(auth_time=None))
    assert refused(decoder, signed(exp=None)).claim == "exp"


@pytest.mark.parametrize("claim", ["exp", "iat", "nbf"])
def test_an_option_leaves_a_time_unchecked(native: NativeAppAuthClient, claim: str) -> None:
    """The program that sets it has the last word."""
    token = signed(**{claim: "1900000000"})
    lenient = IDTokenDecoder(native, jwt_options={f"verify_{claim}": False})
    assert lenient.decode(token)[claim] == "1900000000"
    assert refused(IDTokenDecoder(native), token).claim == claim


# how long ago the person signed in


@pytest.mark.parametrize(
    ("signed_in", "max_age"), [(10, 60), (350, 60), (10, 0), (100.5, 60), (100_000, None)]
)
def test_a_sign_in_that_is_young_enough_passes(
    decoder: IDTokenDecoder, signed_in: float, max_age: int | None
) -> None:
    """Give or take the leeway of 300 seconds."""
    assert decoder.decode(signed(auth_time=ago(signed_in)), max_age=max_age)


@pytest.mark.parametrize(
    ("auth_time", "reason"),
    [
        (1000, "too_old"),
        (370, "too_old"),
        (-1000, "not_yet_valid"),
        (None, "missing"),
        (10**400, "missing"),
    ],
)
def test_a_sign_in_that_is_too_old_or_not_told_is_refused(
    decoder: IDTokenDecoder, auth_time: int | None, reason: str
) -> None:
    """OpenID Connect Core section 3.1.3.7, step 13."""
    claim = auth_time if auth_time in (None, 10**400) else ago(auth_time or 0)
    error = refused(decoder, signed(auth_time=claim), max_age=60)
    assert (error.claim, error.reason) == ("auth_time", reason)


def test_the_leeway_counts_for_the_age_too(native: NativeAppAuthClient) -> None:
    """A smaller one is stricter."""
    token = signed(auth_time=ago(100))
    assert IDTokenDecoder(native).decode(token, max_age=0)
    assert refused(IDTokenDecoder(native, jwt_leeway=10), token, max_age=0).reason == "too_old"


@pytest.mark.parametrize("max_age", [60, "60", 0])
@pytest.mark.parametrize("nonce", [None, "no nonce"])
def test_a_flow_expects_the_age_that_its_url_asked_for(
    native: NativeAppAuthClient, server: fakes.FakeAuth, max_age: t.Any, nonce: str | None
) -> None:
    """In both ways of passing it, with a nonce and without."""
    options: dict[str, t.Any] = {} if nonce else {"nonce": None}
    flow = native.oauth2_start_flow("openid", state=None, **options)
    assert f"max_age={max_age}" in flow.get_authorize_url(max_age=max_age)
    told = {} if nonce else {"nonce": flow.nonce}
    server.answer(fakes.TOKEN_PATH, fakes.token(id_token=signed(**told, auth_time=ago(5000))))
    with pytest.raises(IDTokenError) as caught:
        flow.exchange_code_for_tokens("a-code")
    assert caught.value.reason == "too_old"
    server.answer(fakes.TOKEN_PATH, fakes.token(id_token=signed(**told, auth_time=ago(5))))
    flow.get_authorize_url({"max_age": max_age})
    assert flow.exchange_code_for_tokens("a-code")


def test_an_answer_without_an_id_token_says_nothing_of_the_age(
    native: NativeAppAuthClient, server: fakes.FakeAuth
) -> None:
    """Else leaving it out would evade the check."""
    flow = native.oauth2_start_flow("openid", state=None)
    flow.get_authorize_url(max_age=60)
    server.answer(fakes.TOKEN_PATH, fakes.token())
    with pytest.raises(IDTokenError, match="no ID token"):
        flow.exchange_code_for_tokens("a-code")


def test_the_last_url_of_a_flow_decides(
    native: NativeAppAuthClient, server: fakes.FakeAuth
) -> None:
    """One without an age asks for none."""
    flow = native.oauth2_start_flow("openid", state=None)
    flow.get_authorize_url(max_age=60)
    flow.get_authorize_url(max_age=None)
    server.answer(fakes.TOKEN_PATH, fakes.token(id_token=signed(auth_time=ago(5000))))
    assert flow.exchange_code_for_tokens("a-code")


@pytest.mark.parametrize("max_age", ["soon", -1, 1.5, True, [60], "", "9" * 5000, "\u0663"])
def test_an_age_that_is_no_number_of_seconds_is_a_usage_error(
    native: NativeAppAuthClient, max_age: t.Any
) -> None:
    """Else it could not be compared later."""
    flow = native.oauth2_start_flow("openid")
    with pytest.raises(GlobusSDKUsageError, match="'max_age' is a number of seconds"):
        flow.get_authorize_url(max_age=max_age)


# a decoder that the program brings


class Lenient(IDTokenDecoder):
    """
    Accepts a token whatever it says; the nonce is the flow's own to compare.
    """

    def decode(self, id_token: str) -> dict[str, t.Any]:  # type: ignore[override]
        """Take the claims as they are."""
        return jwt.decode(id_token, options={"verify_signature": False})


class Partial:
    """
    Is no IDTokenDecoder, and gives the subject alone.
    """

    def decode(self, id_token: str) -> dict[str, t.Any]:
        """Take the subject."""
        return {"sub": jwt.decode(id_token, options={"verify_signature": False})["sub"]}


@pytest.mark.parametrize("kind", [Lenient, Partial])
def test_a_decoder_that_the_program_brings_has_the_last_word(
    confidential: ConfidentialAppAuthClient, server: fakes.FakeAuth, kind: t.Any
) -> None:
    """But not on the nonce, which is between this flow and the server."""
    flow = confidential.oauth2_start_flow(CALLBACK, "openid", state=None, nonce=None)
    flow.id_token_decoder = kind()
    flow.get_authorize_url(max_age=0)
    odd = {"sub": "x" * 300, "iat": "100", "auth_time": True}
    server.answer(fakes.TOKEN_PATH, fakes.token(id_token=signed(**odd, nonce=flow.nonce)))
    response = flow.exchange_code_for_tokens("a-code")
    assert response.verified_claims(flow.id_token_decoder) is None or kind is Lenient
    server.answer(fakes.TOKEN_PATH, fakes.token(id_token=signed(**odd, nonce="another")))
    with pytest.raises(IDTokenError) as caught:
        flow.exchange_code_for_tokens("a-code")
    assert caught.value.claim == "nonce"


def test_claims_without_an_end_are_verified_again(
    native: NativeAppAuthClient, server: fakes.FakeAuth
) -> None:
    """Claims that a decoder has changed, or that end beyond any float, are no reason to fail."""
    flow = native.oauth2_start_flow("openid", state=None, nonce=None)
    token = signed(nonce=flow.nonce, exp=10**400)
    server.answer(fakes.TOKEN_PATH, fakes.token(id_token=token))
    response = flow.exchange_code_for_tokens("a-code")
    assert response.verified_claims(native.id_token_decoder)
    response.keep_claims(native.id_token_decoder, {"sub": "x"})
    assert response.verified_claims(native.id_token_decoder) is None
