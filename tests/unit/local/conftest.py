"""The files of a Globus Connect Personal in a temporary home."""

from __future__ import annotations

import pathlib
import uuid

import pytest

ENDPOINT = str(uuid.UUID(int=5))
DN = '"/C=US/O=Globus Consortium/OU=Globus Connect User/CN={}" ada\n'


class Home:
    """
    A home directory.

    :param root: the directory
    """

    def __init__(self, root: pathlib.Path) -> None:
        self.root = root
        self.lta = root / ".globusonline" / "lta"
        self.lta.mkdir(parents=True)

    def write(self, name: str, content: str | bytes) -> pathlib.Path:
        """
        Write one of the files.
        """
        file = self.lta / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return file


@pytest.fixture
def home(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """
    The home of whoever runs the test, without a set-up Globus Connect Personal.
    """
    monkeypatch.setenv("HOME", str(tmp_path))
    return Home(tmp_path)
