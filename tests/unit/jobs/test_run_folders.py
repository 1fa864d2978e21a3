"""
The private folders of runs, and what is left of them.
"""

from __future__ import annotations

import os
import pathlib
import stat
import threading
import time
import typing as t

import pytest

from globus_core.token_storage import TokenStorageData
from globus_core_jobs import find_leftovers, remove_leftovers, run_folders
from globus_core_jobs.leftovers import check_leftovers
from globus_core_jobs.run_folders import RunFolder, RunFolderError
from globus_core_jobs.token_files import MemoryFile, TokensFile, as_json
from tests.unit.doctor.reports import findings, problems, states, texts

pytestmark = pytest.mark.skipif(os.name != "posix", reason="modes and kernel locks are POSIX")


@pytest.fixture(autouse=True)
def place(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The only folder that is looked into."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return str(tmp_path)


def left_by(place: str, host: str | None = None) -> pathlib.Path:
    """What a killed run leaves behind."""
    parent = pathlib.Path(run_folders.private_folder(place))
    folder = parent / f"run-{host or run_folders.host()}-123-{'ab' * 8}"
    folder.mkdir(mode=0o700)
    for name in ("tokens.json", "tokens.new", "lock"):
        (folder / name).touch(mode=0o600)
    return folder


def token(access_token: str) -> TokenStorageData:
    """A record."""
    return TokenStorageData(
        resource_server="rs",
        identity_id="someone",
        scope="a b",
        access_token=access_token,
        refresh_token="a-refresh-token",
        expires_at_seconds=2_000_000_000,
        token_type="Bearer",
    )


def test_a_folder_is_private_and_nothing_is_left_of_it(place: str) -> None:
    """Whatever the umask; the folder around it goes with the last one."""
    before = os.umask(0)
    try:
        first, second = RunFolder(place), RunFolder(place)
    finally:
        os.umask(before)
    for path in (first.path, os.path.dirname(first.path)):
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o700
    first.remove()
    assert os.path.isdir(second.path)
    second.remove()
    assert os.listdir(place) == []


def test_many_begin_and_end_at_once(place: str) -> None:
    """None takes the folder around it away from another, or counts as left behind."""
    troubles: list[object] = []

    def begin_and_end() -> None:
        try:
            for _ in range(30):
                folder = RunFolder(place)
                troubles.extend(remove_leftovers())
                assert os.path.exists(folder.path)
                folder.remove()
        except BaseException as error:
            troubles.append(error)

    threads = [threading.Thread(target=begin_and_end) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    assert os.listdir(place) == []


@pytest.mark.parametrize("kind", ["open", "file", "link", "missing", "closed"])
def test_a_place_that_is_not_private_is_refused(
    place: str, tmp_path: pathlib.Path, kind: str
) -> None:
    """Somebody else may have prepared it; the error says what to do."""
    path = tmp_path / f"globus-core-{os.geteuid()}"
    if kind == "open":
        path.mkdir()
        path.chmod(0o755)
    elif kind == "file":
        path.touch()
    elif kind == "link":
        (tmp_path / "elsewhere").mkdir(mode=0o700)
        path.symlink_to(tmp_path / "elsewhere")
    else:
        place = str(tmp_path / "missing")
    if kind == "closed":
        (tmp_path / "missing").touch()
    with pytest.raises(RunFolderError) as caught:
        RunFolder(place)
    assert "--dir" in caught.value.explain()
    assert remove_leftovers(place) == []


def test_only_what_no_process_uses_is_left_over(place: str) -> None:
    """The kernel's lock tells."""
    alive, left = RunFolder(place), left_by(place)
    (found,) = find_leftovers()
    assert (found.path, found.host, found.pid) == (str(left), run_folders.host(), 123)
    assert left.exists()
    assert [gone.path for gone in remove_leftovers()] == [str(left)]
    assert os.listdir(os.path.dirname(alive.path)) == [os.path.basename(alive.path)]
    alive.remove()


def test_a_chosen_place_is_looked_into_as_well(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Named by the option or by the variable."""
    other = tmp_path / "other"
    other.mkdir()
    left = left_by(str(other))
    assert find_leftovers() == []
    assert [found.path for found in find_leftovers(str(other))] == [str(left)]
    monkeypatch.setenv("GLOBUS_CORE_RUN_DIR", str(other))
    assert [found.path for found in remove_leftovers()] == [str(left)]


@pytest.mark.parametrize("why", ["another host", "no lock file", "no locks"])
def test_what_no_lock_tells_is_left_over_when_tokens_have_expired(
    place: str, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    """On a shared file system locks may not be seen; a run that lives renews its tokens."""
    left = left_by(place, "elsewhere" if why == "another host" else None)
    if why == "no lock file":
        (left / "lock").unlink()
    if why == "no locks":
        monkeypatch.setattr(run_folders, "take_lock", lambda descriptor: None)
    assert find_leftovers() == []
    old = time.time() - 49 * 3600
    os.utime(left, (old, old))
    assert [found.path for found in remove_leftovers()] == [str(left)]
    assert os.listdir(place) == []


def test_other_files_and_folders_are_left_alone(place: str) -> None:
    """Only what has the name of a run is removed."""
    parent = pathlib.Path(run_folders.private_folder(place))
    (parent / "run-mine").mkdir()
    (parent / f"run-{run_folders.host()}-1-{'cd' * 8}").touch()
    (parent / f"run-{run_folders.host()}-2-{'cd' * 8}").symlink_to(place)
    assert remove_leftovers() == []


@pytest.mark.parametrize("make", [TokensFile, lambda place: MemoryFile()], ids=["file", "memory"])
def test_a_reader_sees_the_old_tokens_or_the_new_ones(
    place: str, make: t.Callable[[str], TokensFile | MemoryFile]
) -> None:
    """While they are replaced all the time, with tokens of different lengths."""
    versions = [as_json([token(letter * 10_000 * n)]) for n, letter in enumerate("abc", 1)]
    try:
        file = make(place)
    except RunFolderError as error:
        pytest.skip(str(error))
    file.write(versions[0])
    done = threading.Event()

    def write() -> None:
        for number in range(300):
            file.write(versions[number % 3])
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    while not done.is_set():
        assert pathlib.Path(file.path).read_bytes() in versions
    writer.join()
    file.remove()
    file.write(versions[0])  # a renewal that ends late
    assert os.listdir(place) == []


def test_a_file_that_was_tidied_away_is_written_again(place: str) -> None:
    """With its folders, which are as private as before."""
    file = TokensFile(place)
    file.write(b"{}")
    run_folders.remove(os.path.dirname(file.path))
    assert not file.present
    file.write(b"{}")
    for path in (os.path.dirname(file.path), os.path.dirname(os.path.dirname(file.path))):
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o700
    assert stat.S_IMODE(os.stat(file.path).st_mode) == 0o600
    file.remove()
    assert os.listdir(place) == []


def test_what_cannot_be_written_leaves_the_old_tokens(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a full disk."""
    file = TokensFile(place)
    file.write(b"old")

    def full(descriptor: int, data: object) -> t.NoReturn:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "write", full)
        with pytest.raises(RunFolderError, match="No space left on device"):
            file.write(b"new")
    assert pathlib.Path(file.path).read_bytes() == b"old"
    assert sorted(os.listdir(os.path.dirname(file.path))) == ["lock", "tokens.json"]
    file.remove()


def test_no_refresh_token_is_written() -> None:
    """And what is written is said in the guide."""
    written = as_json([token("an-access-token")])
    assert b"a-refresh-token" not in written
    assert b'"access_token": "an-access-token"' in written


def test_the_doctor_removes_what_is_left_over(place: str) -> None:
    """That is no problem afterwards."""
    assert texts(findings(check_leftovers)) == "ok: no tokens of a killed run are left -> None"
    left = left_by(place)
    assert states(findings(check_leftovers)) == {"note"}
    assert not left.exists()


def test_the_doctor_says_what_cannot_be_removed(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the folder."""
    left = left_by(place)
    monkeypatch.setattr(run_folders, "remove", lambda path: None)
    (problem,) = problems(findings(check_leftovers))
    assert problem.endswith(f"remove the folder {left}")


def test_the_best_place_is_the_session_s_own(
    place: str, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If it can be used, and is there as long as the run; a chosen one is used in any case."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    assert run_folders.best_place(None) == place
    assert run_folders.best_place(None, outlives_session=True) == str(temporary)
    for session in ("", "relative", str(tmp_path / "missing"), __file__):
        monkeypatch.setenv("XDG_RUNTIME_DIR", session)
        assert run_folders.best_place(None) == str(temporary)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/ada")
    assert run_folders.best_place("here") == str(tmp_path / "here")
    assert run_folders.best_place("~/runs") == "/home/ada/runs"
