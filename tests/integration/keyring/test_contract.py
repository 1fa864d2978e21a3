"""
Tokens with their key in a real Secret Service keep the contract of all storages in files.
"""

from __future__ import annotations

import functools
import pathlib
import typing as t

import pytest

from globus_core.testing import FileTokenStorageContract, RenewalLeaseContract
from globus_core.token_storage import KeyringTokenStorage, TokenStorage
from tests.servers.secret_service import Session

Factory = t.Callable[..., TokenStorage]


class TestKeyring(FileTokenStorageContract, RenewalLeaseContract):
    """
    Tokens in an encrypted file, with its key in gnome-keyring.
    """

    kills = 10
    processes = 2

    @pytest.fixture
    def storage_folder(self, tmp_path: pathlib.Path) -> pathlib.Path:
        return tmp_path / "folder"

    @pytest.fixture
    def storage_factory(self, in_session: Session, storage_folder: pathlib.Path) -> Factory:
        return functools.partial(KeyringTokenStorage, storage_folder / "tokens")

    @pytest.fixture
    def lose_lock(self) -> t.Callable[..., None]:
        def remove_file(storage: t.Any, resource_server: str) -> None:
            lock = storage.renewal_lock(resource_server)
            pathlib.Path(lock._path).unlink()

        return remove_file


@pytest.mark.full
class TestKeyringAtLength(TestKeyring):
    """
    The same with more processes, and 200 that are killed.
    """

    kills = 200
    processes = 4
