"""
What runs that were killed have left behind.
"""

from __future__ import annotations

import contextlib
import os
import time

from . import run_folders

TYPE_CHECKING = False
if TYPE_CHECKING:
    from globus_core.cli import DoctorReport

#: how long tokens live at the most, in seconds
_LONGEST_LIFE = 48 * 3600


class Leftover:
    """
    The folder of a run that has not removed it.

    :param path: the folder
    :param host: the host that the command ran on
    :param pid: the process id of ``globus-core run``
    """

    __slots__ = ("host", "path", "pid")

    def __init__(self, path: str, host: str, pid: int) -> None:
        self.path = path
        self.host = host
        self.pid = pid

    def __repr__(self) -> str:
        return f"<Leftover {self.path!r}>"


def find_leftovers(place: str | None = None) -> list[Leftover]:
    """
    The folders of runs that no longer live.

    :param place: a further folder to look into, besides those that are used anyway
    """
    found = []
    for candidate in run_folders.all_places(place):
        with contextlib.suppress(OSError):
            found += [
                Leftover(path, host, pid)
                for path, host, pid in run_folders.run_folders(candidate)
                if _is_over(path, host)
            ]
    return found


def remove_leftovers(place: str | None = None) -> list[Leftover]:
    """
    Remove the folders of runs that no longer live, and return which these were.

    :param place: see :func:`find_leftovers`
    """
    found = find_leftovers(place)
    for leftover in found:
        run_folders.remove(leftover.path)
    return found


def check_leftovers(report: DoctorReport) -> None:
    """
    Remove what killed runs have left behind, for ``globus-core doctor``.

    :param report: where findings go
    """
    removed = remove_leftovers()
    for leftover in removed:
        what = f"the tokens of a run that was killed (process {leftover.pid})"
        if os.path.exists(leftover.path):
            report.problem(f"{what} cannot be removed", f"remove the folder {leftover.path}")
        else:
            report.note(f"removed {what}")
    if not removed:
        report.ok("no tokens of a killed run are left")


def _is_over(path: str, host: str) -> bool:
    """Whether a run has ended; one that lives holds the lock and renews its tokens."""
    if host != run_folders.host():  # locks may not reach from host to host
        return _is_old(path)
    held = _held(os.path.join(path, run_folders.LOCK))
    return _is_old(path) if held is None else not held


def _held(path: str) -> bool | None:
    """Whether a process holds a lock; None if that cannot be told."""
    try:
        descriptor = os.open(path, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
    except FileNotFoundError:
        return None
    try:
        taken = run_folders.take_lock(descriptor)
        if os.fstat(descriptor).st_nlink == 0:  # its run has ended since, and removes the folder
            return True
    finally:
        os.close(descriptor)
    return None if taken is None else not taken


def _is_old(path: str) -> bool:
    """Whether a run has not renewed its tokens for longer than tokens live."""
    with contextlib.suppress(OSError):
        return os.stat(path).st_mtime < time.time() - _LONGEST_LIFE
    return False
