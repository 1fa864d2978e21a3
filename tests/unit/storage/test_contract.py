"""
The three storages keep the contract of all storages.
"""

from __future__ import annotations

import functools
import pathlib
import typing as t

import pytest

from globus_core.testing import FileTokenStorageContract, TokenStorageContract
from globus_core.token_storage import TokenStorage
from globus_core_storage import JSONTokenStorage, MemoryTokenStorage, SQLiteTokenStorage

Factory = t.Callable[..., TokenStorage]


class TestMemory(TokenStorageContract):
    """
    Tokens in memory.
    """

    @pytest.fixture
    def storage_factory(self) -> Factory:
        return MemoryTokenStorage


class TestJSON(FileTokenStorageContract):
    """
    Tokens in a JSON file.
    """

    kills = 200

    @pytest.fixture
    def storage_folder(self, tmp_path: pathlib.Path) -> pathlib.Path:
        return tmp_path / "folder"

    @pytest.fixture
    def storage_factory(self, tmp_path: pathlib.Path) -> Factory:
        return functools.partial(JSONTokenStorage, str(tmp_path / "folder" / "tokens.json"))


class TestSQLite(FileTokenStorageContract):
    """
    Tokens in an SQLite database.
    """

    kills = 200

    @pytest.fixture
    def storage_folder(self, tmp_path: pathlib.Path) -> pathlib.Path:
        return tmp_path / "folder"

    @pytest.fixture
    def storage_factory(self, tmp_path: pathlib.Path) -> Factory:
        return functools.partial(SQLiteTokenStorage, str(tmp_path / "folder" / "tokens.db"))
