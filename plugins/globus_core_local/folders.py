"""
The folders that Globus Connect Personal has access to.
"""

from __future__ import annotations

import dataclasses
import posixpath

from .files import damaged

_FLAGS = {"0": False, "1": True}


@dataclasses.dataclass(frozen=True)
class AccessibleFolder:
    """
    A folder that Globus Connect Personal has access to, with all below it.

    :param path: the folder
    :param may_share: whether guest collections may be made of it
    :param may_write: whether files in it may be changed
    """

    path: str
    may_share: bool
    may_write: bool

    def holds(self, path: str) -> bool:
        """
        Whether a path is this folder or below it.

        :param path: an absolute path, without ``..``
        """
        return f"{path.rstrip('/')}/".startswith(f"{self.path.rstrip('/')}/")


def read_folders(text: str, home: str, file: str) -> tuple[AccessibleFolder, ...]:
    """
    The folders in the text of the file ``config-paths``.

    :param text: the text, with a path and two flags on each line
    :param home: the home directory, for which ``~`` stands
    :param file: the file, for the error
    :raises LocalEndpointError: if a line is wrong
    """
    lines = enumerate(text.split("\n"), 1)  # a path may have other line breaks
    return tuple(_folder(line, number, home, file) for number, line in lines if line.strip())


def _folder(line: str, number: int, home: str, file: str) -> AccessibleFolder:
    path, *flags = (part.strip() for part in line.rsplit(",", 2))
    if len(flags) != 2 or not _FLAGS.keys() >= set(flags):
        raise damaged(file, f"line {number} must be a path and two flags that are 0 or 1")
    if path == "~" or path.startswith("~/"):
        path = home + path[1:] or "/"
    if not path.startswith("/"):
        raise damaged(file, f"the path in line {number} is not absolute")
    normal = posixpath.normpath(f"/{path.lstrip('/')}")
    return AccessibleFolder(normal, *(_FLAGS[flag] for flag in flags))
