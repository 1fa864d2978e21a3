"""
What the doctor says of the token storage, its locks and its tokens.
"""

from __future__ import annotations

import contextlib
import os
import pathlib
import sys
import typing as t

import pytest

from globus_core import UserApp
from globus_core.exc import GlobusError, StorageError
from globus_core.globus_app import GlobusAppConfig
from globus_core.token_storage import JSONTokenStorage, MemoryTokenStorage
from globus_core_doctor.checks import storage_locks
from globus_core_doctor.checks.file_systems import file_system_of
from globus_core_doctor.checks.storage_in_use import check_storage
from globus_core_doctor.checks.storage_locks import check_locks
from globus_core_doctor.checks.stored_tokens import check_tokens
from globus_core_doctor.checks.token_files import check_token_files
from tests.unit.doctor.conftest import CLIENT_ID, stored_token
from tests.unit.doctor.reports import findings, problems, states, texts

if t.TYPE_CHECKING:
    from collections.abc import Callable

    MakeApp = Callable[[], UserApp]

as_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away"
)
posix = pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX")
SHARED = "a lock held by one process keeps another one out (tried with two)"


class Unlocked(JSONTokenStorage):
    """Its locks bind nobody, as on some network disks."""

    def renewal_lock(self, resource_server: str, *, timeout: float = 1) -> t.Any:
        return contextlib.nullcontext()


def app_with(storage: t.Any) -> UserApp:
    """An app that uses a storage."""
    return UserApp("doctor", client_id=CLIENT_ID, config=GlobusAppConfig(token_storage=storage))


def store(storage: JSONTokenStorage, *records: t.Any) -> None:
    """Store records."""
    storage.store_token_data_by_resource_server({each.resource_server: each for each in records})


# where tokens are


def test_the_place_and_its_protection_are_named(
    make_app: MakeApp, storage: JSONTokenStorage
) -> None:
    """Also the plugin that the storage is from, and how many tokens there are."""
    store(storage, stored_token("auth.globus.org"))
    found = findings(check_storage, make_app)

    assert states(found) == {"ok"}
    assert storage.filepath in texts(found)
    assert "storage@globus-core" in texts(found)
    assert "readable by its owner only, not encrypted" in texts(found)
    assert "tokens for 1 service" in texts(found)


def tokens_in(folder: str) -> pathlib.Path:
    """A token file of an app in the home folder."""
    path = pathlib.Path.home() / ".globus" / "app" / CLIENT_ID / folder / "tokens.json"
    path.parent.mkdir(parents=True)
    path.touch(0o600)
    return path


@posix
def test_a_file_that_others_can_read_is_a_problem() -> None:
    """With the command that mends it; the file is not changed."""
    tokens_in("first")
    path = tokens_in("second")
    path.chmod(0o644)

    (problem,) = problems(findings(check_token_files))
    assert "mode 0644" in problem
    assert f"chmod 600 ~/.globus/app/{CLIENT_ID}/second/tokens.json" in problem
    assert path.stat().st_mode & 0o777 == 0o644


@posix
def test_files_that_only_their_owner_can_read_are_counted() -> None:
    """One that was damaged and put aside is worth a note."""
    path = tokens_in("first")
    (path.parent / "tokens.json.damaged-1").touch(0o600)
    found = findings(check_token_files)

    assert states(found) == {"ok", "note"}
    assert "files with tokens: 2" in texts(found)


@posix
@pytest.mark.parametrize("url", ["json:{}", "json://{}", "sqlite:{}", "encrypted:{}"])
def test_the_file_that_the_variable_names_is_looked_at(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    """Wherever it is."""
    path = tmp_path / "mine.db"
    path.touch(0o600)
    path.chmod(0o640)
    monkeypatch.setenv("GLOBUS_CORE_TOKEN_STORAGE", url.format(path))

    assert "mode 0640" in problems(findings(check_token_files))[0]


@as_root
def test_a_file_of_another_user_is_a_problem() -> None:
    """As after a program was started with sudo."""
    os.chown(tokens_in("first"), 12345, -1)

    assert "belongs to user 12345" in problems(findings(check_token_files))[0]


def test_a_storage_that_cannot_be_read_is_an_error_with_advice(
    make_app: MakeApp, storage: JSONTokenStorage
) -> None:
    """The kernel's own error says it, which the runner reports."""
    path = pathlib.Path(storage.filepath)
    path.write_text('{"format_version": "99"}', encoding="utf-8")
    path.chmod(0o600)

    with pytest.raises(GlobusError):
        findings(check_storage, make_app)


@as_root
def test_the_storage_of_another_user_is_an_error(
    make_app: MakeApp, storage: JSONTokenStorage
) -> None:
    """It names both users."""
    store(storage, stored_token("auth.globus.org"))
    os.chown(storage.filepath, 12345, -1)

    with pytest.raises(StorageError, match="belongs to user 12345"):
        findings(check_storage, make_app)


def test_a_place_where_nothing_can_be_stored_is_a_problem(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is renewed there is lost."""
    monkeypatch.setattr(os, "access", lambda *_: False)

    (problem,) = problems(findings(check_storage, make_app))
    assert "nothing can be stored" in problem
    assert "GLOBUS_TOKENS_FILE" in problem


@pytest.mark.skipif(not hasattr(os, "statvfs"), reason="needs statvfs")
def test_a_full_disk_is_a_problem(make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    """So is one with next to nothing left."""

    class Full:
        f_bavail = 1
        f_frsize = 4096

    monkeypatch.setattr(os, "statvfs", lambda _: Full)

    (problem,) = problems(findings(check_storage, make_app))
    assert "4096 bytes are free" in problem


# locks


def test_locks_are_tried_with_a_second_process(make_app: MakeApp) -> None:
    """It is started, wants the lock that is held, and does not get it."""
    found = findings(check_locks, make_app)

    assert problems(found) == []
    assert SHARED in texts(found)


def test_locks_that_bind_nobody_are_a_problem(tmp_path: pathlib.Path) -> None:
    """The second process gets a lock that the first one holds."""
    storage = Unlocked(tmp_path / "tokens.json")
    (problem,) = problems(findings(check_locks, lambda: app_with(storage)))

    assert "does not keep another one out" in problem
    assert "local disk" in problem


def test_a_storage_of_one_process_needs_no_locks() -> None:
    """Nothing is started for it."""
    found = findings(check_locks, lambda: app_with(MemoryTokenStorage()))

    assert states(found) == {"skipped"}


@pytest.mark.parametrize(
    ("name", "value"), [("executable", "/no/such/python"), ("frozen", True)], ids=str
)
def test_where_no_second_process_can_be_started_that_is_said(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch, name: str, value: object
) -> None:
    """It is neither a success nor a problem."""
    monkeypatch.setattr(sys, name, value, raising=False)
    found = findings(check_locks, make_app)

    assert states(found) == {"skipped"}


def test_a_second_process_that_fails_is_told(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the last line of what it said."""
    monkeypatch.setattr(storage_locks, "_CHILD", "raise SystemExit('no modules here')")

    assert "no modules here" in texts(findings(check_locks, make_app))


MOUNTS = """\
22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw
30 22 0:40 / /home rw,relatime shared:9 - nfs4 server:/home rw,vers=4.2,local_lock=none
31 22 0:41 / /old rw - nfs server:/old rw,vers=3,nolock,local_lock=all
32 22 0:42 / /scratch rw - lustre mgs:/scratch rw,localflock
33 30 0:43 / /home/a\\040b rw - tmpfs tmpfs rw
34 22 0:44 / /sshfs rw - fuse.sshfs host: rw
"""


@pytest.mark.parametrize(
    ("path", "kind", "network", "local"),
    [
        ("/var/tokens.json", "ext4", False, False),
        ("/home/ada/tokens.json", "nfs4", True, False),
        ("/homes/tokens.json", "ext4", False, False),
        ("/home/a b/tokens.json", "tmpfs", False, False),
        ("/old/tokens.json", "nfs", True, True),
        ("/scratch/tokens.json", "lustre", True, True),
    ],
)
def test_the_file_system_is_that_of_the_innermost_mount(
    tmp_path: pathlib.Path, path: str, kind: str, network: bool, local: bool
) -> None:
    """Its options tell whether its locks bind other machines."""
    table = tmp_path / "mountinfo"
    table.write_text(MOUNTS, encoding="utf-8")
    found = file_system_of(path, str(table))

    assert found is not None
    assert (found.kind, found.is_network, found.locks_are_local) == (kind, network, local)


def test_without_a_table_of_mounts_the_file_system_is_not_known(tmp_path: pathlib.Path) -> None:
    """As on systems other than Linux."""
    assert file_system_of("/home", str(tmp_path / "none")) is None


@pytest.mark.parametrize(("options", "state"), [("rw", "note"), ("rw,nolock", "problem")])
def test_a_network_disk_is_told(
    make_app: MakeApp,
    tmp_path: pathlib.Path,
    monkeypatch: pytest.MonkeyPatch,
    options: str,
    state: str,
) -> None:
    """Locks between machines cannot be tried from one; without any, that is a problem."""
    table = tmp_path / "mountinfo"
    table.write_text(f"22 1 0:40 / / rw - nfs4 server:/ {options}\n", encoding="utf-8")
    monkeypatch.setattr("globus_core_doctor.checks.file_systems.TABLE", str(table))

    assert state in states(findings(check_locks, make_app))


# tokens


def test_each_token_is_told_with_its_end_and_whether_it_is_renewed(
    make_app: MakeApp, storage: JSONTokenStorage
) -> None:
    """What has expired and cannot be renewed is a problem."""
    store(
        storage,
        stored_token("auth.globus.org", refresh="refresh-token-value"),
        stored_token("groups.api.globus.org", seconds=-60, refresh="refresh-token-value"),
        stored_token("transfer.api.globus.org", seconds=-60),
        stored_token("search.api.globus.org", seconds=600),
        stored_token("flows.globus.org"),
    )
    found = {
        each.text.partition(":")[0]: each for each in findings(check_tokens, make_app, offline=True)
    }

    assert found["auth.globus.org"].state == "ok"
    assert "renewed when needed" in found["groups.api.globus.org"].text
    assert found["groups.api.globus.org"].state == "ok"
    assert found["transfer.api.globus.org"].state == "problem"
    assert found["transfer.api.globus.org"].advice == "run 'globus-core login'"
    assert found["search.api.globus.org"].state == "note"
    assert found["flows.globus.org"].state == "ok"


def test_without_tokens_the_command_that_logs_in_is_named(make_app: MakeApp) -> None:
    """It is no problem that nobody has logged in yet."""
    (finding,) = findings(check_tokens, make_app)

    assert (finding.state, finding.advice) == ("note", "run 'globus-core login'")
