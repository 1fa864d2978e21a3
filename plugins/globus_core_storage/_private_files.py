"""
Files and folders that only their owner can read, from the moment they are created.

The mode is passed when a file is opened, and checked afterwards. The umask belongs to the whole
process and is never changed.
"""

from __future__ import annotations

import os
import stat
from io import FileIO

from globus_core.exc import StorageError

from .errors import UnprotectedStorageWarning, UnusableStorageError

POSIX = os.name == "posix"
PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
#: what to do where nothing can be written
WAY_OUT = (
    "where nothing can be written, keep tokens in memory (the token storage 'memory'), "
    "or pass them in GLOBUS_TOKENS or GLOBUS_TOKENS_FILE"
)
_OPEN = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)

_warned: set[str] = set()


def make_folder(path: str) -> None:
    """
    Create a folder and its parents for their owner only; existing ones are not changed.

    :param path: the folder
    :raises UnusableStorageError: if it cannot be created
    """
    try:
        _make_folder(path)
    except OSError as error:
        from globus_core.printable import quoted

        raise UnusableStorageError(
            f"cannot create the folder {quoted(path, 1000)} for tokens: {reason(error)}"
        ) from error


def reason(error: OSError) -> str:
    """
    Why a file cannot be used, with the way out where nothing can be written.

    :param error: the operating system's error
    """
    import errno

    if error.errno not in (errno.EROFS, errno.EACCES, errno.EPERM):
        return str(error.strerror)
    return f"{error.strerror}; {WAY_OUT}"


def _make_folder(path: str) -> None:
    missing: list[str] = []
    while not _is_folder(path):
        missing.append(path)
        path = os.path.dirname(path)
    while missing:
        _make_one_folder(missing.pop())


def _is_folder(path: str) -> bool:
    """Whether a folder exists; a path that is too long or not allowed is an OSError."""
    try:
        return stat.S_ISDIR(os.stat(path).st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return path == os.path.dirname(path)


def _make_one_folder(path: str) -> None:
    try:
        os.mkdir(path, PRIVATE_FOLDER)
    except FileExistsError:
        if not os.path.isdir(path):
            raise
    else:
        if POSIX and stat.S_IMODE(os.lstat(path).st_mode) != PRIVATE_FOLDER:
            os.chmod(path, PRIVATE_FOLDER)  # the umask has removed rights of the owner too


def private_folder(path: str, *, may_be_link: bool = True) -> None:
    """
    Make sure that a folder exists and that only its owner, who is this user, can use it.

    :param path: the folder
    :param may_be_link: whether the path may be a symbolic link to the folder
    :raises UnusableStorageError: if that is not possible
    """
    look = os.stat if may_be_link else os.lstat
    try:
        info = look(path)
    except FileNotFoundError:
        info = None
    if info is None or not stat.S_ISDIR(info.st_mode):
        if info is not None and stat.S_ISLNK(info.st_mode):
            raise UnusableStorageError(f"{path!r} is a symbolic link; remove it")
        make_folder(path)
        info = look(path)
    check_owned(path, info)


def open_new(path: str) -> int:
    """
    Open a new private file for writing; an old file of that name is deleted.

    :param path: the file
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _OPEN
    try:
        descriptor = os.open(path, flags, PRIVATE_FILE)
    except FileExistsError:
        os.unlink(path)
        descriptor = os.open(path, flags, PRIVATE_FILE)
    enforce_mode(descriptor)
    return descriptor


def open_lock(path: str) -> FileIO:
    """
    Open a private file that is used only for locking; create it if necessary.

    :param path: the file
    """
    return FileIO(os.open(path, os.O_RDWR | os.O_CREAT | _OPEN, PRIVATE_FILE), "r+")


def open_existing(path: str) -> int:
    """
    Open a file for reading; a symbolic link is an error.

    :param path: the file
    """
    return os.open(path, os.O_RDONLY | _OPEN)


def enforce_mode(descriptor: int) -> os.stat_result:
    """
    Remove the rights of others from an open file, and return its status.

    :param descriptor: the open file
    """
    info = os.fstat(descriptor)
    if not POSIX or stat.S_IMODE(info.st_mode) == PRIVATE_FILE:
        return info
    try:
        os.fchmod(descriptor, PRIVATE_FILE)
    except OSError:
        return info  # the file system has fixed modes; there is a warning about the token file
    return info


def check_file(path: str, info: os.stat_result) -> None:
    """
    Refuse a file of another user, and remove the rights of others from a file of this user.

    :param path: the file
    :param info: the result of ``os.lstat`` for it
    :raises UnusableStorageError: if it belongs to another user, or is not a regular file
    """
    if not stat.S_ISREG(info.st_mode):
        raise UnusableStorageError(f"{path!r} is not a regular file, so it cannot hold tokens")
    check_owned(path, info)


def check_sidecars(path: str) -> None:
    """
    Check the files that SQLite keeps next to a database like the database itself.

    :param path: the database file
    :raises UnusableStorageError: if one belongs to another user, or is not a regular file
    """
    from globus_core.sqlite_connections import SIDECARS

    for ending in SIDECARS:
        try:
            info = os.lstat(path + ending)
        except FileNotFoundError:
            continue
        check_file(path + ending, info)


def check_owned(path: str, info: os.stat_result) -> None:
    """
    Refuse a file or folder of another user, and remove the rights of others from one of this user.

    :param path: the file or folder
    :param info: the result of ``os.stat`` for it
    :raises UnusableStorageError: if it belongs to another user
    """
    if not POSIX:
        return
    if info.st_uid != os.geteuid():
        raise UnusableStorageError(
            f"{path!r} belongs to user {info.st_uid}, but this program runs as user "
            f"{os.geteuid()}; choose another file, or change its owner"
        )
    if info.st_mode & 0o077:
        _close_to_others(path, info.st_mode & 0o700)


def _close_to_others(path: str, mode: int) -> None:
    try:
        os.chmod(path, mode)
        closed = not os.lstat(path).st_mode & 0o077
    except FileNotFoundError:
        return
    except OSError:
        closed = False
    if closed or path in _warned:
        return
    _warned.add(path)
    import warnings

    warnings.warn(
        f"other users can read {path!r}, and its mode cannot be changed; "
        "keep tokens on another file system",
        UnprotectedStorageWarning,
        stacklevel=2,
    )


def inside_folder(path: str) -> str:
    """
    Follow a symbolic link to a file, which must be in the same folder as the link.

    :param path: the link
    :raises UnusableStorageError: if the file is in another folder
    """
    target = os.path.realpath(path)
    if os.path.dirname(target) != os.path.realpath(os.path.dirname(path)):
        raise UnusableStorageError(
            f"{path!r} is a symbolic link to a file in another folder; use the path of that file"
        )
    return target


def move_aside(path: str, sidecars: tuple[str, ...] = ()) -> str:
    """
    Rename a damaged file to an unused name next to it, and return that name.

    :param path: the file
    :param sidecars: suffixes of files that belong to it and are renamed before it
    :raises StorageError: if it cannot be renamed
    """
    number = 1
    while os.path.lexists(f"{path}.damaged-{number}"):
        number += 1
    aside = f"{path}.damaged-{number}"
    try:
        for ending in sidecars:
            if os.path.lexists(path + ending):
                os.replace(path + ending, aside + ending)
        os.replace(path, aside)
    except OSError as error:
        raise StorageError(f"cannot rename {path!r}: {reason(error)}") from error
    return aside
