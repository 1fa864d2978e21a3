"""
Files of a collection as file objects, uploads, and the rest.
"""

from __future__ import annotations

import gc
import io
import pathlib
import random
import typing as t

import pytest

from globus_core import GlobusSDKUsageError, NetworkError, waiting
from globus_core.services.gcs import (
    ChangedFileError,
    GCSCollectionClient,
    IncompleteFileError,
    LocalFileError,
)
from globus_core_gcs.file_stream import PIECE
from tests.integration.gcs.file_server import FileServer, Served

BODY = random.Random(7).randbytes(3_000_000)
LINES = "first line\nzweite Zeile ü\n" * 1000


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is waited for after a cut."""
    monkeypatch.setattr(waiting, "sleep", lambda seconds: None)


def test_a_file_is_read_as_a_stream(server: FileServer, collection: GCSCollectionClient) -> None:
    """In pieces of any size, with a cut in the middle."""
    server.files["/f"] = Served(BODY)
    server.cuts = [8 * PIECE]
    with collection.open("/f", "rb") as file:
        assert file.read(10) == BODY[:10]
        assert file.tell() == 10
        assert file.read() == BODY[10:]
        assert file.read(1) == b""
    assert [request.range for request in server.seen] == [None, f"bytes={8 * PIECE}-"]


def test_one_can_jump_about_in_it(server: FileServer, collection: GCSCollectionClient) -> None:
    """Each jump out of what is in memory is a request for the rest from there."""
    server.files["/f"] = Served(BODY)
    with collection.open("/f", "rb") as file:
        file.seek(-5, io.SEEK_END)
        assert file.read() == BODY[-5:]
        file.seek(1_500_000)
        assert file.read(100) == BODY[1_500_000:1_500_100]
        file.seek(2, io.SEEK_CUR)
        assert file.read(3) == BODY[1_500_102:1_500_105]
        file.seek(10_000_000)
        assert file.read() == b""
        with pytest.raises(OSError, match="before the start"):
            file.seek(-1)


def test_text_is_decoded(server: FileServer, collection: GCSCollectionClient) -> None:
    """Line by line, in UTF-8 unless another encoding is given."""
    server.files["/f"] = Served(LINES.encode())
    with collection.open("/f") as file:
        assert "".join(file) == LINES
    server.files["/l"] = Served("ü".encode("latin-1"))
    with collection.open("/l", encoding="latin-1") as file:
        assert file.read() == "ü"


def test_what_is_written_is_uploaded_at_the_end(
    server: FileServer, collection: GCSCollectionClient
) -> None:
    """As one request, and the size is compared."""
    with collection.open("/new.txt", "w") as file:
        file.write(LINES)
        assert server.seen == []
    assert server.files["/new.txt"].body == LINES.encode()
    assert [request.method for request in server.seen] == ["PUT", "HEAD"]
    with collection.open("/new.bin", "wb") as binary:
        binary.write(BODY)
    assert server.files["/new.bin"].body == BODY


def test_an_exception_uploads_nothing(server: FileServer, collection: GCSCollectionClient) -> None:
    """Half a file would be taken for a whole one."""
    for mode in ("w", "wb"):
        with pytest.raises(KeyError), collection.open("/f", mode) as file:
            file.write("half" if mode == "w" else b"half")
            raise KeyError
    assert server.seen == []


@pytest.mark.parametrize("mode", ["w", "wb"])
def test_what_nobody_closed_is_not_uploaded(
    server: FileServer, collection: GCSCollectionClient, mode: str
) -> None:
    """A warning says so."""
    file = collection.open("/f", mode)
    with pytest.warns(ResourceWarning, match="'/f' was not closed"):
        del file
        gc.collect()
    assert server.seen == []


def test_a_new_file_must_not_exist(server: FileServer, collection: GCSCollectionClient) -> None:
    """Mode x, as for files of this machine."""
    server.files["/old"] = Served(b"old")
    with pytest.raises(FileExistsError, match="'/old' exists"):
        collection.open("/old", "xb")
    with collection.open("/new", "xb") as file:
        file.write(b"new")
    assert server.files["/new"].body == b"new"


@pytest.mark.parametrize("mode", ["a", "r+", "rw", "", "rbt", "q", "rbb"])
def test_other_modes_are_refused(collection: GCSCollectionClient, mode: str) -> None:
    """HTTPS cannot append."""
    with pytest.raises(GlobusSDKUsageError, match="mode"):
        collection.open("/f", mode)


def test_bytes_have_no_encoding(collection: GCSCollectionClient) -> None:
    """As for files of this machine."""
    with pytest.raises(GlobusSDKUsageError, match="encoding"):
        collection.open("/f", "rb", encoding="utf-8")


def test_a_missing_file_is_found_out_at_once(collection: GCSCollectionClient) -> None:
    """Not only at the first read."""
    with pytest.raises(FileNotFoundError):
        collection.open("/f")


def test_a_part_is_read_in_memory(server: FileServer, collection: GCSCollectionClient) -> None:
    """Also from a server that knows no ranges, and behind the end."""
    server.files["/f"] = Served(BODY)
    for known in (True, False):
        server.ranges = known
        assert collection.read("/f", 10, 20) == BODY[10:20]
        assert collection.read("/f", 2_999_990) == BODY[-10:]
        assert collection.read("/f") == BODY
        assert collection.read("/f", 5, 5) == b""
        assert collection.read("/f", 3_000_000, 3_000_010) == b""
    for start, end in ((-1, None), (5, 4)):
        with pytest.raises(GlobusSDKUsageError, match="range"):
            collection.read("/f", start, end)


def test_whether_it_exists_and_what_it_is(
    server: FileServer, collection: GCSCollectionClient
) -> None:
    """By HEAD."""
    server.files["/f"] = Served(b"12345")
    assert collection.exists("/f")
    assert not collection.exists("/g")
    facts = collection.file_info("/f")
    assert (facts.size, facts.last_modified) == (5, "Thu, 01 Oct 2026 10:00:00 GMT")
    assert [request.method for request in server.seen] == ["HEAD"] * 3


def test_a_file_is_deleted(server: FileServer, collection: GCSCollectionClient) -> None:
    """A missing one is an error."""
    server.files["/a%20b"] = Served(b"")
    collection.delete("/a b")
    assert server.files == {}
    with pytest.raises(FileNotFoundError):
        collection.delete("/a b")


# uploads


def local(folder: pathlib.Path, body: bytes = BODY) -> pathlib.Path:
    """A file of this machine."""
    path = folder / "local.bin"
    path.write_bytes(body)
    return path


def test_a_file_is_sent_whole(
    server: FileServer, collection: GCSCollectionClient, tmp_path: pathlib.Path
) -> None:
    """After a cut once more from the start; progress says how far it is."""
    server.upload_cuts = [0, 100_000, 2_000_000, 500, 2_999_999]
    told: list[tuple[int, int | None]] = []
    sent = collection.upload(local(tmp_path), "/to/", progress=lambda *at: told.append(at))
    assert sent == len(BODY)
    assert server.files["/to/local.bin"].body == BODY
    assert told[-1] == (len(BODY), len(BODY))
    assert [request.method for request in server.seen] == ["PUT"] * 6 + ["HEAD"]


def test_an_upload_that_is_always_cut_is_given_up(
    server: FileServer, collection: GCSCollectionClient, tmp_path: pathlib.Path
) -> None:
    """It ends with the error of the network."""
    server.upload_cuts = [100] * 20
    with pytest.raises(NetworkError):
        collection.upload(local(tmp_path), "/f")


def test_a_size_that_differs_is_an_error(
    server: FileServer, collection: GCSCollectionClient, tmp_path: pathlib.Path
) -> None:
    """The collection says what it has."""
    server.answers = [(201, {}, b""), (200, {}, b"12345")]
    with pytest.raises(IncompleteFileError, match="has 5 bytes on the collection, but 3000000"):
        collection.upload(local(tmp_path), "/f")


@pytest.mark.parametrize("change", [lambda file: file.truncate(10), lambda file: file.write(b"x")])
def test_a_file_that_is_changed_while_it_is_sent_is_an_error(
    server: FileServer,
    collection: GCSCollectionClient,
    tmp_path: pathlib.Path,
    change: t.Callable[[t.Any], object],
) -> None:
    """What arrived is neither the old nor the new file."""
    path = local(tmp_path)

    def once(done: int, size: int | None) -> None:
        if done == 64 * 1024:
            with path.open("r+b") as file:
                change(file)

    with pytest.raises(ChangedFileError, match="was changed while it was sent"):
        collection.upload(path, "/f", progress=once)


def test_what_cannot_be_read_is_one_error(
    collection: GCSCollectionClient, tmp_path: pathlib.Path
) -> None:
    """A missing file, and a folder."""
    with pytest.raises(LocalFileError, match="cannot be read: No such file"):
        collection.upload(tmp_path / "no", "/f")
    with pytest.raises(LocalFileError, match="cannot be read: Is a directory"):
        collection.upload(tmp_path, "/f")


def test_an_upload_follows_no_redirect(
    server: FileServer, collection: GCSCollectionClient, tmp_path: pathlib.Path
) -> None:
    """The file would go to another host."""
    server.answers = [(307, {"Location": "http://localhost:1/f"}, b"")]
    with pytest.raises(OSError, match="answered 307"):
        collection.upload(local(tmp_path), "/f")
