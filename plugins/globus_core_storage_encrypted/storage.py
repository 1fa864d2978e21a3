"""
Tokens in an encrypted file.
"""

from __future__ import annotations

import json
import os
import typing as t
from base64 import b64decode, b64encode

from globus_core.arguments import check_has
from globus_core.token_storage import (
    DocumentTokenStorage,
    StorageDescription,
    TokenStorageData,
)
from globus_core.token_storage.data import decode

from .document import changed, frame_of, is_encrypted, records_of, written
from .envelope import Envelope
from .errors import BrokenSealError, StorageKeyError
from .keys import SALT_BYTES, Derivation

if t.TYPE_CHECKING:
    from typing_extensions import Self

    Document = dict[str, t.Any]


class EncryptedTokenStorage(DocumentTokenStorage):
    """
    Keeps tokens in an encrypted file, with the locks of all storages in files.

    Each record is in an :class:`Envelope`, bound to its namespace and resource server, and the
    whole file is signed, so that a change of any byte is noticed. Names of namespaces and resource
    servers can be read without the key.

    A passphrase becomes a key by scrypt, once in a process, with a salt that is in the file. Once
    the keys have changed, the next store encrypts all records with the first one.

    :param filepath: the file, which need not exist
    :param namespace: the namespace of the tokens in the file that this object uses
    :param envelope: the envelope with the keys; None takes those that the environment names, see
        :meth:`Envelope.from_environment`
    :raises UnusableStorageError: if the file's folder cannot be created
    :raises GlobusSDKUsageError: if the envelope is none
    """

    file_format = "encrypted"

    def __init__(
        self,
        filepath: str | os.PathLike[str],
        *,
        namespace: str = "DEFAULT",
        envelope: Envelope | None = None,
    ) -> None:
        super().__init__(filepath, namespace=namespace)
        if envelope is not None:
            check_has(envelope, "envelope", ("seal", "open", "sign"), "an Envelope")
        self.envelope = Envelope.from_environment() if envelope is None else envelope

    @classmethod
    def from_url(cls, url: str, *, namespace: str = "DEFAULT") -> Self:
        """
        Create a storage from its URL, such as ``encrypted:///home/ada/tokens?key_file=/etc/key``.

        :param url: the URL; without ``key_file``, the environment names the key
        :param namespace: the namespace of the tokens in the file that the storage uses
        :raises GlobusSDKUsageError: if the URL has a host, no path, or anything else
        """
        place, key_file = _split(url)
        storage = super().from_url(place, namespace=namespace)
        if key_file is not None:
            storage.envelope = Envelope.from_file(key_file)
        return storage

    def empty_document(self) -> Document:
        self.envelope.check()  # rather now than at the end of a login
        return self.new_document()

    def new_document(self) -> Document:
        """
        A document without tokens and without a key, but with a salt.
        """
        return {"data": {}, "derivation": Derivation(os.urandom(SALT_BYTES)), "keys": []}

    @staticmethod
    def is_encrypted(content: bytes) -> bool:
        """
        Whether a file begins like one with encrypted tokens.

        :param content: its content, of which the first bytes suffice
        """
        return is_encrypted(content)

    def read_document(self, content: bytes, path: str) -> Document:
        frame = frame_of(content, path)
        try:
            self.envelope = self.envelope_of(frame.keys, frame.derivation)
            self.envelope.verify(frame.signed, frame.signatures)
        except BrokenSealError:
            raise changed(path) from None
        except StorageKeyError as error:
            raise _with_path(error, path) from error
        data = {
            namespace: {server: _Sealed(text, self.envelope) for server, text in tokens.items()}
            for namespace, tokens in records_of(frame.signed, path).items()
        }
        return {"data": data, "derivation": frame.derivation, "keys": frame.keys}

    def write_document(self, document: Document) -> bytes:
        derivation = document["derivation"]
        envelope = self.envelope = self.envelope_of(document["keys"], derivation)
        document["keys"] = list(envelope.sign(b""))
        records = {
            namespace: {
                resource_server: _sealed(envelope, value, namespace, resource_server)
                for resource_server, value in tokens.items()
            }
            for namespace, tokens in document["data"].items()
        }
        return written(records, derivation, envelope.sign)

    def envelope_of(self, keys: t.Sequence[str], derivation: Derivation) -> Envelope:
        """
        The envelope for a file.

        :param keys: the ids of the keys with which it is signed; none if it is a new one
        :param derivation: how its keys are derived from passphrases
        :raises StorageKeyError: if there is no key
        """
        return self.envelope.with_derivation(derivation)

    def encode_record(self, data: TokenStorageData) -> TokenStorageData:
        # is sealed when it is written, with the salt of the file
        return data.copy()

    def decode_record(
        self, resource_server: str, value: t.Any
    ) -> tuple[TokenStorageData | None, str]:
        if isinstance(value, TokenStorageData):
            return value, ""
        opened = value.envelope.open(b64decode(value), self.namespace, resource_server)
        try:
            return decode(resource_server, json.loads(opened))
        except (ValueError, RecursionError):
            return None, "it is not JSON"

    def describe(self) -> StorageDescription:
        plain = super().describe()
        protection = plain.protection.removesuffix(", not encrypted")
        return StorageDescription(
            location=plain.location,
            protection=f"{protection}, encrypted with a key from {self.envelope.source}",
            shared=True,
        )

    def _is_bad(self, resource_server: str, value: t.Any) -> bool:
        try:
            return super()._is_bad(resource_server, value)
        except (BrokenSealError, StorageKeyError):
            return True


class _Sealed(str):
    """
    A sealed record in Base64, as it is in a file, with the envelope for that file.

    Other objects for the same place share what was read, and may not have read a file themselves.
    """

    __slots__ = ("envelope",)

    envelope: Envelope

    def __new__(cls, text: str, envelope: Envelope) -> Self:
        sealed = super().__new__(cls, text)
        sealed.envelope = envelope
        return sealed


def _sealed(envelope: Envelope, value: t.Any, namespace: str, resource_server: str) -> str:
    """The text for a record in the file, sealed with the first key if that is possible."""
    if isinstance(value, TokenStorageData):
        value = value.to_dict(include_extra=True)
    if isinstance(value, str):
        sealed = b64decode(value)
        if envelope.uses_first_key(sealed):
            return value
        try:
            record = envelope.open(sealed, namespace, resource_server)
        except StorageKeyError:
            return value  # whoever has its key can still read it
    else:
        record = json.dumps(value).encode()
    return b64encode(envelope.seal(record, namespace, resource_server)).decode()


def _with_path(error: StorageKeyError, path: str) -> StorageKeyError:
    """The same error, which also says for which file a key is needed."""
    from copy import copy

    named = copy(error)
    named.args = (f"cannot read {path!r}: {error}",)
    return named


def _split(url: str) -> tuple[str, str | None]:
    """The URL of the file, and the path of the file with the key if there is one."""
    from urllib.parse import parse_qsl

    from globus_core.exc import GlobusSDKUsageError

    place, _, query = url.partition("?")
    settings = dict(parse_qsl(query, keep_blank_values=True))
    key_file = settings.pop("key_file", None)
    if settings or key_file == "":
        raise GlobusSDKUsageError(
            "after the path, the URL of an encrypted token file has only ?key_file=/folder/file"
        )
    return place, key_file
