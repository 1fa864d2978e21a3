"""
The storage in an encrypted file: how it is chosen, how its key changes, what is where.
"""

from __future__ import annotations

import os
import pathlib
import pickle
import subprocess
import sys
import typing as t

import pytest

from globus_core import GlobusAppConfig, GlobusSDKUsageError, UserApp
from globus_core.testing import make_token
from globus_core.token_storage import EncryptedTokenStorage, Envelope, StorageKeyError
from globus_core_storage_encrypted.key_sources import FD_VARIABLE, FILE_VARIABLE, KEY_VARIABLE

CANARY = "canary-Ag4kq0rT7"
KEY, OTHER = "01" * 32, "02" * 32
A, B = "a.example.org", "b.example.org"


@pytest.fixture(autouse=True)
def key_file(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """A key that the environment names, in a home folder without anything else."""
    for name in (FD_VARIABLE, KEY_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    path = tmp_path / "key"
    path.touch(0o600)
    path.write_text(KEY)
    monkeypatch.setenv(FILE_VARIABLE, str(path))
    return path


def test_an_app_chooses_it_by_its_name(tmp_path: pathlib.Path) -> None:
    """Its file is in the app's folder."""
    app = UserApp("a portal", client_id="x", config=GlobusAppConfig(token_storage="encrypted"))
    storage = app.token_storage.token_storage
    storage.store_token_data_by_resource_server({A: make_token(A)})
    described = storage.describe()
    app.close()

    assert isinstance(storage, EncryptedTokenStorage)
    assert described.location == str(tmp_path / "home/.globus/app/x/a-portal/tokens.encrypted")
    assert described.protection.startswith("file readable by its owner only, encrypted with a key")
    assert os.path.exists(described.location)


def test_an_app_chooses_it_by_its_url(tmp_path: pathlib.Path) -> None:
    """Which may name the file with the key."""
    other = tmp_path / "other key"
    other.touch(0o600)
    other.write_text(OTHER)
    url = f"encrypted://{tmp_path}/tokens?key_file={other}"
    with UserApp("a portal", client_id="x", config=GlobusAppConfig(token_storage=url)) as app:
        app.token_storage.token_storage.store_token_data_by_resource_server({A: make_token(A)})

    envelope = Envelope(bytes.fromhex(OTHER))
    storage = EncryptedTokenStorage(tmp_path / "tokens", envelope=envelope)
    assert storage.get_token_data(A) == make_token(A)


@pytest.mark.parametrize(
    "url",
    [
        "encrypted:",
        "encrypted://host/path",
        "encrypted:///x?key_file=",
        "encrypted:///x?colour=blue",
        "encrypted:///x?key_file=/y&colour=blue",
        "encrypted:///x#here",
    ],
)
def test_a_wrong_url_is_refused(url: str) -> None:
    """Rather than read in some way."""
    with pytest.raises(GlobusSDKUsageError):
        EncryptedTokenStorage.from_url(url)


def test_without_a_key_it_says_so_before_a_login(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A login whose tokens could not be stored would be in vain."""
    monkeypatch.delenv(FILE_VARIABLE)
    storage = EncryptedTokenStorage(tmp_path / "tokens")
    assert storage.describe().protection.endswith("encrypted with a key from the environment")
    with pytest.raises(StorageKeyError, match="no key") as caught:
        storage.get_token_data(A)
    assert FILE_VARIABLE in caught.value.explain()


def test_nothing_secret_is_written(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not into the file, nor into the new one that replaces it, nor anywhere beside it."""
    seen: list[bytes] = []
    replace = os.replace

    def looking(source: str, target: str) -> None:
        seen.extend(path.read_bytes() for path in folder.rglob("*") if path.is_file())
        replace(source, target)

    folder = tmp_path / "folder"
    monkeypatch.setattr(os, "replace", looking)
    storage = EncryptedTokenStorage(folder / "tokens")
    for _ in range(3):
        token = make_token(A, access_token=CANARY, refresh_token=CANARY, scope=CANARY)
        storage.store_token_data_by_resource_server({A: token})
    seen.extend(path.read_bytes() for path in folder.rglob("*") if path.is_file())

    assert len(seen) > 6
    for secret in (CANARY, token.identity_id, KEY, bytes.fromhex(KEY)):
        text = secret if isinstance(secret, bytes) else str(secret).encode()
        assert all(text not in content for content in seen)


def test_a_pickle_has_neither_key_nor_token(tmp_path: pathlib.Path) -> None:
    """The other process reads the key again."""
    storage = EncryptedTokenStorage(tmp_path / "tokens")
    storage.store_token_data_by_resource_server({A: make_token(A, access_token=CANARY)})
    storage.get_token_data(A)
    pickled = pickle.dumps(storage)

    assert CANARY.encode() not in pickled
    assert bytes.fromhex(KEY) not in pickled
    assert pickle.loads(pickled).get_token_data(A) == make_token(A, access_token=CANARY)


def test_the_key_changes_while_programs_run(tmp_path: pathlib.Path, key_file: pathlib.Path) -> None:
    """First it is added, then it encrypts, then the old one goes; no program starts again."""
    programs = [EncryptedTokenStorage(tmp_path / "tokens") for _ in range(3)]
    number = 0

    def use_all() -> None:
        nonlocal number
        for program in programs:
            number += 1
            token = make_token(A, access_token=f"access-{number}")
            program.store_token_data_by_resource_server({A: token})
            assert [other.get_token_data(A) for other in programs] == [token] * 3
            assert all(other.get_token_data(B) == make_token(B) for other in programs)

    programs[0].store_token_data_by_resource_server({B: make_token(B)})
    for keys in ((KEY,), (KEY, OTHER), (OTHER, KEY), (OTHER,)):
        new = tmp_path / "new"
        new.touch(0o600)
        new.write_text("\n".join(keys))
        new.replace(key_file)
        use_all()
    alone = EncryptedTokenStorage(tmp_path / "tokens", envelope=Envelope(bytes.fromhex(OTHER)))
    assert alone.get_token_data(B) == make_token(B)
    before = EncryptedTokenStorage(tmp_path / "tokens", envelope=Envelope(bytes.fromhex(KEY)))
    with pytest.raises(StorageKeyError):
        before.get_token_data(B)


def test_a_program_without_the_new_key_reads_on(tmp_path: pathlib.Path) -> None:
    """As long as the old one encrypts; the signatures are of all keys."""
    old, new = bytes.fromhex(KEY), bytes.fromhex(OTHER)
    running = EncryptedTokenStorage(tmp_path / "tokens", envelope=Envelope(old))
    started = EncryptedTokenStorage(tmp_path / "tokens", envelope=Envelope(old, new))
    later = EncryptedTokenStorage(tmp_path / "tokens", envelope=Envelope(new, old))
    for name, storage in ((A, running), (B, started), (A, running)):
        storage.store_token_data_by_resource_server({name: make_token(name)})
        for reader in (running, started, later):
            assert reader.get_token_data(name) == make_token(name)


def test_the_key_is_found_in_no_list_of_processes(tmp_path: pathlib.Path) -> None:
    """A key that comes by a descriptor is neither in the arguments nor in the environment."""
    if not os.path.isdir("/proc/self"):
        pytest.skip("this system does not show the arguments of processes")
    reading, writing = os.pipe()
    os.write(writing, KEY.encode())
    os.close(writing)
    code = (
        "import sys; from globus_core.token_storage import EncryptedTokenStorage\n"
        "from globus_core.testing import make_token\n"
        "storage = EncryptedTokenStorage(sys.argv[1])\n"
        "storage.store_token_data_by_resource_server({'a': make_token('a')})\n"
        "print(storage.get_token_data('a').access_token)\n"
        "print(open('/proc/self/cmdline').read(), open('/proc/self/environ').read())"
    )
    environment: dict[str, t.Any] = {**os.environ, FD_VARIABLE: str(reading)}
    del environment[FILE_VARIABLE]
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "tokens")],
        env=environment,
        pass_fds=(reading,),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    os.close(reading)
    assert done.stdout.startswith("access-a\n")
    assert KEY not in done.stdout
