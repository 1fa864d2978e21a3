"""
A token record as the columns of a row.
"""

from __future__ import annotations

import typing as t
from base64 import b64decode, b64encode

from globus_core.exc import GlobusSDKUsageError
from globus_core.token_storage import records

if t.TYPE_CHECKING:
    from globus_core.token_storage import TokenStorageData


class Records(records.Records):
    """
    Writes and reads the records of one namespace, see :class:`globus_core.token_storage.records`.
    """

    def columns(self, data: TokenStorageData) -> tuple[str, str, int, bool]:
        """
        The columns for a record: its revision, the record as text, when it expires, and whether it
        can be renewed.

        :param data: the record
        :raises StorageKeyError: if there is no key to encrypt it with
        """
        record = self.written(data)
        text = record if record.startswith(b"{") else b64encode(record)
        can_be_renewed = data.refresh_token is not None
        return data.revision, text.decode(), data.expires_at_seconds, can_be_renewed

    def decoded(self, resource_server: str, text: str, revision: str) -> TokenStorageData | None:
        """
        The record in a row; None, with a warning, if it cannot be used.

        :param resource_server: the resource server that it is stored for
        :param text: the column with the record
        :param revision: the column with its revision
        :raises StorageError: if it is encrypted, and cannot be decrypted with the keys
        """
        try:
            record = text.encode() if text.startswith("{") else b64decode(text)
        except ValueError:
            record = b""
        return self.read(resource_server, record, revision)


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
