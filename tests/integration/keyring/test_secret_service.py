"""
A Secret Service that is locked, refused, late or gone, and sessions that have none.
"""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import typing as t

import pytest

from tests.servers.secret_service import Session, session, stand_in

#: use a storage, and say what came of it
USE = """
import json, sys, warnings
from globus_core.testing import make_token
from globus_core.token_storage import KeyringTokenStorage
storage = KeyringTokenStorage(sys.argv[1], timeout=float(sys.argv[2]))
try:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        found = storage.get_token_data("a")
        storage.store_token_data_by_resource_server({"a": make_token("a")})
    said = [str(warning.message) for warning in told]
    print(json.dumps({"found": found is not None, "warnings": said}))
except Exception as error:
    print(json.dumps({"error": type(error).__name__, "says": error.explain()}))
"""
LOCK = """
import secretstorage
with secretstorage.dbus_init() as bus:
    secretstorage.get_default_collection(bus).lock()
"""
FOR_SURE = "60"


def used(where: Session, path: pathlib.Path, seconds: str = FOR_SURE, **options: t.Any) -> t.Any:
    """What came of a read and a store in a new process of the session."""
    return json.loads(where.run(USE, str(path), seconds, **options))


def test_a_locked_keyring_is_one_clear_error(tmp_path: pathlib.Path) -> None:
    """Here nobody can be asked to unlock it; the file stays, and serves after the next login."""
    path = tmp_path / "tokens"
    with session(tmp_path / "home") as running:
        assert used(running, path) == {"found": False, "warnings": []}
        assert used(running, path) == {"found": True, "warnings": []}
        running.run(LOCK)
        failed = used(running, path)
    assert failed["error"] == "KeyringError"
    assert f"cannot read '{path}': the keyring is locked, or its use was refused" in failed["says"]
    assert "unlock the keyring" in failed["says"]
    with session(tmp_path / "home") as running:
        assert used(running, path) == {"found": True, "warnings": []}


def test_a_person_who_refuses_is_one_clear_error(tmp_path: pathlib.Path) -> None:
    """As with a click on "Cancel"."""
    with stand_in(tmp_path / "home", "refused") as running:
        failed = used(running, tmp_path / "tokens")
    assert failed["error"] == "KeyringError"
    assert "its use was refused" in failed["says"]
    assert not (tmp_path / "tokens").exists()


def test_a_service_that_takes_30_seconds_is_not_waited_for(tmp_path: pathlib.Path) -> None:
    """The error comes in time and says so; no process stays behind."""
    with stand_in(tmp_path / "home", "silent") as running:
        failed = used(running, tmp_path / "tokens", "0.5")
        assert failed["error"] == "KeyringError"
        assert failed["says"].startswith("the keyring did not answer within 0.5 seconds")
        assert "GLOBUS_CORE_KEYRING_TIMEOUT" in failed["says"]
        address = running.environment["DBUS_SESSION_BUS_ADDRESS"]
        left = [pid for pid in _processes() if _asks_keyring(pid, address)]
    assert left == []


def test_a_service_that_goes_away_is_one_clear_error(tmp_path: pathlib.Path) -> None:
    """A session that has ended; with a new one, everything is there again."""
    path = tmp_path / "tokens"
    with session(tmp_path / "home") as running:
        used(running, path)
    failed = used(running, path)
    assert failed["error"] == "KeyringError"
    assert "log in at the desktop" in failed["says"] or "keyring works" in failed["says"]
    with session(tmp_path / "home") as running:
        assert used(running, path) == {"found": True, "warnings": []}


@pytest.mark.parametrize("address", [None, "", "unix:path=/does/not/exist", "autolaunch:"])
def test_without_a_session_bus_the_error_says_what_to_use(
    tmp_path: pathlib.Path, address: str | None
) -> None:
    """Over SSH, in cron jobs and in containers; the keyring package looks for one itself."""
    home = tmp_path / "home"
    home.mkdir()
    environment = {"HOME": str(home), "XDG_RUNTIME_DIR": str(home), "PATH": "/nowhere"}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    if address is not None:
        environment["DBUS_SESSION_BUS_ADDRESS"] = address
    done = subprocess.run(
        [sys.executable, "-c", USE, str(tmp_path / "tokens"), FOR_SURE],
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
        check=True,
    )
    failed = json.loads(done.stdout)
    assert failed["error"] == "KeyringError"
    assert failed["says"].startswith("the keyring cannot be used: there is none in this session")
    assert "use the storage 'encrypted' with a key of your own" in failed["says"]


def test_two_people_have_a_keyring_each(tmp_path: pathlib.Path) -> None:
    """The file of one is of no use with the keyring of the other, who loses nothing."""
    path, copied = tmp_path / "tokens", tmp_path / "copied"
    with session(tmp_path / "ada") as ada, session(tmp_path / "bo") as bo:
        used(ada, path)
        copied.touch(0o600)
        copied.write_bytes(path.read_bytes())
        before = path.read_bytes()
        taken = used(bo, copied)
        assert used(bo, tmp_path / "his own") == {"found": False, "warnings": []}
        assert used(bo, tmp_path / "his own") == {"found": True, "warnings": []}
        assert path.read_bytes() == before
        assert used(ada, path) == {"found": True, "warnings": []}
    assert taken["found"] is False
    (said,) = taken["warnings"]
    assert "its key is no longer in the keyring" in said
    assert "new login" in said
    assert (tmp_path / "copied.damaged-1").read_bytes() == before


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can be others")
def test_two_users_of_the_system_have_a_keyring_each() -> None:
    """Neither can open the file of the other."""
    import pwd

    ada, bo = (pwd.getpwnam(name).pw_uid for name in ("daemon", "nobody"))
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        folder.chmod(0o711)
        with (
            session(folder / "ada", ada) as of_ada,
            session(folder / "bo", bo) as of_bo,
        ):
            hers, his = folder / "ada" / "tokens", folder / "bo" / "tokens"
            for _ in range(2):
                first = used(of_ada, hers, user=ada)
                second = used(of_bo, his, user=bo)
            assert first == second == {"found": True, "warnings": []}
            refused = used(of_bo, hers, user=bo)
            assert refused["error"] == "UnusableStorageError"
            assert f"belongs to user {ada}" in refused["says"]
            assert hers.stat().st_uid == ada


def _processes() -> t.Iterator[int]:
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            yield int(entry.name)


def _asks_keyring(pid: int, address: str) -> bool:
    """Whether a process is a child of ours in a session; one that is just ending is none."""
    folder = pathlib.Path(f"/proc/{pid}")
    try:
        ours = "globus_core_storage_keyring.child" in (folder / "cmdline").read_text()
        there = f"DBUS_SESSION_BUS_ADDRESS={address}" in (folder / "environ").read_text()
    except (OSError, UnicodeDecodeError):
        return False
    return ours and there
