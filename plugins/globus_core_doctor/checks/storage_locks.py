"""
Whether the locks of the token storage keep processes apart: tried with a second process.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys

from globus_core import waiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from globus_core.cli import DoctorReport
    from globus_core.token_storage import TokenStorage

#: the resource server of whose token the renewal is locked; nobody has such tokens
PROBE = "globus-core doctor"
_LOCK_SECONDS = 3.0
_CHILD_SECONDS = 8.0
_CHILD = "from globus_core_doctor.checks.lock_probe import main; main()"
_WITHOUT_LOCKS = (
    "two programs can renew a token at once, and one of them may lose it; choose a place on a "
    "local disk with --token-storage or GLOBUS_CORE_TOKEN_STORAGE"
)


def check_locks(report: DoctorReport) -> None:
    """
    Hold the lock for a renewal, and let another process try to get it.

    :param report: where findings go
    """
    storage = report.app().token_storage.token_storage
    where = storage.describe()
    if not where.shared:
        report.skip("no other process can use this storage, so there is nothing to lock")
        return
    if os.path.isabs(where.location):
        _report_file_system(where.location, report)
    report.doing("taking the lock for a renewal")
    with storage.renewal_lock(PROBE, timeout=_LOCK_SECONDS):
        report.doing("waiting for the second process")
        seen = _tried_by_another(storage)
    if seen == "held":
        report.ok("a lock held by one process keeps another one out (tried with two)")
    elif seen == "free":
        report.problem("a lock held by one process does not keep another one out", _WITHOUT_LOCKS)
    else:
        report.skip(f"whether locks keep processes apart: {seen}")


def _tried_by_another(storage: TokenStorage) -> str:
    """What another process finds when it wants the lock: ``held``, ``free``, or a failure."""
    if getattr(sys, "frozen", False):
        return "a packed program has no Python to start"
    try:
        pickled = pickle.dumps(storage)
    except Exception as error:  # of a plugin's class
        return f"the storage cannot be passed to another process ({type(error).__name__})"
    try:
        ended = waiting.blocking(_started, pickled)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"the second process did not answer ({type(error).__name__})"
    said = ended.stdout.decode(errors="replace").strip()
    if ended.returncode == 0 and said:
        return said
    last = ended.stderr.decode(errors="replace").strip().rpartition("\n")[2]
    return f"the second process failed: {last or f'exit code {ended.returncode}'}"


def _started(pickled: bytes) -> subprocess.CompletedProcess[bytes]:
    """Run the second process; the storage is on its input, since others can see command lines."""
    return subprocess.run(  # noqa: S603 - this Python, and code of ours
        [sys.executable, "-c", _CHILD],
        input=pickled,
        capture_output=True,
        cwd=os.sep,  # nothing is imported from the working directory
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        timeout=_CHILD_SECONDS,
        check=False,
    )


def _report_file_system(path: str, report: DoctorReport) -> None:
    from .file_systems import file_system_of

    report.doing(f"looking at the file system of {path}")
    system = file_system_of(path)
    if system is None or not system.is_network:
        return
    if system.locks_are_local:
        report.problem(
            f"the file system ({system.kind}) is mounted with locks that other machines do not see",
            "use one machine at a time, or a storage in Redis; the administrators can mount it "
            "with locks",
        )
    else:
        report.note(
            f"the file system ({system.kind}) is on the network; whether its locks keep machines "
            "apart was not tried",
            "run this command on two machines that share it; see 'Many hosts' in the guides",
        )
