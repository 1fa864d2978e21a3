"""
Encrypted files that somebody or something has changed: refused, and nothing is lost.
"""

from __future__ import annotations

import functools
import json
import os
import pathlib
import typing as t
import warnings
from base64 import b64decode, b64encode

import pytest

from globus_core.exc import StorageError
from globus_core.testing import make_token
from globus_core.token_storage import (
    BrokenSealError,
    DamagedDocumentError,
    DamagedStorageWarning,
    EncryptedTokenStorage,
    Envelope,
    JSONTokenStorage,
    StorageKeyError,
    UnusableStorageError,
)
from globus_core_storage_encrypted.document import frame_of, records_of, written
from globus_core_storage_encrypted.keys import Derivation

KEY, OTHER = bytes(range(32)), bytes(32)
A, B = "a.example.org", "b.example.org"
TOKENS = {name: make_token(name) for name in (A, B)}


@pytest.fixture
def path(tmp_path: pathlib.Path) -> pathlib.Path:
    """A file with two tokens."""
    path = tmp_path / "tokens"
    opened(path).store_token_data_by_resource_server(TOKENS)
    return path


def opened(path: pathlib.Path, *keys: bytes) -> EncryptedTokenStorage:
    """A new object for the file, as in another process."""
    return EncryptedTokenStorage(path, envelope=Envelope(*(keys or (KEY,))))


def assert_refused(path: pathlib.Path, *kinds: type[Exception], **options: t.Any) -> None:
    """Neither a read nor a store works, and neither changes anything."""
    before = path.read_bytes()
    others = sorted(entry.name for entry in path.parent.iterdir())
    make: t.Callable[[pathlib.Path], EncryptedTokenStorage] = options.get("make", opened)
    uses: tuple[t.Callable[[], object], ...] = (
        lambda: make(path).get_token_data(A),
        lambda: make(path).get_token_data_by_resource_server(),
        lambda: make(path).store_token_data_by_resource_server({A: make_token(A)}),
        lambda: make(path).replace(A, TOKENS[A].revision, None),
        lambda: make(path).remove_token_data(B),
    )
    for use in uses:
        with pytest.raises(kinds) as caught:
            use()
        assert isinstance(caught.value, StorageError)
        assert "access-" not in caught.value.explain()
    assert path.read_bytes() == before
    assert sorted(entry.name for entry in path.parent.iterdir()) == others


def test_every_flipped_bit_is_refused(path: pathlib.Path) -> None:
    """Whichever byte it is in; with the bit as it was, every token is there again."""
    content = path.read_bytes()
    read: t.Any = opened(path).read_document
    for bit in range(8 * len(content)):
        changed = bytearray(content)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises((BrokenSealError, StorageKeyError, UnusableStorageError)):
            read(bytes(changed), str(path))
    for place in range(0, len(content), 7):
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        assert_refused(path, BrokenSealError, StorageKeyError, UnusableStorageError)
    path.write_bytes(content)

    assert opened(path).get_token_data_by_resource_server() == TOKENS


def test_every_shorter_file_is_moved_aside(path: pathlib.Path) -> None:
    """It reads as no token and never as half of them; what there was of it is kept."""
    content = path.read_bytes()
    read: t.Any = opened(path).read_document
    for length in range(len(content)):
        with pytest.raises(DamagedDocumentError):
            read(content[:length], str(path))
    for length in range(0, len(content), 40):
        path.write_bytes(content[:length])
        os.utime(path, (1_700_000_000, 1_700_000_000))
        with pytest.warns(DamagedStorageWarning, match=r"damaged \(it is (empty|not complete)\)"):
            assert opened(path).get_token_data_by_resource_server() == {}
        aside = path.with_name("tokens.damaged-1")
        assert aside.read_bytes() == content[:length]
        assert not path.exists()
        aside.unlink()


def test_records_that_change_places_are_refused(path: pathlib.Path) -> None:
    """By the signature of the file, and by their own for somebody who could make that one."""
    frame = frame_of(path.read_bytes(), str(path))
    (tokens,) = records_of(frame.signed, str(path)).values()
    swapped = {"DEFAULT": {A: tokens[B], B: tokens[A]}}
    path.write_bytes(written(swapped, frame.derivation, lambda signed: frame.signatures))
    assert_refused(path, BrokenSealError)
    path.write_bytes(written(swapped, frame.derivation, Envelope(KEY).sign))
    with pytest.raises(BrokenSealError, match="was changed, or is not for it"):
        opened(path).get_token_data(A)
    moved = {"other": tokens}
    path.write_bytes(written(moved, frame.derivation, Envelope(KEY).sign))
    with pytest.raises(BrokenSealError):
        EncryptedTokenStorage(path, namespace="other", envelope=Envelope(KEY)).get_token_data(A)


def test_the_file_of_another_key_is_refused(path: pathlib.Path) -> None:
    """The error names the file and the keys by their ids, and the advice is to log in again."""
    assert_refused(path, StorageKeyError, make=lambda path: opened(path, OTHER))
    with pytest.raises(StorageKeyError, match=rf"cannot read '{path}': .* the key [0-9a-f]") as no:
        opened(path, OTHER).get_token_data(A)
    assert "log in again" in no.value.explain()


def test_a_wrong_passphrase_is_refused(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As is a salt of another file, with which the right one makes another key."""
    quick = functools.partial(Derivation, n=2, r=1, p=1)
    monkeypatch.setattr("globus_core_storage_encrypted.storage.Derivation", quick)
    path, passphrase = tmp_path / "tokens", tmp_path / "passphrase"
    passphrase.touch(0o600)

    def make(path: pathlib.Path) -> EncryptedTokenStorage:
        return EncryptedTokenStorage(path, envelope=Envelope.from_file(passphrase))

    passphrase.write_text("correct horse battery staple\n")
    make(path).store_token_data_by_resource_server(TOKENS)
    assert make(path).get_token_data_by_resource_server() == TOKENS
    passphrase.write_text("correct horse battery stapel\n")
    assert_refused(path, StorageKeyError, make=make)
    passphrase.write_text("correct horse battery staple\n")
    content = path.read_bytes()
    salt = json.loads(content.splitlines()[0])["scrypt"]["salt"]
    path.write_bytes(content.replace(salt.encode(), b64encode(bytes(16))))
    assert_refused(path, StorageKeyError, make=make)
    path.write_bytes(content)
    assert make(path).get_token_data_by_resource_server() == TOKENS


@pytest.mark.parametrize("cost", [{"n": 2**40}, {"r": 2**20}, {"p": 2**30}, {"n": 3}, {"p": 0}])
def test_a_file_cannot_make_scrypt_expensive(path: pathlib.Path, cost: dict[str, int]) -> None:
    """Such as with a cost that takes hours, or all memory."""
    first, _, rest = path.read_bytes().partition(b"\n")
    header = json.loads(first)
    header["scrypt"] |= cost
    path.write_bytes(json.dumps(header).encode() + b"\n" + rest)
    assert_refused(path, BrokenSealError)


@pytest.mark.parametrize(
    "content", [b"{}", b"SQLite format 3\0" + bytes(100), b"canary", b"[1, 2]\n[3]\n"]
)
def test_a_file_of_another_program_stays(path: pathlib.Path, content: bytes) -> None:
    """It was perhaps not meant, and somebody needs it."""
    path.write_bytes(content)
    assert_refused(path, UnusableStorageError)


def test_a_plain_token_file_stays_and_can_be_moved(path: pathlib.Path) -> None:
    """The error says with which command."""
    path.unlink()
    JSONTokenStorage(path).store_token_data_by_resource_server(TOKENS)
    assert_refused(path, UnusableStorageError)
    with pytest.raises(UnusableStorageError, match="globus-core tokens move"):
        opened(path).get_token_data(A)


def test_the_file_of_a_later_version_stays(path: pathlib.Path) -> None:
    """The error says that a newer program is needed."""
    path.write_bytes(path.read_bytes().replace(b'"version": 1', b'"version": 2'))
    assert_refused(path, UnusableStorageError)


def test_an_older_program_with_another_key_loses_nothing(path: pathlib.Path) -> None:
    """It keeps the records that it cannot open, also one that it replaces."""
    envelope = Envelope(KEY)
    frame = frame_of(path.read_bytes(), str(path))
    records = records_of(frame.signed, str(path))
    for name in (A, B):
        sealed = Envelope(OTHER).seal(b"{}", "DEFAULT", name)
        records["DEFAULT"][name] = b64encode(sealed).decode()
    path.write_bytes(written(records, frame.derivation, envelope.sign))
    with pytest.raises(StorageKeyError):
        opened(path).get_token_data(A)
    opened(path).store_token_data_by_resource_server({A: make_token(A)})

    assert opened(path).get_token_data(A) == make_token(A)
    kept = json.loads(path.with_name("tokens.bad-records").read_text())
    assert Envelope(OTHER).open(b64decode(kept["record"]), "DEFAULT", A) == b"{}"
    after = records_of(frame_of(path.read_bytes(), str(path)).signed, str(path))
    assert after["DEFAULT"][B] == records["DEFAULT"][B]


def test_what_no_version_wrote_counts_as_missing(path: pathlib.Path) -> None:
    """A record with the right key that is none is warned of, like that of a plain file."""
    frame = frame_of(path.read_bytes(), str(path))
    records = records_of(frame.signed, str(path))
    for name, text in ((A, b"[" * 5000), (B, b"{}")):
        sealed = Envelope(KEY).seal(text, "DEFAULT", name)
        records["DEFAULT"][name] = b64encode(sealed).decode()
    path.write_bytes(written(records, frame.derivation, Envelope(KEY).sign))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert opened(path).get_token_data_by_resource_server() == {}
    assert len(caught) == 2
