"""
The token storage in use: where it is, and whether tokens can be read and stored there.
"""

from __future__ import annotations

import os

from globus_core.provenance import origin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from globus_core.cli import DoctorReport
    from globus_core.token_storage import TokenStorage

_LEAST_FREE = 1 << 20


def check_storage(report: DoctorReport) -> None:
    """
    Where tokens are, how they are protected, and whether they can be read and stored.

    :param report: where findings go
    """
    report.doing("opening the token storage")
    storage = report.app().token_storage.token_storage
    where = storage.describe()
    shared = "other programs see them" if where.shared else "only this process sees them"
    report.ok(f"tokens are in {where.location} ({origin(storage)}): {where.protection}; {shared}")
    if os.path.isabs(where.location):
        folder = os.path.dirname(where.location)
        report.doing(f"looking at the folder {folder}")
        _check_space(folder, report)
    _read(storage, report)


def _check_space(folder: str, report: DoctorReport) -> None:
    if not os.access(folder, os.W_OK | os.X_OK):
        report.problem(
            f"nothing can be stored in {folder}, so renewed tokens are lost",
            "give yourself the right to write there, choose another place with --token-storage, "
            "or pass tokens in GLOBUS_TOKENS_FILE",
        )
    elif hasattr(os, "statvfs"):
        system = os.statvfs(folder)
        free = system.f_bavail * system.f_frsize
        if free < _LEAST_FREE:
            report.problem(
                f"the disk of {folder} is full: {free} bytes are free", "free some space there"
            )


def _read(storage: TokenStorage, report: DoctorReport) -> None:
    report.doing("reading the stored tokens")
    stored = storage.get_token_data_by_resource_server()
    for data in stored.values():
        report.hide(data.access_token, data.refresh_token)
    number = len(stored)
    report.ok(f"can be read; tokens for {number} service{'' if number == 1 else 's'}")
