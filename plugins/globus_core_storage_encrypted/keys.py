"""
Keys of 32 bytes, and passphrases from which such keys are derived.
"""

from __future__ import annotations

import hashlib
import typing as t

from globus_core.exc import GlobusSDKUsageError, NotPicklableError
from globus_core.locks import ForkSafeLock

#: bytes of a key, which is one for AES-256
KEY_BYTES = 32
#: bytes by which a key is known, and which say nothing about it
ID_BYTES = 8
SALT_BYTES = 16
#: a shorter passphrase is a mistake, such as an empty variable
SHORTEST_PASSPHRASE = 8


class StorageKey:
    """
    A key, known by its id. It is never shown and never pickled.

    :param secret: 32 random bytes
    :raises GlobusSDKUsageError: if there are not 32
    """

    __slots__ = ("id", "secret")

    def __init__(self, secret: bytes) -> None:
        if not isinstance(secret, bytes) or len(secret) != KEY_BYTES:
            raise GlobusSDKUsageError(f"a key for tokens has {KEY_BYTES} bytes")
        self.secret = secret
        self.id = hashlib.sha256(b"globus-core storage key\0" + secret).digest()[:ID_BYTES]

    def __repr__(self) -> str:
        return f"<StorageKey {self.id.hex()}>" if hasattr(self, "id") else "<StorageKey>"

    def __reduce__(self) -> t.NoReturn:
        raise NotPicklableError("a key for tokens cannot be pickled; read it in each process")


class Derivation(t.NamedTuple):
    """
    How a key is derived from a passphrase by scrypt (RFC 7914): with which salt, at which cost.

    The default costs a quarter of a second and 32 MiB, as OWASP recommends.
    """

    salt: bytes
    n: int = 2**15
    r: int = 8
    p: int = 3

    def key(self, passphrase: str) -> StorageKey:
        """
        The key of a passphrase, derived once in a process.

        :param passphrase: the passphrase
        """
        text = passphrase.encode(errors="surrogatepass")
        known_by = hashlib.sha256(repr((*self, text)).encode()).digest()
        with _deriving.held():
            key = _derived.get(known_by)
            if key is None:
                key = _derived[known_by] = StorageKey(self._scrypt(text))
        return key

    def _scrypt(self, text: bytes) -> bytes:
        salt, n, r, p = self
        memory = 128 * r * (n + p + 2) + 1024
        return hashlib.scrypt(text, salt=salt, n=n, r=r, p=p, maxmem=memory, dklen=KEY_BYTES)


_deriving = ForkSafeLock()
_derived: dict[bytes, StorageKey] = {}


class Passphrase:
    """
    A passphrase, which becomes a key together with a salt. It is never shown and never pickled.

    :param text: the passphrase
    :raises GlobusSDKUsageError: if it has fewer than 8 characters
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        if len(text) < SHORTEST_PASSPHRASE:
            raise GlobusSDKUsageError(
                f"a passphrase for tokens has at least {SHORTEST_PASSPHRASE} characters"
            )
        self._text = text

    def key(self, derivation: Derivation | None) -> StorageKey:
        """
        The key that is derived from it.

        :param derivation: how; None if there is no place for a salt
        :raises GlobusSDKUsageError: if there is none
        """
        if derivation is None:
            raise GlobusSDKUsageError(
                "a passphrase serves for tokens in a file only, which has a place for its salt; "
                "here give a key of 32 bytes, such as 'openssl rand -base64 32' prints"
            )
        return derivation.key(self._text)

    def __repr__(self) -> str:
        return "<Passphrase>"

    def __reduce__(self) -> t.NoReturn:
        raise NotPicklableError("a passphrase cannot be pickled; read it in each process")


Secret = StorageKey | Passphrase


def parse_secrets(text: str) -> tuple[Secret, ...]:
    """
    The keys and passphrases of a text, one on each line; the first is for encrypting.

    32 bytes in hexadecimal or Base64 are a key, and anything else is a passphrase.

    :param text: the text
    :raises GlobusSDKUsageError: if a passphrase is too short, or there is nothing
    """
    lines = [line.strip() for line in text.splitlines()]
    secrets = tuple(_secret(line) for line in lines if line)
    if not secrets:
        raise GlobusSDKUsageError("it is empty")
    return secrets


def _secret(line: str) -> Secret:
    key = _hexadecimal(line) or _base64(line)
    return Passphrase(line) if key is None else StorageKey(key)


def _hexadecimal(line: str) -> bytes | None:
    try:
        return bytes.fromhex(line) if len(line) == 2 * KEY_BYTES else None
    except ValueError:
        return None


def _base64(line: str) -> bytes | None:
    """32 bytes are 43 characters and a padding, which may be missing; both alphabets are read."""
    from base64 import b64decode

    digits = line.removesuffix("=").replace("-", "+").replace("_", "/")
    try:
        key = b64decode(digits + "=", validate=True) if len(digits) == 43 else b""
    except ValueError:
        return None
    return key if len(key) == KEY_BYTES else None
