"""
A client id and secret, or a user name and password.
"""

from __future__ import annotations

from binascii import b2a_base64

from globus_core.documents import utf8

from .base import StaticGlobusAuthorizer


class BasicAuthorizer(StaticGlobusAuthorizer):
    """
    Sends a name and a password in every request (RFC 7617).

    :param username: the user name, or the client id
    :param password: the password, or the client secret
    :raises GlobusSDKUsageError: if one is not text, or has a character that cannot be sent
    """

    def __init__(self, username: str, password: str) -> None:
        if not all(isinstance(part, str) for part in (username, password)):
            from globus_core.arguments import check_text

            check_text(username, "username")
            check_text(password, "password")
        self.username = username
        self.password = password
        pair = utf8(f"{username}:{password}", "the user name or the password")
        self.header_val = f"Basic {b2a_base64(pair, newline=False).decode()}"
