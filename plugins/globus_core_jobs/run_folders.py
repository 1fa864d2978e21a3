"""
Private folders for the tokens of running commands, and the lock that shows that one is in use.

Each run has a folder of its own, whose name says on which host and by which process it was made.
The process holds a kernel lock on a file in it, which is released when the process ends, however
it ends.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import stat

from globus_core.exc import GlobusError
from globus_core.printable import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

#: where the folders of runs are kept; the option ``--dir`` sets it too
FOLDER_VAR = "GLOBUS_CORE_RUN_DIR"
TOKENS, LOCK = "tokens.json", "lock"

_NAME = re.compile(r"run-(?P<host>[\w.-]+)-(?P<pid>\d+)-[0-9a-f]{16}")
_CREATE = os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)


class RunFolderError(GlobusError):
    """
    There is no place for a private file with tokens.
    """

    advice = "choose a folder with --dir, or use --memory"


def host() -> str:
    """
    The name of this host, as it is in the names of folders.
    """
    return re.sub(r"[^\w.-]", "_", os.uname().nodename) or "_"


def best_place(chosen: str | None, *, outlives_session: bool = False) -> str:
    """
    The folder in which a run makes its own.

    :param chosen: the one that the user has chosen, or None
    :param outlives_session: do not take the one that the system removes at the end of a session
    """
    if chosen:
        return _absolute(chosen)
    session = os.environ.get("XDG_RUNTIME_DIR", "")
    usable = os.path.isabs(session) and _is_mine(session) and os.access(session, os.W_OK | os.X_OK)
    return session if usable and not outlives_session else _temporary()


def all_places(chosen: str | None) -> list[str]:
    """
    The folders in which runs may have made theirs.

    :param chosen: one that the user has chosen, or None
    """
    named = [chosen or "", os.environ.get(FOLDER_VAR, "")]
    places = [*map(_absolute, filter(None, named)), best_place(None), _temporary()]
    return list(dict.fromkeys(places))


def private_folder(place: str) -> str:
    """
    The folder of this user's runs, which is made if needed.

    :param place: the folder that it is in
    :raises RunFolderError: if it cannot be made, or is not private
    """
    path, info = _folder_in(place), None
    try:
        while info is None:
            with contextlib.suppress(FileExistsError):
                os.mkdir(path, 0o700)
            with contextlib.suppress(FileNotFoundError):  # another run has just removed it
                info = os.lstat(path)
    except OSError as error:
        raise RunFolderError(
            f"cannot make a folder in {quoted(place, 1000)}: {error.strerror}"
        ) from error
    if not stat.S_ISDIR(info.st_mode) or info.st_uid != os.geteuid() or info.st_mode & 0o077:
        raise RunFolderError(f"{quoted(path, 1000)} is not a folder that only its owner can use")
    return path


def run_folders(place: str) -> t.Iterator[tuple[str, str, int]]:
    """
    The folders of this user's runs: path, host and process id of each.

    :param place: where they are
    """
    parent = _folder_in(place)
    if not _is_mine(parent):
        return
    for name in os.listdir(parent):
        found = _NAME.fullmatch(name)
        path = os.path.join(parent, name)
        if found and _is_mine(path):
            yield path, found["host"], int(found["pid"])


class RunFolder:
    """
    A new folder, which is in use as long as this process lives.

    :param place: the folder that it is made in
    :raises RunFolderError: if it cannot be made
    """

    def __init__(self, place: str) -> None:
        self._place = place
        name = f"run-{host()}-{os.getpid()}-{secrets.token_hex(8)}"
        try:
            self.path, self._lock = _made(place, name)
        except OSError as error:
            raise RunFolderError(
                f"cannot make a folder in {quoted(place, 1000)}: {error.strerror}"
            ) from error

    def restore(self) -> None:
        """
        Make it again if it was removed.

        :raises OSError: if that is not possible
        :raises RunFolderError: if that is not possible
        """
        if not os.path.isdir(self.path):
            private_folder(self._place)
            os.mkdir(self.path, 0o700)

    def remove(self) -> None:
        """
        Remove it and all that is in it.
        """
        remove(self.path)
        os.close(self._lock)


def _made(place: str, name: str) -> tuple[str, int]:
    """A folder with a locked file; it gets its name when the lock is held, and not before."""
    while True:
        parent = private_folder(place)
        new, path = os.path.join(parent, f".{name}"), os.path.join(parent, name)
        try:
            os.mkdir(new, 0o700)
        except FileNotFoundError:  # another run has just removed the parent
            continue
        lock = os.open(os.path.join(new, LOCK), os.O_RDWR | _CREATE, 0o600)
        take_lock(lock)
        os.rename(new, path)
        return path, lock


def take_lock(descriptor: int) -> bool | None:
    """
    Lock an open file if nobody has it locked; None where the file system knows no locks.

    :param descriptor: the open file
    """
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return False if error.errno in (errno.EAGAIN, errno.EACCES) else None
    return True


def remove(path: str) -> None:
    """
    Remove the folder of a run, and the one that it is in if that is then empty.

    :param path: the folder of the run
    """
    with contextlib.suppress(OSError):
        for name in sorted(os.listdir(path), key=lambda name: name == LOCK):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(os.path.join(path, name))
        os.rmdir(path)
        os.rmdir(os.path.dirname(path))


def _absolute(path: str) -> str:
    return os.path.abspath(os.path.expanduser(path))


def _temporary() -> str:
    from tempfile import gettempdir

    return _absolute(gettempdir())


def _folder_in(place: str) -> str:
    return os.path.join(place, f"globus-core-{os.geteuid()}")


def _is_mine(path: str) -> bool:
    try:
        info = os.lstat(path)
    except OSError:
        return False
    return stat.S_ISDIR(info.st_mode) and info.st_uid == os.geteuid()
