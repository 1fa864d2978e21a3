"""
The owner of a Globus Connect Personal, as its files tell.
"""

from __future__ import annotations

import re

from globus_core.exc import GlobusSDKUsageError, ValidationError

#: what the names of owners begin with in the file that maps them to local users
DN_PREFIX = "/C=US/O=Globus Consortium/OU=Globus Connect User/CN="
#: a UUID, in base32
_ENCODED_ID = re.compile(r"u_([a-z2-7]{26})", re.ASCII)


class GlobusConnectPersonalOwnerInfo:
    """
    The owner of a Globus Connect Personal: either an identity id or a username.

    :param config_dn: a quoted distinguished name with a local user, as a line of ``gridmap`` has it
    :raises ValidationError: if it is not two words, which is a ValueError
    """

    #: the identity id, or None
    id: str | None = None
    #: the username, or None
    username: str | None = None

    def __init__(self, *, config_dn: str) -> None:
        name = _common_name(config_dn)
        self.id = _identity_id(name)
        if self.id is None:
            self.username = f"{name}@globusid.org"

    def __str__(self) -> str:
        known = f"username={self.username}" if self.id is None else f"id={self.id}"
        return f"GlobusConnectPersonalOwnerInfo({known})"

    def __repr__(self) -> str:
        return f"<{self}>"


def _common_name(line: str) -> str:
    import shlex

    if not isinstance(line, str):
        raise GlobusSDKUsageError(f"'config_dn' must be text, not {type(line).__name__}")
    try:
        distinguished_name, _ = shlex.split(line)
    except ValueError:
        raise ValidationError(
            "an owner is a quoted distinguished name followed by a local user"
        ) from None
    if distinguished_name.startswith(DN_PREFIX):
        return distinguished_name[len(DN_PREFIX) :]
    return distinguished_name.rpartition("=")[2]


def _identity_id(name: str) -> str | None:
    """The identity id in a name; None if it is a username."""
    found = _ENCODED_ID.fullmatch(name[:2] + name[2:].lower())
    if found is None:
        return None
    import base64
    import uuid

    return str(uuid.UUID(bytes=base64.b32decode(f"{found[1].upper()}======")))
