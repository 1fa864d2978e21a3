"""The files of a collection, in a folder that no path leads out of."""

from __future__ import annotations

import datetime
import functools
import os
import posixpath
import stat
import typing as t

from globus_core.testing.sandbox import Collection

from . import answers


class Disk:
    """
    The folder of a collection.

    :param collection: the collection
    """

    def __init__(self, collection: Collection) -> None:
        self.collection = collection
        self._root = os.path.realpath(collection.root)

    def normal(self, path: str) -> str:
        """
        A path as the collection writes it: from its root, without ``~``, ``.`` and ``..``.

        :param path: a path from the root, from ``/~/`` or from the default directory
        :raises ApiError: 403 if it leads out of the root, 400 if no file can have that name
        """
        if "\0" in path or (os.sep == "\\" and ("\\" in path or ":" in path)):
            raise answers.bad(f"no file can have the path {path!r}")
        if path in {"~", "/~"} or path.startswith(("~/", "/~/")):
            path = f"{self.collection.default_directory}/{path.partition('~')[2]}"
        elif not path.startswith("/"):
            path = f"{self.collection.default_directory}/{path}"
        depth = 0
        for part in path.split("/"):
            depth += {"": 0, ".": 0, "..": -1}.get(part, 1)
            if depth < 0:
                raise answers.denied(f"the path {path!r} leads out of the collection")
        return posixpath.normpath("/" + path.lstrip("/"))

    def local(self, path: str, *, follow: bool = True) -> str:
        """
        The local path of a file.

        :param path: its path in the collection
        :param follow: whether a link at its end is followed, too
        :raises ApiError: 403 if it, or a link in it, leads out of the root
        """
        normal = self.normal(path)
        found = os.path.join(self._root, *normal.split("/")[1:]) if normal != "/" else self._root
        checked = os.path.realpath(found if follow else os.path.dirname(found))
        if found != self._root and not self.holds(checked):
            raise answers.denied(f"the path {path!r} leads out of the collection")
        return found

    def holds(self, local: str) -> bool:
        """
        Whether a local path is in the folder.

        :param local: a local path without links
        """
        return local == self._root or local.startswith(os.path.join(self._root, ""))

    def document(self, local: str, name: str) -> dict[str, t.Any]:
        """
        The document of a file.

        :param local: its local path
        :param name: the name to show
        :raises OSError: if there is no such file
        """
        own = os.lstat(local)
        if not stat.S_ISLNK(own.st_mode):
            return _document(name, _type(own.st_mode), own)
        link = {
            "link_target": os.readlink(local),
            "link_size": own.st_size,
            "link_user": _user(own.st_uid),
            "link_group": _group(own.st_gid),
            "link_last_modified": _time(own.st_mtime),
        }
        try:
            target = os.stat(local) if self.holds(os.path.realpath(local)) else None
        except OSError:
            target = None
        kind = "invalid_symlink" if target is None else _type(target.st_mode)
        return {**_document(name, kind, target or own), **link}


def _document(name: str, kind: str, found: os.stat_result) -> dict[str, t.Any]:
    return {
        "DATA_TYPE": "file",
        "name": name,
        "type": kind,
        "size": found.st_size,
        "permissions": f"{stat.S_IMODE(found.st_mode):04o}",
        "user": _user(found.st_uid),
        "group": _group(found.st_gid),
        "last_modified": _time(found.st_mtime),
        "link_target": None,
        "link_size": None,
        "link_user": None,
        "link_group": None,
        "link_last_modified": None,
    }


def _type(mode: int) -> str:
    kinds: tuple[tuple[t.Callable[[int], bool], str], ...] = (
        (stat.S_ISREG, "file"),
        (stat.S_ISDIR, "dir"),
        (stat.S_ISCHR, "chr"),
        (stat.S_ISBLK, "blk"),
        (stat.S_ISFIFO, "pipe"),
    )
    return next((name for test, name in kinds if test(mode)), "other")


def _time(seconds: float) -> str:
    moment = datetime.datetime.fromtimestamp(int(seconds), datetime.timezone.utc)
    return moment.isoformat(" ")


@functools.lru_cache(maxsize=1000)
def _user(number: int) -> str:
    try:
        import pwd

        return pwd.getpwuid(number).pw_name
    except (ImportError, KeyError):
        return str(number)


@functools.lru_cache(maxsize=1000)
def _group(number: int) -> str:
    try:
        import grp

        return grp.getgrgid(number).gr_name
    except (ImportError, KeyError):
        return str(number)
