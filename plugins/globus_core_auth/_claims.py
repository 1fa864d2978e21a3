"""
What PyJWT leaves unchecked in an ID token: the header before its key is known, and the claims
that OpenID Connect adds.
"""

from __future__ import annotations

from functools import lru_cache

from globus_core.exc import IDTokenError

from ._wire import same_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    Claims = t.Mapping[str, t.Any]

#: a server's headers are short and alike; whoever sends a longer one has it read anew each time
_LONGEST_REMEMBERED = 1000


def header_of(id_token: str) -> tuple[str | None, str]:
    """
    The ``kid`` and the ``alg`` of a token, neither of them to be trusted.

    :param id_token: the token
    :raises jwt.PyJWTError: if its header is not one
    """
    segment = id_token.partition(".")[0]
    return (_remembered if len(segment) <= _LONGEST_REMEMBERED else _read)(segment)


def _read(segment: str) -> tuple[str | None, str]:
    import jwt

    # only the header: PyJWT would read the other parts as well, which it does again later
    header = jwt.get_unverified_header(f"{segment}..")
    return header.get("kid"), str(header.get("alg"))


# what a text says does not change, so nothing here grows old
_remembered = lru_cache(maxsize=16)(_read)


def check_subject(claims: Claims) -> None:
    """
    The person's id must be text (section 2); older versions of PyJWT do not look.

    :param claims: the token's claims
    :raises IDTokenError: if it is something else
    """
    if not isinstance(claims.get("sub", ""), str):
        raise IDTokenError("the ID token's subject is no text", claim="sub", reason="mismatch")


def check_authorized_party(claims: Claims, audience: str | t.Iterable[str]) -> None:
    """
    A token for several must say that it was issued to us (sections 3.1.3.7.4 and 5).

    :param claims: the token's claims
    :param audience: who we are, by one name or several
    :raises IDTokenError: if it was issued to somebody else
    """
    party = claims.get("azp")
    several = isinstance(claims.get("aud"), list) and len(claims["aud"]) > 1
    if party is None and not several:
        return
    # by comparison, as what is in the token may be anything
    if any(party == name for name in ([audience] if isinstance(audience, str) else audience)):
        return
    raise IDTokenError(
        f"the ID token was issued to {shown(party)}, not to {audience!r}",
        claim="azp",
        reason="mismatch",
    )


def check_nonce(claims: Claims, nonce: str | None) -> None:
    """
    The token must belong to the login that sent the nonce (section 3.1.3.7.11).

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
    The token must belong to the access token that came with it (section 3.1.3.6).

    :param claims: the token's claims; without ``at_hash`` nothing is checked
    :param access_token: the access token; None checks nothing
    :param algorithm: what the ID token was signed with
    :param curve: the key's curve, which decides about EdDSA; None if it has none
    :raises IDTokenError: if the hash is another, or cannot be worked out
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
    """The hash that the algorithm signs by; None if it is not known."""
    import hashlib

    if curve == "Ed448":  # RFC 8032 section 5.2
        return hashlib.shake_256(content).digest(114)
    bits = "512" if curve == "Ed25519" else "".join(filter(str.isdigit, algorithm))
    return hashlib.new(f"sha{bits}", content).digest() if bits in ("256", "384", "512") else None


def _left_half(digest: bytes) -> str:
    from base64 import urlsafe_b64encode

    return urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode("ascii")


def shown(value: object) -> str:
    """
    A value of a token as messages show it, which is not without end.

    :param value: the value
    """
    text = repr(value)
    return text if len(text) <= 200 else f"{text[:200]}..."
