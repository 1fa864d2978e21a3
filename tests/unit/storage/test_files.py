"""
Where token files are, who can read them, and what a read costs.
"""

from __future__ import annotations

import contextlib
import os
import pathlib
import pickle
import sqlite3
import stat
import subprocess
import sys
import time
import types
import typing as t
from unittest import mock

import pytest

from globus_core.exc import GlobusSDKUsageError, StorageError, StorageLockTimeoutError
from globus_core.testing.stored_tokens import make_token
from globus_core_storage import (
    FileTokenStorage,
    JSONTokenStorage,
    MemoryTokenStorage,
    SQLiteTokenStorage,
    UnprotectedStorageWarning,
    UnusableStorageError,
    hooks,
    sqlite,
)
from globus_core_storage._file_lock import FileLock

CLIENT_ID = "7a1105c0-3b7e-4bde-9a35-2e3f2c1a0b55"
posix_only = pytest.mark.skipif(os.name != "posix", reason="modes and owners are those of POSIX")
both = pytest.mark.parametrize("make", [JSONTokenStorage, SQLiteTokenStorage])
Make = type[JSONTokenStorage | SQLiteTokenStorage]


def store_one(storage: FileTokenStorage) -> None:
    storage.store_token_data_by_resource_server({"a.example.org": make_token("a.example.org")})


def modes(folder: pathlib.Path) -> set[int]:
    """The modes of all files below a folder."""
    return {stat.S_IMODE(entry.stat().st_mode) for entry in folder.rglob("*") if entry.is_file()}


# where


@posix_only
def test_the_folder_of_an_app_is_closed_to_others(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """globus-sdk leaves it open to be listed; it is closed when the app's storage is made."""
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = tmp_path / ".globus" / "app" / CLIENT_ID / "n"
    folder.mkdir(parents=True, mode=0o755)
    config = types.SimpleNamespace(environment="production")
    JSONTokenStorage.for_globus_app(CLIENT_ID, "n", config, "DEFAULT")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@posix_only
@pytest.mark.parametrize(
    ("app_name", "slug"),
    [
        ("My App", "my-app"),
        ('a<b>c:d"e|h?i*j', "a+b+c+d+e+h+i+j"),
        ("v1.0", "v1-0"),
        ("x\tyz\n", "xyz"),
        ("ÄÖ é", "äö-é"),
        ("com10", "com10"),
        ("con.", "con-"),
    ],
)
def test_the_default_file_of_an_app(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, app_name: str, slug: str
) -> None:
    """The app's name becomes a folder name; the production environment has no prefix."""
    monkeypatch.setenv("HOME", str(tmp_path))
    config = types.SimpleNamespace(environment="production")
    storage = JSONTokenStorage.for_globus_app(CLIENT_ID, app_name, config, "DEFAULT")
    folder = tmp_path / ".globus" / "app" / CLIENT_ID / slug
    assert storage.filepath == str(folder / "tokens.json")
    assert folder.is_dir()
    assert stat.S_IMODE((tmp_path / ".globus").stat().st_mode) == 0o700


@posix_only
def test_another_environment_stands_before_the_default_files_name(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hook's arguments are given by name, and the namespace is passed on."""
    monkeypatch.setenv("HOME", str(tmp_path))
    storage = SQLiteTokenStorage.for_globus_app(
        client_id=CLIENT_ID,
        app_name="n",
        config=types.SimpleNamespace(environment="preview"),
        namespace="other",
    )
    assert os.path.basename(storage.filepath) == "preview-tokens.db"
    assert storage.namespace == "other"
    assert not storage.file_exists()


@posix_only
def test_the_files_of_apps_are_found(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each with its app and its environment; other files in those folders are passed over."""
    monkeypatch.setenv("HOME", str(tmp_path))
    assert list(JSONTokenStorage.stored_by_apps()) == []
    made = []
    for environment in ("preview", "production"):
        config = types.SimpleNamespace(environment=environment)
        storage = JSONTokenStorage.for_globus_app(CLIENT_ID, "My App", config, "DEFAULT")
        store_one(storage)
        made.append((CLIENT_ID, "my-app", environment, storage.filepath))
    folder = tmp_path / ".globus" / "app" / CLIENT_ID
    for other in ("-tokens.json", "a-a.json", "a-z.json", "tokens.db", "zzz.json"):
        (folder / "my-app" / other).touch()
    (folder / "tokens.json").touch()
    found = [(*about, storage.filepath) for *about, storage in JSONTokenStorage.stored_by_apps()]
    assert sorted(found) == made


def test_windows_keeps_app_files_with_local_application_data(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """LOCALAPPDATA stands before APPDATA, and the home folder is the last resort."""
    from globus_core_storage import _paths

    monkeypatch.setattr(os, "name", "nt")
    monkeypatch.setenv("LOCALAPPDATA", "local")
    monkeypatch.setenv("APPDATA", "roaming")
    parts = ("globus", "app", CLIENT_ID, "n", "tokens.json")
    path = _paths.app_token_path(CLIENT_ID, "n", "production", "json")
    assert path == os.path.join("local", *parts)
    monkeypatch.setenv("LOCALAPPDATA", "")
    path = _paths.app_token_path(CLIENT_ID, "n", "production", "json")
    assert path == os.path.join("roaming", *parts)


@pytest.mark.parametrize("app_name", ["", "\n", "con", "COM1", "nul", "lpt0"])
def test_an_app_name_that_is_no_folder_name_is_refused(app_name: str) -> None:
    """Nothing is left of the name, or Windows keeps it for a device."""
    config = types.SimpleNamespace(environment="production")
    with pytest.raises(GlobusSDKUsageError, match="choose another one"):
        JSONTokenStorage.for_globus_app(CLIENT_ID, app_name, config, "DEFAULT")


BAD_NAMES = ["../x", "a/b", "a\\b", ".", "..", "a\0b", "a\ud800", "x" * 201, "é" * 101]


@posix_only
@both
@pytest.mark.parametrize(
    ("what", "name"),
    [
        (what, name)
        for what in ("client id", "app name", "environment", "namespace")
        for name in BAD_NAMES
        if (what, name) != ("namespace", "a/b")
    ],
)
def test_a_name_that_would_lead_out_of_its_folder_is_refused(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, make: Make, what: str, name: str
) -> None:
    """Separators, null characters, dots alone and long names are refused, and nothing is made."""
    monkeypatch.setenv("HOME", str(tmp_path))
    names = {"client id": CLIENT_ID, "app name": "n", "environment": "preview", "namespace": "n"}
    names[what] = name
    config = types.SimpleNamespace(environment=names["environment"])
    with pytest.raises(GlobusSDKUsageError, match=f"the {what} '"):
        make.for_globus_app(names["client id"], names["app name"], config, names["namespace"])
    assert not list(tmp_path.rglob("*tokens*"))


@both
@pytest.mark.parametrize("name", ["D:x", ""])
@pytest.mark.parametrize("what", ["client id", "environment"])
def test_a_name_that_is_a_drive_or_nothing_is_refused(make: Make, what: str, name: str) -> None:
    """On Windows a colon leads to another drive; without a name the folder would be another."""
    names = {"client id": CLIENT_ID, "environment": "preview", what: name}
    config = types.SimpleNamespace(environment=names["environment"])
    with pytest.raises(GlobusSDKUsageError, match=what):
        make.for_globus_app(names["client id"], "n", config, "DEFAULT")


@both
def test_a_namespace_may_name_its_server(tmp_path: pathlib.Path, make: Make) -> None:
    """Only the part before the server is checked as a name, and only a server may follow."""
    for server in ("http://127.0.0.1:8999", "https://[::1]", "https://auth.example.org"):
        with make(tmp_path / "tokens", namespace=f"me@example.org@{server}") as storage:
            store_one(storage)
            assert storage.get_token_data("a.example.org") is not None
    for namespace in ("../x@http://h", "a@http://../x", "a@../http://h", "a@http://", "a@/"):
        with pytest.raises(GlobusSDKUsageError, match="namespace"):
            make(tmp_path / "tokens", namespace=namespace)
        with pytest.raises(GlobusSDKUsageError, match="namespace"):
            make(tmp_path / "tokens").in_namespace(namespace)


@posix_only
@both
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a\0b", GlobusSDKUsageError),
        ("a\ud800b", GlobusSDKUsageError),
        ("", GlobusSDKUsageError),
        ("x" * 300, StorageError),
        ("x" * 250, StorageError),
        ("y/" * 3000 + "z", StorageError),
    ],
)
def test_a_path_that_cannot_be_is_a_typed_error(
    tmp_path: pathlib.Path,
    monkeypatch: pytest.MonkeyPatch,
    make: Make,
    name: str,
    expected: type[Exception],
) -> None:
    """The error names the path, also if it is only too long for the files next to it."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(expected, match=r"path of a token file|'/.*[xy]"), make(name) as storage:
        store_one(storage)


@pytest.mark.parametrize("name", ["a\ud800", "a\udcff"])
def test_a_database_names_what_it_cannot_store(tmp_path: pathlib.Path, name: str) -> None:
    """A lone surrogate in the name of a resource server is a usage error that shows it."""
    with SQLiteTokenStorage(tmp_path / "tokens.db") as storage:
        store_one(storage)
        for ask in (storage.get_token_data, storage.remove_token_data):
            with pytest.raises(GlobusSDKUsageError, match="lone surrogate") as caught:
                ask(name)
            assert repr(name) in str(caught.value)
        with pytest.raises(GlobusSDKUsageError, match="lone surrogate"):
            storage.store_token_data_by_resource_server({name: make_token(name)})
        assert list(storage.get_token_data_by_resource_server()) == ["a.example.org"]


@both
def test_a_bare_file_name_works(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, make: Make
) -> None:
    """It is a file in the working directory of the time when the storage was made."""
    monkeypatch.chdir(tmp_path)
    with make("tokens") as storage:
        monkeypatch.chdir("/")
        store_one(storage)
        assert storage.filepath == "tokens"
        assert storage.file_exists()
        assert storage.describe().location == str(tmp_path / "tokens")
    assert (tmp_path / "tokens").is_file()


@posix_only
def test_urls(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three or four slashes begin an absolute path, none a relative one."""
    monkeypatch.setenv("HOME", str(tmp_path))
    file = f"{tmp_path}/to%20kens.db"
    for url in (f"sqlite://{file}", f"sqlite:///{file}", "sqlite:~/to%20kens.db"):
        storage = SQLiteTokenStorage.from_url(url, namespace="n")
        assert storage.filepath == str(tmp_path / "to kens.db")
        assert storage.namespace == "n"
    monkeypatch.chdir(tmp_path)
    assert JSONTokenStorage.from_url("json:tokens.json").filepath == "tokens.json"
    assert MemoryTokenStorage.from_url("memory://", namespace="n").namespace == "n"


def test_a_drive_begins_a_path_on_windows_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Elsewhere a folder may have such a name."""
    from globus_core_storage import _paths

    monkeypatch.setattr(os, "name", "posix")
    assert _paths.path_from_url("json:///C:/tokens.json") == "/C:/tokens.json"
    monkeypatch.setattr(os, "name", "nt")
    assert _paths.path_from_url("json:///C:/tokens.json") == "C:/tokens.json"
    assert _paths.path_from_url("json:///folder/tokens.json") == "/folder/tokens.json"


@pytest.mark.parametrize("url", ["json:", "json://", "json:///", "json://host/a", "json:///a?b=1"])
def test_urls_that_name_no_file_are_refused(url: str) -> None:
    """The error shows how to write one."""
    with pytest.raises(GlobusSDKUsageError, match="json:///folder/file"):
        JSONTokenStorage.from_url(url)
    with pytest.raises(GlobusSDKUsageError, match="no path"):
        MemoryTokenStorage.from_url("memory:///a")


def test_a_password_in_a_url_that_is_refused_is_not_shown() -> None:
    """Storages of others take URLs with passwords, and people mix them up."""
    for storage in (JSONTokenStorage, SQLiteTokenStorage, MemoryTokenStorage):
        with pytest.raises(GlobusSDKUsageError) as caught:
            storage.from_url("redis://me:pass-word@host/0?password=pass-word")
        assert "pass-word" not in str(caught.value)


@both
@pytest.mark.parametrize("path", [3, None, ["tokens"]])
def test_what_is_no_path_is_an_error_of_the_caller(make: t.Any, path: object) -> None:
    """The error names the argument."""
    with pytest.raises(GlobusSDKUsageError, match="filepath"):
        make(path)


@pytest.mark.parametrize("path", [":memory:", ""])
def test_sqlite_needs_a_file(path: str) -> None:
    """A database in memory would be another one for each connection."""
    with pytest.raises(GlobusSDKUsageError):
        SQLiteTokenStorage(path)
    with pytest.raises(GlobusSDKUsageError, match="path"):
        SQLiteTokenStorage("file:tokens.db", connect_params={"uri": True})


def test_a_folder_that_cannot_be_made_is_an_error_at_once(tmp_path: pathlib.Path) -> None:
    """As in globus-sdk it is a ValueError as well."""
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="cannot create the folder") as caught:
        JSONTokenStorage(tmp_path / "file" / "tokens.json")
    assert isinstance(caught.value, ValueError)


def test_the_hook_offers_the_three_storages() -> None:
    """Its references lead to the classes."""
    from importlib import import_module

    offered = hooks.globus_token_storages()
    classes = {"json": JSONTokenStorage, "memory": MemoryTokenStorage, "sqlite": SQLiteTokenStorage}
    assert set(offered) == set(classes)
    for name, reference in offered.items():
        module, _, attribute = reference.partition(":")
        assert getattr(import_module(module), attribute) is classes[name]


# who can read them


def test_a_storage_says_who_can_read_its_file(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Windows that is up to the folder."""
    storage = JSONTokenStorage(str(tmp_path / "tokens.json"))
    monkeypatch.setattr(os, "name", "posix")
    assert storage.describe().protection == "file readable by its owner only, not encrypted"
    monkeypatch.setattr(os, "name", "nt")
    assert storage.describe().protection == "file, not encrypted"


@posix_only
@both
@pytest.mark.parametrize("umask", [0, 0o077, 0o777])
def test_files_are_private_whatever_the_umask(
    tmp_path: pathlib.Path, make: Make, umask: int
) -> None:
    """All files and folders are the owner's alone, and the umask is never changed."""
    seen: list[int] = []
    previous = os.umask(umask)
    try:
        with make(tmp_path / "one" / "two" / "tokens") as storage:
            store_one(storage)
            with storage.renewal_lock("a.example.org"):
                assert storage.get_token_data("a.example.org") is not None
            seen = sorted(modes(tmp_path))
            folders = {stat.S_IMODE(p.stat().st_mode) for p in tmp_path.rglob("*") if p.is_dir()}
    finally:
        now = os.umask(previous)
    assert set(seen) == {0o600}
    assert folders == {0o700}
    assert now == umask


@posix_only
@both
@pytest.mark.parametrize("right", [0o040, 0o020, 0o010, 0o004, 0o002, 0o001])
def test_a_file_that_others_can_use_is_closed_to_them(
    tmp_path: pathlib.Path, make: Make, right: int
) -> None:
    """One look at it by its owner's program is enough."""
    path = tmp_path / "tokens"
    with make(path) as storage:
        store_one(storage)
    path.chmod(0o600 | right)
    with make(path) as storage:
        assert storage.get_token_data("a.example.org") is not None
        assert modes(tmp_path) == {0o600}


@posix_only
@both
@pytest.mark.parametrize("other", [-1, 1])
def test_a_file_of_somebody_else_is_refused(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, make: Make, other: int
) -> None:
    """Its tokens are neither read nor replaced, and the error says whose it is."""
    with make(tmp_path / "tokens") as storage:
        store_one(storage)
    owner = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: owner + other)
    with make(tmp_path / "tokens") as storage:
        with pytest.raises(UnusableStorageError, match=f"belongs to user {owner},"):
            storage.get_token_data("a.example.org")
        with pytest.raises(UnusableStorageError, match=f"belongs to user {owner},"):
            store_one(storage)


@posix_only
@both
def test_a_link_is_followed_within_its_folder_only(tmp_path: pathlib.Path, make: Make) -> None:
    """A link to another folder is refused; one to a neighbour stays a link."""
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    (inside / "near").symlink_to("real")
    (inside / "far").symlink_to(outside / "tokens")
    with make(inside / "near") as near:
        store_one(near)
    assert (inside / "near").is_symlink()
    assert (inside / "real").is_file()
    with make(inside / "far") as far:
        with pytest.raises(UnusableStorageError, match="symbolic link"):
            store_one(far)
        with pytest.raises(UnusableStorageError, match="symbolic link"):
            far.get_token_data("a.example.org")
    assert list(outside.iterdir()) == []


@both
def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path: pathlib.Path, make: Make) -> None:
    """The error names it."""
    (tmp_path / "tokens").mkdir()
    with (
        make(tmp_path / "tokens") as storage,
        pytest.raises(UnusableStorageError, match="is not a regular file"),
    ):
        storage.get_token_data("a.example.org")


@posix_only
@both
def test_what_a_killed_store_left_is_replaced(tmp_path: pathlib.Path, make: Make) -> None:
    """The file written aside has one fixed name, also where somebody put a link there."""
    target = tmp_path / "target"
    target.write_text("untouched")
    (tmp_path / "tokens.new").symlink_to(target)
    with make(tmp_path / "tokens") as storage:
        store_one(storage)
    assert target.read_text() == "untouched"
    assert {p.name for p in tmp_path.iterdir()} == {"target", "tokens", "tokens.locks"}
    assert not (tmp_path / "tokens").is_symlink()


@posix_only
def test_the_umask_of_old_subclasses_is_put_back() -> None:
    """The context manager for subclasses written for globus-sdk works as before."""
    previous = os.umask(0o022)
    try:
        with JSONTokenStorage("tokens.json").user_only_umask():
            assert os.umask(0o177) == 0o177
        assert os.umask(0o022) == 0o022
    finally:
        os.umask(previous)


# what a read costs


def test_a_read_opens_nothing_while_nothing_changed(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a store by the same object, a read only looks at the file's state."""
    storage = JSONTokenStorage(tmp_path / "tokens.json")
    store_one(storage)

    def refuse(*arguments: t.Any, **options: t.Any) -> t.NoReturn:
        raise AssertionError("the file was opened")

    monkeypatch.setattr(os, "open", refuse)
    assert storage.get_token_data("a.example.org") == make_token("a.example.org")
    assert storage.get_token_data("b.example.org") is None


@pytest.mark.parametrize("settled", [True, False])
def test_a_database_is_not_asked_again_while_nothing_changed(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, settled: bool
) -> None:
    """Its log shows that, but not so soon after a change that another could have the same time."""
    path = tmp_path / "tokens.db"
    monkeypatch.setattr(sqlite, "is_local", lambda path: True)
    monkeypatch.setattr(time, "monotonic", lambda: 1000.0)
    with SQLiteTokenStorage(path) as storage:
        store_one(storage)
        changed = time.time() + (-3600 if settled else 3600)
        for name in (path, f"{path}-wal"):
            os.utime(name, (changed, changed))
        expected = storage.get_token_data("a.example.org")
        with mock.patch.object(storage, "_locate", wraps=storage._locate) as asked:
            again = storage.get_token_data("a.example.org")
        assert again == expected == make_token("a.example.org")
        assert asked.called is not settled


def test_a_namespace_of_an_open_storage_leaves_its_connections_open(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many are made and closed in a program for many people."""
    with SQLiteTokenStorage(tmp_path / "tokens.db") as storage:
        store_one(storage)
        assert storage.get_token_data("a.example.org") is not None
        monkeypatch.setattr(sqlite3, "connect", None)
        with storage.for_namespace("somebody") as other:
            assert other.get_token_data("a.example.org") is None
        assert storage.get_token_data("a.example.org") is not None
        store_one(storage)


def test_a_store_opens_two_files_and_waits_for_the_disk_once(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lock's file and the new one; what the object itself has stored is not read again."""
    storage = JSONTokenStorage(tmp_path / "tokens.json")
    store_one(storage)
    calls = []

    def counted(name: str) -> t.Callable[..., t.Any]:
        function = getattr(os, name)

        def count(*arguments: t.Any, **options: t.Any) -> t.Any:
            calls.append(name)
            return function(*arguments, **options)

        return count

    for name in ("open", "fsync", "replace"):
        monkeypatch.setattr(os, name, counted(name))
    store_one(storage)
    assert calls == ["open", "open", "fsync", "replace"]


def test_the_lock_between_threads_stays_with_the_storage(tmp_path: pathlib.Path) -> None:
    """Each store finds that of the last one; it goes when the storage does."""
    import gc
    import weakref

    storage = JSONTokenStorage(tmp_path / "tokens.json")
    store_one(storage)
    mutex = weakref.ref(storage._mutex)
    store_one(storage)
    assert mutex() is storage._mutex
    assert pickle.loads(pickle.dumps(storage))._mutex is None
    del storage
    gc.collect()
    assert mutex() is None


def test_a_file_changed_by_others_is_read_again(tmp_path: pathlib.Path) -> None:
    """Also where it was changed in place, to the same size, a moment later."""
    path = tmp_path / "tokens.json"
    storage, other = JSONTokenStorage(path), JSONTokenStorage(path)
    store_one(storage)
    assert other.get_token_data("a.example.org") is not None
    for number in range(10):
        text = path.read_text()
        path.write_text(text.replace(text[text.index("access-") :][:20], f"access-{number:013}"))
        for each in (storage, other):
            data = each.get_token_data("a.example.org")
            assert data is not None
            assert data.access_token == f"access-{number:013}"


@both
def test_a_removed_file_is_noticed(tmp_path: pathlib.Path, make: Make) -> None:
    """Tokens of a removed file are gone, and a store makes a new file."""
    with make(tmp_path / "tokens") as storage:
        store_one(storage)
        for entry in tmp_path.iterdir():
            if entry.is_file():
                entry.unlink()
        assert storage.get_token_data("a.example.org") is None
        store_one(storage)
        assert storage.file_exists()
        assert storage.get_token_data("a.example.org") is not None


@pytest.mark.parametrize(
    ("module", "also"), [("json_file", set()), ("memory", set()), ("sqlite", {"sqlite3"})]
)
def test_reading_a_token_imports_little(
    tmp_path: pathlib.Path, module: str, also: set[str]
) -> None:
    """Neither typing nor logging nor records nor contexts; SQLite only where it is used."""
    code = (
        "import sys\n"
        f"import globus_core_storage.{module} as module\n"
        "make = [v for n, v in vars(module).items() if n.endswith('TokenStorage')"
        " and v.__module__ == module.__name__][0]\n"
        "storage = make() if 'Memory' in make.__name__ else make(sys.argv[1])\n"
        "storage.get_token_data('a.example.org')\n"
        "print(*sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    path = tmp_path / "tokens"
    if module == "json_file":
        store_one(JSONTokenStorage(path))
    done = subprocess.run(
        [sys.executable, "-S", "-c", code, str(path)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    heavy = {"typing", "logging", "dataclasses", "attr", "inspect", "hashlib", "contextlib"}
    heavy |= {"requests", "pluggy", "importlib.metadata", "sqlite3", "tempfile", "urllib.parse"}
    assert heavy.intersection(done.stdout.split()) <= also | ({"typing"} if also else set())


# locks


def test_a_store_that_has_to_wait_too_long_is_an_error(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error names the seconds and the file; reads go on."""
    from globus_core_storage import file

    monkeypatch.setattr(file, "WRITE_LOCK_SECONDS", 0.05)
    one, two = JSONTokenStorage(tmp_path / "t.json"), JSONTokenStorage(tmp_path / "t.json")
    store_one(one)
    locks = tmp_path / "t.json.locks" / "write"
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import fcntl, sys; f = open(sys.argv[1]); fcntl.flock(f, 2); print(); input()",
            str(locks),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline()
        with pytest.raises(StorageLockTimeoutError, match=r"within 0\.05 seconds.*t\.json"):
            store_one(two)
        assert two.get_token_data("a.example.org") is not None
    finally:
        holder.kill()
        holder.communicate()
    store_one(two)


def test_a_database_in_use_by_others_too_long_is_an_error(tmp_path: pathlib.Path) -> None:
    """The wait is the ``timeout`` of the connection's parameters; reads go on."""
    path = tmp_path / "tokens.db"
    with SQLiteTokenStorage(path, connect_params={"timeout": 0.05}) as storage:
        store_one(storage)
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        try:
            with pytest.raises(StorageLockTimeoutError, match=r"within 0\.05 seconds"):
                store_one(storage)
            assert storage.get_token_data("a.example.org") is not None
        finally:
            other.close()
        store_one(storage)


def assert_ends_well(code: str, path: pathlib.Path, *, warnings: str = "error") -> None:
    """Run a program with a path, in a process of its own; it must not say anything wrong."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(
        [sys.executable, "-W", warnings, "-c", code, str(path)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
@both
def test_a_storage_works_on_both_sides_of_a_fork(tmp_path: pathlib.Path, make: Make) -> None:
    """The child stores through the object it inherited, from inside the parent's lock."""
    code = (
        "import os, sys\n"
        "from globus_core.testing.token_storage import make_token\n"
        f"from globus_core_storage import {make.__name__} as make\n"
        "storage = make(sys.argv[1])\n"
        "store = storage.store_token_data_by_resource_server\n"
        "store({'parent': make_token('parent')})\n"
        "assert storage.get_token_data('parent')\n"
        "with storage.renewal_lock('parent'):\n"
        "    child = os.fork()\n"
        "    if not child:\n"
        "        store({'child': make_token('child')})\n"
        "        try:\n"
        "            storage.renewal_lock('parent', timeout=0.05).__enter__()\n"
        "        except Exception as error:\n"
        "            os._exit(3 if 'did not finish' in str(error) else 4)\n"
        "    status = os.waitpid(child, 0)[1]\n"
        "assert os.waitstatus_to_exitcode(status) == 3, status\n"
        "store({'after': make_token('after')})\n"
        "assert set(storage.get_token_data_by_resource_server()) == {'parent', 'child', 'after'}\n"
        "storage.close()\n"
    )
    assert_ends_well(code, tmp_path / "tokens")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_fork_waits_until_a_database_is_built(tmp_path: pathlib.Path) -> None:
    """A child never inherits an open database, even one that a thread is making just then."""
    code = (
        "import os, sys, threading\n"
        "started, forking, built, order = threading.Event(), threading.Event(), [], []\n"
        "os.register_at_fork(before=lambda: order.append(bool(built)))  # asked last\n"
        "from globus_core.testing.token_storage import make_token\n"
        "from globus_core_storage import SQLiteTokenStorage, _schema\n"
        "import globus_core_storage.sqlite\n"
        "os.register_at_fork(before=forking.set)  # asked first\n"
        "add_tables = _schema.add_tables\n"
        "def slow(connection):\n"
        "    started.set()\n"
        "    forking.wait(30)\n"
        "    add_tables(connection)\n"
        "    built.append(True)\n"
        "_schema.add_tables = slow\n"
        "storage = SQLiteTokenStorage(sys.argv[1])\n"
        "store = storage.store_token_data_by_resource_server\n"
        "thread = threading.Thread(target=store, args=({'thread': make_token('thread')},))\n"
        "thread.start()\n"
        "started.wait(30)\n"
        "child = os.fork()\n"
        "if not child:\n"
        "    store({'child': make_token('child')})\n"
        "    os._exit(0)\n"
        "assert os.waitpid(child, 0)[1] == 0\n"
        "thread.join(30)\n"
        "assert order == [True], order\n"
        "assert set(storage.get_token_data_by_resource_server()) == {'thread', 'child'}\n"
        "storage.close()\n"
    )
    assert_ends_well(code, tmp_path / "tokens", warnings="ignore::DeprecationWarning")


@posix_only
@both
def test_the_folder_of_the_locks_is_no_link(tmp_path: pathlib.Path, make: Make) -> None:
    """Whoever could put one there would choose which files are made and locked."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "tokens.locks").symlink_to(elsewhere)
    with (
        make(tmp_path / "tokens") as storage,
        pytest.raises(UnusableStorageError, match="is a symbolic link; remove it"),
        storage.renewal_lock("a.example.org"),
    ):
        pass
    assert list(elsewhere.iterdir()) == []


@posix_only
def test_a_lock_file_is_no_link(tmp_path: pathlib.Path) -> None:
    """Nor is a file locked, or its mode changed, that a link in the folder leads to."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.touch(0o644)
    with JSONTokenStorage(tmp_path / "tokens.json") as storage:
        store_one(storage)
        with storage.renewal_lock("a.example.org"):
            pass
        for file in (tmp_path / "tokens.json.locks").iterdir():
            file.unlink()
            file.symlink_to(elsewhere)
        with pytest.raises(StorageError, match="cannot lock"):
            store_one(storage)
        with (
            pytest.raises(StorageError, match="cannot lock"),
            storage.renewal_lock("a.example.org"),
        ):
            pass
    assert elsewhere.stat().st_mode & 0o777 == 0o644


@posix_only
@pytest.mark.parametrize("refuse", [True, False], ids=["refused", "without effect"])
def test_a_file_system_with_fixed_modes_is_warned_about_once(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, refuse: bool
) -> None:
    """Tokens are kept there all the same; the warning names the file that others can read."""

    def fixed(path: object, mode: int) -> None:
        if refuse:
            raise PermissionError(path)

    path = tmp_path / "tokens.json"
    store_one(JSONTokenStorage(path))
    path.chmod(0o644)
    monkeypatch.setattr(os, "chmod", fixed)
    monkeypatch.setattr(os, "fchmod", fixed)
    with pytest.warns(UnprotectedStorageWarning, match="other users can read .*tokens.json"):
        assert JSONTokenStorage(path).get_token_data("a.example.org") is not None
    store_one(JSONTokenStorage(path))


@posix_only
def test_a_lock_that_becomes_free_during_a_short_wait_is_taken(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever waits for less than a second asks again and again, at growing intervals."""
    import fcntl

    from globus_core import waiting

    (tmp_path / "locks").mkdir(mode=0o700)
    holder = (tmp_path / "locks" / "write").open("w")
    fcntl.flock(holder, fcntl.LOCK_EX)
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            holder.close()

    monkeypatch.setattr(waiting, "sleep", pause)
    with FileLock(str(tmp_path / "locks" / "write"), 0.9, "a write"):
        pass
    assert len(pauses) == 3
    assert pauses == sorted(set(pauses))


@posix_only
def test_a_lock_that_becomes_free_during_a_long_wait_is_taken(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever waits for longer stands in the queue of the operating system."""
    import fcntl

    from globus_core import waiting

    (tmp_path / "locks").mkdir(mode=0o700)
    holder = (tmp_path / "locks" / "write").open("w")
    fcntl.flock(holder, fcntl.LOCK_EX)
    acquire = waiting.acquire

    def release(lock: t.Any, seconds: float) -> bool:
        holder.close()
        return acquire(lock, seconds)

    monkeypatch.setattr(waiting, "acquire", release)
    with (
        FileLock(str(tmp_path / "locks" / "write"), 5.0, "a write"),
        (tmp_path / "locks" / "write").open("w") as other,
    ):
        assert holder.closed
        with pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)


@pytest.mark.parametrize("refusals", [0, 1, 99, 100])
def test_a_file_in_use_on_windows_is_replaced_when_it_is_free(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, refusals: int
) -> None:
    """It is tried a hundred times, with pauses; elsewhere a refusal is final."""
    from globus_core import waiting
    from globus_core_storage import _replacing

    source, target = str(tmp_path / "new"), str(tmp_path / "old")
    left = [PermissionError(13, "in use")] * refusals
    pauses: list[float] = []
    replace = os.replace

    def replace_later(*names: str) -> None:
        if left:
            raise left.pop()
        replace(*names)

    monkeypatch.setattr(os, "replace", replace_later)
    monkeypatch.setattr(waiting, "sleep", pauses.append)
    (tmp_path / "new").touch()
    for system in ("nt", "posix") if refusals == 100 else ("nt",):
        monkeypatch.setattr(os, "name", system)
        with pytest.raises(PermissionError) if refusals == 100 else contextlib.nullcontext():
            _replacing.replace_file(source, target)
        left[:] = left or [PermissionError(13, "in use")]
    assert len(pauses) == min(refusals, 99)
    assert os.path.exists(target) is (refusals < 100)
