"""
Replacing a file by a new one, so that readers find one of the two as a whole.
"""

from __future__ import annotations

import os
import time
from io import FileIO

from globus_core import waiting

from ._private_files import open_new

TYPE_CHECKING = False
if TYPE_CHECKING:
    State = tuple[int, int, int]

_SETS_TIMES = os.utime in os.supports_fd


def write_aside(path: str, content: bytes) -> State | None:
    """
    Write a file to disk; return its state if no later change can have its time stamp.

    :param path: the new file
    :param content: what is in it
    """
    with FileIO(open_new(path), "w") as file:
        while content:
            content = content[file.write(content) :]
        descriptor, now = file.fileno(), time.time_ns()
        if _SETS_TIMES:
            os.utime(descriptor, ns=(now, now))
        waiting.blocking(os.fsync, descriptor)
        info = os.fstat(descriptor)
    if info.st_mtime_ns != now:
        return None
    return info.st_mtime_ns, info.st_ino, info.st_size


def replace_file(source: str, target: str) -> None:
    """
    Rename a file, replacing another one.

    :param source: the file
    :param target: its new name
    """
    attempts = 1 if os.name == "posix" else 100
    for attempt in range(attempts):
        try:
            os.replace(source, target)
        except PermissionError:  # on Windows, a file that is being read cannot be replaced
            if attempt == attempts - 1:
                raise
            waiting.sleep(0.01)
        else:
            return


def remove_if_there(path: str) -> None:
    """
    Remove a file that may not exist.

    :param path: the file
    """
    if os.path.lexists(path):
        os.unlink(path)
