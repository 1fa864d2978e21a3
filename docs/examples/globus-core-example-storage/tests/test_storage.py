"""The contract of token storages, and what is this storage's own."""

from __future__ import annotations

import pathlib
import typing as t
from functools import partial

import pytest
from globus_core_example_storage.storage import ExampleTokenStorage

from globus_core.testing import CanarySecrets, FileTokenStorageContract


class TestExampleTokenStorage(FileTokenStorageContract):
    @pytest.fixture
    def storage_folder(self, tmp_path: pathlib.Path) -> pathlib.Path:
        return tmp_path / "tokens"

    @pytest.fixture
    def storage_factory(self, tmp_path: pathlib.Path) -> t.Callable[..., ExampleTokenStorage]:
        return partial(ExampleTokenStorage, tmp_path / "tokens")


def test_nothing_is_in_plain_text(tmp_path: pathlib.Path, globus_canary: CanarySecrets) -> None:
    """Neither in the file of the tokens nor in any other."""
    from globus_core.testing import make_token

    secret = globus_canary.make("an access token")
    storage = ExampleTokenStorage(tmp_path)
    storage.store_token_data_by_resource_server({"a": make_token("a", access_token=secret)})
    stored = storage.get_token_data("a")
    assert stored is not None
    assert stored.access_token == secret
    for file in tmp_path.iterdir():
        globus_canary.assert_hidden(file.read_bytes().decode("latin-1"))
