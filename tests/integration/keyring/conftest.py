"""
A real Secret Service, which the tests of a worker share.
"""

from __future__ import annotations

import typing as t

import pytest

from globus_core_storage_keyring import keyring_process
from tests.servers.secret_service import Session, session


@pytest.fixture(scope="session")
def secret_service(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Session]:
    """A session whose keyring is unlocked."""
    with session(tmp_path_factory.mktemp("keyring") / "home") as running:
        yield running


@pytest.fixture
def in_session(secret_service: Session, monkeypatch: pytest.MonkeyPatch) -> Session:
    """This process is in that session; how long its keyring takes does not matter."""
    for name, value in secret_service.environment.items():
        if name != "PYTHONPATH":
            monkeypatch.setenv(name, value)
    monkeypatch.setenv(keyring_process.TIMEOUT_VARIABLE, "60")
    return secret_service
