"""
The encrypted file keeps the contract of all storages in files.
"""

from __future__ import annotations

import functools
import pathlib
import typing as t

import pytest

from globus_core.testing import FileTokenStorageContract, RenewalLeaseContract
from globus_core.token_storage import EncryptedTokenStorage, Envelope, TokenStorage

Factory = t.Callable[..., TokenStorage]


class TestEncrypted(FileTokenStorageContract, RenewalLeaseContract):
    """
    Tokens in an encrypted file, with a key from another one.
    """

    #: what is in the file with the key
    key = "0123456789abcdef" * 4

    @pytest.fixture
    def storage_folder(self, tmp_path: pathlib.Path) -> pathlib.Path:
        return tmp_path / "folder"

    @pytest.fixture
    def storage_factory(self, storage_folder: pathlib.Path, tmp_path: pathlib.Path) -> Factory:
        key = tmp_path / "key"
        key.touch(0o600)
        key.write_text(self.key)
        return functools.partial(
            EncryptedTokenStorage, storage_folder / "tokens", envelope=Envelope.from_file(key)
        )

    @pytest.fixture
    def lose_lock(self) -> t.Callable[..., None]:
        def remove_file(storage: t.Any, resource_server: str) -> None:
            lock = storage.renewal_lock(resource_server)
            pathlib.Path(lock._path).unlink()

        return remove_file


@pytest.mark.full
class TestWithPassphrase(TestEncrypted):
    """
    The same with a passphrase, from which each process derives the key once.
    """

    key = "correct horse battery staple"
    kills = 200


def test_it_replaces_in_one_step() -> None:
    """So the contract skips none of its tests, as it does where the method is inherited."""
    assert EncryptedTokenStorage.replace is not TokenStorage.replace
