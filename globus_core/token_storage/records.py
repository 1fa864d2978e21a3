"""
A token record as a server stores it: JSON, which may be in an envelope.
"""

from __future__ import annotations

import json

from globus_core.arguments import check_has
from globus_core.exc.base import GlobusSDKUsageError, StorageError

from .data import decode, warn_of_bad_record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from . import Envelope, TokenStorageData

# what each envelope begins with, and no JSON
_SEALED = b"gce"


class Records:
    """
    Writes and reads the records of one namespace.

    :param place: names the namespace at the server; an envelope binds the records to it
    :param where: the place, for warnings
    :param envelope: encrypts records; None leaves them as they are
    """

    def __init__(self, place: str, where: str, envelope: Envelope | None) -> None:
        self._place = place
        self._where = where
        self._envelope = envelope

    def written(self, data: TokenStorageData) -> bytes:
        """
        The bytes that are stored for a record.

        :param data: the record
        :raises StorageKeyError: if there is no key to encrypt it with
        """
        record = json.dumps(data.to_dict(include_extra=True)).encode()
        if self._envelope is not None:
            record = self._envelope.seal(record, self._place, data.resource_server)
        return record

    def check_key(self) -> None:
        """
        See that there is a key, before the answer is that there is no token, so that a missing one
        is not found out at the end of a login only.

        :raises StorageKeyError: if there is none
        """
        if self._envelope is not None:
            self._envelope.check()

    def read(self, resource_server: str, text: bytes, revision: str) -> TokenStorageData | None:
        """
        The record in stored bytes; None, with a warning, if it is not usable.

        :param resource_server: the resource server that it is stored for
        :param text: the bytes
        :param revision: the revision that is stored with it, by which it is replaced
        :raises StorageError: if it is encrypted, and cannot be decrypted with the keys
        """
        try:
            value = json.loads(self._opened(resource_server, text))
        except (ValueError, RecursionError):
            record, problem = None, "it is not JSON"
        else:
            record, problem = decode(resource_server, value)
            if record is not None and record.revision != revision:
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


def chosen_envelope(key_file: str | None, given: Envelope | None) -> Envelope | None:
    """
    The envelope of a storage.

    :param key_file: the file with the keys that its URL names, or None
    :param given: the one that the program has given, or None
    :raises GlobusSDKUsageError: if there are both, or what was given is no envelope
    """
    if given is not None:
        check_has(given, "envelope", ("seal", "open", "check"), "an Envelope")
    if key_file is None:
        return given
    if given is not None:
        raise GlobusSDKUsageError("give the keys as an envelope or in the URL, not both")
    from . import Envelope

    return Envelope.from_file(key_file)
