"""
What is wrong with an ID token, as one error of our tree: the claim, and how far the clock is off.
"""

from __future__ import annotations

from globus_core.exc import IDTokenError

from ._claims import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

_CLOCK = "check the clock of this machine; if it is right, log in again"

#: class of PyJWT -> claim and message; by name, as its older versions do not have all of them
_PLAIN = {
    "InvalidIssuedAtError": ("iat", "the ID token's time of issue is no number"),
    "InvalidSignatureError": ("signature", "the ID token's signature is wrong"),
    "InvalidAlgorithmError": ("alg", "the ID token's algorithm is not accepted"),
    "InvalidSubjectError": ("sub", "the ID token's subject is no text"),
    "InvalidJTIError": ("jti", "the ID token's own id is no text"),
}


def as_ours(
    error: Exception,
    id_token: str,
    leeway: float,
    audience: str | list[str] | None,
    issuer: str | None,
) -> IDTokenError:
    """
    The error of our tree for what PyJWT raised.

    :param error: what it raised
    :param id_token: the token
    :param leeway: seconds by which clocks may differ
    :param audience: the audience that was expected
    :param issuer: the issuer that was expected
    """
    import jwt

    claims = _unverified(id_token)
    if isinstance(error, jwt.ExpiredSignatureError):
        return _expired(claims, leeway)
    if isinstance(error, jwt.ImmatureSignatureError):
        return _not_yet_valid(claims, "nbf" if "nbf" in str(error) else "iat", leeway)
    if isinstance(error, jwt.MissingRequiredClaimError):
        return IDTokenError(
            f"the ID token has no claim {error.claim!r}", claim=error.claim, reason="missing"
        )
    if isinstance(error, jwt.InvalidAudienceError):
        what = f"the ID token is for {shown(claims.get('aud'))}, not for {audience!r}"
        return IDTokenError(what, claim="aud", reason="mismatch")
    if isinstance(error, jwt.InvalidIssuerError):
        what = f"the ID token was issued by {shown(claims.get('iss'))}, not by {issuer!r}"
        return IDTokenError(what, claim="iss", reason="mismatch")
    if type(error).__name__ in _PLAIN:
        claim, message = _PLAIN[type(error).__name__]
        return IDTokenError(message, claim=claim, reason="mismatch")
    for claim in ("exp", "nbf", "iat"):
        if claim in claims and _seconds(claims, claim) is None:
            return IDTokenError(
                f"the ID token's claim {claim!r} is no time", claim=claim, reason="malformed"
            )
    # what PyJWT says of it is safe to show; what Python says could hold the token
    detail = f": {error}" if isinstance(error, jwt.PyJWTError) else ""
    return IDTokenError(f"the ID token cannot be read{detail}", reason="malformed")


def _expired(claims: dict[str, t.Any], leeway: float) -> IDTokenError:
    import time

    late = time.time() - (_seconds(claims, "exp") or 0.0)
    return _of_the_clock(f"expired {late:.0f} seconds ago", "exp", "expired", leeway)


def _not_yet_valid(claims: dict[str, t.Any], claim: str, leeway: float) -> IDTokenError:
    import time

    early = (_seconds(claims, claim) or 0.0) - time.time()
    return _of_the_clock(f"is valid only in {early:.0f} seconds", claim, "not_yet_valid", leeway)


def _of_the_clock(what: str, claim: str, reason: str, leeway: float) -> IDTokenError:
    error = IDTokenError(
        f"the ID token {what} (leeway {leeway:g} seconds)", claim=claim, reason=reason
    )
    error.advice = _CLOCK
    return error


def _seconds(claims: dict[str, t.Any], claim: str) -> float | None:
    """A time in the claims; None if it is none that a clock can show."""
    try:
        value = float(claims[claim])
        return value if abs(value) < 1e18 else None
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def _unverified(id_token: str) -> dict[str, t.Any]:
    """The claims for a message; none if they cannot be read, as that may be what is wrong."""
    import jwt

    try:
        return jwt.decode(id_token, options={"verify_signature": False})
    except Exception:
        return {}
