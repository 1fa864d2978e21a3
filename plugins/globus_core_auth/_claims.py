"""
The claims of an ID token: checks that PyJWT leaves out, and the errors of those that fail.
"""

from __future__ import annotations

import math
import re
import time
from functools import lru_cache

from globus_core.exc import IDTokenError
from globus_core.printable import quoted

from ._request_parameters import same_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    Claims = t.Mapping[str, t.Any]

#: headers are short and repeat; longer ones are not cached
_LONGEST_REMEMBERED = 1000

_ALGORITHM_REFUSED = "the ID token's algorithm is not accepted"
_CLOCK = "check the clock of this machine; if it is right, log in again"

#: a signed token (RFC 7515 section 7.1); without a signature, it is refused by its algorithm
_FORM = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")

#: the types of an ID token; others are of tokens for another purpose (RFC 8725 section 3.11)
_TYPES = ("jwt", "application/jwt")

#: the longest subject (OpenID Connect Core section 2)
_LONGEST_SUBJECT = 255

#: claims that are times -> the option of PyJWT that leaves each unchecked
_TIMES = {"exp": "verify_exp", "iat": "verify_iat", "nbf": "verify_nbf", "auth_time": None}

#: PyJWT's error class -> claim and message; by name, as older versions lack some of them
_PLAIN = {
    "InvalidIssuedAtError": ("iat", "the ID token's claim 'iat' is not a number"),
    "InvalidSignatureError": ("signature", "the ID token's signature is wrong"),
    "InvalidAlgorithmError": ("alg", _ALGORITHM_REFUSED),
    "InvalidSubjectError": ("sub", "the ID token's subject is not a string"),
    "InvalidJTIError": ("jti", "the ID token's claim 'jti' is not a string"),
}


def header_of(id_token: str) -> tuple[str | None, str]:
    """
    Read ``kid`` and ``alg`` from a token's header, which is not verified yet.

    :param id_token: the token
    :raises jwt.PyJWTError: if the header cannot be read
    :raises IDTokenError: if it is not the header of an ID token
    """
    if not _FORM.fullmatch(id_token):
        raise IDTokenError(
            "the ID token cannot be read: it is not three parts in base64url", reason="malformed"
        )
    segment = id_token.partition(".")[0]
    return (_remembered if len(segment) <= _LONGEST_REMEMBERED else _read)(segment)


def _read(segment: str) -> tuple[str | None, str]:
    import jwt

    # pass the header alone, as PyJWT would parse the payload too, and again in decode()
    header = jwt.get_unverified_header(f"{segment}..")
    kind = header.get("typ", "JWT")
    if not isinstance(kind, str) or kind.lower() not in _TYPES:
        raise IDTokenError(
            f"the token is not an ID token, its type is {quoted(kind)}",
            claim="typ",
            reason="mismatch",
        )
    return header.get("kid"), str(header.get("alg"))


# the result depends on the text alone, so it never expires
_remembered = lru_cache(maxsize=16)(_read)


def algorithm_refused() -> IDTokenError:
    """
    The error of a token that is signed with an algorithm which its key or its server is not for.
    """
    return IDTokenError(_ALGORITHM_REFUSED, claim="alg", reason="mismatch")


def check_subject(claims: Claims) -> None:
    """
    Check that the subject is text of 1 to 255 characters (section 2).

    :param claims: the token's claims
    :raises IDTokenError: if it is not
    """
    subject = claims.get("sub", "x")
    if not isinstance(subject, str):
        what = "is not a string"
    elif not subject:
        what = "is empty"
    elif len(subject) > _LONGEST_SUBJECT:
        what = f"has {len(subject)} characters, more than {_LONGEST_SUBJECT}"
    else:
        return
    raise IDTokenError(f"the ID token's subject {what}", claim="sub", reason="mismatch")


def check_times(claims: Claims, options: t.Mapping[str, t.Any]) -> None:
    """
    Check that times are numbers (RFC 7519 section 2), as PyJWT takes text and booleans too.

    :param claims: the token's claims; those that are missing are not checked
    :param options: PyJWT's options, which can leave a claim unchecked
    :raises IDTokenError: if one is not
    """
    for claim, option in _TIMES.items():
        value = claims.get(claim)
        if value is None or (option and not options[option]):
            continue
        if type(value) is int or (type(value) is float and math.isfinite(value)):
            continue
        raise IDTokenError(
            f"the ID token's claim {claim!r} is not a time", claim=claim, reason="malformed"
        )


def check_sign_in(claims: Claims, max_age: float | None, leeway: float) -> None:
    """
    Check when the person signed in (section 3.1.3.7, step 13).

    :param claims: the token's claims
    :param max_age: the longest time ago in seconds; None checks nothing
    :param leeway: seconds by which clocks may differ
    :raises IDTokenError: if it was longer ago, or the token does not say
    """
    if max_age is None:
        return
    signed_in = _seconds(claims, "auth_time")
    if signed_in is None:
        raise IDTokenError(
            "the ID token does not say when the person signed in, though a maximum age was "
            "asked for",
            claim="auth_time",
            reason="missing",
        )
    age = time.time() - signed_in
    if age < -leeway:
        raise _not_yet_valid(claims, "auth_time", leeway)
    if age > max_age + leeway:
        raise IDTokenError(
            f"the person signed in {age:.0f} seconds ago, and {max_age:g} seconds were allowed "
            f"(leeway {leeway:g} seconds)",
            claim="auth_time",
            reason="too_old",
        )


def check_authorized_party(claims: Claims, audience: str | t.Iterable[str]) -> None:
    """
    Check ``azp`` of a token with several audiences (section 3.1.3.7, steps 4 and 5).

    :param claims: the token's claims
    :param audience: who we are, by one name or several
    :raises IDTokenError: if it was issued to somebody else
    """
    party = claims.get("azp")
    several = isinstance(claims.get("aud"), list) and len(claims["aud"]) > 1
    if party is None and not several:
        return
    # by comparison, as the claim may hold anything
    if any(party == name for name in ([audience] if isinstance(audience, str) else audience)):
        return
    raise IDTokenError(
        f"the ID token was issued to {quoted(party)}, not to {audience!r}",
        claim="azp",
        reason="mismatch",
    )


def check_nonce(claims: Claims, nonce: str | None) -> None:
    """
    Check that the token belongs to the login that sent the nonce (section 3.1.3.7, step 11).

    :param claims: the token's claims
    :param nonce: what was sent; None checks nothing
    :raises IDTokenError: if the token has another nonce, or none
    """
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


def check_token_hash(
    claims: Claims, access_token: str | None, algorithm: str, curve: str | None
) -> None:
    """
    Check ``at_hash`` against the access token that came with the token (section 3.1.3.6).

    :param claims: the token's claims; without ``at_hash`` nothing is checked
    :param access_token: the access token; None checks nothing
    :param algorithm: what the ID token was signed with
    :param curve: the key's curve, which decides about EdDSA; None if it has none
    :raises IDTokenError: if the hash differs or cannot be computed
    """
    expected = claims.get("at_hash")
    if access_token is None or expected is None:
        return
    digest = _digest(access_token.encode("utf-8", "surrogatepass"), algorithm, curve)
    if digest is not None and isinstance(expected, str) and same_text(expected, _left_half(digest)):
        return
    raise IDTokenError(
        "the ID token does not belong to the access token that came with it",
        claim="at_hash",
        reason="mismatch",
    )


def _digest(content: bytes, algorithm: str, curve: str | None) -> bytes | None:
    """Hash with the hash function of the signature algorithm; None if that is not known."""
    import hashlib

    if curve == "Ed448":  # RFC 8032 section 5.2
        return hashlib.shake_256(content).digest(114)
    bits = "512" if curve == "Ed25519" else "".join(filter(str.isdigit, algorithm))
    return hashlib.new(f"sha{bits}", content).digest() if bits in ("256", "384", "512") else None


def _left_half(digest: bytes) -> str:
    from base64 import urlsafe_b64encode

    return urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode("ascii")


def as_ours(
    error: Exception,
    id_token: str,
    leeway: float,
    audience: str | list[str] | None,
    issuer: str | None,
) -> IDTokenError:
    """
    Turn an error of PyJWT into an IDTokenError.

    :param error: what it raised
    :param id_token: the token
    :param leeway: seconds by which clocks may differ
    :param audience: the audience that was expected
    :param issuer: the issuer that was expected
    """
    import jwt

    claims = unverified(id_token)
    if isinstance(error, jwt.ExpiredSignatureError):
        return _expired(claims, leeway)
    if isinstance(error, jwt.ImmatureSignatureError):
        return _not_yet_valid(claims, "nbf" if "nbf" in str(error) else "iat", leeway)
    if isinstance(error, jwt.MissingRequiredClaimError):
        return IDTokenError(
            f"the ID token has no claim {error.claim!r}", claim=error.claim, reason="missing"
        )
    if isinstance(error, jwt.InvalidAudienceError):
        what = f"the ID token is for {quoted(claims.get('aud'))}, not for {audience!r}"
        return IDTokenError(what, claim="aud", reason="mismatch")
    if isinstance(error, jwt.InvalidIssuerError):
        what = f"the ID token was issued by {quoted(claims.get('iss'))}, not by {issuer!r}"
        return IDTokenError(what, claim="iss", reason="mismatch")
    if type(error).__name__ in _PLAIN:
        claim, message = _PLAIN[type(error).__name__]
        return IDTokenError(message, claim=claim, reason="mismatch")
    for claim in ("exp", "nbf", "iat"):
        if claim in claims and _seconds(claims, claim) is None:
            return IDTokenError(
                f"the ID token's claim {claim!r} is not a time", claim=claim, reason="malformed"
            )
    # PyJWT's own messages are safe to show; other exceptions may quote the token
    detail = f": {error}" if isinstance(error, jwt.PyJWTError) else ""
    return IDTokenError(f"the ID token cannot be read{detail}", reason="malformed")


def _expired(claims: Claims, leeway: float) -> IDTokenError:
    end = _seconds(claims, "exp")
    when = "long ago" if end is None else f"{time.time() - end:.0f} seconds ago"
    return _of_the_clock(f"expired {when}", "exp", "expired", leeway)


def _not_yet_valid(claims: Claims, claim: str, leeway: float) -> IDTokenError:
    start = _seconds(claims, claim)
    when = "much later" if start is None else f"in {start - time.time():.0f} seconds"
    return _of_the_clock(f"is valid only {when}", claim, "not_yet_valid", leeway)


def _of_the_clock(what: str, claim: str, reason: str, leeway: float) -> IDTokenError:
    error = IDTokenError(
        f"the ID token {what} (leeway {leeway:g} seconds)", claim=claim, reason=reason
    )
    error.advice = _CLOCK
    return error


def _seconds(claims: Claims, claim: str) -> float | None:
    """A time claim in seconds; None if it is not a usable number."""
    try:
        value = float(claims[claim])
        return value if abs(value) < 1e18 else None
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def unverified(id_token: str) -> dict[str, t.Any]:
    """
    The claims of a token, not verified; empty if they cannot be read.

    :param id_token: the token
    """
    import jwt

    try:
        return jwt.decode(id_token, options={"verify_signature": False})
    except Exception:
        return {}
