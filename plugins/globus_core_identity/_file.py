"""
The file of a cache: for its owner only, as files with tokens are.
"""

from __future__ import annotations

import contextlib
import os
import stat

#: the ending of a file that could not be read
ASIDE = ".damaged"
#: endings of files that SQLite keeps beside a database
_SIDECARS = ("-journal", "-wal", "-shm")
_POSIX = os.name == "posix"


def identify(path: str) -> tuple[int, int]:
    """
    Have a file that is ours and closed to others, and say which one it is.

    One that is not there is made, so that SQLite does not make it by the umask.

    :param path: the file
    :raises OSError: if it cannot be made, is no ordinary file, or belongs to somebody else
    """
    try:
        info = os.lstat(path)
    except FileNotFoundError:
        _make(path)
        info = os.lstat(path)
    if not stat.S_ISREG(info.st_mode):
        raise OSError("it is not an ordinary file")
    if _POSIX:
        _check_owner(path, info)
    return info.st_dev, info.st_ino


def set_aside(path: str) -> None:
    """
    Rename a database that cannot be read, in place of one that was renamed earlier.

    It is not deleted: it may be a file of something else that was named by mistake.

    :param path: the file
    """
    for ending in _SIDECARS:
        with contextlib.suppress(FileNotFoundError):
            os.remove(path + ending)
    with contextlib.suppress(FileNotFoundError):
        os.replace(path, path + ASIDE)


def _make(path: str) -> None:
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _check_owner(path: str, info: os.stat_result) -> None:
    if info.st_uid != os.geteuid():
        raise OSError(f"it belongs to user {info.st_uid}, not to user {os.geteuid()}")
    if info.st_mode & 0o077:
        os.chmod(path, 0o600)
