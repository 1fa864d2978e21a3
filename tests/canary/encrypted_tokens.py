"""
Scenarios: keys, passphrases and what is encrypted with them.
"""

from __future__ import annotations

import pathlib
import tempfile
import typing as t

import pytest

from globus_core.token_storage import Envelope
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
            for key in (envelope.key(), envelope.key_with_id(envelope.key().id)):
                watch.show(key)
            watch.show(watch.attempt(list, envelope.keys()))
            watch.failing(envelope.open, sealed, "DEFAULT", "b")
            watch.failing(envelope.open, record, "DEFAULT", "a")
            watch.failing(envelope.key_with_id, bytes(8))
        patch.setenv(KEY_VARIABLE, watch.secrets.make("a key in a variable"))
        watch.failing(Envelope.from_environment().key)
        patch.delenv(FILE_VARIABLE)
        watch.failing(Envelope.from_environment().open, sealed, "DEFAULT", "a")
        watch.failing(Envelope, record)


SCENARIOS = (envelopes,)
