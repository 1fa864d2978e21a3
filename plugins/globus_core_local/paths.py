"""
Paths on this machine, and the same in its collection.

On Linux and macOS they are the same, except that ``/~/`` is the home directory in a collection. On
Windows ``/C/`` is the drive ``C:``.
"""

from __future__ import annotations

import ntpath
import posixpath
import re

from globus_core.exc import ValidationError

_DRIVE = re.compile(r"/([A-Za-z])(?:/(.*))?", re.DOTALL)


def to_collection(path: str, *, windows: bool) -> str:
    """
    The path in the collection.

    :param path: an absolute path on this machine
    :param windows: whether it is one of Windows
    :raises ValidationError: if it has no path in the collection
    """
    _check(path)
    if not windows:
        normal = posixpath.normpath(f"/{path.lstrip('/')}")
        if not path.startswith("/") or _begins_with_home(normal):
            raise ValidationError(f"{path!r} has no path in the collection")
        return normal
    drive, rest = ntpath.splitdrive(ntpath.normpath(path))
    if not re.fullmatch("[A-Za-z]:", drive) or not rest.startswith("\\"):
        raise ValidationError(f"{path!r} has no path in the collection: it begins with no drive")
    return f"/{drive[0].upper()}{rest}".replace("\\", "/")


def to_local(path: str, *, home: str, windows: bool) -> str:
    """
    The path on this machine.

    :param path: an absolute path in the collection
    :param home: the home directory, for which ``/~/`` stands
    :param windows: whether this is Windows, where ``/~/`` stands for a folder that is not known
    :raises ValidationError: if it has no path on this machine
    """
    _check(path)
    if not path.startswith("/") or ".." in path.split("/"):
        raise ValidationError(f"a path in a collection begins with / and has no .., not {path!r}")
    normal = posixpath.normpath(f"/{path.lstrip('/')}")
    if not windows:
        return (home + normal[2:] or "/") if _begins_with_home(normal) else normal
    found = _DRIVE.fullmatch(normal)
    if found is None or re.search(r"[\\:]", normal):
        raise ValidationError(f"{path!r} has no path on this machine: it begins with no drive")
    return f"{found[1].upper()}:\\" + (found[2] or "").replace("/", "\\")


def _begins_with_home(path: str) -> bool:
    return path == "/~" or path.startswith("/~/")


def _check(path: str) -> None:
    if "\0" in path:
        raise ValidationError("a path has no null character")
    try:
        path.encode()
    except UnicodeEncodeError:
        raise ValidationError(f"{path!r} has a character that is none in a collection") from None
