"""
A keyring that does what a test tells it.
"""

from __future__ import annotations

import json
import pathlib
import typing as t

import pytest

from globus_core_storage_keyring import keyring_process, storage
from tests.servers import fake_keyring


class Fake(t.NamedTuple):
    """The keyring as a test sees it."""

    folder: pathlib.Path

    def becomes(self, mode: str) -> None:
        """Do from now on as the mode says; a new process asks it."""
        (self.folder / "mode").write_text(mode)
        forget()

    def asked(self) -> list[dict[str, t.Any]]:
        """Each time that it was asked."""
        path = self.folder / "asked"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def keys(self) -> dict[str, str]:
        """What it has."""
        return dict(json.loads((self.folder / "stored").read_text()))

    def lose(self) -> None:
        """Forget all keys; a new process asks it."""
        (self.folder / "stored").write_text("{}")
        forget()


def forget() -> None:
    """Know nothing of the keyring, like a new process."""
    keyring_process._known.clear()
    keyring_process._last_failure.clear()
    keyring_process._answered.clear()
    storage._warned.clear()


@pytest.fixture
def fake(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> t.Iterator[Fake]:
    """The keyring, empty and working. Only how long it takes does not matter."""
    folder = tmp_path / "keyring"
    folder.mkdir()
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", fake_keyring.NAME)
    monkeypatch.setenv("FAKE_KEYRING", str(folder))
    monkeypatch.setenv(keyring_process.TIMEOUT_VARIABLE, "60")
    monkeypatch.delenv(storage.POLICY_VARIABLE, raising=False)
    forget()
    yield Fake(folder)
    forget()
