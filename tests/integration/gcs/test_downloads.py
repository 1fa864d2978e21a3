"""
Files are fetched whole or not at all: after cuts, changes and full disks.
"""

from __future__ import annotations

import contextlib
import pathlib
import random
import resource
import signal
import typing as t

import pytest

from globus_core import GlobusSDKUsageError, NetworkError, waiting
from globus_core.services.gcs import (
    ChangedFileError,
    GCSAPIError,
    GCSCollectionClient,
    IncompleteFileError,
    LocalFileError,
    MissingFileError,
)
from globus_core.transport import RetryConfig, RetryContext
from globus_core_gcs.file_stream import PIECE, SMALL_PIECE
from tests.integration.gcs.conftest import COLLECTION
from tests.integration.gcs.file_server import FileServer, Served

BODY = random.Random(5).randbytes(3_000_000)
OTHER = random.Random(6).randbytes(3_000_000)


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is waited for after a cut."""
    monkeypatch.setattr(waiting, "sleep", lambda seconds: None)


def ranges(server: FileServer) -> list[str | None]:
    """The ranges that were asked for."""
    return [request.range for request in server.seen]


def test_a_file_is_fetched_in_one_request(
    server: FileServer, collection: GCSCollectionClient, tmp_path: pathlib.Path
) -> None:
    """With the token, and with nothing left beside it."""
    server.files["/data/a%20b.bin"] = Served(BODY)
    told: list[tuple[int, int | None]] = []
    done = collection.download(
        "/data/a b.bin", tmp_path / "x", progress=lambda *at: told.append(at)
    )
    assert done == len(BODY)
    assert (tmp_path / "x").read_bytes() == BODY
    assert told[-1] == (len(BODY), len(BODY))
    assert [path.name for path in tmp_path.iterdir()] == ["x"]
    assert server.seen == [("GET", "/data/a%20b.bin", None, "Bearer canary-token")]


def test_in_a_folder_it_keeps_its_name(
    server: FileServer, collection: GCSCollectionClient, tmp_path: pathlib.Path
) -> None:
    """As cp does."""
    server.files["/data/a.bin"] = Served(b"")
    assert collection.download("/data/a.bin", tmp_path) == 0
    assert (tmp_path / "a.bin").read_bytes() == b""


def test_after_cuts_it_goes_on_with_the_next_byte(
    server: FileServer, collection: GCSCollectionClient, tmp_path: pathlib.Path
) -> None:
    """Five times, and no byte comes twice."""
    server.files["/f"] = Served(BODY, digest="right")
    server.cuts = [2 * PIECE, 3 * PIECE, 0, SMALL_PIECE + 5, PIECE]
    collection.download("/f", tmp_path / "f")
    assert (tmp_path / "f").read_bytes() == BODY
    starts = [2 * PIECE, 5 * PIECE, 5 * PIECE, 5 * PIECE + SMALL_PIECE, 6 * PIECE + SMALL_PIECE]
    assert ranges(server) == [None, *(f"bytes={start}-" for start in starts)]


def test_a_server_that_always_cuts_is_given_up(
    server: FileServer, collection: GCSCollectionClient, tmp_path: pathlib.Path
) -> None:
    """After some attempts without progress; what came is kept for the next download."""
    server.files["/f"] = Served(BODY)
    server.cuts = [6 * PIECE, *[0] * 20]
    with pytest.raises(NetworkError):
        collection.download("/f", tmp_path / "f")
    assert not (tmp_path / "f").exists()
    (kept,) = tmp_path.iterdir()
    assert kept.stat().st_size == 6 * PIECE

    server.cuts, server.seen[:] = [], []
    collection.download("/f", tmp_path / "f")
    assert (tmp_path / "f").read_bytes() == BODY
    assert ranges(server) == [None, f"bytes={6 * PIECE}-"]
    assert [path.name for path in tmp_path.iterdir()] == ["f"]


def test_what_is_kept_of_another_version_is_not_used(
    server: FileServer, collection: GCSCollectionClient, tmp_path: pathlib.Path
) -> None:
    """The new version is fetched from the start, and the old part is removed."""
    server.files["/f"] = Served(BODY)
    server.cuts = [6 * PIECE, *[0] * 20]
    with pytest.raises(NetworkError):
        collection.download("/f", tmp_path / "f")
    server.cuts, server.files["/f"] = [], Served(OTHER)
    collection.download("/f", tmp_path / "f")
    assert (tmp_path / "f").read_bytes() == OTHER
    assert [path.name for path in tmp_path.iterdir()] == ["f"]


@pytest.mark.parametrize("etag", [True, False])
def test_a_file_that_changes_between_two_ranges_is_an_error(
    server: FileServer, collection: GCSCollectionClient, tmp_path: pathlib.Path, etag: bool
) -> None:
    """By its ETag, or without one by date and size; never a mixed file."""
    server.files["/f"] = Served(BODY, etag=etag)
    server.cuts = [6 * PIECE]
    date = None if etag else "Thu, 01 Oct 2026 10:00:01 GMT"
    changed = Served(OTHER, etag=etag, date=date or "Thu, 01 Oct 2026 10:00:00 GMT")
    server.on_body = lambda: server.files.__setitem__("/f", changed)
    with pytest.raises(ChangedFileError, match="was changed while it was read"):
        collection.download("/f", tmp_path / "f")
    assert not (tmp_path / "f").exists()


def test_a_file_that_shrinks_is_an_error(
    server: FileServer, collection: GCSCollectionClient, tmp_path: pathlib.Path
) -> None:
    """The place to go on is behind its end."""
    server.files["/f"] = Served(BODY)
    server.cuts = [6 * PIECE]
    server.on_body = lambda: server.files.__setitem__("/f", Served(BODY[:1000]))
    with pytest.raises(ChangedFileError, match=f"now ends before byte {6 * PIECE}"):
        collection.download("/f", tmp_path / "f")


def test_a_server_without_ranges_sends_it_again(
    server: FileServer, collection: GCSCollectionClient, tmp_path: pathlib.Path
) -> None:
    """What was received already is left out."""
    server.files["/f"], server.ranges = Served(BODY), False
    server.cuts = [6 * PIECE, 8 * PIECE]
    collection.download("/f", tmp_path / "f")
    assert (tmp_path / "f").read_bytes() == BODY


def test_without_a_version_it_begins_again(
    server: FileServer, collection: GCSCollectionClient, tmp_path: pathlib.Path
) -> None:
    """Parts of two versions could not be told apart; nothing is kept."""
    server.files["/f"] = Served(BODY, etag=False, date=None)
    server.cuts = [6 * PIECE, 8 * PIECE]
    collection.download("/f", tmp_path / "f")
    assert (tmp_path / "f").read_bytes() == BODY
    assert ranges(server) == [None, None, None]
    assert [path.name for path in tmp_path.iterdir()] == ["f"]


def test_a_wrong_checksum_is_an_error(
    server: FileServer, collection: GCSCollectionClient, tmp_path: pathlib.Path
) -> None:
    """Nothing is left, neither under the name nor beside it."""
    server.files["/f"] = Served(BODY, digest="wrong")
    with pytest.raises(IncompleteFileError, match="sha256 checksum"):
        collection.download("/f", tmp_path / "f")
    assert list(tmp_path.iterdir()) == []


def test_the_checksum_is_of_what_was_kept_as_well(
    server: FileServer, collection: GCSCollectionClient, tmp_path: pathlib.Path
) -> None:
    """A part that was damaged since is found."""
    server.files["/f"] = Served(BODY, digest="right")
    server.cuts = [6 * PIECE, *[0] * 20]
    with pytest.raises(NetworkError):
        collection.download("/f", tmp_path / "f")
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(bytes(6 * PIECE))
    server.cuts = []
    with pytest.raises(IncompleteFileError, match="checksum"):
        collection.download("/f", tmp_path / "f")
    collection.download("/f", tmp_path / "f")
    assert (tmp_path / "f").read_bytes() == BODY


@contextlib.contextmanager
def largest_file(size: int) -> t.Iterator[None]:
    """As on a disk that is nearly full: no file can have more bytes."""
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


def test_a_full_disk_leaves_nothing(
    server: FileServer, collection: GCSCollectionClient, tmp_path: pathlib.Path
) -> None:
    """The error names the file here; the old file stays."""
    server.files["/f"] = Served(BODY)
    (tmp_path / "f").write_bytes(b"old")
    with (
        largest_file(1_000_000),
        pytest.raises(LocalFileError, match="cannot be written: File too"),
    ):
        collection.download("/f", tmp_path / "f")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("f", b"old")]


def test_a_folder_that_is_not_there_is_one_error(
    server: FileServer, collection: GCSCollectionClient, tmp_path: pathlib.Path
) -> None:
    """It is an OSError too."""
    server.files["/f"] = Served(BODY)
    with pytest.raises(OSError, match="cannot be written: No such file"):
        collection.download("/f", tmp_path / "no" / "f")


def test_a_host_that_is_not_there_is_tried_as_often_as_any_other(tmp_path: pathlib.Path) -> None:
    """The transport's retries are not repeated: nothing was received that could be read on."""
    tried: list[int] = []

    def count(context: RetryContext) -> float:
        tried.append(context.attempt)
        return 0.0

    with (
        GCSCollectionClient(
            COLLECTION, "http://127.0.0.1:1", retry_config=RetryConfig(max_retries=2, backoff=count)
        ) as nowhere,
        pytest.raises(NetworkError, match="refused the connection"),
    ):
        nowhere.download("/f", tmp_path / "f")
    assert tried == [0, 1]
    assert list(tmp_path.iterdir()) == []


def test_what_is_missing_is_a_file_not_found_error(
    server: FileServer, collection: GCSCollectionClient, tmp_path: pathlib.Path
) -> None:
    """And one of ours, with the path."""
    with pytest.raises(FileNotFoundError, match="no file '/f'") as caught:
        collection.download("/f", tmp_path / "f")
    assert isinstance(caught.value, MissingFileError)
    assert caught.value.path == "/f"
    assert list(tmp_path.iterdir()) == []


def test_no_permission_is_the_error_of_the_server(
    server: FileServer, collection: GCSCollectionClient, tmp_path: pathlib.Path
) -> None:
    """With its code and status."""
    server.answers = [(403, {"Content-Type": "application/json"}, b'{"code": "PermissionDenied"}')]
    with pytest.raises(GCSAPIError) as caught:
        collection.download("/f", tmp_path / "f")
    assert (caught.value.http_status, caught.value.code) == (403, "PermissionDenied")


def test_a_redirect_is_not_followed(
    server: FileServer, collection: GCSCollectionClient, tmp_path: pathlib.Path
) -> None:
    """A login page is no file, and another host gets no token: it is not asked at all."""
    server.answers = [(302, {"Location": f"http://localhost:{server.server_address[1]}/f"}, b"")]
    with pytest.raises(OSError, match=r"answered 302 .* sends the client to http://localhost"):
        collection.download("/f", tmp_path / "f")
    assert len(server.seen) == 1


@pytest.mark.parametrize("path", ["", "/", "/folder/", "/a/../b", 5])
def test_a_path_is_that_of_a_file(
    collection: GCSCollectionClient, tmp_path: pathlib.Path, path: t.Any
) -> None:
    """Other values are refused before anything is sent."""
    with pytest.raises(GlobusSDKUsageError):
        collection.download(path, tmp_path / "f")
