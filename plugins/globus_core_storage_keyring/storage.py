"""
Encrypted tokens whose key is in the keyring of the operating system.
"""

from __future__ import annotations

import os
import typing as t
import warnings
from urllib.parse import parse_qsl

from globus_core.exc import GlobusSDKUsageError
from globus_core.token_storage import (
    DamagedDocumentError,
    EncryptedTokenStorage,
    Envelope,
    JSONTokenStorage,
    StorageDescription,
    UnusableStorageError,
)

from . import keyring_process
from .errors import KeyringError, UnencryptedStorageWarning

if t.TYPE_CHECKING:
    from typing_extensions import Self

    from globus_core.token_storage import TokenStorageData

    Document = dict[str, t.Any]

POLICY_VARIABLE = "GLOBUS_CORE_KEYRING_POLICY"
POLICIES = ("require", "prefer", "never")
#: so many bytes say whether a file is encrypted
_ENOUGH = 64

_warned: set[str] = set()


class KeyringTokenStorage(EncryptedTokenStorage):
    """
    Keeps tokens in an encrypted file, whose key is in the keyring of the operating system: Secret
    Service, KWallet, macOS Keychain, Windows Credential Locker.

    The keyring is asked once in a process, by a child process that is ended if it does not answer
    in time. A file whose key is no longer in the keyring is renamed, and a new login is required.

    :param filepath: the file, which need not exist
    :param namespace: the namespace of the tokens in the file that this object uses
    :param policy: ``require`` refuses to store tokens that are not encrypted; ``prefer`` stores
        them in a plain file, with a warning, while the keyring cannot be used, and encrypts them
        with the first store once it can; ``never`` does not use the keyring. None takes
        ``GLOBUS_CORE_KEYRING_POLICY``, or else ``require``
    :param timeout: seconds in which the keyring has to answer; None takes
        ``GLOBUS_CORE_KEYRING_TIMEOUT``, or else 2
    :raises GlobusSDKUsageError: if the policy or the timeout is none
    :raises UnusableStorageError: if the file's folder cannot be created
    """

    file_format = "keyring"

    _not_pickled: frozenset[str] = EncryptedTokenStorage._not_pickled | {"envelope"}
    envelope: Envelope = None  # type: ignore[assignment]

    def __init__(
        self,
        filepath: str | os.PathLike[str],
        *,
        namespace: str = "DEFAULT",
        policy: str | None = None,
        timeout: float | None = None,
    ) -> None:
        super().__init__(filepath, namespace=namespace)
        del self.envelope  # comes with a key
        self.policy = _policy(policy)
        self.timeout = keyring_process.timeout_of(None if timeout is None else str(timeout))
        self._plain = JSONTokenStorage(filepath)  # for what is in a plain file

    @classmethod
    def from_url(cls, url: str, *, namespace: str = "DEFAULT") -> Self:
        """
        Create a storage from its URL, such as ``keyring:///home/ada/tokens?policy=prefer``.

        :param url: the URL; after a ``?`` may come ``policy`` and ``timeout``
        :param namespace: the namespace of the tokens in the file that the storage uses
        :raises GlobusSDKUsageError: if the URL has a host, no path, or anything else
        """
        place, _, query = url.partition("?")
        settings = dict(parse_qsl(query, keep_blank_values=True))
        storage = super().from_url(place, namespace=namespace)
        if "policy" in settings:
            storage.policy = _policy(settings.pop("policy"))
        if "timeout" in settings:
            storage.timeout = keyring_process.timeout_of(settings.pop("timeout"))
        if settings:
            raise GlobusSDKUsageError(
                "after the path, the URL of a token file with its key in the keyring has only "
                "?policy=prefer&timeout=10"
            )
        return storage

    def check_keyring(self) -> None:
        """
        See that the keyring can be used.

        :raises KeyringError: if it cannot
        """
        keyring_process.check(self.timeout)

    def empty_document(self) -> Document:
        if self.policy == "never":
            return self._plain.empty_document()
        if self.policy == "require":
            self.check_keyring()  # rather now than at the end of a login
        return self.new_document()

    def read_document(self, content: bytes, path: str) -> Document:
        if not self._is_plain(content):
            return super().read_document(content, path)
        if self.policy == "require":
            raise UnusableStorageError(
                f"the tokens in {path!r} are not encrypted, so that they are not used; move them "
                "with 'globus-core tokens move', or allow that by the policy 'prefer'"
            )
        return self._plain.read_document(content, path)

    def write_document(self, document: Document) -> bytes:
        if self.policy == "never":
            return self._written_plain(document)
        for name, value in self.new_document().items():
            document.setdefault(name, value)  # it may come from a plain file
        try:
            return super().write_document(document)
        except KeyringError as error:
            if self.policy == "require" or document["keys"]:
                raise
            _warn_unencrypted(self._path, error)
            return self._written_plain(document)

    def envelope_of(self, keys: t.Sequence[str], derivation: t.Any) -> Envelope:
        if self.policy == "never":
            raise UnusableStorageError(
                f"the tokens in {self._path!r} are encrypted, and the policy 'never' does not ask "
                "the keyring for their key; move them with 'globus-core tokens move'"
            )
        if not keys:
            return self._new_envelope()
        for key_id in keys:
            secret = keyring_process.key(key_id, self.timeout)
            if secret is not None:
                return Envelope(secret)
        raise DamagedDocumentError("its key is no longer in the keyring")

    def decode_record(
        self, resource_server: str, value: t.Any
    ) -> tuple[TokenStorageData | None, str]:
        if isinstance(value, dict):  # of a plain file
            return self._plain.decode_record(resource_server, value)
        return super().decode_record(resource_server, value)

    def describe(self) -> StorageDescription:
        plain = self._plain.describe()
        protection = plain.protection.removesuffix(", not encrypted")
        return StorageDescription(
            location=plain.location, protection=f"{protection}, {self._state()}", shared=True
        )

    def _state(self) -> str:
        if self.policy == "never":
            return "not encrypted, by the policy 'never'"
        try:
            with open(self._path, "rb") as file:
                plain = self._is_plain(file.read(_ENOUGH))
        except OSError:  # there is none yet
            if self.policy == "prefer":
                return "to be encrypted if the keyring can be used (policy 'prefer')"
            plain = False
        if plain:
            return "not encrypted, because the keyring could not be used"
        return f"encrypted with a key in the keyring (policy {self.policy!r})"

    def _new_envelope(self) -> Envelope:
        """An envelope with a new key, once the keyring has it."""
        secret = os.urandom(32)
        envelope = Envelope(secret)
        (key_id,) = envelope.sign(b"")
        keyring_process.store_key(key_id, secret, self.timeout)
        return envelope

    def _is_plain(self, content: bytes) -> bool:
        """Whether a file is one without encryption; a damaged one is what is to be written."""
        if self.policy == "never":
            return len(content) < _ENOUGH or not self.is_encrypted(content)
        return content.startswith(b'{"') and not self.is_encrypted(content)

    def _written_plain(self, document: Document) -> bytes:
        data = {
            namespace: {server: _as_dict(value) for server, value in tokens.items()}
            for namespace, tokens in document["data"].items()
        }
        return self._plain.write_document({**self._plain.empty_document(), "data": data})


def _as_dict(value: t.Any) -> t.Any:
    return value if isinstance(value, dict) else value.to_dict(include_extra=True)


def _policy(given: str | None) -> str:
    policy = os.environ.get(POLICY_VARIABLE) or "require" if given is None else given
    if policy in POLICIES:
        return policy
    raise GlobusSDKUsageError(
        f"the policy of the keyring must be one of {', '.join(POLICIES)}, not {policy!r:.80}"
    )


def _warn_unencrypted(path: str, error: KeyringError) -> None:
    if path in _warned:
        return
    _warned.add(path)
    warnings.warn(
        f"the tokens in {path!r} are not encrypted: {error}",
        UnencryptedStorageWarning,
        stacklevel=2,
    )
