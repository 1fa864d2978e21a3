"""
Storages in pickles: the way to the file travels, tokens do not.
"""

from __future__ import annotations

import copy
import pickle
import typing as t

import pytest

from globus_core.exc import NotPicklableError
from globus_core.testing.stored_tokens import make_token
from globus_core.token_storage import (
    JSONTokenStorage,
    MemoryTokenStorage,
    SQLiteTokenStorage,
    TokenStorageData,
)

if t.TYPE_CHECKING:
    import pathlib

SERVER = "transfer.example.org"
RECORD = TokenStorageData(
    resource_server=SERVER,
    identity_id=None,
    scope="all",
    access_token="made-up-access",
    refresh_token="made-up-refresh",
    expires_at_seconds=4_000_000_000,
    token_type="Bearer",
)


@pytest.mark.parametrize("storage_class", [JSONTokenStorage, SQLiteTokenStorage])
def test_a_file_is_found_again_and_no_token_travels(
    storage_class: t.Any, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also from another folder, and after tokens were stored and read."""
    monkeypatch.chdir(tmp_path)
    with storage_class("tokens", namespace="mine") as storage:
        storage.store_token_data_by_resource_server({SERVER: RECORD})
        assert storage.get_token_data(SERVER) == RECORD
        with storage.renewal_lock(SERVER):
            data = pickle.dumps(storage)
    assert b"made-up" not in data

    monkeypatch.chdir("/")
    with pickle.loads(data) as again:
        assert again.namespace == "mine"
        assert again.get_token_data(SERVER) == RECORD
        again.store_token_data_by_resource_server({"other": make_token("other")})
        with again.renewal_lock(SERVER):
            assert set(again.get_token_data_by_resource_server()) == {SERVER, "other"}


def test_a_database_keeps_its_settings(tmp_path: pathlib.Path) -> None:
    """Such as how long a store waits for others."""
    storage = SQLiteTokenStorage(tmp_path / "tokens.db", connect_params={"timeout": 3})

    assert pickle.loads(pickle.dumps(storage))._timeout == 3.0


def test_tokens_in_memory_cannot_be_pickled() -> None:
    """They belong to one process; a copy goes on with them."""
    storage = MemoryTokenStorage()
    storage.store_token_data_by_resource_server({SERVER: RECORD})

    with pytest.raises(NotPicklableError, match="JSONTokenStorage"):
        pickle.dumps(storage)
    assert copy.deepcopy(storage).get_token_data(SERVER) == RECORD
