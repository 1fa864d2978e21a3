"""
The format of the encrypted file: lines of JSON.

The first line says what the file is, the last one has the signatures of all lines before it, and
each line between them is a record in its envelope. A file that lacks its end was cut short; one
that has its length, or its last line, and does not match the signatures was changed.
"""

from __future__ import annotations

import json
import typing as t
from base64 import b64decode, b64encode

from globus_core.token_storage import DamagedDocumentError, UnusableStorageError

from .errors import BrokenSealError
from .keys import SALT_BYTES, Derivation

_FORMAT = "globus-core encrypted tokens"
_VERSION = 1
_BEGINNING = f'{{"format": "{_FORMAT}"'.encode()
# A file that somebody has changed must not make scrypt take hours, or all memory.
_MOST_MEMORY = 2**29
_MOST_WORK = 2**24

#: sealed records in Base64, by namespace and resource server
Records = dict[str, dict[str, str]]


class Frame(t.NamedTuple):
    """
    An encrypted file as it is before its signatures are verified.

    :ivar keys: the ids of its keys
    :ivar derivation: how its keys are derived from passphrases
    :ivar signed: everything that is signed
    :ivar signatures: the signatures by the ids of their keys
    """

    keys: list[str]
    derivation: Derivation
    signed: bytes
    signatures: dict[str, str]


def frame_of(content: bytes, path: str) -> Frame:
    """
    Take a file apart.

    :param content: the content of the file
    :param path: the file, for error messages
    :raises DamagedDocumentError: if it was cut short
    :raises UnusableStorageError: if it is another kind of file, or one of a later version
    :raises BrokenSealError: if it was changed
    """
    first, _, rest = content.partition(b"\n")
    before, _, last = content.removesuffix(b"\n").rpartition(b"\n")
    header, signatures = _header(first, path), _signatures(last)
    has_end = signatures is not None and content.endswith(b"\n")
    if not has_end and (header is None or len(rest) < header[0]):
        raise _incomplete(content, path)
    if header is None or signatures is None or len(rest) != header[0]:
        raise changed(path)
    _, keys, derivation = header
    if keys != list(signatures):
        raise changed(path)
    return Frame(keys, derivation, before + b"\n", signatures)


def is_encrypted(content: bytes) -> bool:
    """
    Whether a file begins like one with encrypted tokens.

    :param content: its content, of which the first bytes suffice
    """
    return _BEGINNING.startswith(content[: len(_BEGINNING)])


def records_of(signed: bytes, path: str) -> Records:
    """
    The records of a file whose signatures were verified.

    :param signed: what was signed
    :param path: the file, for error messages
    :raises BrokenSealError: if it is not what this module writes
    """
    records: Records = {}
    try:
        for line in signed.splitlines()[1:]:
            namespace, resource_server, sealed = json.loads(line)
            records.setdefault(namespace, {})[resource_server] = sealed
    except (ValueError, TypeError, RecursionError):
        raise changed(path) from None
    return records


def written(
    records: Records, derivation: Derivation, sign: t.Callable[[bytes], dict[str, str]]
) -> bytes:
    """
    The content of a file.

    :param records: the sealed records
    :param derivation: how its keys are derived from passphrases
    :param sign: makes the signatures of what it is given
    """
    lines = [
        _line([namespace, resource_server, sealed])
        for namespace, tokens in records.items()
        for resource_server, sealed in tokens.items()
    ]
    body = b"".join(lines)
    # signatures are of one length, whatever they sign
    signatures = sign(b"")
    length = len(body) + len(_line({"signatures": signatures}))
    scrypt = {**derivation._asdict(), "salt": b64encode(derivation.salt).decode()}
    keys = list(signatures)
    first = {
        "format": _FORMAT,
        "version": _VERSION,
        "length": length,
        "keys": keys,
        "scrypt": scrypt,
    }
    signed = _line(first) + body
    return signed + _line({"signatures": sign(signed)})


def changed(path: str) -> BrokenSealError:
    """
    The error for a file that is not as it was written.

    :param path: the file
    """
    return BrokenSealError(f"the encrypted tokens in {path!r} have been changed or damaged")


def _line(value: t.Any) -> bytes:
    return json.dumps(value).encode() + b"\n"


def _header(line: bytes, path: str) -> tuple[int, list[str], Derivation] | None:
    """The bytes after the first line, the ids of keys, the derivation; None if it is damaged."""
    value = _parsed(line)
    if not isinstance(value, dict) or not line.startswith(_BEGINNING):
        return None
    version = value.get("version")
    if type(version) is int and version > _VERSION:
        raise UnusableStorageError(
            f"{path!r} has version {version} of its format, but this program supports only "
            f"version {_VERSION}; use the newer program that wrote it, or another file"
        )
    length, keys, derivation = map(value.get, ("length", "keys", "scrypt"))
    derivation = _derivation(derivation)
    if version != _VERSION or type(length) is not int or derivation is None:
        return None
    return (length, keys, derivation) if isinstance(keys, list) else None


def _derivation(value: t.Any) -> Derivation | None:
    try:
        salt = b64decode(value["salt"], validate=True)
        derivation = Derivation(salt, value["n"], value["r"], value["p"])
    except (KeyError, TypeError, ValueError):
        return None
    _, n, r, p = derivation
    if not all(type(number) is int and number > 0 for number in (n, r, p)):
        return None
    affordable = 128 * n * r <= _MOST_MEMORY and n * r * p <= _MOST_WORK
    is_valid = len(salt) == SALT_BYTES and n > 1 and n & (n - 1) == 0
    return derivation if affordable and is_valid else None


def _signatures(line: bytes) -> dict[str, str] | None:
    value = _parsed(line)
    signatures = value.get("signatures") if isinstance(value, dict) and len(value) == 1 else None
    if not isinstance(signatures, dict) or not signatures:
        return None
    if not all(isinstance(text, str) and text.isascii() for text in signatures.values()):
        return None
    return signatures


def _parsed(line: bytes) -> t.Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _incomplete(content: bytes, path: str) -> Exception:
    """The error for a file without its end: it was cut short, or is of another kind."""
    text = content.strip(b"\0 \t\r\n")
    if not text:
        return DamagedDocumentError("it is empty")
    if content.startswith(b"\0") or is_encrypted(content):
        return DamagedDocumentError("it is not complete")
    return UnusableStorageError(
        f"{path!r} is not a file with encrypted tokens, and it was not changed; choose another "
        "file, or move tokens from it with 'globus-core tokens move'"
    )
