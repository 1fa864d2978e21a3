"""
A token record as bytes: its revision, by which scripts of the server know it again, and JSON, which
may be in an envelope.
"""

from __future__ import annotations

import json
import typing as t

from globus_core.exc import StorageError
from globus_core.token_storage.data import decode, warn_of_bad_record

if t.TYPE_CHECKING:
    from globus_core.token_storage import Envelope, TokenStorageData

#: characters of a revision
REVISION = 64
# what each envelope begins with, and no JSON
_SEALED = b"gce"


class Records:
    """
    Writes and reads the records of one namespace.

    :param place: the key under which they are, to which an envelope binds them
    :param where: the place, for warnings
    :param envelope: encrypts records; None leaves them as they are
    """

    def __init__(self, place: str, where: str, envelope: Envelope | None) -> None:
        self._place = place
        self._where = where
        self._envelope = envelope

    def encoded(self, data: TokenStorageData) -> bytes:
        """
        The bytes that are stored for a record.

        :param data: the record
        :raises StorageKeyError: if there is no key to encrypt it with
        """
        record = json.dumps(data.to_dict(include_extra=True)).encode()
        if self._envelope is not None:
            record = self._envelope.seal(record, self._place, data.resource_server)
        return b"%s\n%s" % (data.revision.encode(), record)

    def decoded(self, resource_server: str, stored: bytes | None) -> TokenStorageData | None:
        """
        The record in stored bytes; None if there are none, or with a warning if it is not usable.

        :param resource_server: the resource server that it is stored for
        :param stored: the bytes
        :raises StorageError: if it is encrypted, and cannot be decrypted with the keys
        """
        if stored is None:
            if self._envelope is not None:
                self._envelope.check()  # rather now than at the end of a login
            return None
        revision, text = stored[:REVISION], stored[REVISION + 1 :]
        try:
            value = json.loads(self._opened(resource_server, text))
        except (ValueError, RecursionError):
            record, problem = None, "it is not JSON"
        else:
            record, problem = decode(resource_server, value)
            if record is not None and record.revision.encode() != revision:
                record, problem = None, "it is not the one that was stored"
        if record is None:
            warn_of_bad_record(resource_server, self._where, problem)
        return record

    def _opened(self, resource_server: str, text: bytes) -> bytes:
        if self._envelope is not None:
            return self._envelope.open(text, self._place, resource_server)
        if text.startswith(_SEALED):
            raise StorageError(
                f"the record for {resource_server!r} at {self._where} is encrypted, and the "
                "storage has no key; give it one with key_file in the URL"
            )
        return text
