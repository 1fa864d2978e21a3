"""
Which file systems are known to be local to this machine.
"""

from __future__ import annotations

import os

# SQLite's write-ahead log lives in memory shared by all who use the database, which works on
# one machine only.
_LOCAL = (
    *("bcachefs", "btrfs", "ext2", "ext3", "ext4", "f2fs", "jfs"),
    *("overlay", "ramfs", "reiserfs", "tmpfs", "xfs", "zfs"),
)
_MOUNTS = "/proc/self/mountinfo"


def is_local(path: str) -> bool:
    """
    Whether a path is on a file system known to be local; where nothing is known, it is not.

    :param path: an existing file or folder
    """
    try:
        with open(_MOUNTS, encoding="utf-8", errors="surrogateescape") as mounts:
            return _type_of(os.path.realpath(path), mounts.read().splitlines()) in _LOCAL
    except OSError:
        return False


def _type_of(path: str, mounts: list[str]) -> str | None:
    """The type of the file system mounted last on the longest way to a path (proc(5))."""
    longest, kind = -1, None
    for line in mounts:
        left, _, right = line.partition(" - ")
        fields = left.split(" ")
        if len(fields) < 5 or not right:
            continue
        folder = _unescape(fields[4]).rstrip("/")
        if len(folder) >= longest and (path == folder or path.startswith(folder + "/")):
            longest, kind = len(folder), right.split(" ")[0]
    return kind


def _unescape(field: str) -> str:
    for escaped, plain in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        field = field.replace(escaped, plain)
    return field
