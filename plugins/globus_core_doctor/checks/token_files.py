"""
The token files of this person: whether others can get at them, and what was put aside.

Programs take the rights of others away when they use a file; this looks before they do.
"""

from __future__ import annotations

import os
import stat

from globus_core.config.env_vars import expand_home
from globus_core.exc import GlobusSDKUsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.cli import DoctorReport

_MOST_FILES = 1000
_DAMAGED = ".damaged-"
_STORAGE_VAR = "GLOBUS_CORE_TOKEN_STORAGE"


def check_token_files(report: DoctorReport) -> None:
    """
    Look at each token file in the folder of apps, and at that of the variable.

    :param report: where findings go
    """
    if os.name != "posix":
        report.skip("who can read token files, which is not looked at on this system")
        return
    try:
        home = expand_home("~")
    except GlobusSDKUsageError:
        report.skip("the folder of apps, since the home folder is unknown")
        return
    folder = os.path.join(home, ".globus", "app")
    report.doing(f"looking at {folder}")
    seen = faults = 0
    for path in (*_files_below(folder), *_named_file()):
        seen += 1
        faults += _report_file(path, report)
        if seen == _MOST_FILES:
            report.note(f"only the first {seen} files were looked at")
            break
    if not seen:
        report.ok("there are no files with tokens yet")
    elif not faults:
        report.ok(f"files with tokens: {seen}, which only you can read")


def _files_below(folder: str) -> t.Iterator[str]:
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.endswith(".locks")]
        yield from (os.path.join(place, name) for name in sorted(names) if "tokens." in name)


def _named_file() -> t.Iterator[str]:
    """The file that the variable names, if it names one."""
    scheme, colon, path = os.environ.get(_STORAGE_VAR, "").partition(":")
    if colon and scheme in ("json", "sqlite", "encrypted"):
        path = f"/{path.lstrip('/')}" if path.startswith("/") else path
        path = os.path.expanduser(path.lstrip("/") if path.startswith("/~") else path)
        if os.path.isfile(path):
            yield path


def _report_file(path: str, report: DoctorReport) -> bool:
    """Report what is wrong with a file; whether anything is."""
    try:
        info = os.lstat(path)
    except OSError:
        return False  # just removed
    mode = stat.S_IMODE(info.st_mode)
    if info.st_uid != os.geteuid():
        report.problem(
            f"{path} belongs to user {info.st_uid}, and this is user {os.geteuid()}",
            f"give it to its owner: chown {os.geteuid()} {path}; was a program started with sudo?",
        )
        return True
    if stat.S_ISREG(info.st_mode) and mode & 0o077:
        report.problem(
            f"others on this machine can get at {path} (mode {mode:04o})",
            f"chmod 600 {path}; if others have accounts here, log out and in again as well",
        )
        return True
    if _DAMAGED in os.path.basename(path):
        report.note(f"{path} was damaged and put aside", "remove it if you have logged in again")
    return False
