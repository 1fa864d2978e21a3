"""
A client id and secret, or a user name and password.
"""

from __future__ import annotations

from binascii import b2a_base64

from .base import StaticGlobusAuthorizer


class BasicAuthorizer(StaticGlobusAuthorizer):
    """
    Sends a name and a password in every request (RFC 7617).

    :param username: the user name, or the client id
    :param password: the password, or the client secret
    """

    def __init__(self, username: str, password: str) -> None:
        self.username = username
        self.password = password
        encoded = b2a_base64(f"{username}:{password}".encode(), newline=False).decode()
        self.header_val = f"Basic {encoded}"
