"""
Scenarios: keys, passphrases and what is encrypted with them.
"""

from __future__ import annotations

import os
import pathlib
import tempfile
import typing as t

import pytest

from globus_core.token_storage import (
    EncryptedTokenStorage,
    Envelope,
    KeyringError,
    KeyringTokenStorage,
    TokenStorageData,
)
from globus_core_storage_encrypted.key_sources import FILE_VARIABLE, KEY_VARIABLE, KeyFile
from globus_core_storage_encrypted.keys import Derivation

if t.TYPE_CHECKING:
    from tests.canary.watch import Watch

QUICK = Derivation(b"a salt, 16 bytes", n=2, r=1, p=1)


def envelopes(watch: Watch) -> None:
    """With keys from everywhere: used, shown, and with what they cannot open."""
    record = watch.secrets.make("a token in an envelope").encode()
    raw = bytes(range(32))
    watch.secrets.add("a key in hexadecimal", raw.hex())
    watch.secrets.add("a key as its repr", repr(raw)[2:-1])
    given = Envelope(raw)
    sealed = given.seal(record, "DEFAULT", "a")
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        path = pathlib.Path(name, "keys")
        path.touch(0o600)
        path.write_text(f"{raw.hex()}\n{watch.secrets.make('a passphrase')}")
        patch.setenv(FILE_VARIABLE, str(path))
        envelopes = (
            given,
            Envelope.from_file(path),
            Envelope.from_environment(),
            Envelope.from_source(KeyFile(path), QUICK),
        )
        for envelope in envelopes:
            watch.show(envelope)
            assert envelope.open(sealed, "DEFAULT", "a") == record
            assert envelope.uses_first_key(sealed)
            watch.show(envelope)
            envelope.check()
            signatures = watch.attempt(envelope.sign, record)
            if signatures:
                envelope.verify(record, signatures)
                watch.failing(envelope.verify, sealed, signatures)
            watch.failing(envelope.verify, record, {"00": "00"})
            watch.show(envelope.with_derivation(QUICK).source)
            watch.failing(envelope.open, sealed, "DEFAULT", "b")
            watch.failing(envelope.open, record, "DEFAULT", "a")
        patch.setenv(KEY_VARIABLE, watch.secrets.make("a key in a variable"))
        watch.failing(Envelope.from_environment().check)
        patch.delenv(FILE_VARIABLE)
        watch.failing(Envelope.from_environment().open, sealed, "DEFAULT", "a")
        watch.failing(Envelope, record)


def encrypted_files(watch: Watch) -> None:
    """Used, shown, and with another key, with changes, and cut short."""
    data = TokenStorageData("a", None, "s", watch.secrets.make("an encrypted token"), None, 1, None)
    tokens = {"a": data}
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        patch.setenv(KEY_VARIABLE, "ab" * 32)
        watch.secrets.add("a key in a variable", "ab" * 32)
        path = pathlib.Path(name, "tokens")
        for storage in (
            EncryptedTokenStorage(path),
            EncryptedTokenStorage.from_url(f"encrypted://{path}"),
        ):
            storage.store_token_data_by_resource_server(tokens)
            assert storage.replace("a", data.revision, data)
            assert storage.get_token_data("a") == data
            watch.show(storage, holds_tokens=True)
            watch.show(storage.describe())
        content = path.read_bytes()
        watch.text("the encrypted file", content.decode())
        other = EncryptedTokenStorage(path, envelope=Envelope(bytes(32)))
        watch.failing(other.get_token_data, "a")
        for wrong in (content.replace(b"gce", b"gcf"), b"{", content[:200], data.access_token):
            path.write_bytes(wrong if isinstance(wrong, bytes) else wrong.encode())
            os.utime(path, (1_700_000_000, 1_700_000_000))
            watch.attempt(storage.get_token_data, "a")
            watch.attempt(storage.store_token_data_by_resource_server, tokens)


def keyrings(watch: Watch) -> None:
    """A keyring that works, one that does not, and the policies."""
    from globus_core_storage_keyring import keyring_process

    keyring: dict[str, bytes] = {}
    data = TokenStorageData("a", None, "s", watch.secrets.make("a token by keyring"), None, 1, None)

    def ask(request: dict[str, t.Any], seconds: float) -> bytes | None:
        if "secret" in request:
            watch.secrets.add("a key in the keyring", request["secret"])
            keyring[request["name"]] = bytes.fromhex(request["secret"])
        return keyring.get(request["name"])

    def refuse(request: dict[str, t.Any], seconds: float) -> bytes | None:
        raise KeyringError("the keyring is locked", "locked")

    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        for policy, answer in (("require", ask), ("prefer", refuse), ("never", refuse)):
            patch.setattr(keyring_process, "_ask", answer)
            url = f"keyring://{name}/{policy}?policy={policy}"
            storage = KeyringTokenStorage.from_url(url)
            watch.attempt(storage.store_token_data_by_resource_server, {"a": data})
            assert storage.get_token_data("a") == data
            watch.attempt(storage.check_keyring)
            watch.show(storage, holds_tokens=True)
            watch.show(storage.describe())
        patch.setattr(keyring_process, "_ask", refuse)
        storage = KeyringTokenStorage(f"{name}/require", policy="require")
        watch.failing(storage.get_token_data, "a")
        watch.failing(KeyringTokenStorage, f"{name}/x", policy=data.access_token[:3])


SCENARIOS = (envelopes, encrypted_files, keyrings)
