"""
Programs that read and write collections through fsspec: pandas, xarray, zarr, and fsspec's own
functions.
"""

from __future__ import annotations

import pickle
import threading
import typing as t
from pathlib import Path

import fsspec
import pytest

from globus_core import GlobusSDKUsageError, UserApp
from globus_core.globus_app import CredentialsError
from globus_core_gcs.sandbox.server import COLLECTION
from tests.integration.app.helpers import user_app

pytestmark = pytest.mark.full

URL = f"globus://{COLLECTION}"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The folder of the collection."""
    made = tmp_path / "storage"
    made.mkdir()
    return made


@pytest.fixture
def app(root: Path, monkeypatch: pytest.MonkeyPatch) -> t.Iterator[UserApp]:
    """The app of the first person of a sandbox."""
    from globus_core_sandbox import Sandbox

    with Sandbox(options={"gcs": {"folder": root}}) as sandbox:
        for name, value in sandbox.environment().items():
            monkeypatch.setenv(name, value)
        with user_app(sandbox, scopes={"auth.globus.org": "openid"}) as made:
            yield made


@pytest.fixture
def files(app: UserApp) -> t.Any:
    """The file system."""
    return fsspec.filesystem("globus", app=app)


def test_pandas_reads_and_writes_a_table(app: UserApp, root: Path) -> None:
    """By the URL alone, and the options that name the app."""
    import pandas

    (root / "stations.csv").write_text("name,depth\nnorth,3\nsouth,5\n")
    options = {"app": app}
    table = pandas.read_csv(f"{URL}/stations.csv", storage_options=options)
    assert list(table["depth"]) == [3, 5]
    table.to_csv(f"{URL}/copy.csv", index=False, storage_options=options)
    assert (root / "copy.csv").read_text() == (root / "stations.csv").read_text()


def test_a_zarr_array_is_written_and_read(app: UserApp, root: Path) -> None:
    """By the URL alone; each chunk is a file of the collection, and its folders are made."""
    import zarr

    options = {"app": app}
    array: t.Any = zarr.open(
        f"{URL}/new/array",
        mode="w",
        shape=(10,),
        chunks=(5,),
        dtype="i4",
        storage_options=options,
    )
    array[:] = range(10)
    again: t.Any = zarr.open(f"{URL}/new/array", mode="r", storage_options=options)
    assert list(again[:]) == list(range(10))
    assert any((root / "new" / "array").iterdir())


def test_xarray_writes_and_reads_a_dataset(app: UserApp) -> None:
    """As zarr, which is how data sets lie in object stores."""
    import xarray

    options: t.Any = {"app": app}
    depths = xarray.Dataset({"depth": ("station", [3, 5])}, coords={"station": [17, 18]})
    depths.to_zarr(f"{URL}/depths.zarr", mode="w", consolidated=False, storage_options=options)
    again = xarray.open_zarr(f"{URL}/depths.zarr", consolidated=False, storage_options=options)
    assert again.depth.sel(station=18).item() == 5


@pytest.mark.parametrize("auto_mkdir", [True, False])
@pytest.mark.parametrize("way", ["open", "pipe_file", "put_file"])
def test_folders_are_made_for_a_file_unless_it_is_switched_off(
    app: UserApp, root: Path, way: str, auto_mkdir: bool
) -> None:
    """With each way to write one."""
    local = root.parent / "local"
    local.write_bytes(b"x")
    files = fsspec.filesystem("globus", app=app, auto_mkdir=auto_mkdir)

    def write(path: str) -> None:
        if way == "put_file":
            files.put_file(str(local), path)
        elif way == "pipe_file":
            files.pipe_file(path, b"x")
        else:
            with files.open(path, "wb") as file:
                file.write(b"x")

    if not auto_mkdir:
        with pytest.raises(FileNotFoundError):
            write(f"{URL}/new/in/f")
        return
    write(f"{URL}/new/in/f")
    assert (root / "new/in/f").read_bytes() == b"x"


def test_files_and_folders_are_those_of_the_collection(files: t.Any, root: Path) -> None:
    """Listed, found, read in part, renamed and deleted."""
    files.makedirs(f"{URL}/a/b")
    files.pipe_file(f"{URL}/a/b/f.txt", b"0123456789")
    files.pipe_file(f"{URL}/a/g.txt", b"x")
    assert sorted(files.ls(f"{URL}/a", detail=False)) == [
        f"{COLLECTION}/a/b",
        f"{COLLECTION}/a/g.txt",
    ]
    assert files.info(f"{URL}/a/b/f.txt")["size"] == 10
    assert files.find(f"{URL}/a") == [f"{COLLECTION}/a/b/f.txt", f"{COLLECTION}/a/g.txt"]
    assert files.glob(f"{URL}/a/*.txt") == [f"{COLLECTION}/a/g.txt"]
    assert files.cat_file(f"{URL}/a/b/f.txt", 2, 4) == b"23"
    assert files.cat_file(f"{URL}/a/b/f.txt", -3) == b"789"
    assert files.cat_ranges([f"{URL}/a/b/f.txt"] * 2, [0, 5], [2, 7]) == [b"01", b"56"]
    assert files.modified(f"{URL}/a/g.txt").tzinfo is not None
    files.mv(f"{URL}/a/g.txt", f"{URL}/a/h.txt")
    files.rm(f"{URL}/a/h.txt")
    assert not files.exists(f"{URL}/a/h.txt")
    assert files.isdir(f"{URL}/a/b")
    assert sorted(path.name for path in root.rglob("*")) == ["a", "b", "f.txt"]


def test_files_are_copied_both_ways(files: t.Any, tmp_path: Path) -> None:
    """With folders."""
    (tmp_path / "from" / "in").mkdir(parents=True)
    (tmp_path / "from" / "in" / "f").write_bytes(b"1" * 1000)
    files.put(str(tmp_path / "from"), f"{URL}/to", recursive=True)
    files.get(f"{URL}/to", str(tmp_path / "back"), recursive=True)
    assert (tmp_path / "back" / "in" / "f").read_bytes() == b"1" * 1000


def test_what_is_missing_or_exists_is_as_python_has_it(files: t.Any) -> None:
    """The built-in exceptions of files."""
    files.mkdir(f"{URL}/d")
    with pytest.raises(FileExistsError):
        files.mkdir(f"{URL}/d")
    for use in (files.info, files.cat_file, files.ls, files.rm_file):
        with pytest.raises(FileNotFoundError):
            use(f"{URL}/none")
    with pytest.raises(FileNotFoundError):
        files.ls("globus://5f1c8a3e-2b47-4c0d-9e6a-7d3b1f0c4a58/")
    with pytest.raises(NotImplementedError, match="submit_delete"):
        files.rmdir(f"{URL}/d")


def test_wrong_use_is_one_error(files: t.Any) -> None:
    """Before anything is sent."""
    with pytest.raises(CredentialsError):
        fsspec.filesystem("globus")
    with pytest.raises(GlobusSDKUsageError, match="no collection"):
        files.info("globus://")
    with pytest.raises(GlobusSDKUsageError, match="within its collection"):
        files.mv(f"{URL}/a", "globus://another/a")


def test_threads_share_a_file_system(files: t.Any) -> None:
    """As readers of many chunks do."""
    files.pipe_file(f"{URL}/f", b"0123456789")
    found: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: found.append(files.cat_file(f"{URL}/f", 2, 5)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [b"234"] * 8


def test_a_file_system_of_a_client_id_is_pickled(app: UserApp, root: Path) -> None:
    """As dask sends it to workers; each makes an app of its own, with the same stored login."""
    made = fsspec.filesystem("globus", client_id=str(app.client_id))
    copy = pickle.loads(pickle.dumps(made))
    assert copy.storage_options == made.storage_options


def test_two_apps_never_share_a_file_system(app: UserApp) -> None:
    """Although fsspec would take them for the same: they may belong to two people."""
    other = copy_of(app)
    made = [fsspec.filesystem("globus", app=each) for each in (app, other, app)]
    assert [each.app for each in made] == [app, other, app]


def copy_of(app: UserApp) -> UserApp:
    """Another app with the same name and client."""
    return UserApp(app.app_name, client_id=app.client_id, config=app.config)
