"""
The envelope: records that are encrypted, and bound to the place where they are stored.
"""

from __future__ import annotations

import hmac
import os
import typing as t

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .errors import BrokenSealError, StorageKeyError
from .key_sources import EnvironmentKeys, GivenKeys, KeyFile, KeySource
from .keys import ID_BYTES, Derivation, Secret, StorageKey

#: what each envelope begins with: who made it, and the version of its format
MAGIC = b"gce\x01"
_SALT_BYTES = 16
_NONCE_BYTES = 12
_HEAD = len(MAGIC) + ID_BYTES
_BODY = _HEAD + _SALT_BYTES + _NONCE_BYTES
#: how many bytes an envelope adds to a record
OVERHEAD = _BODY + 16


class Envelope:
    """
    Encrypts records with AES-256-GCM, and binds each to its namespace and resource server, so that
    one that was put in another's place is refused.

    The first key encrypts, and every key decrypts. To change the key while programs run, add the
    new key as the second one everywhere, then make it the first, and remove the old one in the end.
    A file with keys is read again when it has changed.

    Keys are read at the first use, are in no ``repr``, and are not pickled. An envelope is safe to
    share between threads, and after a fork.

    :param keys: keys of 32 random bytes, the one for encrypting first
    :raises GlobusSDKUsageError: if there is none, or one does not have 32 bytes
    """

    __slots__ = ("_derivation", "_found", "_secrets", "_source", "_state")

    def __init__(self, *keys: bytes) -> None:
        self._set(GivenKeys(keys), None)

    @classmethod
    def from_file(cls, path: str | os.PathLike[str]) -> Envelope:
        """
        An envelope with the keys of a file: one on each line, in Base64 or hexadecimal.

        :param path: the file; a leading ``~/`` is the home folder
        """
        return cls.from_source(KeyFile(path))

    @classmethod
    def from_environment(cls) -> Envelope:
        """
        An envelope with the keys that the environment names: ``GLOBUS_CORE_STORAGE_KEY_FILE`` (the
        path of a file), ``GLOBUS_CORE_STORAGE_KEY_FD`` (an open descriptor) or
        ``GLOBUS_CORE_STORAGE_KEY`` (the key itself).
        """
        return cls.from_source(EnvironmentKeys())

    @classmethod
    def from_source(cls, source: KeySource, derivation: Derivation | None = None) -> Envelope:
        """
        An envelope with the keys of a source.

        :param source: where they are
        :param derivation: how keys are derived from passphrases; None refuses these
        """
        envelope = cls.__new__(cls)
        envelope._set(source, derivation)
        return envelope

    def _set(self, source: KeySource, derivation: Derivation | None) -> None:
        self._source = source
        self._derivation = derivation
        self._secrets: tuple[Secret, ...] = ()
        self._state: t.Any = None
        self._found: dict[bytes, StorageKey] = {}

    def seal(self, record: bytes, namespace: str, resource_server: str) -> bytes:
        """
        Encrypt a record.

        :param record: what is to be stored
        :param namespace: the namespace for which it is stored
        :param resource_server: the resource server for which it is stored
        :raises StorageKeyError: if there is no key
        """
        key = self._key()
        fresh = os.urandom(_SALT_BYTES + _NONCE_BYTES)
        bound = _bound(key.id, namespace, resource_server)
        sealed = _cipher(key, fresh).encrypt(fresh[_SALT_BYTES:], record, bound)
        return b"".join((MAGIC, key.id, fresh, sealed))

    def open(self, sealed: bytes, namespace: str, resource_server: str) -> bytes:
        """
        Decrypt a record.

        :param sealed: what :meth:`seal` returned
        :param namespace: the namespace for which it is stored
        :param resource_server: the resource server for which it is stored
        :raises StorageKeyError: if its key is not among the keys, or there is none
        :raises BrokenSealError: if it is not what was sealed for this namespace and resource server
        """
        if not sealed.startswith(MAGIC) or len(sealed) < OVERHEAD:
            raise BrokenSealError(f"the record for {resource_server!r} is no encrypted record")
        key = self._key_with_id(sealed[len(MAGIC) : _HEAD])
        fresh, body = sealed[_HEAD:_BODY], sealed[_BODY:]
        bound = _bound(key.id, namespace, resource_server)
        try:
            return _cipher(key, fresh).decrypt(fresh[_SALT_BYTES:], body, bound)
        except InvalidTag:
            pass
        raise BrokenSealError(
            f"the encrypted record for {resource_server!r} was changed, or is not for it"
        )

    def uses_first_key(self, sealed: bytes) -> bool:
        """
        Whether a record is encrypted with the key that encrypts now.

        :param sealed: what :meth:`seal` returned, of whatever time
        """
        return sealed[len(MAGIC) : _HEAD] == self._key().id

    def sign(self, content: bytes) -> dict[str, str]:
        """
        A signature of some content with each key, by the key's id. Whoever has one of the keys can
        see that the content is not changed.

        :param content: the content
        :raises StorageKeyError: if there is no key
        """
        return {key.id.hex(): _signature(key, content) for key in self._keys()}

    def verify(self, content: bytes, signatures: t.Mapping[str, str]) -> None:
        """
        Refuse content that is not what was signed.

        :param content: the content
        :param signatures: what :meth:`sign` returned
        :raises StorageKeyError: if none of the keys has signed it, or there is none
        :raises BrokenSealError: if a signature is not one of this content
        """
        known = self._find(lambda key: key.id.hex() in signatures)
        if known is None:
            raise self._unknown(", ".join(signatures))
        for key in (known, *tuple(self._found.values())):
            signature = signatures.get(key.id.hex())
            if signature is not None and not hmac.compare_digest(
                signature.encode(), _signature(key, content).encode()
            ):
                raise BrokenSealError("what was encrypted has been changed")

    def with_derivation(self, derivation: Derivation) -> Envelope:
        """
        An envelope with the same keys, which derives keys from passphrases in another way.

        :param derivation: how
        """
        if derivation == self._derivation:
            return self
        other = type(self).from_source(self._source, derivation)
        other._found = self._found  # by id, so those of the other way as well
        return other

    def check(self) -> None:
        """
        Read the keys, if they have not been read.

        :raises StorageKeyError: if there is no key
        """
        self._read_if_changed()

    @property
    def source(self) -> str:
        """Where the keys come from, in words."""
        return self._source.name

    def _key(self) -> StorageKey:
        """The key that encrypts."""
        self._read_if_changed()
        return self._key_of(self._secrets[0])

    def _keys(self) -> t.Iterator[StorageKey]:
        """All keys, the one that encrypts first; those of passphrases are derived one by one."""
        yield self._key()
        yield from map(self._key_of, self._secrets[1:])

    def _key_with_id(self, key_id: bytes) -> StorageKey:
        known = self._found.get(key_id) or self._find(lambda key: key.id == key_id)
        if known is None:
            raise self._unknown(key_id.hex())
        return known

    def _find(self, wanted: t.Callable[[StorageKey], bool]) -> StorageKey | None:
        return next(filter(wanted, self._keys()), None)

    def _unknown(self, used: str) -> StorageKeyError:
        ids = ", ".join(key.id.hex() for key in self._keys())
        return StorageKeyError(
            f"tokens are encrypted with the key {used}, which is not in {self.source}; "
            f"its keys are {ids}"
        )

    def _read_if_changed(self) -> None:
        state = self._source.state()
        if self._secrets and state in (None, self._state):
            return
        self._secrets = self._source.read()
        self._state = state

    def _key_of(self, secret: Secret) -> StorageKey:
        key = secret if isinstance(secret, StorageKey) else secret.key(self._derivation)
        return self._found.setdefault(key.id, key)

    def __repr__(self) -> str:
        source = getattr(self, "_source", None)
        return f"<Envelope, keys from {source.name if source else 'nowhere yet'}>"

    def __reduce__(self) -> t.Any:
        return type(self).from_source, (self._source, self._derivation)

    # a copy is the same envelope

    def __copy__(self) -> Envelope:
        return self

    def __deepcopy__(self, memo: t.Any) -> Envelope:
        return self


def _signature(key: StorageKey, content: bytes) -> str:
    return hmac.digest(key.secret, b"content" + content, "sha256").hex()


def _cipher(key: StorageKey, fresh: bytes) -> AESGCM:
    """A key of its own for each record, so that the number of records with one key is no matter."""
    return AESGCM(hmac.digest(key.secret, b"record" + fresh[:_SALT_BYTES], "sha256"))


def _bound(key_id: bytes, namespace: str, resource_server: str) -> bytes:
    """What a record is bound to; lengths keep ("a", "bc") and ("ab", "c") apart."""
    names = [name.encode(errors="surrogatepass") for name in (namespace, resource_server)]
    parts = [len(name).to_bytes(4, "big") + name for name in names]
    return b"".join((MAGIC, key_id, *parts))
