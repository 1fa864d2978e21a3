"""
A token record as one value: its revision, by which scripts of the server know it again, and the
record.
"""

from __future__ import annotations

import typing as t

from globus_core.token_storage import records

if t.TYPE_CHECKING:
    from globus_core.token_storage import TokenStorageData

#: characters of a revision
REVISION = 64


class Records(records.Records):
    """
    Writes and reads the records of one namespace, see :class:`globus_core.token_storage.records`.
    """

    def encoded(self, data: TokenStorageData) -> bytes:
        """
        The bytes that are stored for a record.

        :param data: the record
        :raises StorageKeyError: if there is no key to encrypt it with
        """
        return b"%s\n%s" % (data.revision.encode(), self.written(data))

    def decoded(self, resource_server: str, stored: bytes | None) -> TokenStorageData | None:
        """
        The record in stored bytes; None if there are none, or with a warning if it is not usable.

        :param resource_server: the resource server that it is stored for
        :param stored: the bytes
        :raises StorageError: if it is encrypted, and cannot be decrypted with the keys
        """
        if stored is None:
            self.check_key()
            return None
        revision, text = stored[:REVISION], stored[REVISION + 1 :]
        return self.read(resource_server, text, revision.decode(errors="replace"))
