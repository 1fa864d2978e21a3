"""
PKCE (RFC 7636): verifiers and their challenges.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from base64 import urlsafe_b64encode

from globus_core.exc import GlobusSDKUsageError

_VERIFIER = re.compile(r"[A-Za-z0-9\-._~]{43,128}\Z")


def make_verifier() -> str:
    """
    A fresh code verifier: 32 random bytes in base64url, 43 characters.
    """
    return secrets.token_urlsafe(32)


def check_verifier(verifier: str) -> str:
    """
    Return a given verifier if it is well-formed (RFC 7636 section 4.1).

    :param verifier: the verifier; it is not shown in the error
    :raises GlobusSDKUsageError: if it is malformed
    """
    if _VERIFIER.match(verifier):
        return verifier
    raise GlobusSDKUsageError(
        "a PKCE verifier has 43 to 128 characters, each a letter, a digit or one of '~_.-'; "
        f"the one given has {len(verifier)} characters"
    )


def challenge(verifier: str) -> str:
    """
    The S256 code challenge of a verifier (RFC 7636 section 4.2).

    :param verifier: the verifier
    """
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
