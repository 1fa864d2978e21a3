"""
The token in an ``Authorization`` header (RFC 6750).
"""

from __future__ import annotations

import re

#: the longest header that is looked at; tokens of Globus Auth have about 100 characters
LONGEST_HEADER = 8192

_BEARER = re.compile(r"[Bb][Ee][Aa][Rr][Ee][Rr] +([A-Za-z0-9._~+/-]+=*)")


def bearer_token(header: str | None) -> str | None:
    """
    The token of a header, or None if there is none, or the header is not well formed.

    :param header: the value of the header; None if the request has none
    """
    if not header or len(header) > LONGEST_HEADER:
        return None
    found = _BEARER.fullmatch(header)
    return None if found is None else found[1]


def has_scheme(header: str | None) -> bool:
    """
    Whether a header claims to have a token.

    :param header: the value of the header; None if the request has none
    """
    return header is not None and header[:7].lower() in ("bearer", "bearer ")
