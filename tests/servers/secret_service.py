"""
A real Secret Service: gnome-keyring on a message bus of its own, or a stand-in that misbehaves.
"""

from __future__ import annotations

import contextlib
import os
import pathlib
import shutil
import subprocess
import sys
import typing as t

import pytest

NEEDED = ("dbus-run-session", "gnome-keyring-daemon")
#: unlocks the keyring with the empty password that it was made with, says the bus, and waits
_SESSION = (
    "printf '\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; "
    'echo "$DBUS_SESSION_BUS_ADDRESS"; exec cat >/dev/null'
)


class Session(t.NamedTuple):
    """A session of a person, with a message bus."""

    environment: dict[str, str]

    def run(self, code: str, *arguments: str, user: int | None = None) -> str:
        """What a Python program in the session prints."""
        done = subprocess.run(
            [*_as_user(user), sys.executable, "-c", code, *arguments],
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@contextlib.contextmanager
def session(home: pathlib.Path, user: int | None = None) -> t.Iterator[Session]:
    """
    A session whose keyring is unlocked, or a skipped test where there is no such keyring.

    :param home: the home folder, with the files of the keyring
    :param user: the user whose session it is; None for the one of this process
    """
    needed = NEEDED if user is None else (*NEEDED, "setpriv")
    missing = [name for name in needed if shutil.which(name) is None]
    if missing:
        pytest.skip(f"needs Debian's gnome-keyring and dbus: no {' and no '.join(missing)}")
    with _running(["sh", "-c", _SESSION], home, user) as running:
        yield running


@contextlib.contextmanager
def stand_in(home: pathlib.Path, behaviour: str) -> t.Iterator[Session]:
    """
    A session with a Secret Service of ours.

    :param home: the home folder
    :param behaviour: what it does, see :mod:`tests.servers.fake_secret_service`
    """
    if shutil.which("dbus-run-session") is None:
        pytest.skip("needs Debian's dbus: no dbus-run-session")
    code = f"from tests.servers.fake_secret_service import main; main({behaviour!r})"
    script = '"$0" -c "$1" & echo "$DBUS_SESSION_BUS_ADDRESS"; exec cat >/dev/null'
    with _running(["sh", "-c", script, sys.executable, code], home, None) as running:
        running.run("from tests.servers.fake_secret_service import wait_for_it; wait_for_it()")
        yield running


@contextlib.contextmanager
def _running(command: list[str], home: pathlib.Path, user: int | None) -> t.Iterator[Session]:
    home.mkdir(exist_ok=True, mode=0o700)
    if user is not None:
        os.chown(home, user, user)
    environment = {
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home),
        "XDG_DATA_HOME": str(home / "share"),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.SecretService.Keyring",
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }
    process = subprocess.Popen(
        [*_as_user(user), "dbus-run-session", "--", *command],
        env={**os.environ, **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        address = process.stdout.readline().strip()
        assert address, "the session did not start"
        yield Session({**environment, "DBUS_SESSION_BUS_ADDRESS": address})
    finally:
        process.stdin.close()  # the session ends, and its bus with the services on it
        process.stdout.close()
        process.wait(60)


def _as_user(user: int | None) -> list[str]:
    """Run a command as another user, who may read everything, as Python may be in root's home."""
    if user is None:
        return []
    may_read = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    return ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", *may_read]
