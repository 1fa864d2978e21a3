"""
A token record as bytes: its revision, by which scripts of the server know it again, and JSON.
"""

from __future__ import annotations

import json
import typing as t

from globus_core.token_storage.data import decode, warn_of_bad_record

if t.TYPE_CHECKING:
    from globus_core.token_storage import TokenStorageData

#: characters of a revision
REVISION = 64


def encoded(data: TokenStorageData) -> bytes:
    """
    The bytes that are stored for a record.

    :param data: the record
    """
    return f"{data.revision}\n{json.dumps(data.to_dict(include_extra=True))}".encode()


def decoded(resource_server: str, stored: bytes, where: str) -> TokenStorageData | None:
    """
    The record in stored bytes; None, with a warning, if it cannot be used.

    :param resource_server: the resource server that it is stored for
    :param stored: the bytes
    :param where: the place, for the warning
    """
    try:
        value = json.loads(stored[REVISION + 1 :])
    except (ValueError, RecursionError):
        record, problem = None, "it is not JSON"
    else:
        record, problem = decode(resource_server, value)
    if record is None:
        warn_of_bad_record(resource_server, where, problem)
    return record
