"""
A token record as the columns of a row.
"""

from __future__ import annotations

import json
import typing as t

from globus_core.exc import GlobusSDKUsageError
from globus_core.token_storage.data import decode, warn_of_bad_record

if t.TYPE_CHECKING:
    from globus_core.token_storage import TokenStorageData


def encoded(data: TokenStorageData) -> tuple[str, str, int, bool]:
    """
    The columns for a record: its revision, the record as JSON, when it expires, and whether it can
    be renewed.

    :param data: the record
    """
    text = json.dumps(data.to_dict(include_extra=True))
    return data.revision, text, data.expires_at_seconds, data.refresh_token is not None


def decoded(resource_server: str, text: str, where: str) -> TokenStorageData | None:
    """
    The record in a row; None, with a warning, if it cannot be used.

    :param resource_server: the resource server that it is stored for
    :param text: the column with the record
    :param where: the place, for the warning
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        record, problem = None, "it is not JSON"
    else:
        record, problem = decode(resource_server, value)
    if record is None:
        warn_of_bad_record(resource_server, where, problem)
    return record


def check_storable(name: str) -> None:
    """
    Refuse a name that no text of PostgreSQL can be.

    :param name: such as a resource server
    :raises GlobusSDKUsageError: if it has a null character or a lone surrogate
    """
    if "\0" not in name and not any("\ud800" <= char <= "\udfff" for char in name):
        return
    from globus_core.printable import quoted

    raise GlobusSDKUsageError(
        f"the name {quoted(name)} has a null character or a lone surrogate, which cannot be stored"
    )
