"""
The file system on which a file is, from Linux's table of mounts.
"""

from __future__ import annotations

import os
from typing import NamedTuple

TABLE = "/proc/self/mountinfo"
_NETWORK = (
    "nfs",
    "lustre",
    "gpfs",
    "cifs",
    "smb",
    "beegfs",
    "ceph",
    "afs",
    "9p",
    "glusterfs",
    "panfs",
)
_LOCAL_LOCKS = {"nolock", "local_lock=all", "local_lock=flock", "localflock", "nobrl"}


class FileSystem(NamedTuple):
    """
    A mounted file system.

    :ivar kind: its type, such as ``nfs4``
    :ivar options: the options of its mount
    """

    kind: str
    options: frozenset[str]

    @property
    def is_network(self) -> bool:
        """Whether other machines may use it too."""
        return self.kind.removeprefix("fuse.").startswith(_NETWORK)

    @property
    def locks_are_local(self) -> bool:
        """Whether its locks bind this machine only."""
        return bool(self.options & _LOCAL_LOCKS)


def file_system_of(path: str, table: str | None = None) -> FileSystem | None:
    """
    The file system of a file; None where that is not known.

    :param path: an absolute path, of a file that need not exist
    :param table: the file with the mounts; None is that of this process
    """
    try:
        with open(table or TABLE, encoding="utf-8", errors="replace") as file:
            lines = file.readlines()
    except OSError:
        return None
    real = os.path.realpath(path)
    best, found = "", None
    for line in lines:
        before, _, after = line.partition(" - ")
        left, right = before.split(), after.split()
        if len(left) < 6 or not right:
            continue
        place = left[4].encode("latin-1", "replace").decode("unicode_escape")
        inside = f"{real}/".startswith(f"{place.rstrip('/')}/")
        if inside and len(place) >= len(best):
            options = frozenset(f"{left[5]},{right[-1]}".split(","))
            best, found = place, FileSystem(right[0], options)
    return found
