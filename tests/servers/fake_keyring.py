"""
A keyring in a file, which does what a test tells it, for the child process that asks it.

``PYTHON_KEYRING_BACKEND`` selects it; ``FAKE_KEYRING`` is its folder. There, ``mode`` says what it
does, and ``asked`` has a line for each time it was asked.
"""

from __future__ import annotations

import json
import os
import pathlib
import sys
import time

from keyring.backend import KeyringBackend
from keyring.errors import KeyringError, KeyringLocked

NAME = f"{__name__}.FakeKeyring"


class FakeKeyring(KeyringBackend):
    """
    See the module.
    """

    @property
    def priority(self) -> float:
        return 0.5 if _mode() == "plain" else 5

    def get_password(self, service: str, username: str) -> str | None:
        _act(f"get {username}")
        found = _stored().get(f"{service}/{username}")
        return "not hexadecimal, canary-Ag4kq0rT7" if found and _mode() == "garbage" else found

    def set_password(self, service: str, username: str, password: str) -> None:
        _act(f"set {username}")
        if _mode() != "forgetful":
            content = json.dumps({**_stored(), f"{service}/{username}": password})
            (_folder() / "stored").write_text(content)


def _folder() -> pathlib.Path:
    return pathlib.Path(os.environ["FAKE_KEYRING"])


def _stored() -> dict[str, str]:
    path = _folder() / "stored"
    return dict(json.loads(path.read_text())) if path.exists() else {}


def _mode() -> str:
    path = _folder() / "mode"
    return path.read_text() if path.exists() else ""


def _act(what: str) -> None:
    pid = os.getpid()
    seen = {name: pathlib.Path(f"/proc/{pid}/{name}") for name in ("cmdline", "environ")}
    shown = {n: path.read_text().split("\0") if path.exists() else [] for n, path in seen.items()}
    with (_folder() / "asked").open("a") as file:
        file.write(json.dumps({"what": what, "pid": pid, **shown}) + "\n")
    mode = _mode()
    if mode == "locked":
        raise KeyringLocked("Failed to unlock the collection!")
    if mode == "failing":
        raise KeyringError("\x1b[31mno\nidea")
    if mode == "noisy":
        sys.stdout.write("look at me, canary-Ag4kq0rT7\n")
    if mode == "dead":
        os._exit(3)
    if mode == "silent":
        time.sleep(600)
