"""
The three storages keep the contract of all storages.
"""

from __future__ import annotations

import functools
import inspect
import pathlib
import typing as t

import pytest

import globus_core_storage
from globus_core.testing import (
    FileTokenStorageContract,
    RenewalLeaseContract,
    TokenStorageContract,
)
from globus_core.token_storage import TokenStorage
from globus_core_storage import JSONTokenStorage, MemoryTokenStorage, SQLiteTokenStorage

Factory = t.Callable[..., TokenStorage]
NAMES: list[str] = vars(globus_core_storage)["__all__"]
CLASSES = [name for name in NAMES if name.endswith(("Storage", "Adapter"))]


class TestMemory(TokenStorageContract):
    """
    Tokens in memory.
    """

    @pytest.fixture
    def storage_factory(self) -> Factory:
        return MemoryTokenStorage


class InFolder(FileTokenStorageContract, RenewalLeaseContract):
    """
    Tokens in a folder below the test's own.
    """

    kills = 200

    @pytest.fixture
    def storage_folder(self, tmp_path: pathlib.Path) -> pathlib.Path:
        return tmp_path / "folder"

    @pytest.fixture
    def lose_lock(self) -> t.Callable[..., None]:
        def remove_file(storage: t.Any, resource_server: str) -> None:
            lock = storage.renewal_lock(resource_server)
            pathlib.Path(lock._path).unlink()

        return remove_file


class TestJSON(InFolder):
    """
    Tokens in a JSON file.
    """

    @pytest.fixture
    def storage_factory(self, storage_folder: pathlib.Path) -> Factory:
        return functools.partial(JSONTokenStorage, str(storage_folder / "tokens.json"))


class TestSQLite(InFolder):
    """
    Tokens in an SQLite database.
    """

    @pytest.fixture
    def storage_factory(self, storage_folder: pathlib.Path) -> Factory:
        return functools.partial(SQLiteTokenStorage, str(storage_folder / "tokens.db"))


@pytest.mark.parametrize("storage", [JSONTokenStorage, MemoryTokenStorage, SQLiteTokenStorage])
def test_ours_replace_in_one_step(storage: type[TokenStorage]) -> None:
    """So the contract skips none of their tests, as it does where the method is inherited."""
    assert storage.replace is not TokenStorage.replace


@pytest.mark.parametrize("name", CLASSES)
def test_every_argument_may_be_given_by_its_name(name: str) -> None:
    """As programs written for globus-sdk do."""
    functions = inspect.getmembers(getattr(globus_core_storage, name), inspect.isfunction)
    by_position = [
        f"{method}: {parameter}"
        for method, function in functions
        for parameter in inspect.signature(function).parameters.values()
        if parameter.kind is parameter.POSITIONAL_ONLY
    ]
    assert functions
    assert by_position == []
