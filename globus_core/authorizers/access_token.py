"""
A fixed access token, which is not renewed.
"""

from __future__ import annotations

from .base import StaticGlobusAuthorizer


class AccessTokenAuthorizer(StaticGlobusAuthorizer):
    """
    Sends an access token as a Bearer token (RFC 6750); it is not renewed.

    :param access_token: the token
    """

    def __init__(self, access_token: str) -> None:
        self.access_token = access_token
        self.header_val = f"Bearer {access_token}"
