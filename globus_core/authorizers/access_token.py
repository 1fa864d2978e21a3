"""
A fixed access token, which is not renewed.
"""

from __future__ import annotations

from .base import StaticGlobusAuthorizer, bearer_header


class AccessTokenAuthorizer(StaticGlobusAuthorizer):
    """
    Sends an access token as a Bearer token (RFC 6750); it is not renewed.

    :param access_token: the token
    :raises GlobusSDKUsageError: if it is empty, or cannot be sent in a header
    """

    def __init__(self, access_token: str) -> None:
        self.header_val = bearer_header(access_token)
        self.access_token = access_token

    @property
    def access_token_hash(self) -> str:
        """The SHA-256 hash of the token in hexadecimal, to tell tokens apart in logs."""
        from hashlib import sha256

        return sha256(self.access_token.encode()).hexdigest()
