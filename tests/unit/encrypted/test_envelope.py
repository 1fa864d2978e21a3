"""
Records in an envelope: what comes back, what is refused, and how keys change.
"""

from __future__ import annotations

import copy
import os
import pathlib
import pickle
import threading
import typing as t
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from globus_core import GlobusSDKUsageError, exc
from globus_core.token_storage import BrokenSealError, Envelope, StorageKeyError
from globus_core_storage_encrypted.envelope import OVERHEAD

KEY = bytes(range(32))
OTHER = bytes(32)
RECORD = b'{"access_token": "canary-Ag4kq0rT7"}'
AUTH = "auth.globus.org"

Write = t.Callable[..., pathlib.Path]


@pytest.fixture
def key_file(tmp_path: pathlib.Path) -> Write:
    """Writes keys into a file, as a deployment does: a new file in place of the old one."""
    path = tmp_path / "keys"

    def write(*keys: bytes) -> pathlib.Path:
        new = tmp_path / "new"
        new.touch(0o600)
        new.write_bytes(b"\n".join(map(b64encode, keys)))
        new.replace(path)
        return path

    return write


@given(st.binary(max_size=2000), st.text(), st.text())
def test_what_was_sealed_is_opened(record: bytes, namespace: str, server: str) -> None:
    """Whatever the record and the names are; each time the envelope looks different."""
    envelope = Envelope(KEY)
    sealed = envelope.seal(record, namespace, server)

    assert envelope.open(sealed, namespace, server) == record
    assert len(sealed) == len(record) + OVERHEAD
    assert envelope.seal(record, namespace, server) != sealed


def test_every_flipped_bit_is_refused() -> None:
    """An unknown key or a broken seal, and never another record."""
    envelope = Envelope(KEY)
    sealed = envelope.seal(RECORD, "DEFAULT", AUTH)
    refused = 0
    for bit in range(8 * len(sealed)):
        changed = bytearray(sealed)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises((BrokenSealError, StorageKeyError)) as caught:
            envelope.open(bytes(changed), "DEFAULT", AUTH)
        assert "canary" not in str(caught.value)
        refused += 1

    assert refused == 8 * len(sealed)


def test_every_shorter_envelope_is_refused() -> None:
    """As after a crash in the middle of writing it."""
    envelope = Envelope(KEY)
    sealed = envelope.seal(RECORD, "DEFAULT", AUTH)
    for length in range(len(sealed)):
        with pytest.raises(BrokenSealError):
            envelope.open(sealed[:length], "DEFAULT", AUTH)
    with pytest.raises(BrokenSealError):
        envelope.open(sealed + b"\0", "DEFAULT", AUTH)


@pytest.mark.parametrize(
    ("namespace", "server"),
    [("DEFAULT", "transfer.api.globus.org"), ("other", AUTH), ("DEFAULTa", "uth.globus.org")],
)
def test_a_record_in_another_place_is_refused(namespace: str, server: str) -> None:
    """It is bound to its namespace and its resource server, each by itself."""
    envelope = Envelope(KEY)
    sealed = envelope.seal(RECORD, "DEFAULT", AUTH)

    with pytest.raises(BrokenSealError, match="changed, or is not for it"):
        envelope.open(sealed, namespace, server)


def test_another_key_is_an_error_that_names_both() -> None:
    """By their ids, of which no key can be computed."""
    sealed = Envelope(KEY).seal(RECORD, "DEFAULT", AUTH)
    with pytest.raises(StorageKeyError, match=r"with the key [0-9a-f]{16}.* its keys are [0-9a-f]"):
        Envelope(OTHER).open(sealed, "DEFAULT", AUTH)


def test_an_old_key_still_opens() -> None:
    """The first key seals, and every key opens."""
    old, both = Envelope(OTHER), Envelope(KEY, OTHER)
    sealed = old.seal(RECORD, "DEFAULT", AUTH)

    assert both.open(sealed, "DEFAULT", AUTH) == RECORD
    assert not both.uses_first_key(sealed)
    again = both.seal(RECORD, "DEFAULT", AUTH)
    assert both.uses_first_key(again)
    with pytest.raises(StorageKeyError):
        old.open(again, "DEFAULT", AUTH)


def test_a_running_program_finds_a_new_key_in_its_file(key_file: Write) -> None:
    """When it opens a record with a key that it does not know, and before it seals one."""
    path = key_file(OTHER)
    reading, writing = Envelope.from_file(path), Envelope.from_file(path)
    for envelope in (reading, writing):
        envelope.seal(RECORD, "DEFAULT", AUTH)
    key_file(KEY, OTHER)
    sealed = Envelope.from_file(path).seal(RECORD, "DEFAULT", AUTH)

    assert reading.open(sealed, "DEFAULT", AUTH) == RECORD
    again = writing.seal(RECORD, "DEFAULT", AUTH)
    assert Envelope(KEY).open(again, "DEFAULT", AUTH) == RECORD


def test_a_file_that_goes_away_ends_nothing(key_file: Write) -> None:
    """A program continues with the keys that it has read."""
    path = key_file(KEY)
    envelope = Envelope.from_file(path)
    sealed = envelope.seal(RECORD, "DEFAULT", AUTH)
    path.unlink()

    assert envelope.open(envelope.seal(RECORD, "a", "b"), "a", "b") == RECORD
    assert envelope.open(sealed, "DEFAULT", AUTH) == RECORD
    with pytest.raises(StorageKeyError, match="cannot be read: No such file"):
        Envelope.from_file(path).open(sealed, "DEFAULT", AUTH)


def test_a_passphrase_needs_a_place_for_its_salt(tmp_path: pathlib.Path) -> None:
    """Records alone have none, so that every process would derive another key."""
    path = tmp_path / "keys"
    path.touch(0o600)
    path.write_text("correct horse battery staple\n")

    with pytest.raises(GlobusSDKUsageError, match="openssl rand"):
        Envelope.from_file(path).seal(RECORD, "DEFAULT", AUTH)


def test_keys_are_in_no_text_and_in_no_pickle(key_file: Write) -> None:
    """An envelope from a file reads it again where it is unpickled."""
    envelope = Envelope.from_file(key_file(KEY))
    sealed = envelope.seal(RECORD, "DEFAULT", AUTH)
    pickled = pickle.dumps(envelope)

    assert KEY not in pickled
    assert b64encode(KEY) not in pickled
    assert pickle.loads(pickled).open(sealed, "DEFAULT", AUTH) == RECORD
    assert copy.deepcopy(envelope) is copy.copy(envelope) is envelope
    with pytest.raises(exc.NotPicklableError, match="from a file or from the environment"):
        pickle.dumps(Envelope(KEY))
    key = envelope._key()
    with pytest.raises(exc.NotPicklableError):
        pickle.dumps(key)
    for shown in (repr(envelope), repr(Envelope(KEY)), repr(key)):
        assert all(text not in shown for text in (KEY.hex(), b64encode(KEY).decode(), repr(KEY)))


def test_threads_share_an_envelope(key_file: Write) -> None:
    """Eight of them, while the keys in the file change."""
    envelope = Envelope.from_file(key_file(OTHER))
    wrong: list[object] = []

    def work() -> None:
        try:
            for number in range(50):
                record = b"%d" % number
                sealed = envelope.seal(record, "DEFAULT", AUTH)
                assert envelope.open(sealed, "DEFAULT", AUTH) == record
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    key_file(KEY, OTHER)
    for thread in threads:
        thread.join()

    assert wrong == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_a_child_process_has_the_keys(key_file: Write) -> None:
    """Also after the file is gone."""
    path = key_file(KEY)
    envelope = Envelope.from_file(path)
    sealed = envelope.seal(RECORD, "DEFAULT", AUTH)
    path.unlink()
    child = os.fork()
    if not child:
        os._exit(0 if envelope.open(sealed, "DEFAULT", AUTH) == RECORD else 1)

    assert os.waitpid(child, 0)[1] == 0


def test_an_envelope_needs_keys_of_32_bytes() -> None:
    """A shorter one would be weaker than it seems."""
    for keys in ((), (b"short",), (KEY, b"")):
        with pytest.raises(GlobusSDKUsageError, match="key"):
            Envelope(*keys)
