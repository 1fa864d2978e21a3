"""
Whole folders over HTTPS: what is listed by Transfer is copied, several files at once.
"""

from __future__ import annotations

import pathlib
import threading
import types
import typing as t

import pytest

from globus_core import GlobusAPIError, GlobusSDKUsageError
from globus_core.services.gcs import (
    CollectionFileError,
    GCSCollectionClient,
    MissingFileError,
    SomeFilesFailedError,
)
from globus_core.testing import construct_error
from tests.integration.gcs.conftest import COLLECTION
from tests.integration.gcs.file_server import FileServer, Served


class Listing:
    """Stands in for the client of Transfer: it lists what it is told, and notes new folders."""

    def __init__(self, *paths: str) -> None:
        self.paths = paths
        self.made: list[str] = []
        self.existing: set[str] = set()

    def walk(self, collection_id: str, path: str) -> t.Iterator[t.Any]:
        """All paths below a folder; those that end with a slash are folders."""
        assert collection_id == COLLECTION
        for name in self.paths:
            kind = "dir" if name.endswith("/") else "file"
            yield types.SimpleNamespace(
                path=path + name.rstrip("/"), is_directory=kind == "dir", document={"type": kind}
            )

    def operation_mkdir(self, collection_id: str, path: str) -> None:
        """Make a folder, once."""
        if path in self.existing:
            body = {"code": "ExternalError.MkdirFailed.Exists", "message": "it exists"}
            raise construct_error(error_class=GlobusAPIError, http_status=502, body=body)
        self.made.append(path)


def test_a_folder_is_fetched_with_all_that_is_in_it(
    server: FileServer, collection: GCSCollectionClient, tmp_path: pathlib.Path
) -> None:
    """Empty folders too; progress counts all files together."""
    server.files = {"/d/a": Served(b"1" * 10), "/d/in/b": Served(b"2" * 20)}
    told: list[int] = []
    listing = Listing("a", "empty/", "in/", "in/b")
    done = collection.download(
        "/d",
        tmp_path / "to",
        recursive=True,
        transfer_client=listing,
        progress=lambda count, size: told.append(count),
    )
    assert (done, told[-1]) == (30, 30)
    assert (tmp_path / "to" / "in" / "b").read_bytes() == b"2" * 20
    assert (tmp_path / "to" / "empty").is_dir()


def test_only_so_many_files_are_fetched_at_once(
    server: FileServer, collection: GCSCollectionClient, tmp_path: pathlib.Path
) -> None:
    """Three at most here; three are on their way at the same moment, and never four."""
    names = [f"{number}" for number in range(20)]
    server.files = {f"/d/{name}": Served(name.encode()) for name in names}
    at_once: list[int] = []
    running = threading.Semaphore(0)
    together = threading.Barrier(3)

    def count() -> None:
        running.release()
        at_once.append(running._value)
        if len(at_once) <= 3:
            together.wait(30)
        running.acquire()

    server.on_body = count
    collection.download(
        "/d", tmp_path / "to", recursive=True, at_once=3, transfer_client=Listing(*names)
    )
    assert max(at_once) == 3
    assert sorted(path.name for path in (tmp_path / "to").iterdir()) == sorted(names)


def test_files_that_fail_do_not_stop_the_others(
    server: FileServer, collection: GCSCollectionClient, tmp_path: pathlib.Path
) -> None:
    """One error at the end names them all."""
    server.files = {f"/d/{number}": Served(b"x") for number in range(5)}
    names = ["missing", *(f"{number}" for number in range(5)), "gone"]
    with pytest.raises(SomeFilesFailedError, match="2 files below '/d' failed") as caught:
        collection.download("/d", tmp_path, recursive=True, transfer_client=Listing(*names))
    assert set(caught.value.failures) == {"/d/missing", "/d/gone"}
    assert isinstance(caught.value.failures["/d/gone"], MissingFileError)
    assert len(list((tmp_path / "d").iterdir())) == 5


@pytest.mark.parametrize("name", ["../up", "a/../../up", "..", "a\\b"])
def test_no_name_leads_out_of_the_folder(
    collection: GCSCollectionClient, tmp_path: pathlib.Path, name: str
) -> None:
    """A listing comes from somebody else's machine."""
    with pytest.raises(CollectionFileError, match="cannot be the name of a file here"):
        collection.download("/d", tmp_path / "to", recursive=True, transfer_client=Listing(name))
    assert [path.name for path in tmp_path.iterdir()] == ["to"]


def test_a_folder_is_sent_with_all_that_is_in_it(
    server: FileServer, collection: GCSCollectionClient, tmp_path: pathlib.Path
) -> None:
    """Folders are made by Transfer; one that exists is no error."""
    (tmp_path / "from" / "in").mkdir(parents=True)
    (tmp_path / "from" / "a").write_bytes(b"1" * 10)
    (tmp_path / "from" / "in" / "b").write_bytes(b"2" * 20)
    listing = Listing()
    listing.existing = {"/d"}
    assert collection.upload(tmp_path / "from", "/d", recursive=True, transfer_client=listing) == 30
    assert {path: served.body for path, served in server.files.items()} == {
        "/d/a": b"1" * 10,
        "/d/in/b": b"2" * 20,
    }
    assert listing.made == ["/d/in"]


def test_without_an_app_there_is_nobody_to_list(
    collection: GCSCollectionClient, tmp_path: pathlib.Path
) -> None:
    """HTTPS itself lists nothing."""
    with pytest.raises(GlobusSDKUsageError, match="HTTPS lists no folders"):
        collection.download("/d", tmp_path, recursive=True)


@pytest.mark.parametrize("number", [0, 33, True, "4", 2.5])
def test_the_cap_is_a_number(
    collection: GCSCollectionClient, tmp_path: pathlib.Path, number: t.Any
) -> None:
    """From 1 to 32."""
    with pytest.raises(GlobusSDKUsageError, match="at_once"):
        collection.download(
            "/d", tmp_path, recursive=True, at_once=number, transfer_client=Listing()
        )
