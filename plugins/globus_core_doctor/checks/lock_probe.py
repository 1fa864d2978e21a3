"""
The second process of the test of locks: tries to get one that the first process holds.
"""

from __future__ import annotations

import pickle
import sys

_SECONDS = 0.2


def main() -> None:
    """
    Read a storage from standard input, and print whether its lock is ``held`` or ``free``.
    """
    from globus_core.exc import RenewalError, RenewalLockTimeoutError, StorageLockTimeoutError

    from .storage_locks import PROBE

    storage = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the process that started this one
    try:
        with storage.renewal_lock(PROBE, timeout=_SECONDS):
            found = "free"
    except (RenewalLockTimeoutError, StorageLockTimeoutError):
        found = "held"
    except RenewalError as error:
        found = f"the second process failed: {error}"
    sys.stdout.write(found)
