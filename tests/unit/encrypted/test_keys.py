"""
Keys and passphrases: how they are written, and where they come from.
"""

from __future__ import annotations

import os
import pathlib
import pickle
from base64 import b64encode, urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from globus_core import GlobusSDKUsageError, exc
from globus_core.token_storage import Envelope, StorageKeyError, UnprotectedStorageWarning
from globus_core_storage_encrypted.key_sources import (
    FD_VARIABLE,
    FILE_VARIABLE,
    KEY_VARIABLE,
    EnvironmentKeys,
    KeyFile,
)
from globus_core_storage_encrypted.keys import (
    Derivation,
    Passphrase,
    StorageKey,
    parse_secrets,
)

KEY = bytes(range(32))
QUICK = Derivation(b"a salt, 16 bytes", n=2, r=1, p=1)


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of this machine's own."""
    for name in (FILE_VARIABLE, FD_VARIABLE, KEY_VARIABLE):
        monkeypatch.delenv(name, raising=False)


@given(st.binary(min_size=32, max_size=32))
def test_a_key_is_written_in_hexadecimal_or_base64(key: bytes) -> None:
    """In both alphabets of Base64, with and without its padding, with blanks around it."""
    text = b64encode(key).decode()
    for written in (key.hex(), key.hex().upper(), text, text[:-1], urlsafe_b64encode(key).decode()):
        (secret,) = parse_secrets(f"  {written}\r\n\n")
        assert isinstance(secret, StorageKey)
        assert secret.secret == key


@given(st.text(st.characters(categories=["L", "M", "N", "P", "S"]), min_size=8, max_size=40))
def test_anything_else_is_a_passphrase(text: str) -> None:
    """It becomes the same key each time, and another one with another salt."""
    (secret,) = parse_secrets(text)
    assert isinstance(secret, Passphrase)
    assert secret.key(QUICK).id == secret.key(QUICK).id
    assert secret.key(QUICK).id != secret.key(QUICK._replace(salt=bytes(16))).id


def test_scrypt_is_that_of_the_standard() -> None:
    """The second test vector of RFC 7914, as far as 32 bytes go."""
    key = Derivation(b"NaCl", n=1024, r=8, p=16).key("password")
    assert key.secret.hex().startswith(
        "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b37"
    )


def test_a_key_is_derived_once_in_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the default costs a quarter of a second."""
    passphrase, derivation = Passphrase("once in a process"), QUICK._replace(salt=os.urandom(16))
    first = passphrase.key(derivation)
    monkeypatch.delattr("hashlib.scrypt")

    assert Passphrase("once in a process").key(derivation) is first


@pytest.mark.parametrize("text", ["", "\n \n", "short"])
def test_nothing_and_next_to_nothing_are_no_key(text: str) -> None:
    """Such as an empty variable."""
    with pytest.raises(GlobusSDKUsageError, match=r"empty|at least 8 characters"):
        parse_secrets(text)


def test_a_passphrase_is_in_no_text_and_in_no_pickle() -> None:
    """Like a key."""
    passphrase = Passphrase("correct horse")
    assert repr(passphrase) == "<Passphrase>"
    with pytest.raises(exc.NotPicklableError):
        pickle.dumps(passphrase)


@pytest.mark.parametrize("way", ["file", "descriptor", "variable"])
def test_a_key_comes_from_a_file_a_descriptor_or_a_variable(
    way: str, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A descriptor is read once, closed, and serves the whole process."""
    content = f"{KEY.hex()}\n"
    if way == "file":
        path = tmp_path / "key"
        path.touch(0o600)
        path.write_text(content)
        monkeypatch.setenv(FILE_VARIABLE, str(path))
    elif way == "descriptor":
        reading, writing = os.pipe()
        os.write(writing, content.encode())
        os.close(writing)
        # a number that no other test of this process uses
        number = os.dup2(reading, 700)
        os.close(reading)
        monkeypatch.setenv(FD_VARIABLE, str(number))
    else:
        monkeypatch.setenv(KEY_VARIABLE, content)
    sealed = Envelope(KEY).seal(b"record", "DEFAULT", "a")

    for _ in range(2):
        assert Envelope.from_environment().open(sealed, "DEFAULT", "a") == b"record"
    if way == "descriptor":
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(700)


def test_a_variable_may_be_removed_once_it_was_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that child processes do not get it."""
    monkeypatch.setenv(KEY_VARIABLE, KEY.hex())
    envelope = Envelope.from_environment()
    envelope.seal(b"record", "DEFAULT", "a")
    monkeypatch.delenv(KEY_VARIABLE)

    assert envelope.open(envelope.seal(b"record", "DEFAULT", "a"), "DEFAULT", "a") == b"record"


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({}, "there is no key"),
        ({FILE_VARIABLE: "/does/not/exist"}, "'/does/not/exist' cannot be read: No such file"),
        ({FILE_VARIABLE: "/"}, "cannot be read: Is a directory"),
        ({FD_VARIABLE: "999"}, "descriptor 999 .* cannot be read: Bad file descriptor"),
        ({FD_VARIABLE: "-1"}, "number of an open descriptor"),
        ({FD_VARIABLE: "canary-Ag4kq0rT7"}, "number of an open descriptor"),
        ({KEY_VARIABLE: "canary"}, "has no key that can be used: .* at least 8 characters"),
        ({KEY_VARIABLE: "\udcff" * 8}, "it is not text"),
        ({KEY_VARIABLE: KEY.hex(), FD_VARIABLE: "3"}, "set only one of them"),
    ],
)
def test_what_is_wrong_with_a_source_is_said(
    variables: dict[str, str], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the key, and with advice."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(StorageKeyError, match=says) as caught:
        EnvironmentKeys().read()

    assert caught.value.advice
    assert "canary" not in caught.value.explain()


@pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX")
def test_a_key_file_that_everybody_can_read_is_warned_of(tmp_path: pathlib.Path) -> None:
    """Once in a process; the key is used, as secrets in containers often have this mode."""
    path = tmp_path / "key"
    path.write_text(KEY.hex())
    path.chmod(0o644)

    with pytest.warns(UnprotectedStorageWarning, match="all users can read the key file"):
        KeyFile(path).read()
    assert KeyFile(path).read()
