"""
Copying whole folders over HTTPS, several files at once.

HTTPS lists nothing, so that the client of Transfer lists the folders of the collection and makes
new ones.
"""

from __future__ import annotations

import contextvars
import os
import pathlib
import queue
import threading

from globus_core import waiting
from globus_core.exc import GlobusError, GlobusSDKUsageError

from .downloads import download
from .file_errors import CollectionFileError, LocalFileError, SomeFilesFailedError
from .uploads import upload

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core import BaseClient

    Progress = t.Callable[[int, int | None], object]
    Job = tuple[str, t.Callable[[], int]]

#: files that are copied at once, unless the caller says another number
AT_ONCE = 4
MOST_AT_ONCE = 32


def download_folder(
    client: BaseClient,
    listing: t.Any,
    collection_id: str,
    path: str,
    target: pathlib.Path,
    *,
    at_once: int,
    progress: Progress | None,
) -> int:
    """
    Fetch a folder with all that is in it, and return how many bytes that were.

    :param client: the client of the collection
    :param listing: the client of Transfer
    :param collection_id: the collection
    :param path: the folder on the collection
    :param target: the folder on this machine, which need not exist
    :param at_once: how many files are fetched at once
    :param progress: called with the bytes received so far in all files, and None
    :raises SomeFilesFailedError: at the end, if some files failed
    """
    root = path.rstrip("/") + "/"

    def jobs() -> t.Iterator[Job]:
        _make_folder(target, path)
        for entry in listing.walk(collection_id, root):
            inside = _inside(target, entry.path.removeprefix(root), entry.path)
            if entry.is_directory:
                _make_folder(inside, entry.path)
            elif entry.document.get("type") == "file":
                yield entry.path, _fetch(entry.path, inside)

    def _fetch(remote: str, local: pathlib.Path) -> t.Callable[[], int]:
        def fetch() -> int:
            _make_folder(local.parent, remote)
            return download(client, remote, local, total.of_a_file())

        return fetch

    total = _Total(progress)
    return _run(jobs(), path, at_once)


def upload_folder(
    client: BaseClient,
    listing: t.Any,
    collection_id: str,
    source: pathlib.Path,
    path: str,
    *,
    at_once: int,
    progress: Progress | None,
) -> int:
    """
    Send a folder with all that is in it, and return how many bytes that were.

    Links are followed, as long as they lead to files; folders behind links are left out.

    :param client: the client of the collection
    :param listing: the client of Transfer
    :param collection_id: the collection
    :param source: the folder on this machine
    :param path: the folder on the collection, which need not exist
    :param at_once: how many files are sent at once
    :param progress: called with the bytes sent so far in all files, and None
    :raises SomeFilesFailedError: at the end, if some files failed
    """
    total = _Total(progress)

    def unreadable(error: OSError) -> t.NoReturn:
        raise LocalFileError(f"{error.filename!r} cannot be read: {error.strerror}", path)

    def jobs() -> t.Iterator[Job]:
        for folder, _, names in os.walk(source, onerror=unreadable):
            there = "/".join((path.rstrip("/"), *pathlib.Path(folder).relative_to(source).parts))
            _make_remote_folder(listing, collection_id, there)
            for name in names:
                yield f"{there}/{name}", _send(os.path.join(folder, name), f"{there}/{name}")

    def _send(local: str, remote: str) -> t.Callable[[], int]:
        return lambda: upload(client, local, remote, total.of_a_file())

    return _run(jobs(), path, at_once)


def listing_client(client: t.Any, given: t.Any) -> t.Any:
    """
    The client that lists the folders of a collection.

    :param client: the client of the collection, whose app the other one takes
    :param given: a client of Transfer that the caller has; None makes one
    :raises GlobusSDKUsageError: if there is no app to take
    :raises PluginUnavailableError: if the plugin for Transfer is not available; says why
    """
    if given is not None:
        return given
    if client._app is None:
        raise GlobusSDKUsageError(
            "HTTPS lists no folders: make the client with an app, or pass a 'transfer_client'"
        )
    from globus_core.service_clients import client_class

    made: t.Any = client_class("transfer")(app=client._app)
    return made.for_collections(client.collection_id)


class _Total:
    """The bytes of several files together."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._bytes = 0
        self._lock = threading.Lock()

    def of_a_file(self) -> Progress | None:
        """The function that hears of the progress of one file."""
        if self._progress is None:
            return None
        before = 0

        def heard(done: int, size: int | None) -> None:
            nonlocal before
            assert self._progress is not None
            with self._lock:
                self._bytes += done - before
                before = done
                self._progress(self._bytes, None)

        return heard


def _run(jobs: t.Iterator[Job], path: str, at_once: int) -> int:
    """Do jobs, some at once, and raise one error for all that failed."""
    copies = _Copies(at_once)
    try:
        for job in jobs:
            copies.add(job)
        copies.finish()
    finally:
        copies.close()
    if copies.failures:
        first = next(iter(copies.failures.values()))
        count = len(copies.failures)
        raise SomeFilesFailedError(
            f"{count} files below {path!r} failed; the first: {first}", path, copies.failures
        )
    return copies.total


class _Copies:
    """Threads that copy files, and what came of it."""

    def __init__(self, at_once: int) -> None:
        self.total = 0
        self.failures: dict[str, Exception] = {}
        self._at_once = at_once
        self._threads = 0
        self._running = 0
        self._stopped = threading.Event()
        self._todo: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[tuple[str, int, BaseException | None]] = queue.SimpleQueue()

    def add(self, job: Job) -> None:
        """Begin to copy a file, once another one is done if there are enough."""
        if self._running == self._at_once:
            self._take()
        if self._threads < self._at_once:
            context = contextvars.copy_context()  # so that tracing can attribute the requests
            threading.Thread(target=context.run, args=(self._work,), daemon=True).start()
            self._threads += 1
        self._todo.put(job)
        self._running += 1

    def finish(self) -> None:
        """Wait for all files."""
        while self._running:
            self._take()

    def close(self) -> None:
        """Begin nothing more, and wait for what is on its way."""
        self._stopped.set()
        for _ in range(self._threads):
            self._todo.put(None)
        while self._running:
            waiting.blocking(self._done.get)
            self._running -= 1

    def _take(self) -> None:
        name, count, error = waiting.blocking(self._done.get)
        self._running -= 1
        self.total += count
        if isinstance(error, GlobusError):
            self.failures[name] = error
        elif error is not None:
            raise error

    def _work(self) -> None:
        while (job := self._todo.get()) is not None:
            name, copy = job
            try:
                self._done.put((name, 0 if self._stopped.is_set() else copy(), None))
            except BaseException as error:  # raised in the caller's thread
                self._done.put((name, 0, error))


def _inside(target: pathlib.Path, relative: str, path: str) -> pathlib.Path:
    """The place of a file below a folder; a listing must not lead out of it."""
    parts = relative.strip("/").split("/")
    if any(part in ("", ".", "..") or "\\" in part or "\0" in part for part in parts):
        raise CollectionFileError(f"{path!r} cannot be the name of a file here", path)
    return target.joinpath(*parts)


def _make_folder(folder: pathlib.Path, path: str) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LocalFileError(
            f"cannot make the folder {str(folder)!r}: {error.strerror}", path
        ) from error


def _make_remote_folder(listing: t.Any, collection_id: str, path: str) -> None:
    from globus_core.exc import GlobusAPIError

    if not path.strip("/"):
        return
    try:
        listing.operation_mkdir(collection_id, path)
    except GlobusAPIError as error:
        if error.code != "ExternalError.MkdirFailed.Exists":
            raise
